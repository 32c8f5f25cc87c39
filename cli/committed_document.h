// The documents that a verified passport commits to: which entry, signed by whom, when; and whether
// a document at hand is one of them. Not for getting documents (cli/client/vault_client.h): this
// file is part of touchstone-verify too.
#ifndef TOUCHSTONE_CLI_COMMITTED_DOCUMENT_H_
#define TOUCHSTONE_CLI_COMMITTED_DOCUMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/opening_file.h"
#include "verifier/document_part.h"
#include "verifier/verdict.h"

namespace touchstone::cli {

struct CommittedDocument {
  DocumentPart part;
  uint32_t entry_number = 0;  // in the record's timeline
  // The entry that destroyed it: by the issuer of record's word, or by the owner's where that
  // reaches it (not the papers of owners before). A claim key's or a dealer's word destroys
  // nothing.
  std::optional<uint32_t> erased_by = {};
  // Of an owner before: of their own time, and not what goes with the piece.
  bool of_former_owner = false;
};

// In the order of the entries. One document can be committed to more than once.
std::vector<CommittedDocument> CommittedDocuments(const VerifiedRecord& record);

// The first with that digest that no entry says was destroyed, else the first: what was destroyed
// can be committed to anew. nullptr if there is none.
const CommittedDocument* FindDocument(const std::vector<CommittedDocument>& documents,
                                      const Digest& digest);

// A digest of one of them as people give it: its hexadecimal digits, or so many of the first that
// no other begins so, at least 8. InvalidArgument, saying which there are.
absl::StatusOr<Digest> DigestFromArgument(const std::vector<CommittedDocument>& documents,
                                          absl::string_view argument);

// "entry 3 (documents added), logged 2026-11-22 10:00:00 UTC, signed by Atelier Aurum SA".
std::string DescribeEntry(const VerifiedRecord& record, uint32_t entry_number);

// Which of the record's commitments the document is: a public one by its SHA-256, a confidential
// one by its opening. Errors: kWrongDocument, if it is none, or the opening is another document's
// or another piece's, or calls it of another kind than the entry does.
absl::StatusOr<CommittedDocument> MatchDocument(const VerifiedRecord& record,
                                                absl::string_view document,
                                                const DocumentOpening* opening);

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_COMMITTED_DOCUMENT_H_
