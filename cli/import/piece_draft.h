// A piece as it comes together from the flat values of one row. Not for the values themselves:
// cli/import/piece_columns.h knows which column sets what.
#ifndef TOUCHSTONE_CLI_IMPORT_PIECE_DRAFT_H_
#define TOUCHSTONE_CLI_IMPORT_PIECE_DRAFT_H_

#include <array>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "touchstone/v1/piece.pb.h"

namespace touchstone::cli {

// Columns may be numbered (stone2_carat); this is how far.
inline constexpr int kNumberedMax = 9;

class PieceDraft {
 public:
  v1::Piece& piece() { return piece_; }
  void set_sold_on(absl::CivilDay day) { sold_on_ = day; }
  const std::optional<absl::CivilDay>& sold_on() const { return sold_on_; }

  // Made when first asked for; `number` is 1 to kNumberedMax.
  v1::Component& stone(int number) { return At(stones_, number); }
  v1::Component& metal(int number) { return At(metals_, number); }
  v1::Inscription& inscription(int number) { return At(inscriptions_, number); }
  v1::ReportReference& report(int number) { return At(reports_, number); }

  // The canonical bytes of the Piece: stones before metals, each in the order of their numbers.
  // InvalidArgument, naming the column, for what a piece cannot do without (serial, category,
  // title, a stone's species, a metal's element, an inscription's text and kind, a report's
  // laboratory and number). An inscription whose kind was not said is a LAB_REPORT if it holds one
  // of the row's report numbers, a SERIAL if it is the serial.
  absl::StatusOr<std::string> Finish();

 private:
  template <typename T>
  using Numbered = std::array<std::optional<T>, kNumberedMax>;

  template <typename T>
  static T& At(Numbered<T>& items, int number) {
    std::optional<T>& item = items[static_cast<size_t>(number - 1)];
    if (!item.has_value()) item.emplace();
    return *item;
  }

  absl::Status AddComponents();
  absl::Status AddReports();
  absl::Status AddInscriptions();

  v1::Piece piece_;
  std::optional<absl::CivilDay> sold_on_;
  Numbered<v1::Component> stones_;
  Numbered<v1::Component> metals_;
  Numbered<v1::Inscription> inscriptions_;
  Numbered<v1::ReportReference> reports_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_IMPORT_PIECE_DRAFT_H_
