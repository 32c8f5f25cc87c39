#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/vectors/example_log.h"
#include "tests/vectors/examples.h"
#include "tests/vectors/reading.h"
#include "verifier/big_endian.h"
#include "verifier/hex.h"
#include "verifier/merkle.h"
#include "verifier/wire_schema.h"

namespace touchstone {
namespace {

constexpr size_t kRing = 1;  // of the batch

std::string PathOf(const Batch& batch, size_t i) {
  std::string bytes;
  const BatchPath path = batch.PathOf(i);
  for (const Digest& node : path.path()) absl::StrAppend(&bytes, DigestBytes(node));
  return bytes;
}

Envelope SignedSingly(const ExampleLog& example) {
  return SignStatementBytes(example.cares[kRing].payload(), {"atelier 1"});
}

void AddToAppendix(const ExampleLog& example, Appendix& appendix) {
  const Envelope& care = example.cares[kRing];
  const std::string statement(care.payload());
  appendix.Heading("Section 2: a statement, field by field");
  appendix.Prose(absl::StrCat("The ", statement.size(), " bytes of a care record."));
  appendix.Table(ReadingOf(kStatementSchema, statement));

  const Digest digest = care.digest();
  const Envelope single = SignedSingly(example);
  appendix.Heading("Section 3: its envelope, signed singly");
  appendix.Table({{"PAE", "",
                   absl::StrCat("\"", care.pae().substr(0, care.pae().size() - statement.size()),
                                "\" ‖ statement")},
                  {"envelope digest", DigestToHex(digest)}});
  appendix.Table(ReadingOf(kEnvelopeSchema, single.bytes(), {{statement, "the statement"}}));

  const Digest leaf_0 = LeafHash(example.cares[0].pae());
  const Digest leaf_1 = LeafHash(care.pae());
  const Digest leaf_2 = LeafHash(example.cares[2].pae());
  const Digest node = NodeHash(leaf_0, leaf_1);
  appendix.Heading("Section 3: the same statement, signed as number 1 of a batch of 3");
  appendix.Table({{"leaf 0", DigestToHex(leaf_0)},
                  {"leaf 1", DigestToHex(leaf_1), "SHA-256(00 ‖ PAE)"},
                  {"leaf 2", DigestToHex(leaf_2)},
                  {"node", DigestToHex(node), "SHA-256(01 ‖ leaf 0 ‖ leaf 1)"},
                  {"root", DigestToHex(example.batch.root()), "SHA-256(01 ‖ node ‖ leaf 2)"}});
  appendix.Prose("What is signed, with a newline after each line:");
  appendix.Block(example.batch.NoteText(example.log.origin()));
  appendix.Prose("The envelope begins as above and goes on (`path` is leaf 0 ‖ leaf 2):");
  std::vector<Row> rows = ReadingOf(kEnvelopeSchema, care.bytes());
  rows.erase(rows.begin(), std::find_if(rows.begin(), rows.end(),
                                        [](const Row& row) { return row.name == "signatures"; }));
  appendix.Table(rows);
}

}  // namespace

void AddStatements(const ExampleLog& example, Examples& examples) {
  VectorFile file("Sections 2 and 3: a statement, its envelope signed singly and in a batch");
  file.Section("the ring's care record");
  const Envelope& care = example.cares[kRing];
  const Digest digest = care.digest();
  file.Add("statement", care.payload());
  file.Add("pae", care.pae());
  file.Add("envelope_digest", DigestBytes(digest));
  const Envelope single = SignedSingly(example);
  file.Section("signed singly, by the key \"atelier 1\"");
  file.Add("single.sig", single.signatures()[0].sig);
  file.Add("single.envelope", single.bytes());
  file.Section("signed as number 1 of a batch of three, by the same key");
  file.AddText("batch.note", example.batch.NoteText(example.log.origin()));
  file.Add("batch.sig", care.signatures()[0].sig);
  file.Add("batch.root", DigestBytes(example.batch.root()));
  for (size_t i = 0; i < example.cares.size(); ++i) {
    const Digest leaf = LeafHash(example.cares[i].pae());
    const std::string prefix = absl::StrCat("batch.", i);
    file.Section(absl::StrCat("number ", i, " of the batch"));
    file.Add(prefix + ".leaf_hash", DigestBytes(leaf));
    file.Add(prefix + ".path", PathOf(example.batch, i));
    file.Add(prefix + ".envelope", example.cares[i].bytes());
  }
  examples.Add("statement.txt", file);
  AddToAppendix(example, examples.appendix);
}

}  // namespace touchstone
