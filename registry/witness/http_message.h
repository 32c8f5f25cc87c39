// The little of HTTP/1.1 (RFC 9112) that asking a witness needs: a POST on a connection of its own,
// and reading the answer, which may be anything. Bytes only; connections are http_client.h.
#ifndef TOUCHSTONE_REGISTRY_WITNESS_HTTP_MESSAGE_H_
#define TOUCHSTONE_REGISTRY_WITNESS_HTTP_MESSAGE_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "registry/witness/http_url.h"

namespace touchstone::witness {

struct HttpResponse {
  int status = 0;            // 200 to 599
  std::string content_type;  // in lower case, without parameters; empty where there is none
  std::string body;
};

// The bytes of a POST of `body` to `url`'s path ‖ `suffix`, after whose answer the connection ends.
std::string FormatHttpPost(const HttpUrl& url, absl::string_view suffix, absl::string_view body);

// Reads one answer as it arrives. Takes at most limits::kHttpHeadBytesMax of head and
// limits::kHttpBodyBytesMax of body, and keeps no more than their sum.
class HttpResponseReader {
 public:
  // Takes what has arrived. True once the answer is whole. kDataLoss: these bytes are no answer, or
  // exceed a limit; nothing more may then be given to it.
  absl::StatusOr<bool> Take(absl::string_view bytes);
  // The other side has ended the connection. kDataLoss: before the answer was whole.
  absl::Status End();

  // Once it is whole.
  const HttpResponse& response() const { return response_; }

 private:
  enum class State { kHead, kLength, kUntilEnd, kChunkSize, kChunk, kTrailer, kWhole };

  // Each takes what it can from the start of rest(); false where it needs more.
  absl::StatusOr<bool> Step();
  absl::StatusOr<bool> TakeHead();
  absl::Status ReadHead(absl::string_view head);
  absl::StatusOr<bool> TakeChunkSize();
  // A line without its CR LF; nothing where it has not arrived whole.
  absl::StatusOr<std::optional<std::string>> TakeLine();
  // Up to `wanted` bytes more of the body.
  absl::Status TakeBody(size_t wanted);

  State state_ = State::kHead;
  std::string rest_;           // arrived and not taken
  size_t overhead_bytes_ = 0;  // of heads, chunk sizes and trailers so far
  size_t wanted_ = 0;          // bytes to come of the body, or of a chunk and its CR LF
  HttpResponse response_;
};

}  // namespace touchstone::witness

#endif  // TOUCHSTONE_REGISTRY_WITNESS_HTTP_MESSAGE_H_
