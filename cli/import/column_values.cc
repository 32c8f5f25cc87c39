#include "cli/import/column_values.h"

#include <initializer_list>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/calendar_day.h"
#include "cli/closest_word.h"
#include "cli/import/exact_number.h"

namespace touchstone::cli {
namespace {

absl::Status Wrong(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" ", why));
}

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// "2.14E+09": what spreadsheets make of report numbers and GTINs.
bool LooksRounded(absl::string_view text) {
  const size_t e = text.find_first_of("Ee");
  if (e == absl::string_view::npos || e < 3 || e + 2 >= text.size() || text[e + 1] != '+' ||
      !IsDigit(text[0]) || (text[1] != '.' && text[1] != ',')) {
    return false;
  }
  for (size_t i = 2; i < text.size(); ++i) {
    if (i != e && i != e + 1 && !IsDigit(text[i])) return false;
  }
  return true;
}

// "lab-grown CVD" -> "LAB_GROWN_CVD".
std::string AsEnumName(absl::string_view text) {
  std::string name = absl::AsciiStrToUpper(text);
  for (char& c : name) {
    if (c == ' ' || c == '-') c = '_';
  }
  return name;
}

using Synonyms = std::initializer_list<std::pair<absl::string_view, absl::string_view>>;

// `parse` and `name` are those that protobuf makes for the enum E.
template <typename E, typename Parse, typename Name>
absl::StatusOr<E> ParseEnum(absl::string_view text, Parse parse, Name name, E last,
                            Synonyms synonyms) {
  std::string wanted = AsEnumName(text);
  for (const auto& [synonym, meaning] : synonyms) {
    if (wanted == synonym) wanted = std::string(meaning);
  }
  E value = static_cast<E>(0);
  if (parse(wanted, &value) && value != 0) return value;
  std::vector<std::string> names;
  for (int i = 1; i <= last; ++i) {
    if (const std::string& known = name(static_cast<E>(i)); !known.empty()) names.push_back(known);
  }
  const std::vector<absl::string_view> candidates(names.begin(), names.end());
  return Wrong(text, absl::StrCat("is none of ", absl::AsciiStrToLower(absl::StrJoin(names, ", ")),
                                  absl::AsciiStrToLower(DidYouMean(wanted, candidates))));
}

}  // namespace

absl::StatusOr<std::string> ParseTextCell(absl::string_view text, size_t bytes_max) {
  if (LooksRounded(text)) {
    return Wrong(text,
                 "was rounded by a spreadsheet; format its column as text and enter it again");
  }
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isspace(byte)) {
      if (!line.empty() && line.back() != ' ') line.push_back(' ');
    } else if (byte < 0x20 || byte == 0x7f) {
      return absl::InvalidArgumentError("the text holds a control character");
    } else {
      line.push_back(c);
    }
  }
  if (line.size() > bytes_max) {
    return absl::InvalidArgumentError(
        absl::StrCat("the text has ", line.size(), " bytes; at most ", bytes_max, " fit"));
  }
  return line;
}

absl::StatusOr<std::string> ParseCountryCell(absl::string_view text) {
  if (text.size() != 2 || !absl::ascii_isalpha(static_cast<unsigned char>(text[0])) ||
      !absl::ascii_isalpha(static_cast<unsigned char>(text[1]))) {
    return Wrong(text, "is not a country's two letters (ISO 3166-1), e.g. FR");
  }
  return absl::AsciiStrToUpper(text);
}

absl::StatusOr<std::string> ParseDateCell(absl::string_view text) {
  const absl::StatusOr<absl::CivilDay> day = ParseCalendarDay(text);
  if (!day.ok()) return day.status();
  return FormatCalendarDay(*day);
}

absl::StatusOr<v1::Measurements> ParseMeasurementsCell(absl::string_view text) {
  std::string spread = absl::StrReplaceAll(absl::AsciiStrToLower(text), {{"×", "x"}});
  if (absl::EndsWith(spread, "mm")) spread.resize(spread.size() - 2);
  const std::vector<absl::string_view> parts = absl::StrSplit(spread, absl::ByAnyChar("x*-"));
  uint64_t um[3] = {0, 0, 0};
  bool right = parts.size() == 3;
  for (size_t i = 0; right && i < 3; ++i) {
    const absl::StatusOr<uint64_t> one =
        ParseExact(parts[i], 3, "", std::numeric_limits<uint32_t>::max());
    right = one.ok();
    if (right) um[i] = *one;
  }
  if (!right) {
    return Wrong(text, "is not three measurements in millimetres, e.g. 6.41-6.45x3.98");
  }
  v1::Measurements measurements;
  measurements.set_length_or_min_um(static_cast<uint32_t>(um[0]));
  measurements.set_width_or_max_um(static_cast<uint32_t>(um[1]));
  measurements.set_depth_um(static_cast<uint32_t>(um[2]));
  return measurements;
}

absl::StatusOr<uint32_t> ParseFinenessCell(absl::string_view text) {
  constexpr std::pair<absl::string_view, uint32_t> kKarats[] = {
      {"8", 333},  {"9", 375},  {"10", 417}, {"14", 585},
      {"18", 750}, {"21", 875}, {"22", 916}, {"24", 999}};
  for (const absl::string_view unit : {"kt", "k", "ct", "carat", "karat"}) {
    if (!absl::EndsWithIgnoreCase(text, unit)) continue;
    const absl::string_view karat =
        absl::StripTrailingAsciiWhitespace(text.substr(0, text.size() - unit.size()));
    for (const auto& [number, fineness] : kKarats) {
      if (karat == number) return fineness;
    }
  }
  const absl::StatusOr<uint64_t> fineness = ParseExact(text, 0, "", 1000);
  if (!fineness.ok() || *fineness == 0) {
    return Wrong(text, "is not a fineness in parts per thousand (1 to 1000) or karat (18K)");
  }
  return static_cast<uint32_t>(*fineness);
}

absl::StatusOr<std::vector<v1::Treatment::Code>> ParseTreatmentsCell(absl::string_view text) {
  constexpr std::pair<absl::string_view, v1::Treatment::Code> kCodes[] = {
      {"N", v1::Treatment::NONE},
      {"E", v1::Treatment::ENHANCED},
      {"B", v1::Treatment::BLEACHING},
      {"C", v1::Treatment::COATING},
      {"D", v1::Treatment::DYEING},
      {"F", v1::Treatment::FILLING},
      {"H", v1::Treatment::HEATING},
      {"HP", v1::Treatment::HIGH_PRESSURE_HEAT},
      {"I", v1::Treatment::IMPREGNATION},
      {"L", v1::Treatment::LASERING},
      {"O", v1::Treatment::OILING_RESIN_INFUSION},
      {"R", v1::Treatment::IRRADIATION},
      {"U", v1::Treatment::DIFFUSION},
      {"W", v1::Treatment::WAXING}};
  std::vector<v1::Treatment::Code> codes;
  for (const absl::string_view word :
       absl::StrSplit(text, absl::ByAnyChar(" ,;"), absl::SkipEmpty())) {
    const std::string name = AsEnumName(word);
    v1::Treatment::Code code = v1::Treatment::CODE_UNSPECIFIED;
    for (const auto& [letters, meaning] : kCodes) {
      if (name == letters) code = meaning;
    }
    if (code == v1::Treatment::CODE_UNSPECIFIED && !v1::Treatment::Code_Parse(name, &code)) {
      return Wrong(word, "is no treatment code of AGTA: N E B C D F H HP I L O R U W");
    }
    codes.push_back(code);
  }
  return codes;
}

absl::StatusOr<v1::Piece::Category> ParseCategoryCell(absl::string_view text) {
  return ParseEnum(text, v1::Piece::Category_Parse, v1::Piece::Category_Name<v1::Piece::Category>,
                   v1::Piece::Category_MAX,
                   {{"RINGS", "RING"},
                    {"EARRING", "EARRINGS"},
                    {"NECKLACES", "NECKLACE"},
                    {"PENDANTS", "PENDANT"},
                    {"BRACELETS", "BRACELET"},
                    {"BANGLES", "BANGLE"},
                    {"BROOCHES", "BROOCH"},
                    {"CUFFLINK", "CUFFLINKS"},
                    {"WATCHES", "WATCH"},
                    {"CHAINS", "CHAIN"},
                    {"CHARMS", "CHARM"},
                    {"STONE", "LOOSE_STONE"},
                    {"LOOSE_DIAMOND", "LOOSE_STONE"},
                    {"LOOSE_STONES", "LOOSE_STONE"},
                    {"BODY_JEWELRY", "BODY_JEWELLERY"}});
}

absl::StatusOr<v1::Gemstone::Formation> ParseFormationCell(absl::string_view text) {
  return ParseEnum(text, v1::Gemstone::Formation_Parse,
                   v1::Gemstone::Formation_Name<v1::Gemstone::Formation>,
                   v1::Gemstone::Formation_MAX,
                   {{"CVD", "LABORATORY_GROWN_CVD"},
                    {"HPHT", "LABORATORY_GROWN_HPHT"},
                    {"LAB_GROWN_CVD", "LABORATORY_GROWN_CVD"},
                    {"LAB_GROWN_HPHT", "LABORATORY_GROWN_HPHT"},
                    {"LAB_GROWN_OTHER", "LABORATORY_GROWN_OTHER"}});
}

absl::StatusOr<v1::Metal::Element> ParseElementCell(absl::string_view text) {
  return ParseEnum(text, v1::Metal::Element_Parse, v1::Metal::Element_Name<v1::Metal::Element>,
                   v1::Metal::Element_MAX,
                   {{"AU", "GOLD"},
                    {"AG", "SILVER"},
                    {"PT", "PLATINUM"},
                    {"PD", "PALLADIUM"},
                    {"RH", "RHODIUM"},
                    {"TI", "TITANIUM"},
                    {"TA", "TANTALUM"}});
}

absl::StatusOr<v1::Inscription::Kind> ParseInscriptionKindCell(absl::string_view text) {
  return ParseEnum(text, v1::Inscription::Kind_Parse,
                   v1::Inscription::Kind_Name<v1::Inscription::Kind>, v1::Inscription::Kind_MAX,
                   {{"REPORT", "LAB_REPORT"}, {"LABORATORY_REPORT", "LAB_REPORT"}});
}

absl::StatusOr<v1::Inscription::Location> ParseInscriptionLocationCell(absl::string_view text) {
  return ParseEnum(text, v1::Inscription::Location_Parse,
                   v1::Inscription::Location_Name<v1::Inscription::Location>,
                   v1::Inscription::Location_MAX,
                   {{"BAND", "BAND_INSIDE"}, {"INSIDE", "BAND_INSIDE"}});
}

}  // namespace touchstone::cli
