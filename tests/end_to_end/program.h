// A program as a process of its own, its output collected as it comes and every wait bounded. Not
// for what the programs are told: that is site.h's.
#ifndef TOUCHSTONE_TESTS_END_TO_END_PROGRAM_H_
#define TOUCHSTONE_TESTS_END_TO_END_PROGRAM_H_

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace touchstone::end_to_end {

// No wait is longer: a test that comes to it has failed. Generous, since machines are busy.
inline constexpr std::chrono::seconds kPatience(60);

using Command = std::vector<std::string>;  // the program's path and its arguments

// "a b c", for failures.
std::string Joined(const Command& command);

class Program {
 public:
  // Starts it in `directory` (empty: this one), with an empty standard input, without environment
  // variables that speak to touchstone. It dies with the thread that started it.
  explicit Program(const Command& command, const std::string& directory = "");
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  // Kills it, if it still runs.
  ~Program();

  // Until its standard error has `text`; false if it ended, or patience did, before.
  bool AwaitError(const std::string& text);

  void Signal(int number) const;

  // Until it ends: its exit status, or 128 + the number of the signal that ended it. A program that
  // does not end is killed, and the test has failed.
  int Wait();
  // The same for at most so long; false if it still runs.
  bool EndsWithin(std::chrono::milliseconds time);

  pid_t pid() const { return pid_; }
  // What it has written; all of it after Wait().
  std::string out() const;
  std::string err() const;

 private:
  void Collect(int out, int err);

  const std::string name_;
  pid_t pid_ = -1;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string out_;  // under mutex_, as all that follow
  std::string err_;
  bool ended_ = false;  // it has closed both
  std::thread collector_;
};

// What a program that has ended left.
struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome RunProgram(const Command& command, const std::string& directory = "");

}  // namespace touchstone::end_to_end

#endif  // TOUCHSTONE_TESTS_END_TO_END_PROGRAM_H_
