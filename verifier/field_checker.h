// Checks single fields of a statement against their limits, and says of the first that fails its
// whole path, what it holds and what is accepted. Not for which fields there are
// (verifier/statement_fields.h, verifier/piece_fields.h), nor for their encoding
// (verifier/canonical.h).
#ifndef TOUCHSTONE_VERIFIER_FIELD_CHECKER_H_
#define TOUCHSTONE_VERIFIER_FIELD_CHECKER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "verifier/limits.h"
#include "verifier/public_key.h"

namespace touchstone {

enum class Presence { kOptional, kRequired };

// Keeps the first failure; after it every check does nothing. Zero and empty mean "not stated".
class FieldChecker {
 public:
  // While it lives, the fields checked lie in the sub-message `name`, of `index` if it is repeated.
  class In {
   public:
    In(FieldChecker& checker, absl::string_view name, std::optional<int> index = std::nullopt)
        : checker_(checker) {
      checker_.Enter(name, index);
    }
    ~In() { checker_.Leave(); }
    In(const In&) = delete;
    In& operator=(const In&) = delete;

   private:
    FieldChecker& checker_;
  };

  // Text of at most `bytes_max` bytes of UTF-8 without control characters.
  void Text(absl::string_view name, absl::string_view value, size_t bytes_max,
            Presence presence = Presence::kOptional, std::optional<int> index = std::nullopt);
  // An ISO 8601 calendar date, "2026-11-22", that exists in the Gregorian calendar.
  void Date(absl::string_view name, absl::string_view value,
            Presence presence = Presence::kOptional);
  // The form of ISO 3166-1 alpha-2, "FR"; whether the code is assigned is not checked, since that
  // changes.
  void Country(absl::string_view name, absl::string_view value,
               Presence presence = Presence::kOptional);
  // A DNS name in letters, digits and hyphens (RFC 1123), at most 253 bytes.
  void DomainName(absl::string_view name, absl::string_view value);
  // Exactly `size` bytes.
  void Bytes(absl::string_view name, absl::string_view value, size_t size,
             Presence presence = Presence::kOptional);
  // A number from `min` to `max`, or zero where it is optional.
  void Number(absl::string_view name, uint64_t value, uint64_t min, uint64_t max,
              Presence presence = Presence::kOptional);
  // How many elements a repeated field has.
  void Count(absl::string_view name, int count, int max, int min = 0);
  // A message or an enum that must be stated.
  void Required(absl::string_view name, bool is_stated);
  // type ‖ public key; nothing if it fails.
  std::optional<PublicKey> Key(absl::string_view name, absl::string_view value,
                               std::optional<int> index = std::nullopt);

  // A failure that the checks above do not know: "path is <found>; accepted is <accepted>".
  void Fail(absl::string_view name, std::optional<int> index, absl::string_view found,
            absl::string_view accepted);
  // A failure from another check of this library, whose message is kept: "path: message", and whose
  // code is kept where it says more than kInvalidField does.
  void Fail(absl::string_view name, std::optional<int> index, const absl::Status& status);

  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }

 private:
  struct Level {
    absl::string_view name;
    std::optional<int> index;
  };
  void Enter(absl::string_view name, std::optional<int> index);
  void Leave();
  std::string Path(absl::string_view name, std::optional<int> index) const;
  // Whether the value needs checking: it is stated, and nothing has failed yet.
  bool IsStated(absl::string_view name, bool is_stated, Presence presence,
                std::optional<int> index = std::nullopt);

  std::array<Level, limits::kCanonicalNestingMax> levels_;
  size_t depth_ = 0;
  absl::Status status_;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_FIELD_CHECKER_H_
