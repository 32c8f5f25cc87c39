#include "registry/ledger/index_hashing.h"

#include "verifier/index_hash.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#include <array>
#include <cstddef>
#endif

namespace touchstone::ledger {
namespace {

#if defined(__x86_64__)

bool HasShaInstructions() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
  if ((c & bit_SSSE3) == 0 || (c & bit_SSE4_1) == 0) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

// FIPS 180-4, section 4.2.2.
alignas(16) constexpr std::array<uint32_t, 64> kRoundConstants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define TOUCHSTONE_SHA __attribute__((target("sha,sse4.1"), always_inline)) inline

// One of `kLanes` hashes that are made in step: the words A B E F and C D G H, as the instructions
// want them, and the last sixteen words of the message schedule.
struct Lane {
  __m128i abef, cdgh;
  __m128i words[4];
};

// The compression function (FIPS 180-4, section 6.2.2), four rounds at a time.
template <size_t kLanes>
TOUCHSTONE_SHA void Compress(Lane (&lanes)[kLanes]) {
  __m128i abef[kLanes], cdgh[kLanes];
  for (size_t i = 0; i < kLanes; ++i) {
    abef[i] = lanes[i].abef;
    cdgh[i] = lanes[i].cdgh;
  }
#pragma GCC unroll 16
  for (size_t four = 0; four < 16; ++four) {
    const __m128i constants =
        _mm_load_si128(reinterpret_cast<const __m128i*>(&kRoundConstants[4 * four]));
#pragma GCC unroll 2
    for (size_t i = 0; i < kLanes; ++i) {
      __m128i(&words)[4] = lanes[i].words;
      __m128i& now = words[four % 4];
      if (four >= 4) {  // `now` still holds the words of sixteen rounds ago
        const __m128i before = words[(four + 3) % 4];
        now = _mm_sha256msg1_epu32(now, words[(four + 1) % 4]);
        now = _mm_add_epi32(now, _mm_alignr_epi8(before, words[(four + 2) % 4], 4));
        now = _mm_sha256msg2_epu32(now, before);
      }
      const __m128i sum = _mm_add_epi32(now, constants);
      lanes[i].cdgh = _mm_sha256rnds2_epu32(lanes[i].cdgh, lanes[i].abef, sum);
      lanes[i].abef =
          _mm_sha256rnds2_epu32(lanes[i].abef, lanes[i].cdgh, _mm_shuffle_epi32(sum, 0x0E));
    }
  }
  for (size_t i = 0; i < kLanes; ++i) {
    lanes[i].abef = _mm_add_epi32(lanes[i].abef, abef[i]);
    lanes[i].cdgh = _mm_add_epi32(lanes[i].cdgh, cdgh[i]);
  }
}

// A message of 65 bytes: kind ‖ first ‖ second. The first block is all of it but the last byte.
template <size_t kLanes>
TOUCHSTONE_SHA void Hash(const IndexHashTask* tasks) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  Lane lanes[kLanes];
  for (size_t i = 0; i < kLanes; ++i) {
    const auto* const first = reinterpret_cast<const __m128i*>(tasks[i].first->data());
    const auto* const second = reinterpret_cast<const __m128i*>(tasks[i].second->data());
    // FIPS 180-4, section 5.3.3.
    lanes[i].abef = _mm_set_epi32(0x6a09e667, static_cast<int>(0xbb67ae85), 0x510e527f,
                                  static_cast<int>(0x9b05688c));
    lanes[i].cdgh = _mm_set_epi32(0x3c6ef372, static_cast<int>(0xa54ff53a), 0x1f83d9ab, 0x5be0cd19);
    __m128i before = _mm_slli_si128(_mm_cvtsi32_si128(static_cast<int>(tasks[i].kind)), 15);
    for (size_t j = 0; j < 4; ++j) {
      const __m128i here = _mm_loadu_si128(j < 2 ? first + j : second + (j - 2));
      lanes[i].words[j] = _mm_shuffle_epi8(_mm_alignr_epi8(here, before, 15), big_endian);
      before = here;
    }
  }
  Compress(lanes);
  for (size_t i = 0; i < kLanes; ++i) {
    const uint32_t last = (*tasks[i].second)[kDigestBytes - 1];
    lanes[i].words[0] = _mm_cvtsi32_si128(static_cast<int>(last << 24 | 0x800000));
    lanes[i].words[1] = _mm_setzero_si128();
    lanes[i].words[2] = _mm_setzero_si128();
    lanes[i].words[3] = _mm_set_epi32(8 * (1 + 2 * kDigestBytes), 0, 0, 0);
  }
  Compress(lanes);
  for (size_t i = 0; i < kLanes; ++i) {
    const __m128i abcd = _mm_unpackhi_epi64(lanes[i].cdgh, lanes[i].abef);
    const __m128i efgh = _mm_unpacklo_epi64(lanes[i].cdgh, lanes[i].abef);
    const __m128i reversed = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
    auto* const hash = reinterpret_cast<__m128i*>(tasks[i].hash->data());
    _mm_storeu_si128(hash, _mm_shuffle_epi8(abcd, reversed));
    _mm_storeu_si128(hash + 1, _mm_shuffle_epi8(efgh, reversed));
  }
}

__attribute__((target("sha,sse4.1"))) void HashInPairs(absl::Span<const IndexHashTask> tasks) {
  const IndexHashTask* task = tasks.data();
  const IndexHashTask* const end = task + tasks.size();
  for (; end - task >= 2; task += 2) Hash<2>(task);
  if (task < end) Hash<1>(task);
}

#undef TOUCHSTONE_SHA

#endif

}  // namespace

void HashIndexTasks(absl::Span<const IndexHashTask> tasks) {
#if defined(__x86_64__)
  static const bool has_sha_instructions = HasShaInstructions();
  if (has_sha_instructions) return HashInPairs(tasks);
#endif
  HashIndexTasksPortably(tasks);
}

void HashIndexTasksPortably(absl::Span<const IndexHashTask> tasks) {
  for (const IndexHashTask& task : tasks) {
    *task.hash = task.kind == IndexHashTask::Kind::kLeaf ? IndexLeafHash(*task.first, *task.second)
                                                         : IndexNodeHash(*task.first, *task.second);
  }
}

Digest HashOfIndexLeaf(const IndexLeaf& leaf) {
  Digest hash;
  const IndexHashTask task = IndexHashTask::OfLeaf(leaf, hash);
  HashIndexTasks({&task, 1});
  return hash;
}

Digest HashOfIndexNode(const Digest& left, const Digest& right) {
  Digest hash;
  const IndexHashTask task = IndexHashTask::OfNode(left, right, hash);
  HashIndexTasks({&task, 1});
  return hash;
}

}  // namespace touchstone::ledger
