// A registry that gives whatever a test puts into it, on a real port: for what the commands make of
// answers that are lies. Not for what a registry does with what it is sent.
#ifndef TOUCHSTONE_TESTS_CLI_FAKE_REGISTRY_H_
#define TOUCHSTONE_TESTS_CLI_FAKE_REGISTRY_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/support/test_log.h"

namespace touchstone::cli {

class FakeRegistry {
 public:
  FakeRegistry();
  ~FakeRegistry();

  const std::string& address() const { return address_; }

  // What it answers. An empty answer is NOT_FOUND.
  std::string passport;         // to GetPassport
  std::string lookup_passport;  // to Lookup; or if that is empty:
  std::string lookup_absence;
  const TestLog* log = nullptr;  // whose consistency proofs it gives, and whose newest checkpoint
  // To Watch, whatever is asked: the bytes of a touchstone.v1.WatchResponse each.
  std::vector<std::string> watch;
  bool watch_stays_open = false;  // after those, saying nothing more

 private:
  class Service;

  std::unique_ptr<Service> service_;
  std::string address_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_TESTS_CLI_FAKE_REGISTRY_H_
