#!/usr/bin/env bash
# docs/KEYS.md: a card key is stolen. Cards and passports are verified before and after.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
stewards=(--key site/keys/steward-1.key --key site/keys/steward-2.key)
expect 0 touchstone card enrol --label 2026 "${stewards[@]}"
echo '{"serial": "R-1", "gtin14": "09521234000006", "category": "RING", "title": "Ring"}' >R-1.json
expect 0 touchstone register R-1.json --passport-out R-1.passport
qr() { touchstone qr R-1.passport --text --resolver https://id.example "$@"; }
qr >old.card
expect 0 touchstone card fetch --out cards.tsc
expect 0 touchstone verify --qr "$(cat old.card)" --cards cards.tsc
expect 0 touchstone verify R-1.passport

# ---- The new one first, then the old one goes. ----
expect 0 touchstone keygen card-2.key --plain
expect 0 touchstone card enrol --card-key card-2.key --label 2027 "${stewards[@]}"
expect 2 touchstone card revoke-key site/keys/card.key "${stewards[@]}"
says "--reason"
expect 0 touchstone card revoke-key site/keys/card.key --reason compromised "${stewards[@]}"
expect 0 touchstone card revoke-key site/keys/card.key --reason compromised "${stewards[@]}"
says "Already there"
expect 0 touchstone card fetch --out cards.tsc
expect 1 touchstone verify --qr "$(cat old.card)" --cards cards.tsc
says "revoked"
expect 0 touchstone stewards show
says "2026, revoked"
# Printed anew.
expect 0 touchstone get R-1.passport
qr --card-key card-2.key >new.card
expect 0 touchstone verify --qr "$(cat new.card)" --cards cards.tsc
expect 0 touchstone verify R-1.passport --qr "$(cat new.card)"
expect 0 touchstone verify R-1.passport

# ---- In peace: cards of the days before the key was destroyed go on counting. ----
expect 0 touchstone card revoke-key card-2.key --reason superseded --good-before 2099-01-01 \
  "${stewards[@]}"
expect 0 touchstone card fetch --out cards.tsc
expect 0 touchstone verify --qr "$(cat new.card)" --cards cards.tsc
expect 1 touchstone card revoke-key card-2.key --reason compromised "${stewards[@]}"
says "still good"
expect 0 touchstone audit
