// The limits of every field that describes a piece (proto/touchstone/v1/piece.proto), and what the
// description claims. Not for whether the description is true.
#ifndef TOUCHSTONE_VERIFIER_PIECE_FIELDS_H_
#define TOUCHSTONE_VERIFIER_PIECE_FIELDS_H_

#include <vector>

#include "touchstone/v1/piece.pb.h"
#include "verifier/claim.h"
#include "verifier/field_checker.h"

namespace touchstone {

// Checks `piece`, which lies where `checker` stands. Appends to `claims` what it claims, in the
// order of the fields; two equal claims are a failure.
void CheckPiece(const v1::Piece& piece, FieldChecker& checker, std::vector<ClaimSubject>& claims);

// Parts of a piece of which other statements speak too. Each lies where `checker` stands.
void CheckGemstone(const v1::Gemstone& gemstone, FieldChecker& checker);
void CheckMedia(const v1::Media& media, FieldChecker& checker);
void CheckHallmark(const v1::Hallmark& hallmark, FieldChecker& checker);
void CheckAssay(const v1::Assay& assay, FieldChecker& checker);
void CheckEntitlement(const v1::ServiceEntitlement& entitlement, FieldChecker& checker);

// The claim on a report number; nothing, and a failure at `name`, if it has no normal form.
void ClaimReport(absl::string_view laboratory, absl::string_view report_number,
                 FieldChecker& checker, std::vector<ClaimSubject>& claims);

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_PIECE_FIELDS_H_
