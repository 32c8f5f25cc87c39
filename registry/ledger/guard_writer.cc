#include "registry/ledger/guard_writer.h"

#include <pthread.h>

#include <utility>

namespace touchstone::ledger {

GuardWriter::GuardWriter(std::unique_ptr<Guard> guard,
                         std::function<void(const absl::Status&)> on_failure)
    : guard_(std::move(guard)), on_failure_(std::move(on_failure)), thread_([this] { Run(); }) {}

GuardWriter::~GuardWriter() {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

absl::Status GuardWriter::Wait() {
  std::unique_lock lock(mutex_);
  while (note_ && failure_.ok()) changed_.wait(lock);
  return failure_;
}

void GuardWriter::Start(std::string checkpoint_note) {
  std::unique_lock lock(mutex_);
  while (note_ && failure_.ok()) changed_.wait(lock);
  note_ = std::move(checkpoint_note);
  changed_.notify_all();
}

void GuardWriter::Run() {
  pthread_setname_np(pthread_self(), "ledger-guard");  // for whoever looks at the process
  while (true) {
    std::string note;
    {
      std::unique_lock lock(mutex_);
      while (!note_ && !stopping_) changed_.wait(lock);
      if (!note_) return;
      note = *note_;
    }
    const absl::Status status = guard_->Write(note);
    {
      std::unique_lock lock(mutex_);
      failure_ = status;
      if (status.ok()) note_.reset();
      changed_.notify_all();
    }
    if (!status.ok()) {
      on_failure_(status);
      return;
    }
  }
}

}  // namespace touchstone::ledger
