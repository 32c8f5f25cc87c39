#include "tests/registry/service/server_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace touchstone::service {

ServerProcess::ServerProcess(const std::string& program, const std::vector<std::string>& arguments,
                             const std::function<void()>& in_child) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ < 0) std::abort();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves no server behind
    dup2(ends[1], STDERR_FILENO);
    if (in_child) in_child();
    execv(program.c_str(), argv.data());
    _exit(127);
  }
  close(ends[1]);
  stderr_fd_ = ends[0];
}

ServerProcess::~ServerProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    Wait();
  }
  close(stderr_fd_);
}

int ServerProcess::AwaitServing() {
  if (!AwaitLogLine("(serving)")) return 0;
  const std::string marker = " port=";
  return std::atoi(log_.c_str() + log_.rfind(marker) + marker.size());
}

bool ServerProcess::AwaitLogLine(const std::string& text) {
  for (;;) {
    const size_t found = log_.find(text);
    if (found != std::string::npos && log_.find('\n', found) != std::string::npos) return true;
    if (!ReadMore()) return false;
  }
}

void ServerProcess::Signal(int number) { kill(pid_, number); }

int ServerProcess::Wait() {
  while (ReadMore()) {
  }
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

double ServerProcess::CpuSeconds() const {
  clockid_t clock = 0;
  timespec used = {};
  if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

bool ServerProcess::ReadMore() {
  char bytes[4096];
  ssize_t got = 0;
  do {
    got = read(stderr_fd_, bytes, sizeof bytes);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return false;
  log_.append(bytes, static_cast<size_t>(got));
  return true;
}

}  // namespace touchstone::service
