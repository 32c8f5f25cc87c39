#!/usr/bin/env bash
# tools/quickstart with the programs that were built, twice, and not over somebody's own files.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
repository=$3

for _ in first second; do
  expect 0 "$repository/tools/quickstart" --programs "$programs" demo
  says "VERIFIED: this record is genuine and complete."
  says "VERIFIED: a card with this text was issued on that day."
  says "touchstone show ring.passport"
done
zbarimg -q --raw -Sdisable -Sqrcode.enable demo/registry/ring-card.png 2>/dev/null | grep -q '^HTTPS://DEMO.EXAMPLE/01/' ||
  fail "the QR code does not read as a link"
mkdir mine
touch mine/thesis
expect 1 "$repository/tools/quickstart" --programs "$programs" mine
says "is no earlier demo"
[ -e mine/thesis ] || fail "somebody's file is gone"
