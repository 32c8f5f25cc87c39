// Every limit that the verifier sets on bytes from outside, in one place. A length is compared with
// its limit here before anything is allocated for it. Not for what a registry limits further: its
// limits lie below these (registry/limits.h).
#ifndef TOUCHSTONE_VERIFIER_LIMITS_H_
#define TOUCHSTONE_VERIFIER_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace touchstone::limits {

// Log entries: the binary frame, header included (docs/FORMAT.md).
inline constexpr size_t kEntryFrameBytesMax = 65535;
inline constexpr size_t kEntryHeaderBytes = 4 + 1 + 8 + 8 + 4 + 32 + 2;
inline constexpr size_t kEntryPayloadBytesMax = kEntryFrameBytesMax - kEntryHeaderBytes;
static_assert(kEntryPayloadBytesMax == 65476);

// Envelopes: what fits into an entry. A statement by stewards has up to 32 signatures. A signature
// of an algorithm to come may be longer than the 64 bytes of Ed25519.
inline constexpr size_t kEnvelopeBytesMax = kEntryPayloadBytesMax;
inline constexpr size_t kEnvelopeSignaturesMax = 32;
inline constexpr size_t kSignatureBytesMax = 5 * 1024;

// Envelopes under one batch signature.
inline constexpr uint64_t kBatchLeavesMax = 65536;
inline constexpr size_t kBatchPathHashesMax = 16;
static_assert(kBatchLeavesMax == uint64_t{1} << kBatchPathHashesMax);

// Canonical messages. No schema nests as deep (the generator checks it). An element is a member of
// a repeated field; a two-byte one can cost a parser a hundred bytes.
inline constexpr size_t kCanonicalNestingMax = 16;
inline constexpr size_t kCanonicalElementsMax = 65536;
static_assert(kCanonicalElementsMax > kEnvelopeBytesMax / 2, "the frame limits statements first");

// Passport files.
inline constexpr size_t kPassportFileBytesMax = size_t{16} << 20;

// Entries of one passport: what settles (verifier/event_rules.h) may use all, interventions most,
// what holders agree on fewer and records the first of them. So a piece changes hands when its
// records are full; and however often whoever holds it passes it from one key of his to the next,
// it can still be reported stolen, and moved by a court (docs/FORMAT.md, section 9).
inline constexpr size_t kPassportEntriesMax = 512;
inline constexpr size_t kPassportInterventionEntriesMax = 496;
inline constexpr size_t kPassportOwnershipEntriesMax = 480;
inline constexpr size_t kPassportRecordEntriesMax = 448;
static_assert(kPassportRecordEntriesMax < kPassportOwnershipEntriesMax);
static_assert(kPassportOwnershipEntriesMax < kPassportInterventionEntriesMax);
static_assert(kPassportInterventionEntriesMax < kPassportEntriesMax);

// Of those by one participant, or by one holder alone: nobody but the issuer of record can fill a
// passport by himself. A participant who has said so much can still settle.
inline constexpr size_t kPassportEntriesBySignerMax = 96;
inline constexpr size_t kPassportEntriesByIssuerMax = 256;
inline constexpr size_t kPassportSettlementsBySignerMore = 16;
static_assert(kPassportEntriesBySignerMax < kPassportEntriesByIssuerMax);
static_assert(kPassportEntriesByIssuerMax + kPassportSettlementsBySignerMore <
              kPassportRecordEntriesMax);

// What a passport's state keeps open at once.
inline constexpr size_t kOpenFindingsMax = 8;  // damage and suspicions, which anybody may report
inline constexpr size_t kOpenDisputesMax = 4;
inline constexpr size_t kEntitlementsMax = 32;

// The notice before a piece moves without its key (docs/FORMAT.md, section 9).
inline constexpr uint64_t kNoticePeriodMsDefault = uint64_t{30} * 24 * 3600 * 1000;
inline constexpr uint64_t kNoticePeriodMsMax = uint64_t{366} * 24 * 3600 * 1000;

// RFC 1035 section 2.3.4.
inline constexpr size_t kDomainNameBytesMax = 253;

// What people and machines name things by. A passport id has 27 symbols and its hyphens.
inline constexpr size_t kPassportIdTextBytesMax = 64;
inline constexpr size_t kParticipantIdBytesMax = 63;
inline constexpr size_t kSerialBytesMax = 20;

// A claim code as people type it: 28 symbols, what it begins with, and what stands between.
inline constexpr size_t kClaimCodeTextBytesMax = 80;

// Claims: the texts before they are normalised, and after.
inline constexpr size_t kClaimTextBytesMax = 256;
inline constexpr size_t kInscriptionClaimBytesMin = 4;
inline constexpr size_t kInscriptionClaimBytesMax = 64;
inline constexpr size_t kReportNumberClaimBytesMax = 40;
inline constexpr size_t kLaboratoryClaimBytesMax = 60;
inline constexpr size_t kClaimSubjectBytesMax = 200;
static_assert(kClaimSubjectBytesMax >= kInscriptionClaimBytesMax);
static_assert(kClaimSubjectBytesMax >= kLaboratoryClaimBytesMax + 1 + kReportNumberClaimBytesMax);
static_assert(kClaimSubjectBytesMax >= 14 + kSerialBytesMax);

// Events of one claim, so that nobody can make another's passport too large by contesting: claims
// and contests stop early, so that there is always room to give the claim to the right piece, and
// for that to let it go (docs/FORMAT.md, section 8).
inline constexpr uint32_t kClaimEventsMax = 20;
inline constexpr uint32_t kClaimEventsForReleaseMax = 16;
inline constexpr uint32_t kClaimEventsForClaimMax = 12;
inline constexpr uint32_t kClaimEventsForContestMax = 12;
static_assert(kClaimEventsForClaimMax < kClaimEventsForReleaseMax);
static_assert(kClaimEventsForContestMax < kClaimEventsForReleaseMax);
static_assert(kClaimEventsForReleaseMax < kClaimEventsMax);

// Of the claims and contests among them, those of the pieces of one issuer of record.
inline constexpr uint32_t kClaimEventsByIssuerMax = 4;
static_assert(kClaimEventsByIssuerMax < kClaimEventsForContestMax);

// What one statement refers to: claims, entries that released them, pieces that come after.
inline constexpr int kClaimReferencesMax = 64;
inline constexpr int kSuccessorsMax = 16;
inline constexpr int kCommitmentsMax = 16;

// Documents beside the log, and grants to see them (docs/FORMAT.md, section 15).
inline constexpr uint64_t kDocumentBytesMax = uint64_t{64} << 20;
inline constexpr size_t kDocumentSaltBytes = 32;
inline constexpr size_t kDocumentNameBytesMax = 120;
inline constexpr size_t kMediaTypeBytesMax = 60;
inline constexpr int kGrantDocumentsMax = 64;
inline constexpr size_t kGrantPurposeBytesMax = 200;
inline constexpr uint64_t kGrantValidityMsMax = uint64_t{366} * 24 * 3600 * 1000;
inline constexpr uint64_t kGrantClockSkewMsMax = uint64_t{5} * 60 * 1000;

// Card tokens and the links around them: a QR code holds little.
inline constexpr size_t kCardInscriptionBytesMax = 40;
inline constexpr size_t kCardTitleBytesMax = 48;
inline constexpr size_t kCardTokenBytesMax = 1 + 8 + 16 + 32 + 2 + 1 + kSerialBytesMax + 1 +
                                             kCardInscriptionBytesMax + 1 + kCardTitleBytesMax + 64;
inline constexpr size_t kCardTokenTextBytesMax = (kCardTokenBytesMax * 8 + 4) / 5;
inline constexpr size_t kDigitalLinkBytesMax = 2048;
static_assert(kDigitalLinkBytesMax >= 4 * kCardTokenTextBytesMax);

// Proofs of ownership: the question, the answer (with room for later algorithms' signatures), and
// both as text.
inline constexpr size_t kOwnershipVerifierBytesMax = 100;
inline constexpr size_t kOwnershipPurposeBytesMax = 200;
inline constexpr size_t kOwnershipNonceBytes = 32;
inline constexpr uint64_t kOwnershipChallengeMsMax = uint64_t{90} * 24 * 3600 * 1000;
inline constexpr size_t kOwnershipChallengeBytesMax = 1024;
inline constexpr size_t kOwnershipProofBytesMax = size_t{8} << 10;
inline constexpr size_t kOwnershipTextBytesMax = size_t{16} << 10;
static_assert(kOwnershipProofBytesMax >= kOwnershipChallengeBytesMax + kSignatureBytesMax + 256);
static_assert(kOwnershipTextBytesMax >= kOwnershipProofBytesMax * 8 / 5 + 256);

// Receipts: a checkpoint, two entries (one of them an index root) with their paths, an index proof,
// and what protobuf writes around them.
inline constexpr size_t kReceiptBytesMax = size_t{384} << 10;

// Key names and log origins, in bytes of UTF-8 (an origin is the name of the log's key).
inline constexpr size_t kKeyNameBytesMax = 255;

// Signed notes. The specification asks for at least 16 signatures, and warns that post-quantum
// ones come near 5 kB each.
inline constexpr size_t kNoteSignaturesMax = 64;
inline constexpr size_t kNoteBytesMax = size_t{256} << 10;
static_assert(kNoteSignaturesMax >= 16);
static_assert(kNoteBytesMax >= 16 * (kKeyNameBytesMax + 5 * 1024 * 4 / 3 + 16));

// Trust policies. The specification recommends at least 32 logs, witnesses and groups each.
inline constexpr size_t kPolicyBytesMax = size_t{256} << 10;
inline constexpr size_t kPolicyRetiredKeysMax = 32;
inline constexpr size_t kPolicyWitnessesMax = 32;
inline constexpr size_t kPolicyGroupsMax = 32;
inline constexpr uint64_t kPolicyMaxAgeSecondsMax = uint64_t{100} * 366 * 24 * 3600;
static_assert(kPolicyWitnessesMax + 1 <= kNoteSignaturesMax,
              "one note must have room for the log's and every witness's signature");

// Merkle proofs. A tree of 2^63 leaves has inclusion paths of at most 63 hashes, and consistency
// proofs of one more.
inline constexpr size_t kInclusionPathHashesMax = 63;
inline constexpr size_t kConsistencyPathHashesMax = 64;
// Positions and sizes stay below 2^63, so that signed 64-bit readers agree with us.
inline constexpr uint64_t kTreeSizeMax = (uint64_t{1} << 63) - 1;

// Index proofs: keys have 256 bits.
inline constexpr size_t kIndexProofDepthMax = 256;
inline constexpr size_t kIndexProofBytesMax =
    2 + kIndexProofDepthMax / 8 + kIndexProofDepthMax * 32 + 1 + 64;
// The subject of an index key is a passport id, a participant id, or the text of a claim.
inline constexpr size_t kIndexSubjectBytesMax = 65535;

// What a verifier remembers of nodes that it hashed, in pairs of nodes for each tree: some paths'
// worth, about 25 KiB.
inline constexpr size_t kNodeMemoPairs = 256;
static_assert(kNodeMemoPairs >= kInclusionPathHashesMax);
static_assert(kNodeMemoPairs >= kIndexProofDepthMax);

static_assert(kReceiptBytesMax >= kNoteBytesMax + kEntryFrameBytesMax +
                                      2 * 32 * kInclusionPathHashesMax + kIndexProofBytesMax +
                                      1024);

// C2SP tlog-proof files: a note, an inclusion path, and opaque extra data.
inline constexpr size_t kTlogProofExtraBytesMax = size_t{64} << 10;
inline constexpr size_t kTlogProofBytesMax = size_t{512} << 10;
static_assert(kTlogProofBytesMax >=
              kNoteBytesMax + kTlogProofExtraBytesMax / 3 * 4 + (kInclusionPathHashesMax + 4) * 45);

// C2SP tiles.
inline constexpr size_t kTileHashes = 256;

}  // namespace touchstone::limits

#endif  // TOUCHSTONE_VERIFIER_LIMITS_H_
