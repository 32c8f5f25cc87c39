#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/vectors/example_log.h"
#include "tests/vectors/examples.h"
#include "tests/vectors/reading.h"
#include "tests/verifier/reference_tree.h"
#include "verifier/big_endian.h"
#include "verifier/entry.h"
#include "verifier/hex.h"
#include "verifier/merkle.h"
#include "verifier/statement.h"

namespace touchstone {
namespace {

template <typename T>
std::string Encoded(T value) {
  std::string bytes;
  AppendBigEndian<T>(bytes, value);
  return bytes;
}

std::string KindOf(const Entry& entry) {
  if (entry.type == EntryType::kIndexRoot) return "index root";
  const Envelope envelope = Must(Envelope::Parse(PayloadType::kStatement, entry.payload));
  return std::string(EventName(Must(ParsedStatement::Parse(envelope.payload())).event()));
}

std::vector<Row> FrameReading(const std::string& frame, const Known& known) {
  const Entry entry = Must(DecodeEntry(frame));
  const bool is_root = entry.type == EntryType::kIndexRoot;
  std::vector<Part> parts = {
      {"magic", "TSE1", "\"TSE1\""},
      {"type", Encoded(static_cast<uint8_t>(entry.type)), is_root ? "index root" : "statement"},
      {"position", Encoded(entry.position), absl::StrCat(entry.position)},
      {"time", Encoded(entry.time_ms), absl::StrCat(entry.time_ms)},
      {"number", Encoded(entry.number), absl::StrCat(entry.number)},
      {"previous", std::string(DigestBytes(entry.previous))},
      {"length", Encoded(static_cast<uint16_t>(entry.payload.size())),
       absl::StrCat(entry.payload.size())},
  };
  if (is_root) {
    const IndexRootPayload payload = Must(DecodeIndexRootPayload(entry.payload));
    parts.push_back({"root", std::string(DigestBytes(payload.root))});
    parts.push_back({"previous_index_root", Encoded(payload.previous_index_root),
                     absl::StrCat(payload.previous_index_root)});
  } else {
    parts.push_back({"payload", entry.payload});
  }
  return ReadingOf(parts, frame, known);
}

void AddHashes(const std::string& frame, std::vector<Row>& rows) {
  const Digest digest = EntryDigest(frame);
  rows.push_back({"digest", DigestToHex(digest), "SHA-256(frame)"});
  rows.push_back({"leaf hash", DigestToHex(LeafHash(DigestBytes(digest))), "SHA-256(00 ‖ digest)"});
}

void AddToAppendix(const ExampleLog& example, Appendix& appendix) {
  const uint64_t position = example.first_care + 1;
  const std::string& care = example.log.Frame(position);
  appendix.Heading("Section 4: the entry with that envelope");
  std::vector<Row> rows =
      FrameReading(care, {{example.cares[1].bytes(), "the envelope signed in a batch"}});
  AddHashes(care, rows);
  appendix.Table(rows);

  const std::string& root = example.log.Frame(example.size - 1);
  appendix.Heading("Section 4: an index root");
  rows = FrameReading(root, {});
  AddHashes(root, rows);
  appendix.Table(rows);

  appendix.Heading("Section 5: a checkpoint with two cosignatures");
  appendix.Block(example.checkpoint);
}

}  // namespace

void AddLog(const ExampleLog& example, Examples& examples) {
  VectorFile file("Sections 4 and 5: every entry of the example log, and its tree");
  std::vector<Digest> leaves;
  for (uint64_t position = 0; position < example.size; ++position) {
    const std::string& frame = example.log.Frame(position);
    const Entry entry = Must(DecodeEntry(frame));
    const Digest digest = EntryDigest(frame);
    leaves.push_back(LeafHash(DigestBytes(digest)));
    const Digest root = ReferenceRoot(leaves);
    const std::string prefix = absl::StrCat("entry.", position);
    file.Section(absl::StrCat("position ", position, ": ", KindOf(entry)));
    file.Add(prefix + ".frame", frame);
    file.Add(prefix + ".digest", DigestBytes(digest));
    file.Add(prefix + ".leaf_hash", DigestBytes(leaves.back()));
    file.Add(absl::StrCat("root.", position + 1), DigestBytes(root));
  }
  file.Section(absl::StrCat("the inclusion path of each entry in the tree of ", example.size));
  for (uint64_t position = 0; position < example.size; ++position) {
    file.Add(absl::StrCat("path.", position), example.log.Proven(position, example.size).path());
  }
  file.Section("the checkpoint, with cosignatures");
  file.AddText("checkpoint", example.checkpoint);
  examples.Add("log.txt", file);
  AddToAppendix(example, examples.appendix);
}

}  // namespace touchstone
