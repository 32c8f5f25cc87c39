#include "verifier/policy.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "verifier/decimal.h"
#include "verifier/limits.h"
#include "verifier/refusal.h"

namespace touchstone {
namespace {

constexpr absl::string_view kNoQuorum = "none";

absl::Status Invalid(absl::string_view message) {
  return Refuse(RefusalCode::kInvalidPolicy, message);
}

// Whatever is wrong inside a policy makes the policy invalid, except that an algorithm that only
// newer verifiers know is no mistake.
absl::Status AsPolicyError(const absl::Status& status) {
  if (RefusalCodeOf(status) == RefusalCode::kUnknownKeyAlgorithm) return status;
  return Invalid(status.message());
}

absl::Status ValidateOctets(absl::string_view line) {
  for (const char c : line) {
    const auto octet = static_cast<unsigned char>(c);
    if ((octet < 0x20 && octet != '\t') || octet == 0x7F) {
      return Invalid(absl::StrFormat("it holds the control character 0x%02x%s", octet,
                                     octet == '\r' ? " (save the file with Unix line ends)" : ""));
    }
  }
  return absl::OkStatus();
}

}  // namespace

// Reads a policy line by line. In namespace touchstone, as TrustPolicy's friend.
class PolicyParser {
 public:
  absl::Status ReadLine(absl::string_view line);
  absl::StatusOr<TrustPolicy> Finish() &&;

 private:
  using Words = absl::Span<const absl::string_view>;

  // Each reads the words after its keyword.
  absl::Status ReadLog(Words words);
  absl::Status ReadWitness(Words words);
  absl::Status ReadGroup(Words words);
  absl::Status ReadQuorum(Words words);
  absl::Status ReadGenesis(Words words);
  absl::Status ReadRetired(Words words);
  absl::Status ReadMaxAge(Words words);

  // Reads a key and remembers it: it must be of `type`, and used nowhere else in the policy.
  absl::StatusOr<VerifierKey> ReadKey(absl::string_view vkey, NoteSignatureType type);
  absl::Status CheckNewName(absl::string_view name) const;

  std::optional<VerifierKey> log_key_;
  std::string log_url_;
  std::optional<Digest> genesis_;
  std::vector<RetiredKey> retired_;
  std::vector<PolicyWitness> witnesses_;
  bool has_quorum_line_ = false;
  std::optional<QuorumNode> quorum_;
  std::optional<uint64_t> max_age_seconds_;

  std::vector<VerifierKey> keys_;
  struct Named {
    QuorumNode node;
    bool is_member = false;  // of some group
  };
  std::map<std::string, Named, std::less<>> names_;
  size_t group_count_ = 0;
};

absl::Status PolicyParser::ReadLine(absl::string_view line) {
  if (const absl::Status status = ValidateOctets(line); !status.ok()) return status;
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.empty() || words[0][0] == '#') return absl::OkStatus();
  const Words rest = absl::MakeSpan(words).subspan(1);
  if (words[0] == "log") return ReadLog(rest);
  if (words[0] == "witness") return ReadWitness(rest);
  if (words[0] == "group") return ReadGroup(rest);
  if (words[0] == "quorum") return ReadQuorum(rest);
  if (words[0] == "genesis") return ReadGenesis(rest);
  if (words[0] == "retired") return ReadRetired(rest);
  if (words[0] == "max_age") return ReadMaxAge(rest);
  return Invalid(
      "it starts with none of log, witness, group, quorum, genesis, retired, max_age and #");
}

absl::StatusOr<VerifierKey> PolicyParser::ReadKey(absl::string_view vkey, NoteSignatureType type) {
  absl::StatusOr<VerifierKey> key = VerifierKey::Parse(vkey);
  if (!key.ok()) return AsPolicyError(key.status());
  if (key->type() != type) {
    return Invalid(absl::StrFormat("its key is of type 0x%02x where 0x%02x is needed",
                                   static_cast<unsigned>(key->type()),
                                   static_cast<unsigned>(type)));
  }
  for (const VerifierKey& other : keys_) {
    if (other.public_key() == key->public_key()) {
      return Invalid("its key stands in the policy already");
    }
    if (other.name() == key->name() && other.key_id() == key->key_id()) {
      return Invalid("another key has the same name and id, so their signatures would be mixed up");
    }
  }
  keys_.push_back(*key);
  return key;
}

absl::Status PolicyParser::CheckNewName(absl::string_view name) const {
  if (name == kNoQuorum) return Invalid("'none' cannot name a witness or a group");
  if (names_.find(name) != names_.end()) {
    return Invalid(absl::StrCat("the name '", name, "' is taken already"));
  }
  return absl::OkStatus();
}

absl::Status PolicyParser::ReadLog(Words words) {
  if (words.size() != 1 && words.size() != 2) return Invalid("expected: log <vkey> [<url>]");
  if (log_key_.has_value()) {
    return Invalid(
        "a second log: a policy names one log (former keys of it go into 'retired' lines)");
  }
  const absl::StatusOr<VerifierKey> key = ReadKey(words[0], NoteSignatureType::kEd25519);
  if (!key.ok()) return key.status();
  log_key_ = *key;
  if (words.size() == 2) log_url_ = std::string(words[1]);
  return absl::OkStatus();
}

absl::Status PolicyParser::ReadWitness(Words words) {
  if (words.size() != 2 && words.size() != 3) {
    return Invalid("expected: witness <name> <vkey> [<url>]");
  }
  if (witnesses_.size() == limits::kPolicyWitnessesMax) {
    return Invalid(absl::StrCat("more than ", limits::kPolicyWitnessesMax, " witnesses"));
  }
  if (const absl::Status status = CheckNewName(words[0]); !status.ok()) return status;
  const absl::StatusOr<VerifierKey> key = ReadKey(words[1], NoteSignatureType::kCosignatureV1);
  if (!key.ok()) return key.status();
  const std::string name(words[0]);
  QuorumNode node;
  node.name = name;
  node.witness = witnesses_.size();
  names_.emplace(name, Named{std::move(node)});
  witnesses_.push_back({name, *key, std::string(words.size() == 3 ? words[2] : "")});
  return absl::OkStatus();
}

absl::Status PolicyParser::ReadGroup(Words words) {
  if (words.size() < 3) return Invalid("expected: group <name> <k>|any|all <member>...");
  if (group_count_ == limits::kPolicyGroupsMax) {
    return Invalid(absl::StrCat("more than ", limits::kPolicyGroupsMax, " groups"));
  }
  if (const absl::Status status = CheckNewName(words[0]); !status.ok()) return status;
  QuorumNode group;
  group.name = std::string(words[0]);
  for (const absl::string_view word : words.subspan(2)) {
    const auto member = names_.find(word);
    if (member == names_.end()) {
      return Invalid(absl::StrCat("'", word, "' names no witness or group of the lines above"));
    }
    if (member->second.is_member) {
      return Invalid(absl::StrCat("'", word, "' is a member of a group already"));
    }
    member->second.is_member = true;
    group.members.push_back(member->second.node);
  }
  if (words[1] == "any") {
    group.threshold = 1;
  } else if (words[1] == "all") {
    group.threshold = group.members.size();
  } else {
    const absl::StatusOr<uint64_t> threshold = ParseDecimal(words[1], group.members.size());
    if (!threshold.ok() || *threshold == 0) {
      return Invalid(
          absl::StrCat("'", words[1], "' is none of any, all and 1 to ", group.members.size()));
    }
    group.threshold = static_cast<size_t>(*threshold);
  }
  ++group_count_;
  std::string name = group.name;
  names_.emplace(std::move(name), Named{std::move(group)});
  return absl::OkStatus();
}

absl::Status PolicyParser::ReadQuorum(Words words) {
  if (words.size() != 1) return Invalid("expected: quorum <name>|none");
  if (has_quorum_line_) return Invalid("a second quorum line");
  has_quorum_line_ = true;
  if (words[0] == kNoQuorum) return absl::OkStatus();
  const auto named = names_.find(words[0]);
  if (named == names_.end()) {
    return Invalid(absl::StrCat("'", words[0], "' names no witness or group of the lines above"));
  }
  quorum_ = named->second.node;
  return absl::OkStatus();
}

absl::Status PolicyParser::ReadGenesis(Words words) {
  if (words.size() != 1) return Invalid("expected: genesis <digest of entry 0 in hexadecimal>");
  if (genesis_.has_value()) return Invalid("a second genesis line");
  const absl::StatusOr<Digest> digest = DigestFromHex(words[0]);
  if (!digest.ok()) return AsPolicyError(digest.status());
  genesis_ = *digest;
  return absl::OkStatus();
}

absl::Status PolicyParser::ReadRetired(Words words) {
  if (words.size() != 3) return Invalid("expected: retired <vkey> <size> <root in base64>");
  if (retired_.size() == limits::kPolicyRetiredKeysMax) {
    return Invalid(absl::StrCat("more than ", limits::kPolicyRetiredKeysMax, " retired keys"));
  }
  const absl::StatusOr<VerifierKey> key = ReadKey(words[0], NoteSignatureType::kEd25519);
  if (!key.ok()) return key.status();
  const absl::StatusOr<uint64_t> size = ParseDecimal(words[1], limits::kTreeSizeMax);
  if (!size.ok()) return AsPolicyError(size.status());
  const absl::StatusOr<Digest> root = DigestFromBase64(words[2]);
  if (!root.ok()) return AsPolicyError(root.status());
  retired_.push_back({*key, *size, *root});
  return absl::OkStatus();
}

absl::Status PolicyParser::ReadMaxAge(Words words) {
  if (words.size() != 1) return Invalid("expected: max_age <seconds>");
  if (max_age_seconds_.has_value()) return Invalid("a second max_age line");
  const absl::StatusOr<uint64_t> seconds = ParseDecimal(words[0], limits::kPolicyMaxAgeSecondsMax);
  if (!seconds.ok()) return AsPolicyError(seconds.status());
  if (*seconds == 0) return Invalid("with a max_age of 0 nothing would ever be fresh");
  max_age_seconds_ = *seconds;
  return absl::OkStatus();
}

absl::StatusOr<TrustPolicy> PolicyParser::Finish() && {
  if (!log_key_.has_value()) return Invalid("the trust policy has no log line");
  if (!has_quorum_line_) {
    return Invalid(
        "the trust policy has no quorum line ('quorum none' where no witnesses are asked for)");
  }
  for (const RetiredKey& retired : retired_) {
    if (retired.key.name() != log_key_->name()) {
      return Invalid(absl::StrCat("the trust policy retires a key of ", retired.key.name(),
                                  ", but its log is ", log_key_->name()));
    }
  }
  TrustPolicy policy(*std::move(log_key_));
  policy.log_url_ = std::move(log_url_);
  policy.genesis_ = genesis_;
  policy.retired_ = std::move(retired_);
  policy.witnesses_ = std::move(witnesses_);
  policy.quorum_ = std::move(quorum_);
  policy.max_age_seconds_ = max_age_seconds_;
  return policy;
}

absl::StatusOr<TrustPolicy> TrustPolicy::Parse(absl::string_view text) {
  if (text.size() > limits::kPolicyBytesMax) {
    return Refuse(RefusalCode::kTooLarge,
                  absl::StrCat("a trust policy has ", text.size(), " bytes; at most ",
                               limits::kPolicyBytesMax, " are read"));
  }
  PolicyParser parser;
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (const absl::Status status = parser.ReadLine(line); !status.ok()) {
      return InContext(absl::StrCat("line ", number, " of the trust policy"), status);
    }
  }
  return std::move(parser).Finish();
}

std::optional<uint64_t> QuorumTime(const QuorumNode& quorum,
                                   absl::Span<const std::optional<uint64_t>> times) {
  if (quorum.witness.has_value()) return times[*quorum.witness];
  std::vector<uint64_t> member_times;
  for (const QuorumNode& member : quorum.members) {
    const std::optional<uint64_t> time = QuorumTime(member, times);
    if (time.has_value()) member_times.push_back(*time);
  }
  if (member_times.size() < quorum.threshold) return std::nullopt;
  std::sort(member_times.begin(), member_times.end(), std::greater<>());
  return member_times[quorum.threshold - 1];
}

}  // namespace touchstone
