# Everything from outside that Touchstone links, all of it from Debian's -dev packages
# (tools/apt-packages). A dependency that is not found here is not used anywhere.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(absl REQUIRED CONFIG)
find_package(Protobuf 3.21 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
find_package(RocksDB REQUIRED CONFIG)

if(NOT TOUCHSTONE_LEDGER_ONLY)
  find_package(gRPC REQUIRED CONFIG)
  find_package(spdlog REQUIRED CONFIG)
  find_package(CLI11 REQUIRED CONFIG)
  pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
  pkg_check_modules(QRENCODE REQUIRED IMPORTED_TARGET libqrencode)
  find_package(JPEG REQUIRED)
  pkg_check_modules(LIBPNG REQUIRED IMPORTED_TARGET libpng)
  pkg_check_modules(ZBAR REQUIRED IMPORTED_TARGET zbar)
  pkg_check_modules(LIBARCHIVE REQUIRED IMPORTED_TARGET libarchive)
endif()

if(TOUCHSTONE_TESTS)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED CONFIG)
  include(GoogleTest)
  if(NOT TOUCHSTONE_LEDGER_ONLY)
    # The tests' witness; the registry's own client is its own (docs/decisions/).
    pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
  endif()
endif()
