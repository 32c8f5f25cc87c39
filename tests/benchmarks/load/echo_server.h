// The bare RPC that the registry is compared with: the same messages on the same callback API, and
// nothing done with them.
#ifndef TOUCHSTONE_TESTS_BENCHMARKS_LOAD_ECHO_SERVER_H_
#define TOUCHSTONE_TESTS_BENCHMARKS_LOAD_ECHO_SERVER_H_

namespace touchstone::load {

// Answers every envelope that is submitted with itself, on a free port of the loopback, which it
// says on standard error as touchstone-registry does. Never returns.
[[noreturn]] void ServeEcho();

}  // namespace touchstone::load

#endif  // TOUCHSTONE_TESTS_BENCHMARKS_LOAD_ECHO_SERVER_H_
