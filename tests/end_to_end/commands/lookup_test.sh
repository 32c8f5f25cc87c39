#!/usr/bin/env bash
# Looking a number up, and fetching a passport anew, while the number changes hands.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
stewards=(--key site/keys/steward-1.key --key site/keys/steward-2.key)
expect 0 touchstone keygen gia.key --plain
expect 0 touchstone participant enrol gia --legal-name GIA --country US --role laboratory \
  --laboratory-name GIA --member-key gia.key "${stewards[@]}"
number="GIA 2141438167"
piece() {
  cat <<JSON
{"serial": "$1", "category": "RING", "title": "Ring $1",
 "inscriptions": [{"text": "$number", "location": "GIRDLE", "kind": "LAB_REPORT"}]}
JSON
}
for serial in R-1 R-2 R-3; do piece "$serial" >"$serial.json"; done

# ---- Nobody's, then a piece's ----
expect 0 touchstone lookup --inscription "$number" --out none.absence
says "VERIFIED: no piece in this log bears it"
says "nobody has ever claimed it"
expect 0 touchstone verify none.absence --inscription "gia-2141438167"
expect 0 touchstone register R-1.json --passport-out ring.passport
expect 0 touchstone lookup --inscription "gia 2141438167" --out found.passport
says "Alone bears"
expect 0 touchstone verify found.passport --inscription "$number"
expect 0 touchstone lookup --inscription "GIA 2141438168"
says "no piece in this log bears it"
expect 2 touchstone lookup ring.passport
says "touchstone refresh"
expect 0 touchstone --json lookup --inscription "$number"
says touchstone_verdict

# ---- Nothing has changed; then something has ----
expect 0 touchstone refresh ring.passport
says "Nothing has changed since"
expect 0 touchstone care add ring.passport --kind cleaning
cp ring.passport before.passport
expect 0 touchstone refresh ring.passport
expect 0 touchstone refresh before.passport --out after.passport
expect 0 touchstone verify after.passport

# ---- Another piece contests it: neither answer is one to go on with ----
expect 0 touchstone register R-2.json --contest --passport-out rival.passport
cp ring.passport disputed.passport
expect 4 touchstone refresh disputed.passport
says "DISPUTED now: inscription GIA2141438167"
says "Not everything that was asked for holds"
expect 4 touchstone lookup --inscription "$number"
says "another piece claims inscription GIA2141438167 too"
expect 0 touchstone resolve rival.passport --claim all --key gia.key
expect 1 touchstone refresh disputed.passport
says "LOST now: inscription GIA2141438167"
expect 0 touchstone lookup --inscription "$number"
says "Ring R-2"
expect 0 touchstone refresh rival.passport

# ---- It is let go of ----
expect 0 touchstone stone-removed rival.passport --release "$number"
expect 0 touchstone refresh rival.passport
says "Released: inscription GIA2141438167"
expect 0 touchstone lookup --inscription "$number" --out free.absence
says "a piece that bore it let go of it"
expect 0 touchstone verify free.absence
