// Reads one byte too many for one kind of input. The smoke run expects it to be found: if it is
// not, the fuzzers run without their instrumentation and their silence means nothing.

#include <cstddef>
#include <cstdint>
#include <memory>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2 || data[0] != 'T' || data[1] != 'S') return 0;
  auto copy = std::make_unique<uint8_t[]>(size);
  for (size_t i = 0; i < size; ++i) copy[i] = data[i];
  volatile uint8_t beyond = copy[size];
  static_cast<void>(beyond);
  return 0;
}
