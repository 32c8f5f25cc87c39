// touchstone-registry as a process of its own, with its files in a directory of the test's.
#ifndef TOUCHSTONE_TESTS_REGISTRY_SERVICE_REGISTRY_PROCESS_H_
#define TOUCHSTONE_TESTS_REGISTRY_SERVICE_REGISTRY_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace touchstone::service {

class RegistryProcess {
 public:
  // Starts the program with those arguments. `in_child` runs in it before it becomes the program.
  explicit RegistryProcess(const std::vector<std::string>& arguments,
                           const std::function<void()>& in_child = nullptr);
  RegistryProcess(const RegistryProcess&) = delete;
  RegistryProcess& operator=(const RegistryProcess&) = delete;
  // Kills it, if it still runs.
  ~RegistryProcess();

  // Reads its log until it says that it serves; its port then, or 0 if it ended instead.
  int AwaitServing();
  // Reads its log until a line has `text`; false if it ended instead.
  bool AwaitLogLine(const std::string& text);

  void Signal(int number);
  // Waits for its end and returns its exit status; 128 + the signal's number if one ended it.
  int Wait();

  // What it has written to standard error, as far as it was read; all of it after Wait().
  const std::string& log() const { return log_; }

 private:
  bool ReadMore();

  pid_t pid_ = -1;
  int stderr_fd_ = -1;
  std::string log_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_TESTS_REGISTRY_SERVICE_REGISTRY_PROCESS_H_
