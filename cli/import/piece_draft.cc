#include "cli/import/piece_draft.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace touchstone::cli {
namespace {

absl::Status Missing(absl::string_view column, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("column \"", column, "\" is empty: ", why));
}

// "stone" for the first, "stone2" for the second.
std::string Group(absl::string_view name, size_t index) {
  return index == 0 ? std::string(name) : absl::StrCat(name, index + 1);
}

std::string LettersAndDigits(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      out.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

}  // namespace

absl::Status PieceDraft::AddComponents() {
  for (size_t i = 0; i < stones_.size(); ++i) {
    if (!stones_[i].has_value()) continue;
    if (stones_[i]->gemstone().species().empty()) {
      return Missing(i == 0 ? "species" : absl::StrCat(Group("stone", i), "_species"),
                     "say what the stone is, e.g. diamond");
    }
    *piece_.add_components() = *std::move(stones_[i]);
  }
  for (size_t i = 0; i < metals_.size(); ++i) {
    if (!metals_[i].has_value()) continue;
    if (metals_[i]->metal().metal() == v1::Metal::ELEMENT_UNSPECIFIED) {
      return Missing(Group("metal", i), "say which metal it is, e.g. gold");
    }
    *piece_.add_components() = *std::move(metals_[i]);
  }
  return absl::OkStatus();
}

absl::Status PieceDraft::AddReports() {
  for (size_t i = 0; i < reports_.size(); ++i) {
    if (!reports_[i].has_value()) continue;
    const std::string group = i == 0 ? "" : absl::StrCat(Group("report", i), "_");
    if (reports_[i]->laboratory().empty()) {
      return Missing(absl::StrCat(group, "laboratory"), "a report number needs its laboratory");
    }
    if (reports_[i]->report_number().empty()) {
      return Missing(i == 0 ? "report_number" : absl::StrCat(group, "number"),
                     "a report needs its number");
    }
    *piece_.add_laboratory_reports() = *std::move(reports_[i]);
  }
  return absl::OkStatus();
}

absl::Status PieceDraft::AddInscriptions() {
  for (size_t i = 0; i < inscriptions_.size(); ++i) {
    if (!inscriptions_[i].has_value()) continue;
    v1::Inscription& inscription = *inscriptions_[i];
    if (inscription.text().empty()) {
      return Missing(Group("inscription", i), "say how the inscription reads");
    }
    if (inscription.kind() == v1::Inscription::KIND_UNSPECIFIED) {
      const std::string text = LettersAndDigits(inscription.text());
      for (const v1::ReportReference& report : piece_.laboratory_reports()) {
        const std::string number = LettersAndDigits(report.report_number());
        if (!number.empty() && absl::StrContains(text, number)) {
          inscription.set_kind(v1::Inscription::LAB_REPORT);
        }
      }
      if (inscription.text() == piece_.serial()) inscription.set_kind(v1::Inscription::SERIAL);
    }
    if (inscription.kind() == v1::Inscription::KIND_UNSPECIFIED) {
      return Missing(absl::StrCat(Group("inscription", i), "_kind"),
                     "say what the inscription is: lab_report, brand or serial");
    }
    *piece_.add_inscriptions() = std::move(inscription);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> PieceDraft::Finish() {
  if (piece_.serial().empty()) return Missing("serial", "every piece has one");
  if (piece_.category() == v1::Piece::CATEGORY_UNSPECIFIED) {
    return Missing("category", "say what the piece is, e.g. ring");
  }
  if (piece_.title().empty()) return Missing("title", "every piece has one line for people");
  if (absl::Status status = AddComponents(); !status.ok()) return status;
  if (absl::Status status = AddReports(); !status.ok()) return status;
  if (absl::Status status = AddInscriptions(); !status.ok()) return status;
  return piece_.SerializeAsString();
}

}  // namespace touchstone::cli
