#!/usr/bin/env bash
# A squatter registers a real report number first; a stone goes from one ring to the next.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
stewards=(--key site/keys/steward-1.key --key site/keys/steward-2.key)
expect 0 touchstone keygen gia.key --plain
expect 0 touchstone participant enrol gia --legal-name GIA --country US --role laboratory \
  --laboratory-name GIA --member-key gia.key "${stewards[@]}"
expect 0 touchstone keygen squatter.key --plain
expect 0 touchstone keygen squatter.secret --plain --issuer-secret
expect 0 touchstone participant enrol squatter --legal-name Squatter --country ZZ --role issuer \
  --member-key squatter.key "${stewards[@]}"
squatter=(--participant squatter --key squatter.key --issuer-secret squatter.secret)

# piece SERIAL: its description, with the one stone.
piece() {
  cat <<JSON
{"serial": "$1", "category": "RING", "title": "Ring $1",
 "inscriptions": [{"text": "GIA 2141438167", "location": "GIRDLE", "kind": "LAB_REPORT"}],
 "laboratory_reports": [{"laboratory": "GIA", "report_number": "2141438167"}]}
JSON
}
for serial in R-1 R-2 R-3 S-1; do piece "$serial" >"$serial.json"; done

# ---- The dispute ----
expect 0 touchstone register S-1.json "${squatter[@]}" --passport-out squatter.passport
expect 1 touchstone register R-1.json
says "[claim_taken]"
says "GIA2141438167"
says "--contest"
does_not_say squatter
expect 0 touchstone register R-1.json --contest --passport-out ring.passport
ring=$(sed -n 's/^Passport //p' output)
expect 0 touchstone register R-1.json --contest
says "Already there"
expect 0 touchstone get squatter.passport
for file in ring squatter; do
  expect 4 touchstone verify "$file.passport"
  says DISPUTED
  expect 0 touchstone verify "$file.passport" --allow disputed
  expect 0 touchstone show "$file.passport"
  says "disputed"
done
expect 1 touchstone resolve ring.passport --claim all --key site/issuer.key
says "[wrong_role]"
expect 2 touchstone resolve ring.passport --claim "GIA 1" --key gia.key
says "report GIA 2141438167"
expect 0 touchstone resolve ring.passport --claim "GIA 2141438167" --grounds "examined" \
  --key gia.key
expect 0 touchstone resolve ring.passport --claim all --key gia.key
says "Already there"
expect 0 touchstone get ring.passport
expect 0 touchstone verify ring.passport --inscription "GIA 2141438167"
says "Alone bears"
expect 0 touchstone get squatter.passport
expect 1 touchstone verify squatter.passport
says LOST
expect 1 touchstone verify squatter.passport --allow lost --inscription "GIA 2141438167"
expect 0 touchstone verify squatter.passport --allow lost
expect 0 touchstone show --inscription "gia 2141438167"
says "$ring"

# ---- The remount: sold, claimed, brought back, and the stone set into another ring ----
expect 0 touchstone sell ring.passport --claim-key-out claim.key --plain
expect 0 touchstone claim ring.passport --claim-key claim.key --owner-key-out owner.key --plain
# The next ring's id is known before it is registered: it comes from its serial.
expect 0 touchstone register R-2.json --out next.envelope
touchstone sign next.envelope --key site/issuer.key </dev/null >output 2>&1 || true
next=$(grep -o 'passport [0-9A-Z*~$=-]\{20,\}' output | head -1 | cut -d' ' -f2)
expect 2 touchstone end-of-life ring.passport --kind remounted --release "GIA 2141438167"
says "--owner-key"
expect 0 touchstone end-of-life ring.passport --kind remounted --release "GIA 2141438167" \
  --successor "$next" --owner-key owner.key --note "set anew"
says "released inscription GIA2141438167, report GIA 2141438167"
expect 0 touchstone end-of-life ring.passport --kind remounted --owner-key owner.key
says "Already there"
expect 0 touchstone get ring.passport
expect 4 touchstone verify ring.passport
says "AT THE END OF ITS LIFE"
says Released
expect 0 touchstone verify ring.passport --allow retired
expect 1 touchstone care add ring.passport --kind cleaning
says "[wrong_phase]"
expect 1 touchstone register R-2.json
says "[wrong_predecessors]"
expect 1 touchstone register R-3.json --predecessor ring.passport
says "[wrong_predecessors]"
expect 0 touchstone register R-2.json --predecessor ring.passport --passport-out next.passport
expect 0 touchstone verify next.passport --inscription "GIA 2141438167"
expect 1 touchstone register R-3.json --predecessor ring.passport
says "[claim_taken]"

# ---- The number as a brand mark, which anybody may record: it matches nothing ----
cat >S-2.json <<'JSON'
{"serial": "S-2", "category": "RING", "title": "Ring S-2",
 "inscriptions": [{"text": "GIA 2141438167", "location": "GIRDLE", "kind": "BRAND"}]}
JSON
expect 0 touchstone register S-2.json "${squatter[@]}" --passport-out copy.passport
expect 0 touchstone verify copy.passport
expect 4 touchstone verify copy.passport --inscription "GIA 2141438167"
says "brand mark"

# ---- Given by the laboratory to a piece that has had no part in it ----
echo '{"serial": "R-4", "category": "RING", "title": "Ring R-4"}' >R-4.json
expect 0 touchstone register R-4.json --passport-out right.passport
expect 2 touchstone resolve right.passport --claim "GIA 2141438167" --key gia.key
says "in full"
expect 1 touchstone resolve right.passport --claim "report GIA 2141438167" "${squatter[@]}"
says "[wrong_role]"
for claim in "report GIA 2141438167" "inscription GIA 2141438167"; do
  expect 0 touchstone resolve right.passport --claim "$claim" --key gia.key
done
expect 0 touchstone get right.passport
expect 0 touchstone verify right.passport --inscription "GIA 2141438167"
expect 0 touchstone get next.passport
expect 1 touchstone verify next.passport
says LOST

# ---- A number that was parked: let go of for a piece that will never be ----
for serial in S-3 R-5; do
  echo "{\"serial\": \"$serial\", \"category\": \"RING\", \"title\": \"Ring $serial\",
    \"laboratory_reports\": [{\"laboratory\": \"GIA\", \"report_number\": \"7000000001\"}]}" >"$serial.json"
done
expect 0 touchstone register S-3.json "${squatter[@]}" --passport-out parked.passport
expect 0 touchstone stone-removed parked.passport --release all --successor "$next" "${squatter[@]}"
expect 1 touchstone register R-5.json
says "[wrong_predecessors]"
expect 0 touchstone register R-5.json --contest --passport-out found.passport
expect 4 touchstone verify found.passport
expect 0 touchstone resolve found.passport --claim all --key gia.key
expect 0 touchstone get found.passport
expect 0 touchstone verify found.passport

# ---- And all of it again by an auditor ----
stop_registries
expect 0 touchstone-registry --config site/registry.toml --export exported
expect 0 touchstone audit exported
