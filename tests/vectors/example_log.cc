#include "tests/vectors/example_log.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "verifier/cosignature.h"
#include "verifier/gtin.h"
#include "verifier/participant_id.h"
#include "verifier/sha256.h"
#include "verifier/signed_note.h"
#include "verifier/signing/note_signer.h"
#include "verifier/signing/passport_id_derivation.h"

namespace touchstone {
namespace {

constexpr absl::string_view kGtin14 = "04012345000016";
constexpr absl::string_view kReportNumber = "2141438167";
constexpr absl::string_view kWitnesses[] = {"witness 1", "witness 2", "witness 3"};

std::string WitnessName(size_t i) { return absl::StrCat("witness-", i + 1, ".example"); }

DerivationSecret Secret(const std::string& bytes) {
  return Must(DerivationSecret::FromBytes(
      absl::MakeSpan(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size())));
}

v1::Statement About(TestLog& log, const PassportId& id) {
  v1::Statement statement = log.PassportStatement(0);
  statement.mutable_subject()->set_passport_id(std::string(id.bytes()));
  return statement;
}

v1::Statement BuildingOn(TestLog& log, const PassportId& id, const EntryPlace& newest) {
  v1::Statement statement = About(log, id);
  statement.set_builds_on(std::string(DigestBytes(newest.digest)));
  return statement;
}

v1::Piece Ring() {
  v1::Piece piece;
  piece.set_gtin14(std::string(kGtin14));
  piece.set_serial(std::string(kRingSerial));
  piece.set_category(v1::Piece::RING);
  piece.set_title("Solitaire ring");
  piece.set_maker("Maison Example");
  piece.mutable_ring_size()->set_inner_circumference_um(52000);
  piece.set_total_mass_mg(4210);
  v1::Component& stone = *piece.add_components();
  stone.set_position("centre");
  v1::Gemstone& gemstone = *stone.mutable_gemstone();
  gemstone.set_species("diamond");
  gemstone.set_formation(v1::Gemstone::NATURAL);
  gemstone.set_carat_weight_e5(101000);
  v1::Metal& metal = *piece.add_components()->mutable_metal();
  metal.set_metal(v1::Metal::GOLD);
  metal.set_fineness_ppt(750);
  v1::Inscription& inscription = *piece.add_inscriptions();
  inscription.set_text(absl::StrCat("GIA ", kReportNumber));
  inscription.set_location(v1::Inscription::GIRDLE);
  inscription.set_kind(v1::Inscription::LAB_REPORT);
  v1::ReportReference& report = *piece.add_laboratory_reports();
  report.set_laboratory("Gemological Institute of America");
  report.set_report_number(std::string(kReportNumber));
  return piece;
}

v1::Piece Band() {
  v1::Piece piece;
  piece.set_serial(std::string(kBandSerial));
  piece.set_category(v1::Piece::RING);
  piece.set_title("Band");
  return piece;
}

std::string CareRecord(TestLog& log, const PassportId& id, v1::CareRecord::Kind kind) {
  v1::Statement statement = About(log, id);
  statement.mutable_care_record()->set_kind(kind);
  statement.mutable_care_record()->set_performed_on("2026-11-22");
  return statement.SerializeAsString();
}

Envelope SignedInBatch(const Batch& batch, size_t i, const std::string& statement,
                       const SecretKey& key, absl::string_view origin) {
  return Must(Envelope::Create(
      PayloadType::kStatement, statement,
      {{key.public_key().KeyId(), key.Sign(batch.NoteText(origin)), batch.PathOf(i)}}));
}

void EnrolParticipants(TestLog& log) {
  log.Enrol(kMaisonId, {v1::ISSUER}, {"maison"},
            [](v1::ParticipantDetails& details) { details.add_gs1_company_prefixes("4012345"); });
  log.Enrol(kLaboratoryId, {v1::LABORATORY}, {"laboratory"},
            [](v1::ParticipantDetails& details) { details.add_laboratory_names("GIA"); });
  log.Enrol(kAtelierId, {v1::WORKSHOP}, {"atelier 1"});
  log.EnrolCardKey("card", "2026");
}

// What the ring claims and can let go, ascending.
std::vector<ClaimSubject> OfTheStone() {
  return {Must(InscriptionClaim(absl::StrCat("GIA ", kReportNumber))),
          Must(ReportClaim("GIA", kReportNumber))};
}

// A piece with the ring's stone.
v1::Piece WithTheStone(absl::string_view serial, absl::string_view title) {
  v1::Piece piece;
  piece.set_serial(std::string(serial));
  piece.set_category(v1::Piece::RING);
  piece.set_title(std::string(title));
  const v1::Piece ring = Ring();
  *piece.mutable_inscriptions() = ring.inscriptions();
  *piece.mutable_laboratory_reports() = ring.laboratory_reports();
  return piece;
}

// A rival contests what the ring bears, the laboratory resolves it; then the stone is set into
// another piece.
void DisputeAndRemount(TestLog& log, const PassportId& ring, const PassportId& copy,
                       const PassportId& successor) {
  log.Enrol(kRivalId, {v1::ISSUER}, {"rival"});
  v1::Statement contest = About(log, copy);
  v1::Registration& copied = *contest.mutable_registration();
  *copied.mutable_piece() = WithTheStone(kCopySerial, "Solitaire");
  for (const ClaimSubject& claim : OfTheStone()) *copied.add_contests() = ReferenceTo(claim);
  log.Say(contest, {"rival"});
  log.Commit();

  for (const ClaimSubject& claim : OfTheStone()) {
    v1::Statement resolved = About(log, ring);
    *resolved.mutable_claim_resolved()->mutable_claim() = ReferenceTo(claim);
    resolved.mutable_claim_resolved()->set_grounds("plotted anew");
    log.Say(resolved, {"laboratory"});
  }
  log.Commit();

  v1::Statement end = About(log, ring);
  end.mutable_end_of_life()->set_kind(v1::EndOfLife::REMOUNTED);
  end.mutable_end_of_life()->set_ended_on("2026-11-22");
  for (const ClaimSubject& claim : OfTheStone()) {
    *end.mutable_end_of_life()->add_releases() = ReferenceTo(claim);
  }
  end.mutable_end_of_life()->add_successors(std::string(successor.bytes()));
  const EntryPlace ended = log.Say(end, {"atelier 2", "owner"});
  v1::Statement taken = About(log, successor);
  v1::Registration& registration = *taken.mutable_registration();
  *registration.mutable_piece() = WithTheStone(kSuccessorSerial, "Signet");
  registration.add_predecessors()->set_passport_id(std::string(ring.bytes()));
  registration.mutable_predecessors(0)->set_digest(std::string(DigestBytes(ended.digest)));
  log.Say(taken, {"maison"});
  log.Commit();
}

// The successor is taken apart, and the stone lies in a drawer.
void TakeApart(TestLog& log, const PassportId& successor,
               const std::vector<ClaimSubject>& releases) {
  v1::Statement end = About(log, successor);
  end.mutable_end_of_life()->set_kind(v1::EndOfLife::DISMANTLED);
  end.mutable_end_of_life()->set_ended_on("2026-11-22");
  for (const ClaimSubject& claim : releases) {
    if (claim.kind == IndexKind::kGtinSerialClaim) continue;
    v1::ClaimReference& released = *end.mutable_end_of_life()->add_releases();
    released.set_kind(static_cast<uint32_t>(claim.kind));
    released.set_subject(claim.subject);
  }
  log.Say(end, {"maison"});
  log.Commit();
}

std::string Cosign(std::string note, const TestLog& log, uint64_t size) {
  const std::string text = Must(SignedNote::Parse(note)).text();
  // The third witness is late: a policy that asks for two does not wait for it.
  for (size_t i = 0; i < 2; ++i) {
    const uint64_t seconds = log.WitnessTimeSeconds(size) + 20 + 11 * i;
    note = Must(AppendNoteSignature(
        note, Must(CosignCheckpointText(text, WitnessName(i), NamedKey(kWitnesses[i]), seconds))));
  }
  return note;
}

}  // namespace

void StopWith(const absl::Status& status) {
  std::fprintf(stderr, "format_vectors: %s\n", status.ToString().c_str());
  std::abort();
}

ExampleLog MakeExampleLog() {
  TestLog log;
  const Digest secret_digest = Sha256Of("test secret maison");
  const std::string secret_bytes(DigestBytes(secret_digest));
  const DerivationSecret secret = Secret(secret_bytes);
  const ParticipantId maison = Must(ParticipantId::Parse(kMaisonId));
  const PassportId ring = Must(DerivePassportId(secret, log.origin(), maison, kRingSerial));
  const PassportId band = Must(DerivePassportId(secret, log.origin(), maison, kBandSerial));

  EnrolParticipants(log);
  log.Commit();

  v1::Statement registration = About(log, ring);
  *registration.mutable_registration()->mutable_piece() = Ring();
  registration.clear_nonce();
  const std::string without_nonce = registration.SerializeAsString();
  registration.set_nonce(DeriveNonce(secret, without_nonce));
  const EntryPlace registered = log.Say(registration, {"maison"});
  v1::Statement plain = About(log, band);
  *plain.mutable_registration()->mutable_piece() = Band();
  log.Say(plain, {"maison"});
  v1::Statement report = About(log, ring);
  report.mutable_laboratory_report()->set_laboratory("GIA");
  report.mutable_laboratory_report()->set_report_number(std::string(kReportNumber));
  const EntryPlace reported = log.Say(report, {"laboratory"});
  log.Commit();

  const PassportId subjects[] = {band, ring, band};
  const std::string records[] = {CareRecord(log, band, v1::CareRecord::INSPECTION),
                                 CareRecord(log, ring, v1::CareRecord::CLEANING),
                                 CareRecord(log, band, v1::CareRecord::POLISHING)};
  std::vector<std::string> paes;
  for (const std::string& record : records) paes.push_back(Pae(PayloadType::kStatement, record));
  Batch batch = Must(Batch::Create(paes));
  std::vector<Envelope> cares;
  const uint64_t first_care = log.size();
  for (size_t i = 0; i < paes.size(); ++i) {
    cares.push_back(SignedInBatch(batch, i, records[i], NamedKey("atelier 1"), log.origin()));
    log.Append(cares.back(), {IndexKind::kPassportEntry, std::string(subjects[i].bytes())}, {});
  }
  v1::Statement sale = BuildingOn(log, ring, registered);
  sale.mutable_first_sale()->set_claim_key(NamedKeyBytes("claim"));
  sale.mutable_first_sale()->set_sold_on("2026-11-22");
  const EntryPlace sold = log.Say(sale, {"maison", "claim"});
  v1::Statement claim = BuildingOn(log, ring, sold);
  claim.mutable_claim()->set_owner_key(NamedKeyBytes("owner"));
  log.Say(claim, {"claim", "owner"});
  log.Commit();

  log.AddKey(kAtelierId, "atelier 2");
  log.RevokeKey(kAtelierId, "atelier 1", first_care);
  const uint64_t size = log.Commit();

  const PassportId copy = Must(
      DerivePassportId(secret, log.origin(), Must(ParticipantId::Parse(kRivalId)), kCopySerial));
  const PassportId successor =
      Must(DerivePassportId(secret, log.origin(), maison, kSuccessorSerial));
  DisputeAndRemount(log, ring, copy, successor);
  const uint64_t later_size = log.size();

  std::vector<ClaimSubject> claims = {
      Must(InscriptionClaim(absl::StrCat("GIA ", kReportNumber))),
      Must(ReportClaim("GIA", kReportNumber)),
      Must(GtinSerialClaim(Must(Gtin::Parse14(kGtin14)), kRingSerial))};
  TakeApart(log, successor, claims);
  const uint64_t freed_size = log.size();

  std::string checkpoint = Cosign(log.Checkpoint(size), log, size);
  std::string later_checkpoint = Cosign(log.Checkpoint(later_size), log, later_size);
  std::string freed_checkpoint = Cosign(log.Checkpoint(freed_size), log, freed_size);
  return ExampleLog{std::move(log),
                    secret_bytes,
                    ring,
                    band,
                    copy,
                    successor,
                    without_nonce,
                    registered,
                    reported,
                    std::move(batch),
                    std::move(cares),
                    first_care,
                    sold.position,
                    std::move(claims),
                    size,
                    std::move(checkpoint),
                    later_size,
                    std::move(later_checkpoint),
                    freed_size,
                    std::move(freed_checkpoint)};
}

std::string ExamplePolicy(const ExampleLog& example) {
  std::string text = absl::StrCat("log ", example.log.LogVkey(), "\ngenesis ",
                                  DigestToHex(example.log.GenesisDigest()), "\n");
  std::string names;
  for (size_t i = 0; i < std::size(kWitnesses); ++i) {
    const VerifierKey key = Must(VerifierKey::Create(
        WitnessName(i), NoteSignatureType::kCosignatureV1, NamedKey(kWitnesses[i]).public_key()));
    absl::StrAppend(&text, "witness w", i + 1, " ", key.Format(), "\n");
    absl::StrAppend(&names, " w", i + 1);
  }
  return absl::StrCat(text, "group two-of-them 2", names,
                      "\nquorum two-of-them\nmax_age 2592000\n");
}

v1::Passport ExampleCards(const ExampleLog& example) {
  v1::Passport message = example.log.Cards(example.size);
  message.set_checkpoint(example.checkpoint);
  return message;
}

v1::Passport RingPassport(const ExampleLog& example) {
  v1::Passport message = ExampleCards(example);
  *message.mutable_piece() = example.log.ChainOf(
      {IndexKind::kPassportEntry, std::string(example.ring.bytes())}, example.size);
  for (const absl::string_view id : {kAtelierId, kLaboratoryId, kMaisonId}) {
    *message.add_participants() =
        example.log.ChainOf({IndexKind::kParticipantEntry, std::string(id)}, example.size);
  }
  for (const ClaimSubject& claim : example.claims) {
    *message.add_claims() = example.log.ClaimChainOf(claim, example.size);
  }
  return message;
}

v1::Passport LaterPassport(const ExampleLog& example, const PassportId& id) {
  v1::Passport message = example.log.PassportOf(id.bytes(), example.later_size);
  message.set_checkpoint(example.later_checkpoint);
  return message;
}

v1::Absence ExampleAbsence(const ExampleLog& example, IndexKind kind, const std::string& subject) {
  v1::Absence message = example.log.Absence(kind, subject, example.freed_size);
  message.set_checkpoint(example.freed_checkpoint);
  return message;
}

v1::Receipt ExampleReceipt(const ExampleLog& example, uint64_t position) {
  return example.log.Receipt(position, example.size);
}

}  // namespace touchstone
