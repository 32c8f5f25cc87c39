// The two trees as docs/FORMAT.md, sections 5 and 6, has them: RFC 6962 paths, the index's hashes,
// roots and proofs.
#ifndef TOUCHSTONE_TESTS_VECTORS_SECOND_READER_TREES_H_
#define TOUCHSTONE_TESTS_VECTORS_SECOND_READER_TREES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace touchstone::second_reader {

std::string LeafHash(const std::string& data);
std::string NodeHash(const std::string& left, const std::string& right);

// The root that `leaf`, number `index` of `size`, has with `path` (32 bytes a node): refused where
// the path is not of exactly the length that these call for.
absl::StatusOr<std::string> RootFromPath(const std::string& leaf, uint64_t index, uint64_t size,
                                         const std::string& path);

std::string IndexKey(uint8_t kind, const std::string& subject, uint32_t number);
std::string IndexValue(uint8_t event, const std::string& digest, uint64_t position);

struct IndexLeaf {
  std::string key;
  std::string value;
};
// root(S, depth).
std::string IndexRoot(const std::vector<IndexLeaf>& leaves, size_t depth = 0);

// `proof` as it is encoded.
absl::Status CheckPresent(const std::string& root, const IndexLeaf& leaf, const std::string& proof);
absl::Status CheckAbsent(const std::string& root, const std::string& key, const std::string& proof);

}  // namespace touchstone::second_reader

#endif  // TOUCHSTONE_TESTS_VECTORS_SECOND_READER_TREES_H_
