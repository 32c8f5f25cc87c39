#!/usr/bin/env bash
# From the owner's grant to a pack that an insurer checks offline, and everything that makes a pack
# fail.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
stop_registries
start_registry site --vault "$scratch/vault" --vault-keys "$scratch/vault-keys"
sed -i "s|^registry = .*|registry = \"$address\"|" site/touchstone.toml
stewards=(--key site/keys/steward-1.key --key site/keys/steward-2.key)
for name in insurer rival; do
  expect 0 touchstone keygen "$name.key" --plain
  expect 0 touchstone participant enrol "$name" --legal-name "The $name" --country GB \
    --role insurer --member-key "$name.key" "${stewards[@]}"
done
insurer=(--participant insurer --key insurer.key)

cat >ring.json <<'JSON'
{"serial": "R-7", "category": "RING", "title": "Grandmother's ring", "total_mass_mg": 4195}
JSON
expect 0 touchstone register ring.json
id=$(sed -n 's/^Passport //p' output)
expect 0 touchstone sell "$id" --claim-key-out claim.key --plain
expect 0 touchstone claim "$id" --claim-key claim.key --owner-key-out anna.key --plain
anna=(--owner-key anna.key)
echo "12,000 CHF, paid" >receipt.pdf
echo "private" >police.pdf
echo "for all" >picture.jpg
expect 0 touchstone document put "$id" receipt.pdf --kind receipt "${anna[@]}"
expect 0 touchstone document put "$id" police.pdf --kind police-report "${anna[@]}"
expect 0 touchstone document put "$id" picture.jpg --public "${anna[@]}"
expect 0 touchstone grant make "$id" "${anna[@]}" --to insurer --kind receipt --valid-for 30d \
  --out cover.grant

# ---- Made, by whom the grant is for. ----
expect 2 touchstone insurer-pack
says "say which piece"
expect 1 touchstone insurer-pack "$id" --participant rival --key rival.key --grant cover.grant
says "[wrong_grantee]"
expect 0 touchstone insurer-pack "$id" "${insurer[@]}" --grant cover.grant --out pack.zip
expect 2 touchstone insurer-pack "$id" "${insurer[@]}" --grant cover.grant --out pack.zip
says "is there already"
expect 0 touchstone insurer-pack "$id" "${insurer[@]}" --grant cover.grant --out again.zip --json
says '"why": "not_granted"'
cmp pack.zip again.zip
same "$(stat -c %a pack.zip)" 600
# The log goes on: the pack is not as of its last checkpoint (which matters below, at the key change).
sed 's/R-7/R-8/' ring.json >other.json
expect 0 touchstone register other.json

# ---- Checked on another machine: no registry, no keys, one's own policy. ----
export TOUCHSTONE_CONFIG=/dev/null
stop_registries
policy=(--policy site/trust-policy.txt)
expect 0 touchstone insurer-pack check pack.zip "${policy[@]}"
says "The pack holds"
says "None was ever reported"
says "police report, entry 4: not granted"
says "VERIFIED"
expect 0 touchstone insurer-pack check pack.zip "${policy[@]}" --json
says '"pack_holds": true'
expect 1 touchstone insurer-pack check pack.zip "${policy[@]}" --mass-mg 5000
says "mass_mg differs"
expect 4 touchstone insurer-pack check pack.zip "${policy[@]}" --max-age 1h \
  --now 2036-01-01T00:00:00Z
says "The grant has expired since"
expect 0 touchstone init elsewhere --origin elsewhere.example/log --operator "Another" --plain-keys
expect 1 touchstone insurer-pack check pack.zip --policy elsewhere/trust-policy.txt

# ---- Read by a person with any program that opens ZIPs; packed again, it still holds. ----
unzip -q pack.zip -d opened
grep -q "Grandmother's ring" opened/SUMMARY.txt
grep -q "12,000 CHF" opened/document-001-receipt-*.pdf
expect 0 touchstone-verify opened/passport.passport "${policy[@]}" \
  --document opened/document-001-receipt-*.pdf
pack() { (cd opened && rm -f "../$1" && zip -qr "../$1" -- *); }
pack packed.zip
expect 0 touchstone insurer-pack check packed.zip "${policy[@]}"

# Nothing but members, directory and end record: no program before it, no comment, nothing behind.
foreign() {
  expect 1 touchstone insurer-pack check foreign.zip "${policy[@]}"
  says "[malformed]"
}
for zip in pack.zip packed.zip; do
  (printf '#!/bin/sh\nexit\n' && cat "$zip") >foreign.zip
  foreign
  zip -qA foreign.zip  # with the directory mended
  foreign
  cp "$zip" foreign.zip
  echo "All is well" | zip -qz foreign.zip
  foreign
  (cat "$zip" && echo more) >foreign.zip
  foreign
done

# ---- Everything that somebody could change. ----
changed() {
  pack changed.zip
  expect 1 touchstone insurer-pack check changed.zip "${policy[@]}"
  says "$1"
  rm -rf opened && unzip -q pack.zip -d opened
}
sed -i 's/12,000/19,000/' opened/document-001-receipt-*.pdf
changed "[wrong_document]"
sed -i 's/None was ever reported/All is well/' opened/SUMMARY.txt
changed "SUMMARY.txt says something else"
echo more >opened/more.txt
changed "more.txt, which its manifest does not name"
rm opened/document-002-*
changed "the pack lacks document-002"
rm opened/passport.passport
changed "the pack lacks passport.passport"
touch opened/.hidden
(cd opened && zip -q ../changed.zip .hidden)
rm opened/.hidden
expect 1 touchstone insurer-pack check changed.zip "${policy[@]}"
says ".hidden"
mkdir opened/deep && echo x >opened/deep/x
changed "deep"
head -c 3000 pack.zip >cut.zip
expect 1 touchstone insurer-pack check cut.zip "${policy[@]}"
head -c 100000 /dev/urandom >noise.zip
expect 1 touchstone insurer-pack check noise.zip "${policy[@]}"
says "[malformed]"
head -c 300000000 /dev/zero >opened/SUMMARY.txt
changed "[too_large]"

# ---- The log changes its key: a pack of before needs the proof that this log is the one that went on. ----
expect 0 touchstone keygen site/keys/log-2.key --plain
touchstone-registry --config site/registry.toml --rotate-log-key site/keys/log-2.key \
  </dev/null >lines.txt 2>output || fail "not changed"
sed -i 's/log\.key/log-2.key/' site/registry.toml
{ grep -v '^log ' site/trust-policy.txt; cat lines.txt; } >new-policy.txt
cp new-policy.txt site/trust-policy.txt
start_registry site --vault "$scratch/vault" --vault-keys "$scratch/vault-keys"
sed -i "s|^registry = .*|registry = \"$address\"|" site/touchstone.toml
export TOUCHSTONE_CONFIG=$scratch/site/touchstone.toml
expect 4 touchstone insurer-pack check pack.zip --policy new-policy.txt
says "[retired_key_unproven]"
expect 0 touchstone prove-retired opened/passport.passport
pack proven.zip
stop_registries
export TOUCHSTONE_CONFIG=/dev/null
expect 0 touchstone insurer-pack check proven.zip --policy new-policy.txt
says "The pack holds"
