#include "tests/registry/witness/test_witness.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/support/test_log.h"
#include "tests/verifier/status_matchers.h"
#include "verifier/decimal.h"
#include "verifier/digest.h"
#include "verifier/merkle.h"
#include "verifier/signing/note_signer.h"

namespace touchstone::witness {
namespace {

constexpr char kPrefix[] = "/w";
constexpr std::chrono::seconds kPatience(60);

TestWitness::Answer Plainly(int status, const std::string& why) {
  return {status, "text/plain", why + "\n"};
}

}  // namespace

TestWitness::TestWitness(const std::string& name, const std::string& log_vkey,
                         const std::string& certificate_file, const std::string& key_file)
    : name_(name),
      log_key_(ValueOrDie(VerifierKey::Parse(log_vkey))),
      certificate_file_(certificate_file),
      key_file_(key_file) {
  Listen();
}

TestWitness::~TestWitness() { Pause(); }

void TestWitness::Listen() {
  if (certificate_file_.empty()) {
    server_ = std::make_unique<httplib::Server>();
  } else {
    server_ = std::make_unique<httplib::SSLServer>(certificate_file_.c_str(), key_file_.c_str());
  }
  server_->Post(absl::StrCat(kPrefix, "/add-checkpoint").c_str(),
                [this](const httplib::Request& request, httplib::Response& response) {
                  const Answer answer = AddCheckpoint(request.body);
                  response.status = answer.status;
                  response.set_content(answer.body, answer.type.c_str());
                });
  if (port_ == 0) {
    port_ = server_->bind_to_any_port("127.0.0.1");
    ASSERT_GT(port_, 0);
  } else {
    ASSERT_TRUE(server_->bind_to_port("127.0.0.1", port_));
  }
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  while (!server_->is_running()) std::this_thread::yield();
}

void TestWitness::Pause() {
  if (server_ == nullptr) return;
  server_->stop();
  thread_.join();
  server_.reset();
}

void TestWitness::Resume() { Listen(); }

std::string TestWitness::vkey() const {
  return ValueOrDie(VerifierKey::Create(name_, NoteSignatureType::kCosignatureV1,
                                        NamedKey(name_).public_key()))
      .Format();
}

std::string TestWitness::url() const {
  return absl::StrCat(certificate_file_.empty() ? "http" : "https", "://127.0.0.1:", port_,
                      kPrefix);
}

std::string TestWitness::PolicyLine() const {
  return absl::StrCat("witness ", name_, " ", vkey(), " ", url(), "\n");
}

void TestWitness::AnswerAlways(std::function<Answer(const Answer& proper)> change) {
  const std::lock_guard lock(mutex_);
  change_ = std::move(change);
}

uint64_t TestWitness::size() const {
  const std::lock_guard lock(mutex_);
  return newest_ ? newest_->size() : 0;
}

int TestWitness::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

void TestWitness::AwaitSize(uint64_t size) const {
  std::unique_lock lock(mutex_);
  ASSERT_TRUE(
      changed_.wait_for(lock, kPatience, [&] { return newest_ && newest_->size() >= size; }))
      << name_ << " was not asked for a tree of " << size;
}

void TestWitness::AwaitAsked(int times) const {
  std::unique_lock lock(mutex_);
  ASSERT_TRUE(changed_.wait_for(lock, kPatience, [&] { return asked_ >= times; }))
      << name_ << " was asked " << asked_ << " times";
}

// The checks in the order of C2SP tlog-witness.
TestWitness::Answer TestWitness::AddCheckpoint(const std::string& body) {
  const auto proper = [&]() -> Answer {
    const size_t split = body.find("\n\n");
    if (split == std::string::npos) return Plainly(400, "no empty line");
    const std::vector<std::string> lines = absl::StrSplit(body.substr(0, split), '\n');
    if (lines[0].substr(0, 4) != "old ") return Plainly(400, "no old size");
    const auto old_size = ParseDecimal(lines[0].substr(4), UINT64_MAX);
    const auto note = SignedNote::Parse(body.substr(split + 2));
    if (!old_size.ok() || !note.ok() || lines.size() > 64) return Plainly(400, "malformed");
    const auto checkpoint = Checkpoint::Parse(note->text());
    if (!checkpoint.ok()) return Plainly(400, "no checkpoint");
    std::vector<Digest> path;
    for (size_t i = 1; i < lines.size(); ++i) {
      const auto hash = DigestFromBase64(lines[i]);
      if (!hash.ok()) return Plainly(400, "no hash");
      path.push_back(*hash);
    }
    if (checkpoint->origin() != log_key_.name()) return Plainly(404, "unknown log");
    if (!VerifyNote(*note, {&log_key_, 1}).ok()) return Plainly(403, "not signed by the log");
    if (*old_size > checkpoint->size()) return Plainly(400, "larger before");
    const uint64_t size = newest_ ? newest_->size() : 0;
    if (*old_size != size) return {409, "text/x.tlog.size", absl::StrCat(size, "\n")};
    if (size == checkpoint->size() && !(*newest_ == *checkpoint)) return Plainly(409, "conflict");
    if (size == 0 ? !path.empty()
                  : !VerifyConsistency(size, newest_->root(), checkpoint->size(),
                                       checkpoint->root(), path)
                         .ok()) {
      return Plainly(422, "inconsistent");
    }
    newest_ = *checkpoint;
    const auto now = static_cast<uint64_t>(absl::ToUnixSeconds(absl::Now()));
    return {200, "text/plain",
            FormatNoteSignature(
                ValueOrDie(CosignCheckpointText(note->text(), name_, NamedKey(name_), now)))};
  };
  const std::lock_guard lock(mutex_);
  ++asked_;
  changed_.notify_all();
  Answer answer = proper();
  return change_ ? change_(answer) : answer;
}

}  // namespace touchstone::witness
