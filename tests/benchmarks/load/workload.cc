#include "tests/benchmarks/load/workload.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "verifier/entry.h"
#include "verifier/envelope.h"
#include "verifier/signing/batch.h"

namespace touchstone::load {
namespace {

constexpr char kIssuerKey[] = "maison key";

template <typename T>
T OrDie(absl::StatusOr<T> value) {
  if (!value.ok()) {
    std::fprintf(stderr, "touchstone-load: %s\n", value.status().ToString().c_str());
    std::abort();
  }
  return *std::move(value);
}

}  // namespace

Workload::Workload()
    : genesis_(OrDie(DecodeEntry(log_.Frame(0))).payload),
      issuer_(
          OrDie(DecodeEntry(log_.Frame(log_.Enrol("maison", {v1::ISSUER}, {kIssuerKey}).position)))
              .payload) {}

std::string Workload::NextStatement() {
  const int number = made_++;
  v1::Statement statement = log_.PassportStatement(number);
  v1::Piece& piece = *statement.mutable_registration()->mutable_piece();
  piece = SamplePiece(number);
  piece.set_description(std::string(500, 'x'));
  return statement.SerializeAsString();
}

std::vector<std::string> Workload::Registrations(size_t count) {
  std::vector<std::string> envelopes;
  envelopes.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    envelopes.push_back(SignStatementBytes(NextStatement(), {kIssuerKey}).bytes());
  }
  return envelopes;
}

std::vector<std::string> Workload::BatchedRegistrations(size_t count, size_t batch) {
  std::vector<std::string> envelopes;
  envelopes.reserve(count);
  while (envelopes.size() < count) {
    std::vector<std::string> statements;
    std::vector<std::string> paes;
    for (size_t i = 0; i < std::min(batch, count - envelopes.size()); ++i) {
      statements.push_back(NextStatement());
      paes.push_back(Pae(PayloadType::kStatement, statements.back()));
    }
    const Batch tree = OrDie(Batch::Create(paes));
    const std::string signature = NamedKey(kIssuerKey).Sign(tree.NoteText(log_.origin()));
    for (size_t i = 0; i < statements.size(); ++i) {
      envelopes.push_back(
          OrDie(Envelope::Create(PayloadType::kStatement, statements[i],
                                 {{NamedKeyId(kIssuerKey), signature, tree.PathOf(i)}}))
              .bytes());
    }
  }
  return envelopes;
}

std::vector<std::string> Workload::PassportIds(size_t count) {
  std::vector<std::string> ids;
  for (size_t i = 0; i < count; ++i) ids.push_back(TestPassportId(static_cast<int>(i)));
  return ids;
}

}  // namespace touchstone::load
