// What a statement commits to that lies outside the log (docs/FORMAT.md, section 15): digests of
// public documents, salted commitments to confidential ones, and whether a document is one of them.
// Not for keeping documents (registry/vault/), nor for who may see which (registry/vault/rights.h).
#ifndef TOUCHSTONE_VERIFIER_DOCUMENT_PART_H_
#define TOUCHSTONE_VERIFIER_DOCUMENT_PART_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "touchstone/v1/statement.pb.h"
#include "verifier/digest.h"
#include "verifier/sha256.h"

namespace touchstone {

struct DocumentPart {
  Digest digest = {};  // of a public document its SHA-256, of a confidential one its commitment
  bool confidential = false;
  // Of a confidential one: v1::Commitment::Kind; of a public one: v1::Media::Kind, 0 for the file
  // of a report.
  uint32_t kind = 0;
  std::string media_type = {};  // of a public one, where the statement says it
  std::string caption = {};     // the same

  friend bool operator==(const DocumentPart&, const DocumentPart&) = default;
};

// In the order of the fields; several may have one digest. The statement is one that was parsed
// (verifier/statement.h), so every digest has its 32 bytes.
std::vector<DocumentPart> DocumentPartsOf(const v1::Statement& statement);

// "receipt", "photograph", "report": in the words of the schema, lower case with spaces.
std::string DocumentKindText(const DocumentPart& part);

// Whether a confidential document of that kind goes with the piece from owner to owner (a design
// dossier, photographs, papers); the others are of the owner under whom they came.
bool GoesWithPiece(v1::Commitment::Kind kind);

// A document's digest under way: the plain SHA-256 of a public one; of a confidential one
// SHA-256("touchstone/part/v1\0" ‖ salt ‖ document), so that what can be guessed (a price, a name)
// cannot be found out from the log.
class DocumentDigester {
 public:
  // `salt` is empty for a public document, else limits::kDocumentSaltBytes long.
  explicit DocumentDigester(absl::string_view salt);

  void Update(absl::string_view bytes) { hash_.Update(bytes); }
  Digest Final() { return hash_.Final(); }

 private:
  Sha256 hash_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_DOCUMENT_PART_H_
