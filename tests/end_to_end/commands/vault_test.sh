#!/usr/bin/env bash
# The papers of a ring in the registry's vault: stored, gone on with, fetched, checked offline; let
# others see, withdrawn, listed, erased. Everybody who may not see them is refused, each by name.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
start_vault() {
  stop_registries
  start_registry site --vault "$scratch/vault" --vault-keys "$scratch/vault-keys"
  sed -i "s|^registry = .*|registry = \"$address\"|" site/touchstone.toml
}
start_vault
stewards=(--key site/keys/steward-1.key --key site/keys/steward-2.key)

# member NAME ROLE: enrolled, with NAME.key; as NAME they ask with "${NAME[@]}".
member() {
  expect 0 touchstone keygen "$1.key" --plain
  expect 0 touchstone participant enrol "$1" --legal-name "The $1" --country GB --role "$2" \
    --member-key "$1.key" "${stewards[@]}"
}
member insurer insurer
member rival insurer
member appraiser appraiser
insurer=(--participant insurer --key insurer.key)
rival=(--participant rival --key rival.key)

cat >ring.json <<'JSON'
{"serial": "R-7", "category": "RING", "title": "Grandmother's ring", "total_mass_mg": 4195}
JSON
sed 's/R-7/R-8/' ring.json >other.json
expect 0 touchstone register other.json
unsold=$(sed -n 's/^Passport //p' output)
expect 0 touchstone register ring.json --passport-out ring.passport
id=$(sed -n 's/^Passport //p' output)
expect 0 touchstone sell ring.passport --claim-key-out claim.key --plain
expect 0 touchstone claim ring.passport --claim-key claim.key --owner-key-out anna.key --plain
anna=(--owner-key anna.key)

# ---- Stored: one entry, an opening for its owner alone, and again without doing anything twice. ----
head -c 3000000 /dev/urandom >receipt.pdf
expect 2 touchstone document put "$id" receipt.pdf "${anna[@]}"
says "--kind receipt"
expect 2 touchstone document put "$id" missing.pdf --kind receipt "${anna[@]}"
: >empty.pdf
expect 2 touchstone document put "$id" empty.pdf --kind receipt "${anna[@]}"
says "is empty"
expect 0 touchstone document list "$id" "${anna[@]}"
says "commits to no documents"
# Neither a secret, nor what the registry would refuse once it is logged.
expect 0 touchstone sell "$unsold" --claim-code-out code.page
cp code.page claim-code.txt
sed -n 's/^Code  *//p' code.page >bare-code.txt
chmod 600 claim-code.txt bare-code.txt
for secret in anna.key site/issuer.secret claim-code.txt bare-code.txt; do
  expect 2 touchstone document put "$id" "$secret" --kind receipt "${anna[@]}"
  says "and no document"
  expect 2 touchstone document put "$id" "$secret" --public "${anna[@]}"
  expect 2 touchstone document commit "$secret" --kind receipt
  test ! -e "$secret.opening" || fail "an opening of what was refused"
done
expect 2 touchstone document put "$id" receipt.pdf --kind receipt "${anna[@]}" --media-type \
  "$(head -c 61 /dev/zero | tr '\0' x)"
says "--media-type has 61 bytes"
for name in $'new\nline.pdf' $'no-utf8-\xff.pdf'; do
  cp receipt.pdf "$name"
  expect 2 touchstone document put "$id" "$name" --kind receipt "${anna[@]}"
  says "the file's name"
  expect 2 touchstone document commit "$name" --kind receipt
  test ! -e "$name.opening" || fail "an opening of what was refused"
done
expect 0 touchstone document list "$id" "${anna[@]}"
says "commits to no documents"
expect 1 touchstone document put "$id" receipt.pdf --kind receipt --owner-key claim.key
says "[unknown_signer]"
test ! -e receipt.pdf.opening || fail "an opening of what was refused"
expect 0 touchstone document put "$id" receipt.pdf --kind receipt "${anna[@]}" \
  --passport-out ring.passport
says "kept "
same "$(stat -c %a receipt.pdf.opening)" 600
receipt=$(sed -n 's/.*"document_sha256": "\([0-9a-f]*\)".*/\1/p' receipt.pdf.opening)
expect 0 touchstone document put "$id" receipt.pdf --kind receipt "${anna[@]}"
says "nothing was logged"
does_not_say "next owner"
expect 2 touchstone document put "$id" receipt.pdf.opening --kind receipt "${anna[@]}"
says "and no document"
expect 2 touchstone document put "$id" receipt.pdf --kind photograph "${anna[@]}"
says "is there already"
echo "a picture for all" >picture.jpg
expect 0 touchstone document put "$id" picture.jpg --public --caption "From above" "${anna[@]}" \
  --passport-out ring.passport
echo "dear police" >police.pdf
expect 0 touchstone document put "$id" police.pdf --kind police-report "${anna[@]}" \
  --passport-out ring.passport --json
police=$(sed -n 's/.*"document_sha256": "\([0-9a-f]*\)".*/\1/p' output)

# ---- A confidential value that another statement commits to: an appraiser's. ----
echo "12,000 CHF" >value.txt
expect 0 touchstone document commit value.txt --kind appraised-value --passport "$id"
commitment=$(grep -o '{"kind": "APPRAISED_VALUE".*}' output)
cat >appraisal.json <<JSON
{"purpose": "RETAIL_REPLACEMENT", "effective_on": "2026-11-21", "commitments": [$commitment]}
JSON
expect 1 touchstone document upload "$id" value.txt --opening value.txt.opening \
  --participant appraiser --key appraiser.key
says "[wrong_document]"
expect 0 touchstone appraise "$id" appraisal.json --key appraiser.key
expect 0 touchstone document upload "$id" value.txt --opening value.txt.opening \
  --participant appraiser --key appraiser.key
expect 1 touchstone document upload "$id" value.txt --opening value.txt.opening "${rival[@]}"
says "[not_your_document]"

# ---- Checked offline, with nothing but the passport, the document and its opening. ----
expect 0 touchstone get ring.passport
verify=(touchstone-verify ring.passport --policy site/trust-policy.txt)
expect 0 "${verify[@]}" --document receipt.pdf
says "document: matches"
says "signed by whoever held the piece"
expect 0 touchstone verify ring.passport --document value.txt --opening value.txt.opening
says "signed by The appraiser"
expect 0 "${verify[@]}" --document picture.jpg --json
says '"document"'
cp receipt.pdf forged.pdf
printf x | dd of=forged.pdf bs=1 seek=1000000 conv=notrunc status=none
expect 1 "${verify[@]}" --document forged.pdf --opening receipt.pdf.opening
says "document differs"
expect 1 "${verify[@]}" --document receipt.pdf --opening value.txt.opening
sed 's/"RECEIPT"/"APPRAISED_VALUE"/' receipt.pdf.opening >other-kind.opening
expect 1 "${verify[@]}" --document receipt.pdf --opening other-kind.opening
says "calls the document APPRAISED_VALUE"
expect 2 "${verify[@]}" --document receipt.pdf --opening ring.json
says "ring.json"

# ---- Listed and fetched: by the owner, and by nobody else. ----
expect 0 touchstone document list "$id" "${anna[@]}"
says "$receipt  receipt, stored"
says "3000000 bytes"
says "all may read it"
expect 0 touchstone document get "$id" "${receipt:0:10}" --out got "${anna[@]}"
cmp receipt.pdf "got/receipt-${receipt:0:12}.pdf"
same "$(stat -c %a got)" 700
same "$(stat -c %a "got/receipt-${receipt:0:12}.pdf")" 600
expect 0 "${verify[@]}" --document "got/receipt-${receipt:0:12}.pdf"
expect 0 touchstone document get "$id" --all --out all "${anna[@]}" --json
same "$(find all -type f | wc -l)" 7  # three with an opening, and the picture
expect 0 touchstone document get ring.passport --all --out public --config /dev/null \
  --registry "$address" --policy site/trust-policy.txt
says "nobody is asking"
cmp picture.jpg public/*.jpg
same "$(find public -type f | wc -l)" 1
expect 2 touchstone document get "$id" --out got "${anna[@]}"
expect 2 touchstone document get "$id" 0123456789 --out got "${anna[@]}"
says "no entry of the passport commits to"
expect 0 touchstone keygen stranger.key --plain
for stranger in "--owner-key stranger.key" "--owner-key claim.key" "${insurer[*]}"; do
  # shellcheck disable=SC2086
  expect 1 touchstone document get "$id" "$receipt" --out stranger $stranger
  says "[not_your_document]"
done
same "$(find stranger -type f | wc -l)" 0

# ---- Grants: for one insurer, of one kind, for a time. ----
expect 1 touchstone grant make "$id" --owner-key claim.key --to insurer --valid-for 30d
says "[unknown_signer]"
expect 2 touchstone grant make "$id" "${anna[@]}" --to nobody --valid-for 30d
says "no participant 'nobody'"
expect 2 touchstone grant make "$id" "${anna[@]}" --to insurer --valid-for 400d
says "366d"
expect 0 touchstone grant make "$id" "${anna[@]}" --to insurer --kind receipt --valid-for 30d \
  --purpose "cover for 2027" --out cover.grant --qr cover.png
expect 2 touchstone grant make "$id" "${anna[@]}" --to insurer --valid-for 1d --out cover.grant
expect 0 touchstone grant show cover.grant --passport ring.passport
says "Given by the key that owns the piece"
says "Whether it was withdrawn, only the registry knows"
grant=$(sed -n 's/^Grant  *//p' output)
zbarimg -q --raw -Sdisable -Sqrcode.enable cover.png >cover.text 2>zbarimg.log
expect 0 touchstone grant show "$(cat cover.text)" --json
says "$grant"
expect 1 touchstone grant show ring.json
says "TOUCHSTONE-GRANT:"
expect 1 touchstone grant show "TOUCHSTONE-GRANT:AAAA"
under=(--grant cover.grant)
expect 0 touchstone document get "$id" "$receipt" --out insurer "${insurer[@]}" "${under[@]}"
expect 0 touchstone document list "$id" "${insurer[@]}" "${under[@]}"
says "the registry says nothing of it to you"
expect 1 touchstone document get "$id" "$police" --out insurer "${insurer[@]}" "${under[@]}"
says "[not_your_document]"
expect 1 touchstone document get "$id" "$receipt" --out rival "${rival[@]}" "${under[@]}"
says "[wrong_grantee]"
expect 1 touchstone access list "$id" "${insurer[@]}" "${under[@]}"
says "[not_your_document]"
# For a key that nobody enrolled, of one document; it sees who has looked.
expect 0 touchstone grant make "$id" "${anna[@]}" --to stranger.key --document "${police:0:12}" \
  --accesses --valid-for 1h --out stranger.grant
expect 0 touchstone document get "$id" --all --out lawyer --key stranger.key --grant stranger.grant
same "$(find lawyer -name 'police-report-*.pdf' | wc -l)" 1
same "$(find lawyer -name 'receipt-*' | wc -l)" 0
expect 0 touchstone access list "$id" --key stranger.key --grant stranger.grant
# Of a moment that is over.
expect 0 touchstone grant make "$id" "${anna[@]}" --to insurer --valid-for 1s --out short.grant
until ! touchstone grant show short.grant >/dev/null 2>&1; do sleep 0.1; done
expect 1 touchstone grant show short.grant
says "[grant_expired]"
expect 1 touchstone document get "$id" "$receipt" --out late "${insurer[@]}" --grant short.grant
says "[grant_expired]"

# ---- Who has looked. ----
expect 0 touchstone access list "$id" "${anna[@]}"
says "The insurer (insurer): get_document $receipt, under the grant $grant"
says "REFUSED"
expect 0 touchstone access list "$id" "${anna[@]}" --json
says '"who": "The insurer (insurer)"'
expect 1 touchstone access list "$id" "${rival[@]}"
says "[not_your_document]"

# ---- Withdrawn: from here on it counts no more, after a restart too. ----
expect 1 touchstone grant withdraw "$id" cover.grant --owner-key stranger.key
says "[not_your_document]"
expect 2 touchstone grant withdraw "$id" 0123456789abcdef0123456789abcdef "${anna[@]}"
says "Give the grant itself"
sed 's/R-7/R-9/' ring.json >third.json
expect 0 touchstone register third.json
other=$(sed -n 's/^Passport //p' output)
expect 0 touchstone sell "$other" --claim-key-out other-claim.key --plain
expect 0 touchstone claim "$other" --claim-key other-claim.key --owner-key anna.key
expect 1 touchstone grant withdraw "$other" cover.grant "${anna[@]}"
says "is for another piece"
expect 0 touchstone document get "$id" "$receipt" --out insurer "${insurer[@]}" "${under[@]}"
expect 0 touchstone grant withdraw "$id" cover.grant "${anna[@]}"
says "Withdrawn on"
expect 0 touchstone grant withdraw "$id" "$grant" "${anna[@]}"
says "Withdrawn on"
expect 1 touchstone document get "$id" "$receipt" --out late "${insurer[@]}" "${under[@]}"
says "[grant_withdrawn]"
start_vault
expect 1 touchstone document get "$id" "$receipt" --out late "${insurer[@]}" "${under[@]}"
says "[grant_withdrawn]"

# ---- A sealed file is lost: the others are no worse for it, and it is stored again. ----
find vault/files -type f -size +2M -delete
expect 1 touchstone document get "$id" --all --out lost "${anna[@]}"
says "Not fetched: receipt $receipt"
same "$(find lost -name 'police-report-*.pdf' | wc -l)" 1
expect 0 touchstone grant make "$id" "${anna[@]}" --to insurer --valid-for 30d --out all.grant
expect 0 touchstone insurer-pack "$id" "${insurer[@]}" --grant all.grant --out lost.zip --json
says '"why": "unknown"'
expect 0 touchstone document put "$id" receipt.pdf --kind receipt "${anna[@]}"
expect 0 touchstone document get "$id" "$receipt" --out found "${anna[@]}"

# ---- Handed on: what goes with the piece goes, receipts stay with whose they are. ----
expect 0 touchstone grant make "$id" "${anna[@]}" --to insurer --valid-for 30d --out anna.grant
echo "how it was made" >dossier.pdf
expect 0 touchstone document put "$id" dossier.pdf --kind design-dossier "${anna[@]}"
says "goes with the piece to its next owner"
dossier=$(sed -n 's/.*"document_sha256": "\([0-9a-f]*\)".*/\1/p' dossier.pdf.opening)
expect 0 touchstone keygen boris.key --plain
expect 0 touchstone transfer "$id" --kind gift --owner-key anna.key --to-key boris.key
boris=(--owner-key boris.key)
expect 0 touchstone document get "$id" "$dossier" --out boris "${boris[@]}"
expect 1 touchstone document get "$id" "$receipt" --out boris "${boris[@]}"
says "[not_your_document]"
expect 1 touchstone document get "$id" "$dossier" --out late "${anna[@]}"
says "[not_your_document]"
expect 0 touchstone document get "$id" "$receipt" --out anna "${anna[@]}"
expect 1 touchstone document get "$id" "$receipt" --out late "${insurer[@]}" --grant anna.grant
says "[grant_withdrawn]"
expect 1 touchstone grant make "$id" "${anna[@]}" --to insurer --valid-for 1d
says "[unknown_signer]"

# ---- Erased: by a former owner what is of her own time; by the present one, with an entry. ----
expect 2 touchstone document erase "$id" "$police" --ground requested "${anna[@]}"
says "say --yes"
expect 2 touchstone document erase "$id" "$(sha256sum picture.jpg | cut -d' ' -f1)" \
  --ground requested --yes "${boris[@]}"
says "is a public document"
expect 0 touchstone document erase "$id" "$police" --ground requested --yes "${anna[@]}"
says "Destroyed $police"
says "Not reached"
expect 1 touchstone document get "$id" "$police" --out late "${anna[@]}"
says "[document_erased]"
expect 1 touchstone document erase "$id" "$receipt" --ground requested --yes "${boris[@]}"
says "[not_your_document]"
expect 0 touchstone document erase "$id" "$dossier" --ground requested --yes "${boris[@]}" --json
says "$dossier"
expect 0 touchstone document erase "$id" "$dossier" --ground requested --yes "${boris[@]}"
says "Nothing was logged"
expect 1 touchstone document put "$id" dossier.pdf --kind design-dossier "${boris[@]}"
says "[document_erased]"
expect 0 touchstone document list "$id" "${boris[@]}"
says "design dossier, erased on"
says "said to be destroyed by entry"
# The proof stays: who has the document and its opening shows what was committed to.
expect 0 touchstone get ring.passport
expect 0 "${verify[@]}" --document dossier.pdf
says "says that it was destroyed"

# ---- An owner's word does not reach the papers of owners before: the issuer's does, and is logged. ----
state_of_receipt() {
  touchstone document list "$id" "${anna[@]}" --json >states.json
  grep -A4 "\"document_sha256\": \"$receipt\"" states.json | sed -n 's/.*"state": "\(.*\)".*/\1/p'
}
expect 0 touchstone document erase "$id" --ground requested --yes "${boris[@]}"
expect 0 touchstone document get "$id" "$receipt" --out anna-still "${anna[@]}"
expect 0 touchstone get ring.passport
expect 0 "${verify[@]}" --document receipt.pdf
does_not_say "says that it was destroyed"
expect 0 touchstone document erase "$id" --ground requested --yes "${boris[@]}"
says "Nothing was logged"
expect 0 touchstone document erase "$id" "$receipt" --ground requested --yes
says "by itself"
until [ "$(state_of_receipt)" = erased ]; do sleep 0.1; done
expect 1 touchstone document get "$id" "$receipt" --out late "${anna[@]}"
says "[document_erased]"
expect 0 touchstone document erase "$id" "$receipt" --ground requested --yes
says "Nothing was logged"
does_not_say "by itself"

# ---- A registry that is killed in the middle of an upload: the upload goes on with the next. ----
head -c 67108864 /dev/urandom >long.mov
touchstone document put "$id" long.mov --kind document "${boris[@]}" >put.log 2>&1 &
put=$!
until [ "$(du -sb vault | cut -f1)" -gt 12000000 ] || ! kill -0 "$put" 2>/dev/null; do sleep 0.01; done
kill -KILL "${registry_pids[0]}"
wait "${registry_pids[0]}" 2>/dev/null || true
registry_pids=()
listen=$address start_registry site --vault "$scratch/vault" --vault-keys "$scratch/vault-keys"
wait "$put" || fail "the upload did not go on: $(cat put.log)"
expect 0 touchstone document get "$id" --kind document --out long "${boris[@]}"
cmp long.mov long/document-*.mov
rm -r long long.mov
head -c 67108865 /dev/zero >too-long.mov
expect 2 touchstone document put "$id" too-long.mov --kind document "${boris[@]}"
says "is larger than the 67108864 bytes"
rm too-long.mov

# ---- A registry without a vault says so. ----
sed -i "/^vault/d" site/registry.toml
stop_registries
start_registry site
sed -i "s|^registry = .*|registry = \"$address\"|" site/touchstone.toml
expect 1 touchstone document list "$id" "${boris[@]}"
says "vault"
# … before anything is logged.
echo "another paper" >late.pdf
expect 0 touchstone get "$id" --out before.passport
expect 1 touchstone document put "$id" late.pdf --kind document "${boris[@]}"
says "nothing was logged"
test ! -e late.pdf.opening || fail "an opening of what was refused"
expect 1 touchstone document put "$id" late.pdf --public "${boris[@]}"
expect 0 touchstone get "$id" --out after.passport
entries() { touchstone verify "$1" --json | grep -c '"event"'; }
same "$(entries before.passport)" "$(entries after.passport)"
