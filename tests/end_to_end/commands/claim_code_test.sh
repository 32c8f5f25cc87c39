#!/usr/bin/env bash
# The code that a customer receives at the sale: made on a private page, gone on with after a sale that
# was cut short, typed as people type, and worthless once the piece is claimed.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
echo '{"serial": "R-1", "category": "RING", "title": "Code ring"}' >ring.json
echo '{"serial": "R-2", "category": "RING", "title": "Other ring"}' >other.json
expect 0 touchstone register ring.json --passport-out ring.passport
id=$(sed -n 's/^Passport //p' output)
expect 0 touchstone register other.json --passport-out other.passport

# ---- One way to make the key, and nothing is made before it is said which. ----
expect 2 touchstone sell ring.passport
says "--claim-code-out"
expect 2 touchstone sell ring.passport --claim-code-out code.txt --claim-key-out claim.key
expect 2 touchstone sell ring.passport --claim-key-out claim.key --plain --show-claim-code
says "--claim-code-out"
if [ -e code.txt ] || [ -e claim.key ]; then fail "something was made"; fi

# ---- A sale that is cut short: the registry is gone when it would be logged. ----
stop_registries
expect 3 touchstone sell "$id" --claim-code-out code.txt
[ ! -e code.txt ] || fail "a code was made for a passport that could not be fetched"
start_registry site
sed -i "s/^registry = .*/registry = \"$address\"/" site/touchstone.toml
# With --out nothing is logged yet, as if the connection had broken.
expect 0 touchstone sell "$id" --claim-code-out code.txt --out sale.envelope
same "$(stat -c %a code.txt)" 600
grep -q '^Piece     Code ring$' code.txt || fail "the page does not name the piece"
grep -q "^Passport  $id\$" code.txt || fail "the page does not name the passport"
code=$(sed -n 's/^Code      //p' code.txt)
case $code in CLAIM-????-????-????-????-????-????-????) ;; *) fail "no code: $code" ;; esac
does_not_say "$code"

# ---- The same command again goes on with the same code; another piece does not take it. ----
expect 2 touchstone sell other.passport --claim-code-out code.txt
says "another piece"
expect 0 touchstone sell "$id" --claim-code-out code.txt
says "Going on with the claim code"
says "Sold Code ring"
says "The claim code is in code.txt"
does_not_say "$code"
same "$(sed -n 's/^Code      //p' code.txt)" "$code"
expect 0 touchstone sell "$id" --claim-code-out code.txt
says "The piece is with that key."
expect 1 touchstone sell "$id" --claim-code-out new-code.txt
says "[wrong_phase]"
[ ! -e new-code.txt ] || fail "a second code was made"
cp ring.json not-a-page && chmod 600 not-a-page
expect 2 touchstone sell other.passport --claim-code-out not-a-page
says "is no claim code's page"
same "$(cat not-a-page)" "$(cat ring.json)"
expect 0 touchstone get "$id" --out ring.passport
expect 0 touchstone verify ring.passport
says "not claimed by an owner yet"

# ---- A code on the command line is not repeated, a mistyped one neither. ----
lower=$(printf '%s' "$code" | tr '[:upper:]' '[:lower:]')
for given in "$code" "${code%?}" "$lower" "$(printf '%s' "$code" | tr -- - ' ')"; do
  expect 2 touchstone claim "$id" "$given"
  does_not_say "${given:6:12}"
  expect 2 touchstone claim "$given" --owner-key-out never.key --plain
  does_not_say "${given:6:12}"
  expect 2 touchstone claim "$id" --owner-key-out never.key --plain --claim-code-file "$given"
  does_not_say "${given:6:12}"
  expect 2 touchstone "$given"
  does_not_say "${given:6:12}"
done
expect 2 touchstone claim "$id" "--claim-code-file=$code" --owner-key-out never.key --plain
says "leave it out, and it is asked for"
does_not_say "${code:6:12}"
expect 2 touchstone claim "$id" --claim-code-file claim-code.txt --owner-key-out never.key --plain
says "claim-code.txt"

# ---- The customer claims it: mistyped, another's code, and as people type. ----
claim=(touchstone claim "$id" --owner-key-out owner.key --plain)
expect 2 setsid -w "${claim[@]}"
says "no terminal"
expect 2 "${claim[@]}" --claim-key code.txt --claim-code-file code.txt
case ${code: -1} in 0) wrong=1 ;; *) wrong=0 ;; esac
printf '%s\n' "${code%?}$wrong" >wrong && chmod 600 wrong
expect 1 "${claim[@]}" --claim-code-file wrong
says "[wrong_check_symbol]"
does_not_say "${code:6:20}"
printf 'CLAIM-0000-0000-0000-0000-0000-0000-0000' >strangers && chmod 600 strangers
expect 1 "${claim[@]}" --claim-code-file strangers
says "[unknown_signer]"
printf '%s' "$id" >is-id && chmod 600 is-id
expect 1 "${claim[@]}" --claim-code-file is-id
says "it is a passport id"
chmod 644 code.txt
expect 2 "${claim[@]}" --claim-code-file code.txt
chmod 600 code.txt
[ ! -e owner.key ] || fail "a key was made for a claim that was refused"
typed=$(printf '%s' "$code" | tr 'A-Z-' 'a-z ' | tr 01 ol)
printf '%s\n' "$typed" | "${claim[@]}" --claim-code-file - >output 2>&1 || fail "not claimed"
says "Claimed Code ring"
says "worthless"
does_not_say "$code"

# ---- From then on the code opens nothing. ----
expect 1 touchstone claim "$id" --claim-code-file code.txt --owner-key-out thief.key --plain
says "[wrong_phase]"
expect 0 touchstone get "$id" --out ring.passport
expect 0 touchstone verify ring.passport
says "owned, 1 owner so far"

# ---- The page itself does as well, and so does a key file, as before. ----
expect 0 touchstone sell other.passport --claim-code-out other.txt
expect 0 touchstone claim other.passport --claim-code-file other.txt --owner-key-out other.key --plain
expect 0 touchstone audit
if grep -rqF "$code" site/registry.log site/touchstone.toml; then fail "the code is in a log"; fi

# ---- The answer was lost, or nothing was logged: the same command again goes on with its key. ----
sed 's/"title": "[^"]*"/"title": "Third ring"/; s/"serial": "[^"]*"/"serial": "T-3"/' ring.json >third.json
expect 0 touchstone register third.json
third=$(sed -n 's/^Passport //p' output)
sell=(touchstone sell "$third" --claim-key-out third-claim.key --plain)
expect 0 "${sell[@]}" --out never-sent.envelope
cp third-claim.key made.key
expect 0 "${sell[@]}"
says "Going on with the key in third-claim.key"
cmp made.key third-claim.key
expect 0 "${sell[@]}"
says "The piece is with that key."
claim=(touchstone claim "$third" --claim-key third-claim.key --owner-key-out third.key --plain)
expect 0 touchstone keygen third.key --plain --label "owner key of another piece"
cp third.key before.key
expect 2 "${claim[@]}"
says "is there already"
cmp before.key third.key
rm third.key
expect 2 touchstone claim "$third" --claim-key third-claim.key --owner-key-out third-claim.key --plain
expect 0 touchstone keygen third.key --plain --label "owner key of $third"
cp third.key before.key
expect 0 "${claim[@]}"
says "Claimed"
expect 0 "${claim[@]}"
says "The piece is with that key."
cmp before.key third.key
# The key that hands over is not the next one.
expect 2 touchstone transfer "$third" --kind gift --owner-key third.key --to-key-out third.key --plain
says "is the key that hands the piece over"
transfer=(touchstone transfer "$third" --kind gift --owner-key third.key --to-key-out fourth.key --plain)
expect 0 "${transfer[@]}"
expect 0 "${transfer[@]}"
says "The piece is with that key."
# A key that the piece was with before is not the next one again.
expect 2 touchstone transfer "$third" --kind gift --owner-key fourth.key --to-key-out third.key --plain
says "was with before"
