// The two states that a ledger serves: the newest, and the last one that a quorum of witnesses has
// cosigned. Handed from the commit thread, and from whoever asks witnesses, to everybody. Not for
// deciding which cosignatures count (ledger.h).
#ifndef TOUCHSTONE_REGISTRY_LEDGER_SERVED_VIEWS_H_
#define TOUCHSTONE_REGISTRY_LEDGER_SERVED_VIEWS_H_

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "registry/ledger/view.h"

namespace touchstone::ledger {

// Safe to use from any thread.
class ServedViews {
 public:
  // `cosigned` may be null; where it is of the same size as `newest`, it stands for both.
  ServedViews(std::shared_ptr<const View> newest, std::shared_ptr<const View> cosigned);
  ServedViews(const ServedViews&) = delete;
  ServedViews& operator=(const ServedViews&) = delete;

  std::shared_ptr<const View> Newest() const;
  // Null where there is none yet.
  std::shared_ptr<const View> Cosigned() const;
  // The newest, as soon as it has more than `size` entries, or when the time is over.
  std::shared_ptr<const View> AwaitNewer(uint64_t size, absl::Duration limit) const;
  // The cosigned one if it has the entry at `position`, else the newest.
  std::shared_ptr<const View> BestFor(uint64_t position) const;

  void SetNewest(std::shared_ptr<const View> view);
  // `view` has a quorum's cosignatures. It also stands for the newest while that has its size.
  void SetCosigned(const std::shared_ptr<const View>& view);
  // `view` has cosignatures that make no quorum: it stands for the newest while that has its size,
  // and no quorum's.
  void SetPartlyCosigned(const std::shared_ptr<const View>& view);

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable newer_;
  std::shared_ptr<const View> newest_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const View> cosigned_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace touchstone::ledger

#endif  // TOUCHSTONE_REGISTRY_LEDGER_SERVED_VIEWS_H_
