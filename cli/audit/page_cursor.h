// Goes through what a log source gives in pages, position after position, one page in memory. A
// source that does not get on, repeats itself or is out of order is refused; what the items say is
// the caller's part.
#ifndef TOUCHSTONE_CLI_AUDIT_PAGE_CURSOR_H_
#define TOUCHSTONE_CLI_AUDIT_PAGE_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone::cli {

// An Item has a `position`.
template <typename Item>
class PageCursor {
 public:
  struct Page {
    std::vector<Item> items;     // ascending by position
    uint64_t next_position = 0;  // where the next page begins
  };
  // Asks for the page that begins with the first item at `first_position` or behind it.
  using Fetch = std::function<absl::StatusOr<Page>(uint64_t first_position)>;

  // `what` names the items in messages, "the public entries". The log ends in an item, so that no
  // page that is asked for can be empty.
  PageCursor(std::string what, uint64_t first_position, Fetch fetch)
      : what_(std::move(what)), fetch_(std::move(fetch)) {
    page_.next_position = first_position;
  }

  // The item at `position`, or null if there is none; valid until the next call. From one call to
  // the next `position` grows by one, beginning with the constructor's. Errors: those of fetching;
  // kBrokenChain.
  absl::StatusOr<const Item*> At(uint64_t position) {
    if (next_item_ == page_.items.size() && position >= page_.next_position) {
      absl::StatusOr<Page> page = fetch_(position);
      if (!page.ok()) return page.status();
      const absl::Status status = Check(*page, position);
      if (!status.ok()) return status;
      page_ = *std::move(page);
      next_item_ = 0;
    }
    if (next_item_ == page_.items.size()) return nullptr;
    const Item& next = page_.items[next_item_];
    if (next.position != position) return nullptr;
    ++next_item_;
    return &next;
  }

 private:
  absl::Status Check(const Page& page, uint64_t first_position) const {
    const std::string where = absl::StrCat(what_, " from position ", first_position, " on");
    if (page.items.empty()) {
      return Refuse(RefusalCode::kBrokenChain, absl::StrCat(where, ": an empty page"));
    }
    uint64_t smallest = first_position;
    for (const Item& item : page.items) {
      if (item.position < smallest || item.position > limits::kTreeSizeMax) {
        return Refuse(RefusalCode::kBrokenChain,
                      absl::StrCat(where, ": one of position ", item.position, " where ", smallest,
                                   " or a later one should be"));
      }
      smallest = item.position + 1;
    }
    if (page.next_position >= smallest) return absl::OkStatus();
    return Refuse(RefusalCode::kBrokenChain,
                  absl::StrCat(where, ": the next page would begin with position ",
                               page.next_position, ", before the end of this one, ", smallest));
  }

  const std::string what_;
  const Fetch fetch_;
  Page page_;
  size_t next_item_ = 0;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_AUDIT_PAGE_CURSOR_H_
