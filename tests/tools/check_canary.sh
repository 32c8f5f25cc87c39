#!/usr/bin/env bash
# Shows that tools/check can fail: makes a small tree that breaks each rule, and checks that each
# breach is named; and that the link check tells a program that links too much from one that does not.
#
# Usage: check_canary.sh SCRATCH LINKS_TOO_MUCH LINKS_LITE_ONLY
set -euo pipefail
scratch=$1
links_too_much=$2
links_lite_only=$3
checks=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../tools/checks" && pwd)
failures=0
fail() {
  echo "canary: $*"
  failures=$((failures + 1))
}

rm -rf "$scratch"
mkdir -p "$scratch"

# breaks_rule FILE CONTENT EXPECTED: sources must name FILE and print EXPECTED.
breaks_rule() {
  local file=$1 content=$2 expected=$3 output
  rm -rf "$scratch/tree"
  mkdir -p "$(dirname "$scratch/tree/$file")"
  printf '%b' "$content" >"$scratch/tree/$file"
  if output=$("$checks/sources" "$scratch/tree"); then
    fail "sources accepted $file with: $content"
  elif [[ $output != *"$file"* || $output != *"$expected"* ]]; then
    fail "sources on $file said '$output', not '$expected'"
  fi
}

breaks_rule verifier/a.cc '#include <grpcpp/grpcpp.h>\n' 'knows neither gRPC'
breaks_rule verifier/a.cc '#include "registry/ledger/ledger.h"\n' 'knows neither gRPC'
breaks_rule verifier/a.cc '# include <fstream>\n' 'no I/O'
breaks_rule verifier/a.cc 'auto t = std::chrono::system_clock::now();\n' 'time is an argument'
breaks_rule verifier/a.cc 'auto t = time(nullptr);\n' 'time is an argument'
breaks_rule verifier/a.cc '#include <google/protobuf/descriptor.h>\n' 'protobuf-lite'
breaks_rule registry/ledger/a.cc '#include <grpcpp/server.h>\n' 'know nothing of the service'
breaks_rule registry/ledger/a.cc '#include <rocksdb/db.h>\n' 'not the engine behind it'
breaks_rule registry/storage/a.h '#ifndef TOUCHSTONE_REGISTRY_STORAGE_A_H_\n#define TOUCHSTONE_REGISTRY_STORAGE_A_H_\n#include <rocksdb/db.h>\n' 'RocksDB stays inside'
breaks_rule registry/ledger/a.cc 'absl::Mutex mutex;\n' 'ThreadSanitizer'
breaks_rule cli/a.cc '#include "registry/ledger/ledger.h"\n' 'through its RPCs only'
breaks_rule cli/a.cc '// TO''DO: finish\n' 'finish it'
breaks_rule cli/CMakeLists.txt 'file(GLOB sources *.cc)\n' 'name every source'
breaks_rule cli/a.h '#pragma once\n' 'its header guard must be TOUCHSTONE_CLI_A_H_'
breaks_rule cli/a.cc "$(printf '%0501d' 0 | sed 's/0/\\n/g')" 'longer than 500 lines'

# Two headers in a circle.
rm -rf "$scratch/tree"
mkdir -p "$scratch/tree/cli"
for pair in A:b B:a; do
  name=${pair%:*}
  printf '#ifndef TOUCHSTONE_CLI_%s_H_\n#define TOUCHSTONE_CLI_%s_H_\n#include "cli/%s.h"\n#endif\n' \
    "$name" "$name" "${pair#*:}" >"$scratch/tree/cli/${name,,}.h"
done
if output=$("$checks/sources" "$scratch/tree") || [[ $output != *"in a circle"* ]]; then
  fail "sources did not find an include cycle: '$output'"
fi

# A tree in which all is well, so that the above fails for the right reason.
rm -rf "$scratch/tree"
mkdir -p "$scratch/tree/verifier"
printf '#include <array>\n#include "verifier/time_of_day.h"\nint lifetime(int x);\n' \
  >"$scratch/tree/verifier/a.cc"
if ! output=$("$checks/sources" "$scratch/tree"); then
  fail "sources refused a tree in which all is well: '$output'"
fi

for library in libgrpc librocksdb libprotobuf; do
  if output=$("$checks/links" --verifier-only "$links_too_much") ||
    [[ $output != *"links $library"* ]]; then
    fail "links did not find $library in ${links_too_much##*/}: '$output'"
  fi
done
if ! output=$("$checks/links" --verifier-only "$links_lite_only"); then
  fail "links refused ${links_lite_only##*/}: '$output'"
fi

if [ "$failures" -ne 0 ]; then
  exit 1
fi
echo "every rule can fail"
