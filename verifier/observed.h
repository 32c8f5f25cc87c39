// What somebody who holds the piece and its card has read off them, for comparing with the record.
// Not part of any proof: what was observed never makes a record false.
#ifndef TOUCHSTONE_VERIFIER_OBSERVED_H_
#define TOUCHSTONE_VERIFIER_OBSERVED_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace touchstone {

// A good jeweller's scale reads 10 mg, and cleaning takes some off.
inline constexpr uint64_t kMassToleranceMgDefault = 20;
// A calliper reads 10 to 20 um.
inline constexpr uint32_t kMeasurementToleranceUmDefault = 30;
// Half a step of ISO 8653 on a ring stick.
inline constexpr uint32_t kRingSizeToleranceUmDefault = 500;

struct Observed {
  // As it reads under the loupe; compared in normal form with what is claimed, else as it is.
  std::optional<std::string> inscription;

  std::optional<std::string> serial;  // on the piece

  std::optional<uint64_t> mass_mg;  // of the whole piece
  uint64_t mass_tolerance_mg = kMassToleranceMgDefault;

  // Of its stone: length (or smallest diameter), width (or largest), depth.
  std::optional<std::array<uint32_t, 3>> measurements_um;
  uint32_t measurement_tolerance_um = kMeasurementToleranceUmDefault;

  std::optional<uint32_t> ring_inner_circumference_um;
  uint32_t ring_size_tolerance_um = kRingSizeToleranceUmDefault;

  // The token out of the QR code on its card (verifier/card_token.h), or the whole link.
  std::optional<std::string> card;
};

}  // namespace touchstone

#endif  // TOUCHSTONE_VERIFIER_OBSERVED_H_
