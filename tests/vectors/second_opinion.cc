#include "tests/vectors/second_opinion.h"

#include <gtest/gtest.h>

#include "tests/vectors/second_reader/bytes.h"
#include "tests/vectors/second_reader/record.h"
#include "tests/vectors/second_reader/trust.h"
#include "verifier/verdict.h"

namespace touchstone {
namespace {

const second_reader::Documents& TheDocuments() {
  static const auto& documents = *new second_reader::Documents(TOUCHSTONE_SOURCE_DIR);
  return documents;
}

absl::Status Judge(const std::string& policy_text, const std::string& file) {
  const second_reader::Documents& documents = TheDocuments();
  const absl::StatusOr<second_reader::Policy> policy = second_reader::ReadPolicy(policy_text);
  if (!policy.ok()) return policy.status();
  switch (file.size() > 3 ? file[3] : '\0') {
    case 'A':
      return second_reader::ReadAbsence(documents, *policy, file).status();
    case 'C':
      return second_reader::ReadCards(documents, *policy, file).status();
    default:
      return second_reader::ReadPassport(documents, *policy, file).status();
  }
}

std::string By(const std::string& participant) {
  return " by " + (participant.empty() ? std::string("a holder") : participant);
}

std::string LifeOf(const second_reader::Piece& piece) {
  std::string life = piece.holding + ", owners " + std::to_string(piece.owners);
  if (piece.is_kept_by_store) life += ", kept by the store";
  if (piece.is_on_consignment) life += ", on consignment";
  if (piece.holder_has_objected) life += ", objected";
  if (!piece.pledgee.empty()) life += ", pledged";
  if (!piece.custodian.empty()) life += ", with " + piece.custodian;
  // In the order of the reports, as the entries are.
  for (const second_reader::Line& line : piece.lines) {
    const auto incident = piece.incidents.find(line.digest);
    if (incident == piece.incidents.end()) continue;
    life += ", incident " + std::to_string(incident->second.kind) + By(incident->second.reporter);
    if (incident->second.is_confirmed) life += ", confirmed";
  }
  if (piece.notice) {
    life += ", notice " + std::to_string(piece.notice->kind) + By(piece.notice->giver);
  }
  for (const auto& [id, entitlement] : piece.entitlements) {
    life += ", entitlement " + id + " " + std::to_string(entitlement.used) + " of " +
            std::to_string(entitlement.uses);
  }
  return life;
}

}  // namespace

std::string LifeBySecondReader(const std::string& policy_text, const std::string& file) {
  const absl::StatusOr<second_reader::Policy> policy = second_reader::ReadPolicy(policy_text);
  if (!policy.ok()) return "";
  const absl::StatusOr<second_reader::Record> record =
      second_reader::ReadPassport(TheDocuments(), *policy, file);
  return record.ok() ? LifeOf(record->piece) : "";
}

void ExpectSecondReaderAgreesOnCard(const std::string& policy_text, const std::string& cards_file,
                                    const std::string& token, Outcome outcome) {
  const absl::StatusOr<second_reader::Policy> policy = second_reader::ReadPolicy(policy_text);
  ASSERT_TRUE(policy.ok()) << policy.status();
  absl::Status second;
  const auto stewards = second_reader::ReadCards(TheDocuments(), *policy, cards_file);
  const auto card = second_reader::ReadCardToken(token);
  if (!stewards.ok()) {
    second = stewards.status();
  } else {
    second = card.ok() ? second_reader::CheckCard(*stewards, *card) : card.status();
  }
  EXPECT_EQ(second_reader::AnswerOf(second), std::string(OutcomeName(outcome)))
      << "the second reader: " << second;
}

void ExpectSecondReaderAgrees(const std::string& policy, const std::string& file,
                              const absl::Status& verifier) {
  const absl::Status second = Judge(policy, file);
  const std::string answer =
      verifier.ok() ? "verified" : std::string(OutcomeName(OutcomeOf(verifier)));
  EXPECT_EQ(second_reader::AnswerOf(second), answer)
      << "the verifier: " << verifier << "\nthe second reader: " << second;
}

}  // namespace touchstone
