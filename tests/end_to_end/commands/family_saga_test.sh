#!/usr/bin/env bash
# The life of a ring with its owners: sold, claimed by its code, reported on, assayed, resized,
# appraised, serviced, shown to an insurer, stolen and recovered, inherited, remounted into two pieces.
# Its passport is verified offline at each step, and all of them before and after a key is revoked.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site --notice-period 1s
stewards=(--key site/keys/steward-1.key --key site/keys/steward-2.key)

# member NAME ROLE OPTION...: enrolled, with NAME.key.
member() {
  local name=$1 role=$2
  shift 2
  expect 0 touchstone keygen "$name.key" --plain
  expect 0 touchstone participant enrol "$name" --legal-name "The $name" --country GB \
    --role "$role" --member-key "$name.key" "${stewards[@]}" "$@"
}
member gia laboratory --laboratory-name GIA
member workshop workshop
member appraiser appraiser
member insurer insurer
member court authority

# verified STATUS: the newest passport, from a file, with no network.
verified() {
  expect 0 touchstone get ring.passport
  expect "$1" touchstone-verify ring.passport --policy site/trust-policy.txt
}

cat >ring.json <<'JSON'
{"serial": "R-7", "category": "RING", "title": "Grandmother's ring", "total_mass_mg": 4195,
 "ring_size": {"inner_circumference_um": 54000},
 "inscriptions": [{"text": "GIA 2141438167", "location": "GIRDLE", "kind": "LAB_REPORT"},
                  {"text": "GIA 7141438167", "location": "GIRDLE", "kind": "LAB_REPORT"}],
 "entitlements": [{"id": "cleaning", "title": "Annual cleaning", "uses": 1}]}
JSON
expect 0 touchstone register ring.json --passport-out ring.passport
id=$(sed -n 's/^Passport //p' output)

# ---- With the store: a correction, a grant, an assay, a report and the one that replaces it. ----
expect 0 touchstone report add ring.passport --laboratory GIA --report-number 2141438167 \
  --key gia.key
expect 0 touchstone report add ring.passport --laboratory GIA --report-number 5141438167 \
  --supersedes "2141438167" --key gia.key
expect 1 touchstone report add ring.passport --laboratory GIA --report-number 6141438167 \
  --supersedes 2141438167 --key gia.key
says "[no_such_entry]"
echo '{"assay": {"method": "XRF", "office": "London", "result_ppt": 751}}' >assay.json
expect 0 touchstone assay ring.passport assay.json --key gia.key
expect 1 touchstone assay ring.passport assay.json --key insurer.key
says "[wrong_role]"
expect 0 touchstone entitlement grant ring.passport --id resizing --uses 1 --valid-until 2099-01-01
expect 1 touchstone entitlement grant ring.passport --id resizing
says "[no_entitlement]"
verified 0
says "with the store"

# ---- Sold and claimed. ----
expect 0 touchstone sell ring.passport --claim-code-out code.txt --kept-by-store
verified 0
says "the store keeps the claim code"
echo "Sold to Anna for 12,300 CHF" >receipt.pdf
expect 0 touchstone document put ring.passport receipt.pdf --kind receipt
expect 0 touchstone claim ring.passport --claim-code-file code.txt --owner-key-out anna.key --plain
anna=(--owner-key anna.key)

# ---- Care under an entitlement: a stranger's workshop needs the owner. ----
care=(touchstone care add ring.passport --kind cleaning --entitlement cleaning)
expect 1 "${care[@]}" --key workshop.key
says "[wrong_role]"
expect 0 "${care[@]}"
expect 1 "${care[@]}" --again
says "[no_entitlement]"

# ---- Handed in, resized, handed back: the passport shows the ring as it is now. ----
expect 0 touchstone custody receive ring.passport --reason resizing --key workshop.key
verified 0
says "in service with workshop"
expect 1 touchstone custody receive ring.passport --key appraiser.key
says "[wrong_state]"
cat >resized.json <<'JSON'
{"kind": "RESIZED", "performed_on": "2026-11-20", "mass_before_mg": 4195, "mass_after_mg": 4310,
 "piece": {"category": "RING", "title": "Grandmother's ring", "total_mass_mg": 4310,
           "ring_size": {"inner_circumference_um": 57000},
           "inscriptions": [{"text": "GIA 2141438167", "location": "GIRDLE", "kind": "LAB_REPORT"},
                            {"text": "GIA 7141438167", "location": "GIRDLE", "kind": "LAB_REPORT"}]}}
JSON
expect 1 touchstone modify ring.passport resized.json --key workshop.key
says "[wrong_role]"
expect 0 touchstone modify ring.passport resized.json --key workshop.key "${anna[@]}"
expect 1 touchstone custody return ring.passport --key appraiser.key
says "[wrong_role]"
expect 0 touchstone custody return ring.passport --key workshop.key
expect 0 touchstone get ring.passport
expect 0 touchstone verify ring.passport --ring-size-um 57000 --mass-mg 4310
says "as it is since entry"
expect 1 touchstone verify ring.passport --ring-size-um 54000
expect 0 touchstone show ring.passport
says "57"

# ---- An appraisal, and its correction. ----
# appraise VALUE: says it, its value confidential, and stores the paper.
appraisal() {
  echo "$1" >"$1.txt"
  expect 0 touchstone document commit "$1.txt" --kind appraised-value --passport "$id"
  cat >appraisal.json <<JSON
{"purpose": "RETAIL_REPLACEMENT", "effective_on": "2026-11-21", "standard": "USPAP",
 "commitments": [$(grep -o '{"kind": "APPRAISED_VALUE".*}' output)]}
JSON
}
appraisal "9,000 CHF"
expect 1 touchstone appraise ring.passport appraisal.json --key workshop.key
says "[wrong_role]"
expect 0 touchstone appraise ring.passport appraisal.json --key appraiser.key
expect 0 touchstone get ring.passport
number=$(touchstone verify ring.passport --json | tr '{' '\n' |
  sed -n 's/.*"number":\([0-9]*\),.*"event":"appraisal".*/\1/p')
expect 1 touchstone correct ring.passport --entry "$number" --reason "another ring" \
  --key insurer.key
says "[wrong_role]"
expect 0 touchstone correct ring.passport --entry "$number" --reason "another ring" \
  --key appraiser.key
expect 0 touchstone get ring.passport
expect 0 touchstone show ring.passport
says "corrected by entry"
appraisal "15,000 CHF"
expect 0 touchstone appraise ring.passport appraisal.json --key appraiser.key
expect 0 touchstone document upload "$id" "15,000 CHF.txt" --opening "15,000 CHF.txt.opening" \
  --participant appraiser --key appraiser.key

# ---- An insurer is shown receipt and value, for a time; and what is in the pack, offline. ----
insurer=(--participant insurer --key insurer.key)
expect 0 touchstone ownership ask "$id" --verifier "The insurer" --purpose "cover for 2027" --out ask
expect 0 touchstone ownership prove ask "${anna[@]}" --yes --out answer
verified 0
expect 0 touchstone-verify ring.passport --policy site/trust-policy.txt --proof answer --challenge ask
expect 0 touchstone grant make "$id" "${anna[@]}" --to insurer --kind receipt --kind appraised-value \
  --valid-for 30d --purpose "cover for 2027" --out cover.grant
expect 0 touchstone insurer-pack "$id" "${insurer[@]}" --grant cover.grant --out cover.zip
expect 0 touchstone insurer-pack check cover.zip
says "None was ever reported"
expect 0 unzip -p cover.zip "document-*-receipt-*"
says "Sold to Anna for 12,300 CHF"

# ---- Stolen: nothing passes on; the thief with the key lifts nothing. ----
expect 0 touchstone keygen thief.key --plain
expect 0 touchstone incident report ring.passport --kind stolen --country GB "${anna[@]}"
verified 4
says "STOLEN"
says "the piece is stolen"
expect 4 touchstone-verify ring.passport --policy site/trust-policy.txt --proof answer --challenge ask
expect 0 touchstone insurer-pack "$id" "${insurer[@]}" --grant cover.grant --out stolen.zip
expect 4 touchstone insurer-pack check stolen.zip
expect 0 touchstone watch ring.passport --from 0 --kinds stolen --once
says "stolen"
expect 0 touchstone-verify ring.passport --policy site/trust-policy.txt --allow stolen
expect 1 touchstone transfer ring.passport --kind resale "${anna[@]}" --to-key thief.key
says "[frozen]"
expect 1 touchstone end-of-life ring.passport --kind recycled "${anna[@]}" --key workshop.key
says "[frozen]"
expect 1 touchstone incident resolve ring.passport --outcome recovered --key workshop.key \
  "${anna[@]}"
says "[wrong_role]"
expect 1 touchstone incident resolve ring.passport --outcome repaired --key insurer.key
says "[wrong_state]"
expect 0 touchstone incident resolve ring.passport --outcome recovered --key insurer.key
verified 0

# ---- Offers expire, and are withdrawn. ----
expect 0 touchstone keygen ben.key --plain
ben=$(touchstone key show ben.key | sed -n 's/^public key //p')
expect 0 touchstone transfer ring.passport --kind gift "${anna[@]}" --to-key "$ben" \
  --expires-in 48h --out offer.envelope
expect 0 touchstone sign offer.envelope --key ben.key
expect 0 touchstone offer withdraw ring.passport "${anna[@]}"
expect 1 touchstone submit offer.envelope
says "[stale_builds_on]"

# ---- Pledged, and released. ----
expect 0 touchstone keygen bank.key --plain
expect 0 touchstone pledge make ring.passport "${anna[@]}" --pledgee-key bank.key
verified 4
says "PLEDGED"
expect 1 touchstone transfer ring.passport --kind gift "${anna[@]}" --to-key ben.key
says "[frozen]"
expect 0 touchstone pledge release ring.passport "${anna[@]}" --pledgee-key bank.key

# ---- Inherited: announced, objected to; then by a court's order. ----
expect 0 touchstone keygen clara.key --plain
expect 1 touchstone notice give ring.passport --kind inheritance --to-key clara.key --key insurer.key
says "[wrong_role]"
expect 0 touchstone notice give ring.passport --kind inheritance --to-key clara.key
verified 4
says "IT MOVES WITHOUT ITS KEY"
expect 0 touchstone notice object ring.passport "${anna[@]}"
expect 0 touchstone keygen dora.key --plain
expect 1 touchstone notice give ring.passport --kind inheritance --to-key dora.key
says "[wrong_role]"
expect 0 touchstone notice give ring.passport --kind court-order --to-key dora.key --key court.key
expect 1 touchstone notice carry-out ring.passport --key insurer.key --to-key dora.key
moved=1
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  # The registry's clock decides: too early before, and moved once the second is over.
  if touchstone notice carry-out ring.passport --key court.key --to-key dora.key \
    </dev/null >output 2>&1; then moved=0 && break; fi
  says "[too_early]"
  sleep 0.2
done
same "$moved" 0
verified 0
says "it has moved without its key 1 time"
expect 1 touchstone insurer-pack "$id" "${insurer[@]}" --grant cover.grant --out late.zip
says "[grant_withdrawn]"
expect 1 touchstone document get "$id" --kind receipt --out dora --owner-key dora.key
expect 0 touchstone document get "$id" --kind receipt --out anna "${anna[@]}"
expect 1 touchstone transfer ring.passport --kind gift "${anna[@]}" --to-key ben.key

# ---- Remounted into two pieces. ----
expect 0 touchstone end-of-life ring.passport --kind remounted --release "GIA 2141438167" \
  --release "GIA 7141438167" --owner-key dora.key
remount() {
  echo "{\"serial\": \"$1\", \"category\": \"PENDANT\", \"title\": \"Pendant $1\",
   \"inscriptions\": [{\"text\": \"$2\", \"location\": \"GIRDLE\", \"kind\": \"LAB_REPORT\"}]}" >"$1.json"
  expect 0 touchstone register "$1.json" --predecessor ring.passport --passport-out "$1.passport"
}
remount R-8 "GIA 2141438167"
remount R-9 "GIA 7141438167"
verified 4
says "AT THE END OF ITS LIFE"
pendants() {
  local pendant
  for pendant in R-8 R-9; do
    expect 0 touchstone get "$pendant.passport"
    expect 0 touchstone-verify "$pendant.passport" --policy site/trust-policy.txt
    says "Alone bears"
  done
}
pendants
expect 0 touchstone audit

# ---- The workshop's key was stolen before it resized the ring: doubted from there, not forged. ----
cp ring.passport before.passport
resized=$(touchstone-verify ring.passport --policy site/trust-policy.txt --json | tr '{' '\n' |
  sed -n 's/.*"position":"\([0-9]*\)",.*"event":"modification".*/\1/p' | head -n 1 || true)
same "$([ -n "$resized" ] && echo found)" found
expect 0 touchstone participant revoke workshop --old-key workshop.key --reason compromised \
  --compromised-from "$resized" "${stewards[@]}"
expect 4 touchstone-verify before.passport --policy site/trust-policy.txt
does_not_say "doubted"
verified 4
says "doubted"
pendants
expect 1 touchstone custody receive R-8.passport --key workshop.key
says "[key_revoked]"
expect 0 touchstone audit
