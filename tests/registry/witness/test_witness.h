// A witness for tests: an HTTP server in this process that does what C2SP tlog-witness says, on
// another implementation of HTTP than the registry's. It remembers the tree that it cosigned last,
// refuses what does not continue it, and can be told to misbehave.
#ifndef TOUCHSTONE_TESTS_REGISTRY_WITNESS_TEST_WITNESS_H_
#define TOUCHSTONE_TESTS_REGISTRY_WITNESS_TEST_WITNESS_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "verifier/checkpoint.h"
#include "verifier/signed_note.h"

namespace httplib {
class Server;
}

namespace touchstone::witness {

class TestWitness {
 public:
  struct Answer {
    int status = 200;
    std::string type = "text/plain";
    std::string body;
  };

  // Its key is NamedKey(name); it knows the log with `log_vkey` alone. Listens on the loopback,
  // over TLS where certificate and key (PEM files) are given.
  TestWitness(const std::string& name, const std::string& log_vkey,
              const std::string& certificate_file = "", const std::string& key_file = "");
  TestWitness(const TestWitness&) = delete;
  TestWitness& operator=(const TestWitness&) = delete;
  ~TestWitness();

  const std::string& name() const { return name_; }
  std::string vkey() const;
  std::string url() const;  // http://127.0.0.1:PORT/w
  // "witness <name> <vkey> <url>".
  std::string PolicyLine() const;

  // Nobody can reach it until Resume(), which is on the same port.
  void Pause();
  void Resume();

  // While set, it answers this, whatever it is asked; null: what the rules say.
  void AnswerAlways(std::function<Answer(const Answer& proper)> change);

  // What it cosigned last, and how often it was asked.
  uint64_t size() const;
  int asked() const;
  // Until it has cosigned a tree of that size, or a larger one.
  void AwaitSize(uint64_t size) const;
  void AwaitAsked(int times) const;

 private:
  void Listen();
  Answer AddCheckpoint(const std::string& body);

  const std::string name_;
  const VerifierKey log_key_;
  const std::string certificate_file_;
  const std::string key_file_;
  int port_ = 0;
  std::unique_ptr<httplib::Server> server_;
  std::thread thread_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::optional<Checkpoint> newest_ ABSL_GUARDED_BY(mutex_);
  std::function<Answer(const Answer&)> change_ ABSL_GUARDED_BY(mutex_);
  int asked_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace touchstone::witness

#endif  // TOUCHSTONE_TESTS_REGISTRY_WITNESS_TEST_WITNESS_H_
