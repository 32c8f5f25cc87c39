#include "tests/support/sample_statement.h"

#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/support/or_die.h"
#include "verifier/sha256.h"

namespace touchstone {

const SecretKey& NamedKey(absl::string_view name) {
  static auto& keys = *new std::map<std::string, std::unique_ptr<SecretKey>>;
  std::unique_ptr<SecretKey>& key = keys[std::string(name)];
  if (key == nullptr) {
    const Digest seed = Sha256Of(absl::StrCat("test key ", name));
    key = std::make_unique<SecretKey>(OrDie(SecretKey::FromSeed(seed)));
  }
  return *key;
}

std::string NamedKeyBytes(absl::string_view name) {
  return std::string(NamedKey(name).public_key().encoded());
}

Digest NamedKeyId(absl::string_view name) { return NamedKey(name).public_key().KeyId(); }

std::string TestPassportId(int number) {
  const Digest digest = Sha256Of(absl::StrCat("passport ", number));
  return std::string(DigestBytes(digest).substr(0, 16));
}

v1::Piece SamplePiece(int number) {
  v1::Piece piece;
  piece.set_serial(absl::StrCat("R-", number));
  piece.set_category(v1::Piece::RING);
  piece.set_title("Solitaire ring");
  piece.set_maker("Maison Example");
  piece.set_total_mass_mg(4210);
  piece.mutable_ring_size()->set_inner_circumference_um(52000);
  v1::Component& stone = *piece.add_components();
  stone.set_position("centre");
  stone.set_quantity(1);
  v1::Gemstone& gemstone = *stone.mutable_gemstone();
  gemstone.set_species("diamond");
  gemstone.set_formation(v1::Gemstone::NATURAL);
  gemstone.set_carat_weight_e5(101000);
  gemstone.mutable_measurements()->set_length_or_min_um(6410);
  gemstone.mutable_measurements()->set_width_or_max_um(6450);
  gemstone.mutable_measurements()->set_depth_um(3980);
  v1::Metal& metal = *piece.add_components()->mutable_metal();
  metal.set_metal(v1::Metal::GOLD);
  metal.set_fineness_ppt(750);
  v1::Inscription& inscription = *piece.add_inscriptions();
  inscription.set_text(absl::StrCat("GIA ", 2141438000 + number));
  inscription.set_location(v1::Inscription::GIRDLE);
  inscription.set_kind(v1::Inscription::LAB_REPORT);
  v1::ReportReference& report = *piece.add_laboratory_reports();
  report.set_laboratory("GIA");
  report.set_report_number(absl::StrCat(2141438000 + number));
  return piece;
}

v1::ClaimReference ReferenceTo(const ClaimSubject& claim) {
  v1::ClaimReference reference;
  reference.set_kind(static_cast<uint32_t>(claim.kind));
  reference.set_subject(claim.subject);
  return reference;
}

Envelope SignStatementBytes(absl::string_view statement, const KeyNames& signers) {
  const std::string pae = Pae(PayloadType::kStatement, statement);
  std::vector<EnvelopeSignature> signatures;
  for (const std::string& name : signers) {
    signatures.push_back({NamedKeyId(name), NamedKey(name).Sign(pae), std::nullopt});
  }
  return OrDie(Envelope::Create(PayloadType::kStatement, statement, std::move(signatures)));
}

Envelope SignStatement(const v1::Statement& statement, const KeyNames& signers) {
  return SignStatementBytes(statement.SerializeAsString(), signers);
}

}  // namespace touchstone
