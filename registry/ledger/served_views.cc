#include "registry/ledger/served_views.h"

#include <utility>

namespace touchstone::ledger {

ServedViews::ServedViews(std::shared_ptr<const View> newest, std::shared_ptr<const View> cosigned)
    : newest_(std::move(newest)), cosigned_(std::move(cosigned)) {
  if (cosigned_ != nullptr && cosigned_->size() == newest_->size()) newest_ = cosigned_;
}

std::shared_ptr<const View> ServedViews::Newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

std::shared_ptr<const View> ServedViews::Cosigned() const {
  const std::lock_guard lock(mutex_);
  return cosigned_;
}

std::shared_ptr<const View> ServedViews::AwaitNewer(uint64_t size, absl::Duration limit) const {
  std::unique_lock lock(mutex_);
  newer_.wait_for(lock, absl::ToChronoNanoseconds(limit),
                  [this, size]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return newest_->size() > size; });
  return newest_;
}

std::shared_ptr<const View> ServedViews::BestFor(uint64_t position) const {
  const std::lock_guard lock(mutex_);
  return cosigned_ != nullptr && position < cosigned_->size() ? cosigned_ : newest_;
}

// In all three, what is replaced may be the last holder of much memory: it is let go of after the
// mutex.

void ServedViews::SetNewest(std::shared_ptr<const View> view) {
  const std::lock_guard lock(mutex_);
  newest_.swap(view);
  newer_.notify_all();
}

void ServedViews::SetCosigned(const std::shared_ptr<const View>& view) {
  std::shared_ptr<const View> newest, cosigned = view;
  const std::lock_guard lock(mutex_);
  if (newest_->size() == view->size()) newest = std::exchange(newest_, view);
  cosigned_.swap(cosigned);
}

void ServedViews::SetPartlyCosigned(const std::shared_ptr<const View>& view) {
  std::shared_ptr<const View> newest;
  const std::lock_guard lock(mutex_);
  if (newest_->size() != view->size() || newest_ == cosigned_) return;
  newest = std::exchange(newest_, view);
}

}  // namespace touchstone::ledger
