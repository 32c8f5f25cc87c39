// Stands between this program (RocksDB included) and the system's fsync() and fdatasync(), so that
// a test can see what is flushed and when, and let it fail. Link flush_interception.cc into the
// test program.

#ifndef TOUCHSTONE_TESTS_REGISTRY_STORAGE_FLUSH_INTERCEPTION_H_
#define TOUCHSTONE_TESTS_REGISTRY_STORAGE_FLUSH_INTERCEPTION_H_

#include <functional>
#include <string>

namespace touchstone::storage {

// While it lives, every flush of the program asks `on_flush`, from whatever thread, with the file's
// path: 0 lets it go on, an errno value makes it fail with that and nothing is flushed. One at a
// time.
class FlushInterception {
 public:
  using Callback = std::function<int(const std::string& path)>;

  explicit FlushInterception(Callback on_flush);
  FlushInterception(const FlushInterception&) = delete;
  FlushInterception& operator=(const FlushInterception&) = delete;
  ~FlushInterception();
};

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_TESTS_REGISTRY_STORAGE_FLUSH_INTERCEPTION_H_
