#include "cli/audit/page_cursor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/verifier/status_matchers.h"

namespace touchstone::cli {
namespace {

using ::testing::HasSubstr;

struct Item {
  uint64_t position = 0;
};
using Cursor = PageCursor<Item>;

Cursor Over(const Cursor::Page& page) {
  return Cursor("the items", 5, [page](uint64_t) { return page; });
}

TEST(PageCursor, GivesEachItemAtItsPosition) {
  std::vector<uint64_t> asked;
  Cursor cursor("the items", 5, [&asked](uint64_t first) {
    asked.push_back(first);
    return first == 5 ? Cursor::Page{{{6}, {7}}, 9} : Cursor::Page{{{9}}, 10};
  });
  std::vector<uint64_t> given;
  for (uint64_t position = 5; position < 10; ++position) {
    const absl::StatusOr<const Item*> item = cursor.At(position);
    ASSERT_THAT(item, IsOk());
    if (*item != nullptr) given.push_back((*item)->position);
  }
  EXPECT_THAT(given, testing::ElementsAre(6, 7, 9));
  EXPECT_THAT(asked, testing::ElementsAre(5, 9));
}

TEST(PageCursor, RefusesPagesThatCannotBe) {
  struct Case {
    const char* said;
    Cursor::Page page;
  };
  for (const Case& c :
       {Case{"an empty page", {{}, 9}}, Case{"one of position 4", {{{4}}, 9}},
        Case{"one of position 6", {{{7}, {6}}, 9}}, Case{"one of position 6", {{{6}, {6}}, 9}},
        Case{"one of position 18446744073709551615", {{{UINT64_MAX}}, 9}},
        Case{"would begin with position 6", {{{6}}, 6}}}) {
    Cursor cursor = Over(c.page);
    const absl::Status status = cursor.At(5).status();
    EXPECT_THAT(status, IsRefused(RefusalCode::kBrokenChain)) << c.said;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.said));
  }
}

}  // namespace
}  // namespace touchstone::cli
