// For builds with the thread sanitizer only; every program that links the store gets it.
//
// Debian's RocksDB is not instrumented: the sanitizer sees the memory that RocksDB compares and
// copies through the C library, but not the atomics that guard it, and would report races that are
// none.

// NOLINTBEGIN(bugprone-reserved-identifier): the sanitizer's name, not ours.
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() { return "ignore_noninstrumented_modules=1"; }
// NOLINTEND(bugprone-reserved-identifier)
