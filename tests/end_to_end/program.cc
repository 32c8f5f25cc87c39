#include "tests/end_to_end/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"

namespace touchstone::end_to_end {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  return {ends[0], ends[1]};
}

// The environment but for what speaks to touchstone: the tests say all of that themselves.
std::vector<char*> Environment() {
  std::vector<char*> kept;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!absl::StartsWith(*variable, "TOUCHSTONE_")) kept.push_back(*variable);
  }
  kept.push_back(nullptr);
  return kept;
}

}  // namespace

std::string Joined(const Command& command) { return absl::StrJoin(command, " "); }

Program::Program(const Command& command, const std::string& directory) : name_(Joined(command)) {
  // All that allocates comes before the fork: other threads may hold the allocator's locks.
  std::vector<char*> argv;
  for (const std::string& argument : command) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> environment = Environment();
  const Pipe out = MakePipe();
  const Pipe err = MakePipe();
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

  pid_ = fork();
  if (pid_ < 0 || nothing < 0) std::abort();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(nothing, STDIN_FILENO);
    dup2(out.write_end, STDOUT_FILENO);
    dup2(err.write_end, STDERR_FILENO);
    if (directory.empty() || chdir(directory.c_str()) == 0) {
      execvpe(argv[0], argv.data(), environment.data());
    }
    _exit(127);
  }
  close(nothing);
  close(out.write_end);
  close(err.write_end);
  collector_ = std::thread([this, out, err] { Collect(out.read_end, err.read_end); });
}

Program::~Program() {
  if (pid_ > 0) {
    Signal(SIGKILL);
    Wait();
  }
}

void Program::Collect(int out, int err) {
  std::array<pollfd, 2> sources = {{{out, POLLIN, 0}, {err, POLLIN, 0}}};
  const std::array<std::string*, 2> texts = {&out_, &err_};
  size_t open_sources = sources.size();
  while (open_sources > 0) {
    if (poll(sources.data(), sources.size(), -1) < 0) continue;
    for (size_t i = 0; i < sources.size(); ++i) {
      if (sources[i].revents == 0) continue;
      char bytes[64 * 1024];
      const ssize_t got = read(sources[i].fd, bytes, sizeof bytes);
      if (got < 0 && errno == EINTR) continue;
      const std::lock_guard<std::mutex> lock(mutex_);
      if (got > 0) {
        texts[i]->append(bytes, static_cast<size_t>(got));
      } else {
        close(sources[i].fd);
        sources[i].fd = -1;  // poll() skips it
        sources[i].revents = 0;
        --open_sources;
      }
      changed_.notify_all();
    }
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

bool Program::AwaitError(const std::string& text) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, kPatience,
                    [this, &text] { return ended_ || err_.find(text) != std::string::npos; });
  return err_.find(text) != std::string::npos;
}

void Program::Signal(int number) const { kill(pid_, number); }

bool Program::EndsWithin(std::chrono::milliseconds time) {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, time, [this] { return ended_; });
}

int Program::Wait() {
  if (!EndsWithin(kPatience)) {
    ADD_FAILURE() << "does not end: " << name_ << "\n" << err();
    Signal(SIGKILL);
  }
  collector_.join();
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string Program::out() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return out_;
}

std::string Program::err() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return err_;
}

Outcome RunProgram(const Command& command, const std::string& directory) {
  Program program(command, directory);
  Outcome outcome;
  outcome.status = program.Wait();
  outcome.out = program.out();
  outcome.err = program.err();
  return outcome;
}

}  // namespace touchstone::end_to_end
