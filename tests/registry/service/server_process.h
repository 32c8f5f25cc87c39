// A server as a process of its own: touchstone-registry, or what it is compared with.
#ifndef TOUCHSTONE_TESTS_REGISTRY_SERVICE_SERVER_PROCESS_H_
#define TOUCHSTONE_TESTS_REGISTRY_SERVICE_SERVER_PROCESS_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace touchstone::service {

class ServerProcess {
 public:
  // Starts `program` with those arguments. `in_child` runs in it before it becomes the program.
  ServerProcess(const std::string& program, const std::vector<std::string>& arguments,
                const std::function<void()>& in_child = nullptr);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  // Kills it, if it still runs.
  ~ServerProcess();

  // Reads its log until it says that it serves; its port then, or 0 if it ended instead.
  int AwaitServing();
  // Reads its log until a line has `text`; false if it ended instead.
  bool AwaitLogLine(const std::string& text);

  void Signal(int number);
  // Waits for its end and returns its exit status; 128 + the signal's number if one ended it.
  int Wait();

  // The processor time that it has used so far, in seconds.
  double CpuSeconds() const;

  // What it has written to standard error, as far as it was read; all of it after Wait().
  const std::string& log() const { return log_; }

 private:
  bool ReadMore();

  pid_t pid_ = -1;
  int stderr_fd_ = -1;
  std::string log_;
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_TESTS_REGISTRY_SERVICE_SERVER_PROCESS_H_
