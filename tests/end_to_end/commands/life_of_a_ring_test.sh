#!/usr/bin/env bash
# One ring from its registration to its second owner, as the people around it would type it.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
stewards=(--key site/keys/steward-1.key --key site/keys/steward-3.key)

# ---- Registration ----
touchstone register --example ring >ring.json
expect 0 touchstone register ring.json --passport-out ring.passport
says "Registered AF-2026-00417"
says "Saved ring.passport"
id=$(sed -n 's/^Passport //p' output)

# Twice registers once.
expect 0 touchstone register ring.json
says "Already there: entry 4"
# The same with the serial given to another piece.
sed 's/"total_mass_mg": 6152/"total_mass_mg": 6153/' ring.json >other.json
expect 1 touchstone register other.json
says "they differ in total_mass_mg"
says "[subject_exists]"

# ---- Reading it, with and without the registry ----
expect 0 touchstone show ring.passport
says "Three-stone engagement ring"
says "platinum 950"
says "with the store"
does_not_say $'\033['
expect 0 touchstone show "$id" --color always
says $'\033['
cp output by-id
for way in "--gtin 9521234100478 --serial AF-2026-00417" "--inscription af-2026-00417" \
  "--laboratory ssef --report-number 12-34-50"; do
  # shellcheck disable=SC2086  # several words
  expect 0 touchstone show $way --color always
  same "$(grep -c . output)" "$(grep -c . by-id)"
done
expect 0 touchstone verify ring.passport --inscription "af 2026 00417" --mass-mg 6160 \
  --measurements-um 7310x6420x4680 --ring-size-um 53200
says "VERIFIED"
expect 0 touchstone-verify ring.passport --policy site/trust-policy.txt --mass-mg 6160
expect 0 touchstone-verify ring.passport --policy site/trust-policy.txt --json
says '"outcome":"verified"'

# ---- Its card ----
expect 2 touchstone qr ring.passport --png ring.png
says "not enrolled"
expect 0 touchstone card enrol --label 2026 "${stewards[@]}"
expect 0 touchstone get ring.passport
expect 0 touchstone qr ring.passport --png ring.png --svg ring.svg
link=$(touchstone qr ring.passport --text)
same "$(zbarimg -q --raw -Sdisable -Sqrcode.enable ring.png 2>/dev/null)" "$link"
grep -q '<svg' ring.svg || fail "ring.svg is no SVG"
expect 2 touchstone qr ring.passport --png ring.png
says "say --force"
expect 4 touchstone verify --qr ring.png
says "CANNOT JUDGE"
expect 0 touchstone card fetch --out cards.tsc
expect 0 touchstone verify --qr ring.png --cards cards.tsc
says "AF-2026-00417"
expect 0 touchstone verify ring.passport --qr ring.png
expect 0 touchstone-verify ring.passport --policy site/trust-policy.txt --qr "$link"
# A card of another piece, and a card that was changed.
touchstone register --example diamond >diamond.json
expect 0 touchstone register diamond.json --passport-out diamond.passport
expect 1 touchstone verify diamond.passport --qr ring.png
says "card differs"
expect 1 touchstone verify --qr "${link%?????}AAAAA" --cards cards.tsc

# ---- Care and a report ----
expect 0 touchstone keygen workshop.key --plain
expect 0 touchstone participant enrol goldsmith --legal-name "Goldsmith Ltd" --country GB \
  --role workshop --member-key workshop.key "${stewards[@]}"
expect 0 touchstone care add ring.passport --key workshop.key --kind rhodium-plating \
  --description "Shank replated" --mass-before-mg 6150 --mass-after-mg 6151 --part rhodium
expect 0 touchstone care add ring.passport --key workshop.key --kind rhodium-plating \
  --description "Shank replated" --mass-before-mg 6150 --mass-after-mg 6151 --part rhodium
says "Already there"
echo '{"laboratory": "SSEF", "report_number": "123450", "report_date": "2026-06-18"}' >report.json
expect 1 touchstone report add ring.passport report.json --key workshop.key
says "[wrong_role]"
echo "the report" >report.pdf
expect 0 touchstone report add ring.passport report.json --document report.pdf
# Another piece cannot claim the same report.
expect 1 touchstone report add diamond.passport report.json
says "[claim_taken]"

# ---- Sold, claimed, given away ----
expect 1 touchstone claim ring.passport --claim-key site/issuer.key --owner-key-out o --plain
says "its first sale comes next"
expect 0 touchstone sell ring.passport --store "Bond Street" --claim-key-out claim.key --plain
expect 0 touchstone sell ring.passport --store "Bond Street" --claim-key claim.key
says "Already there"
expect 1 touchstone claim ring.passport --claim-key workshop.key --owner-key-out owner.key --plain
says "not the key that holds this piece"
expect 0 touchstone claim ring.passport --claim-key claim.key --owner-key-out owner.key --plain
expect 2 touchstone transfer ring.passport --owner-key owner.key --to-key-out next.key --plain \
  --kind gift --effective-on yesterday
[ ! -e next.key ] || fail "a key was made for a transfer that makes no sense"
expect 0 touchstone transfer ring.passport --owner-key owner.key --to-key-out next.key --plain \
  --kind gift --passport-out ring.passport
expect 1 touchstone transfer ring.passport --owner-key owner.key --to-key-out x.key --plain \
  --kind gift
says "not the key that holds this piece"
expect 0 touchstone show ring.passport
says "owned, by its 2nd owner"
says "Shank replated"
says "Goldsmith Ltd"
says "Bond Street"

# ---- The issuer's list, the log ----
expect 0 touchstone pieces list --json
same "$(grep -c '"passport_id"' output)" 2
expect 0 touchstone pieces find --serial AF-2026-00417
says "$id"
expect 1 touchstone pieces find --serial NONE
says "[no_such_subject]"
expect 0 touchstone checkpoint --out checkpoint
expect 0 touchstone checkpoint --since checkpoint
says "nothing was rewritten"
expect 0 touchstone audit

# ---- The registry is gone ----
stop_registries
expect 3 touchstone get ring.passport
says "does not answer"
expect 0 touchstone show ring.passport
expect 0 touchstone verify ring.passport --serial AF-2026-00417
