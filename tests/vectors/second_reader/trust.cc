#include "tests/vectors/second_reader/trust.h"

#include <algorithm>
#include <functional>
#include <sstream>

#include "tests/vectors/second_reader/bytes.h"

namespace touchstone::second_reader {
namespace {

constexpr uint64_t kSizeMax = (uint64_t{1} << 63) - 1;

std::vector<std::string> Words(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

absl::Status ReadGroup(const std::vector<std::string>& words, Policy& policy) {
  if (words.size() < 4) return Refused("a group without members");
  Policy::Node group;
  group.members.assign(words.begin() + 3, words.end());
  for (const std::string& member : group.members) {
    if (policy.nodes.count(member) == 0) return Refused("a member that is not named before");
  }
  group.threshold = words[2] == "any" ? 1 : group.members.size();
  if (words[2] != "any" && words[2] != "all") {
    const absl::StatusOr<uint64_t> k = FromDecimal(words[2], group.members.size());
    if (!k.ok() || *k == 0) return Refused("a group's threshold");
    group.threshold = *k;
  }
  policy.nodes[words[1]] = group;
  return absl::OkStatus();
}

absl::Status ReadPolicyLine(const std::vector<std::string>& words, Policy& policy) {
  const std::string& keyword = words[0];
  if (keyword == "log" && words.size() >= 2) {
    absl::StatusOr<NoteKey> key = ReadVkey(words[1]);
    if (!key.ok()) return key.status();
    policy.log = *key;
  } else if (keyword == "witness" && words.size() >= 3) {
    absl::StatusOr<NoteKey> key = ReadVkey(words[2]);
    if (!key.ok()) return key.status();
    policy.nodes[words[1]].witness = *key;
  } else if (keyword == "group") {
    return ReadGroup(words, policy);
  } else if (keyword == "quorum" && words.size() == 2) {
    policy.quorum = words[1];
  } else if (keyword == "genesis" && words.size() == 2) {
    absl::StatusOr<std::string> digest = FromHex(words[1]);
    if (!digest.ok()) return digest.status();
    policy.genesis = *digest;
  } else if (keyword == "max_age" && words.size() == 2) {
    const absl::StatusOr<uint64_t> seconds = FromDecimal(words[1], kSizeMax);
    if (!seconds.ok()) return seconds.status();
    policy.max_age_seconds = *seconds;
  } else {
    return CannotJudge("a policy line that is not known here: " + keyword);
  }
  return absl::OkStatus();
}

struct NoteSignature {
  std::string name;
  std::string hash;
  std::string signature;
};

absl::StatusOr<std::vector<NoteSignature>> ReadSignatures(const std::string& lines) {
  std::vector<NoteSignature> signatures;
  for (const std::string& line : Lines(lines)) {
    const size_t space = line.find(' ', 4);
    if (line.compare(0, 4, "\xE2\x80\x94 ") != 0 || space == std::string::npos || space == 4) {
      return Refused("a signature line that is none");
    }
    const absl::StatusOr<std::string> bytes = FromBase64(line.substr(space + 1));
    if (!bytes.ok()) return bytes.status();
    if (bytes->size() < 5) return Refused("a signature without bytes");
    signatures.push_back({line.substr(4, space - 4), bytes->substr(0, 4), bytes->substr(4)});
  }
  return signatures;
}

bool IsBy(const NoteSignature& signature, const NoteKey& key) {
  return signature.name == key.name && signature.hash == key.hash;
}

using Times = std::map<std::string, uint64_t>;  // by witness

absl::Status ReadCosignature(const NoteKey& key, const std::string& text,
                             const std::string& signature, uint64_t& seconds) {
  Cursor cursor(signature);
  seconds = cursor.TakeNumber(8);
  if (cursor.CameShort() || seconds > kSizeMax) return Refused("a cosignature's time");
  return CheckSignature(key.key, "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + text,
                        signature.substr(8));
}

// When the witness cosigned last, or so many of the group had that it counts.
std::optional<uint64_t> QuorumTime(const Policy& policy, const std::string& name,
                                   const Times& times) {
  const Policy::Node& node = policy.nodes.at(name);
  if (node.witness) {
    const auto found = times.find(name);
    return found == times.end() ? std::nullopt : std::optional<uint64_t>(found->second);
  }
  std::vector<uint64_t> members;
  for (const std::string& member : node.members) {
    if (const auto time = QuorumTime(policy, member, times)) members.push_back(*time);
  }
  if (members.size() < node.threshold) return std::nullopt;
  std::sort(members.begin(), members.end(), std::greater<>());
  return members[node.threshold - 1];
}

}  // namespace

absl::StatusOr<NoteKey> ReadVkey(const std::string& vkey) {
  const size_t first = vkey.find('+');
  const size_t second = first == std::string::npos ? first : vkey.find('+', first + 1);
  if (second == std::string::npos) return Refused("not name+hash+key");
  const absl::StatusOr<std::string> typed = FromBase64(vkey.substr(second + 1));
  if (!typed.ok()) return typed.status();
  if (typed->empty()) return Refused("a vkey without a key");
  NoteKey key;
  key.name = vkey.substr(0, first);
  key.type = static_cast<uint8_t>((*typed)[0]);
  if (key.type != 1 && key.type != 4) return CannotJudge("a key of an unknown type");
  key.hash = Sha256(key.name + "\n" + *typed).substr(0, 4);
  if (ToHex(key.hash) != vkey.substr(first + 1, second - first - 1)) return Refused("a key's hash");
  key.key = "\x01" + typed->substr(1);
  if (absl::Status status = CheckKey(key.key); !status.ok()) return status;
  return key;
}

absl::StatusOr<Policy> ReadPolicy(const std::string& text) {
  Policy policy;
  for (const std::string& line : Lines(text)) {
    const std::vector<std::string> words = Words(line);
    if (words.empty() || words[0][0] == '#') continue;
    if (absl::Status status = ReadPolicyLine(words, policy); !status.ok()) return status;
  }
  if (policy.log.type != 1) return Refused("a policy without a log");
  if (policy.quorum != "none" && policy.nodes.count(policy.quorum) == 0) {
    return Refused("a policy without its quorum");
  }
  return policy;
}

absl::StatusOr<Checkpoint> ReadCheckpoint(const Policy& policy, const std::string& note) {
  const size_t split = note.rfind("\n\n");
  if (split == std::string::npos || note.back() != '\n') return Refused("not a signed note");
  const std::string text = note.substr(0, split + 1);
  const absl::StatusOr<std::vector<NoteSignature>> signatures =
      ReadSignatures(note.substr(split + 2));
  if (!signatures.ok()) return signatures.status();

  const std::vector<std::string> lines = Lines(text);
  if (lines.size() != 3) return Refused("a checkpoint of another number of lines than three");
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  const absl::StatusOr<uint64_t> size = FromDecimal(lines[1], kSizeMax);
  if (!size.ok()) return size.status();
  const absl::StatusOr<std::string> root = FromBase64(lines[2]);
  if (!root.ok() || root->size() != 32) return Refused("a checkpoint's root");
  checkpoint.size = *size;
  checkpoint.root = *root;
  if (checkpoint.origin != policy.log.name) return Refused("a checkpoint of another log");

  // A line by nobody whom the policy names says nothing; one in the name of somebody must hold.
  bool by_log = false;
  Times times;
  for (const NoteSignature& signature : *signatures) {
    if (IsBy(signature, policy.log)) {
      absl::Status status = CheckSignature(policy.log.key, text, signature.signature);
      if (!status.ok()) return status;
      by_log = true;
    }
    for (const auto& [name, node] : policy.nodes) {
      if (!node.witness || !IsBy(signature, *node.witness)) continue;
      uint64_t seconds = 0;
      absl::Status status = ReadCosignature(*node.witness, text, signature.signature, seconds);
      if (!status.ok()) return status;
      times[name] = std::max(times[name], seconds);
    }
  }
  if (!by_log) return Refused("a checkpoint that the log has not signed");
  checkpoint.cosigned = times.size();
  if (policy.quorum != "none") {
    checkpoint.quorum_seconds = QuorumTime(policy, policy.quorum, times);
    if (!checkpoint.quorum_seconds) return Refused("too few witnesses");
  }
  return checkpoint;
}

}  // namespace touchstone::second_reader
