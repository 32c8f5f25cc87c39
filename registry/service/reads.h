// What the reading RPCs answer: each takes one published state of the log and a request, and fills
// the response. Decode, ask the view, encode; no gRPC here, and no decisions about the log.
//
// Errors are the view's, and kInvalidArgument for a request that asks for nothing that can be.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_READS_H_
#define TOUCHSTONE_REGISTRY_SERVICE_READS_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "registry/ledger/ledger.h"
#include "registry/ledger/view.h"
#include "registry/service/signed_request.h"
#include "touchstone/v1/registry_service.pb.h"

namespace touchstone::service {

// The state under whose checkpoint an answer is to be. kFailedPrecondition: a cosigned one from a
// registry that asks no witnesses.   kUnavailable: they have cosigned none yet.
// kInvalidArgument: a choice that this registry does not know.
absl::StatusOr<std::shared_ptr<const ledger::View>> ChooseView(const ledger::Ledger& ledger,
                                                               v1::CheckpointChoice choice);

absl::Status GetPassport(const ledger::View& view, const v1::GetPassportRequest& request,
                         v1::GetPassportResponse* response);
absl::Status Lookup(const ledger::View& view, const v1::GetPassportRequest& request,
                    v1::LookupResponse* response);
absl::Status GetCards(const ledger::View& view, const v1::GetCardsRequest& request,
                      v1::GetCardsResponse* response);

absl::Status GetCheckpoint(const ledger::View& view, const v1::GetCheckpointRequest& request,
                           v1::GetCheckpointResponse* response);
absl::Status GetTile(const ledger::View& view, const v1::GetTileRequest& request,
                     v1::GetTileResponse* response);
absl::Status GetEntryBundle(const ledger::View& view, const v1::GetEntryBundleRequest& request,
                            v1::GetEntryBundleResponse* response);
absl::Status GetInclusionProof(const ledger::View& view,
                               const v1::GetInclusionProofRequest& request,
                               v1::GetInclusionProofResponse* response);
absl::Status GetConsistencyProof(const ledger::View& view,
                                 const v1::GetConsistencyProofRequest& request,
                                 v1::GetConsistencyProofResponse* response);

absl::Status GetPublicEntries(const ledger::View& view, const v1::GetPublicEntriesRequest& request,
                              v1::GetPublicEntriesResponse* response);
absl::Status GetInsertions(const ledger::View& view, const v1::GetInsertionsRequest& request,
                           v1::GetInsertionsResponse* response);
absl::Status ListParticipants(const ledger::View& view, const v1::ListParticipantsRequest& request,
                              v1::ListParticipantsResponse* response);

// These two answer whoever signed `request`.
absl::Status ListPieces(const ledger::View& view, const SignedRequest& request,
                        v1::ListPiecesResponse* response);
absl::Status FindPiece(const ledger::View& view, const SignedRequest& request,
                       v1::FindPieceResponse* response);

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_READS_H_
