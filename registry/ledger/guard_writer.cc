#include "registry/ledger/guard_writer.h"

#include <utility>

namespace touchstone::ledger {

GuardWriter::GuardWriter(std::unique_ptr<Guard> guard,
                         std::function<void(const absl::Status&)> on_failure)
    : guard_(std::move(guard)), on_failure_(std::move(on_failure)), thread_([this] { Run(); }) {}

GuardWriter::~GuardWriter() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.SignalAll();
  }
  thread_.join();
}

absl::Status GuardWriter::Wait() {
  absl::MutexLock lock(&mutex_);
  while (note_ && failure_.ok()) changed_.Wait(&mutex_);
  return failure_;
}

void GuardWriter::Start(std::string checkpoint_note) {
  absl::MutexLock lock(&mutex_);
  while (note_ && failure_.ok()) changed_.Wait(&mutex_);
  note_ = std::move(checkpoint_note);
  changed_.SignalAll();
}

void GuardWriter::Run() {
  while (true) {
    std::string note;
    {
      absl::MutexLock lock(&mutex_);
      while (!note_ && !stopping_) changed_.Wait(&mutex_);
      if (!note_) return;
      note = *note_;
    }
    const absl::Status status = guard_->Write(note);
    {
      absl::MutexLock lock(&mutex_);
      failure_ = status;
      if (status.ok()) note_.reset();
      changed_.SignalAll();
    }
    if (!status.ok()) {
      on_failure_(status);
      return;
    }
  }
}

}  // namespace touchstone::ledger
