#include "cli/passport_name.h"

#include <unistd.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "verifier/claim.h"
#include "verifier/gtin.h"
#include "verifier/refusal.h"

namespace touchstone::cli {
namespace {

absl::Status BothNeeded(absl::string_view a, absl::string_view b) {
  return absl::InvalidArgumentError(absl::StrCat(a, " and ", b, " belong together: give both"));
}

}  // namespace

std::string DescribePassportName(const PassportName& name) {
  struct Describe {
    std::string operator()(const PassportFile& file) const { return file.path; }
    std::string operator()(const PassportId& id) const {
      return absl::StrCat("passport ", id.Format());
    }
    std::string operator()(const ByGtinSerial& key) const {
      return absl::StrCat("GTIN ", key.gtin, " with serial ", key.serial);
    }
    std::string operator()(const ByInscription& key) const {
      return absl::StrCat("inscription ", key.text);
    }
    std::string operator()(const ByReport& key) const {
      return absl::StrCat("report ", key.laboratory, " ", key.report_number);
    }
  };
  return std::visit(Describe(), name);
}

absl::StatusOr<PieceKey> PieceKeyOf(const PassportName& name) {
  struct Key {
    absl::StatusOr<PieceKey> operator()(const PassportFile& file) const {
      return absl::InvalidArgumentError(
          absl::StrCat(file.path, " is a file, and a registry is asked by what a piece bears"));
    }
    absl::StatusOr<PieceKey> operator()(const PassportId& id) const {
      return ByPassportId{std::string(id.bytes())};
    }
    absl::StatusOr<PieceKey> operator()(const ByGtinSerial& key) const { return key; }
    absl::StatusOr<PieceKey> operator()(const ByInscription& key) const { return key; }
    absl::StatusOr<PieceKey> operator()(const ByReport& key) const { return key; }
  };
  return std::visit(Key(), name);
}

absl::StatusOr<Sought> SoughtBy(const PassportName& name) {
  struct By {
    static absl::StatusOr<Sought> From(const absl::StatusOr<ClaimSubject>& claim) {
      if (!claim.ok()) return claim.status();
      return Sought::Claim(*claim);
    }

    absl::StatusOr<Sought> operator()(const PassportFile& file) const {
      return absl::InvalidArgumentError(
          absl::StrCat(file.path,
                       " is a file: look at it with `touchstone verify`, or ask for what "
                       "has changed with `touchstone refresh`"));
    }
    absl::StatusOr<Sought> operator()(const PassportId& id) const { return Sought::Id(id); }
    absl::StatusOr<Sought> operator()(const ByGtinSerial& key) const {
      const absl::StatusOr<Gtin> gtin = Gtin::ParseAnyLength(key.gtin);
      if (!gtin.ok()) return gtin.status();
      return From(GtinSerialClaim(*gtin, key.serial));
    }
    absl::StatusOr<Sought> operator()(const ByInscription& key) const {
      return From(InscriptionClaim(key.text));
    }
    absl::StatusOr<Sought> operator()(const ByReport& key) const {
      return From(ReportClaim(key.laboratory, key.report_number));
    }
  };
  return std::visit(By(), name);
}

absl::StatusOr<PassportName> PassportNameFromArgument(const std::string& argument) {
  if (argument == "-" || access(argument.c_str(), F_OK) == 0) return PassportFile{argument};
  const absl::StatusOr<PassportId> id = PassportId::Parse(argument);
  if (id.ok()) return *id;
  if (absl::EndsWith(argument, ".passport") || absl::StrContains(argument, "/")) {
    return absl::NotFoundError(absl::StrCat("there is no file ", argument));
  }
  if (RefusalCodeOf(id.status()) == RefusalCode::kWrongCheckSymbol) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", argument,
                     "' is no passport id: its check symbol does not fit, so a "
                     "symbol was mistyped; and there is no file of that name"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", argument, "' is neither a file nor a passport id"));
}

void AddPassportNameOptions(CLI::App* command, PassportNameOptions* options) {
  command->add_option("PASSPORT", options->argument, "A passport id, or a .passport file");
  const std::string group = "Or look it up";
  command->add_option("--gtin", options->gtin, "By GTIN (8, 12, 13 or 14 digits), with --serial")
      ->group(group);
  command->add_option("--serial", options->serial, "The serial with that GTIN")->group(group);
  command
      ->add_option("--inscription", options->inscription,
                   "By what is inscribed on it, \"GIA 2141438167\"")
      ->group(group);
  command->add_option("--laboratory", options->laboratory, "By a report, with --report-number")
      ->group(group);
  command->add_option("--report-number", options->report_number, "The number of that report")
      ->group(group);
}

absl::StatusOr<PassportName> PassportNameFromOptions(const PassportNameOptions& options) {
  const bool by_gtin = !options.gtin.empty() || !options.serial.empty();
  const bool by_report = !options.laboratory.empty() || !options.report_number.empty();
  const int ways = static_cast<int>(!options.argument.empty()) + static_cast<int>(by_gtin) +
                   static_cast<int>(!options.inscription.empty()) + static_cast<int>(by_report);
  if (ways != 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        ways == 0 ? "no passport named" : "the passport is named in more than one way",
        ": give PASSPORT (an id or a file), or --gtin with --serial, or --inscription, or "
        "--laboratory with --report-number"));
  }
  if (!options.argument.empty()) return PassportNameFromArgument(options.argument);
  if (!options.inscription.empty()) return ByInscription{options.inscription};
  if (by_gtin) {
    if (options.gtin.empty() || options.serial.empty()) return BothNeeded("--gtin", "--serial");
    return ByGtinSerial{options.gtin, options.serial};
  }
  if (options.laboratory.empty() || options.report_number.empty()) {
    return BothNeeded("--laboratory", "--report-number");
  }
  return ByReport{options.laboratory, options.report_number};
}

}  // namespace touchstone::cli
