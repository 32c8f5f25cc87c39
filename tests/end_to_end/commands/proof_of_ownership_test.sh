#!/usr/bin/env bash
# Before he pays, a buyer asks the seller to prove that he holds the ring; the answer is checked with
# and without a registry, and is good for nothing else.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
echo '{"serial": "R-1", "category": "RING", "title": "Proof ring"}' >ring.json
expect 0 touchstone register ring.json --passport-out ring.passport
id=$(sed -n 's/^Passport //p' output)
expect 0 touchstone sell ring.passport --claim-key-out claim.key --plain

# ---- Sold, not claimed: the key is shown, and that others may have it. ----
ask=(touchstone ownership ask "$id" --verifier "Jane Buyer" --purpose "purchase for EUR 4,000")
expect 0 "${ask[@]}" --out ask.early
expect 0 touchstone ownership prove ask.early --owner-key claim.key --out answer.early --yes
expect 4 touchstone ownership check answer.early --challenge ask.early
says "NOT CLAIMED YET"
expect 0 touchstone ownership check answer.early --challenge ask.early --allow unclaimed

# ---- Asked with no registry and no account; shown before it is signed. ----
expect 0 touchstone claim ring.passport --claim-key claim.key --owner-key-out owner.key --plain
mkdir buyer && cp site/trust-policy.txt buyer
buyer=(env TOUCHSTONE_CONFIG=/dev/null touchstone --policy buyer/trust-policy.txt)
expect 0 "${buyer[@]}" ownership ask "$id" --verifier "Jane Buyer" \
  --purpose "purchase for EUR 4,000" --valid-for 24h --out ask
says "Jane Buyer"
expect 2 setsid -w touchstone ownership prove ask --owner-key owner.key --out answer
says "no terminal"
says "purchase for EUR 4,000"
says "$id"
[ ! -e answer ] || fail "it was signed without asking"
expect 0 touchstone ownership prove ask --owner-key owner.key --out answer --yes
says "Give the answer to Jane Buyer"

# ---- The answer, against the newest passport, and offline with a file. ----
expect 0 touchstone ownership check answer --challenge ask
says "VERIFIED"
says "its owner, number 1"
expect 0 touchstone ownership check answer --challenge ask --json
says '"holder":"owner","restraints":[]'
expect 0 touchstone get "$id" --out ring.passport
stop_registries
expect 3 touchstone ownership check answer --challenge ask
offline=(touchstone-verify ring.passport --policy site/trust-policy.txt)
expect 0 "${buyer[@]}" ownership check answer --challenge ask --passport ring.passport
expect 0 "${offline[@]}" --proof answer --challenge ask
expect 0 touchstone verify ring.passport --proof answer --challenge ask --json
# As texts in a chat, in lines and small letters.
expect 0 "${offline[@]}" --proof "$(fold -w 40 answer | tr '[:upper:]' '[:lower:]')" --challenge "$(cat ask)"

# ---- Who held it two days ago may have sold it since: a passport from then does not do. ----
expect 0 touchstone ownership ask "$id" --verifier Jane --purpose purchase --out long --valid-for 60d
expect 0 touchstone ownership prove long --owner-key owner.key --out long.answer --yes
old=$(date -u -d '+2 days' +%Y-%m-%dT%H:%M:%SZ)
expect 4 "${offline[@]}" --proof long.answer --challenge long --now "$old"
says "too old"
expect 0 "${offline[@]}" --proof long.answer --challenge long --now "$old" --max-age 7d

sed 's/^quorum none/&\nmax_age 8640000/' site/trust-policy.txt >patient.txt
patient=(touchstone-verify ring.passport --policy patient.txt --proof long.answer --challenge long)
expect 4 "${patient[@]}" --now "$old"
expect 0 "${patient[@]}" --now "$old" --max-age 7d

# ---- An empty variable of a shell asks for no other check. ----
for option in --proof --challenge --document --opening --inscription --max-age --now --qr --cards; do
  expect 2 "${offline[@]}" "$option" ""
  says "empty"
done
expect 2 "${offline[@]}" --proof "" --challenge ""
expect 2 touchstone verify ring.passport --proof "" --challenge ""
expect 2 touchstone verify ring.passport --qr ""

# ---- It is good for nothing else. ----
expect 0 "${ask[@]}" --out again
expect 1 "${offline[@]}" --proof answer --challenge again
says "wrong_challenge"
expect 0 touchstone ownership ask "$id" --verifier "Jim Fence" --purpose "purchase" --out fence
expect 1 "${offline[@]}" --proof answer --challenge fence
says "verifier, purpose"
expect 1 "${offline[@]}" --proof ask --challenge ask
says "wrong_payload_type"
expect 2 "${offline[@]}" --proof answer
says "--challenge"
expect 2 "${offline[@]}" --proof answer --challenge ask --mass-mg 5
expect 1 "${offline[@]}" --proof answer --challenge ask --now 2099-01-01T00:00:00Z
says "challenge_expired"
expect 0 touchstone keygen stranger.key --plain
expect 0 touchstone ownership prove ask --owner-key stranger.key --out stranger --yes
expect 1 "${offline[@]}" --proof stranger --challenge ask
says "not_the_holder"
sed 's/PROOF-1/PROOF-2/' answer >later
expect 4 "${offline[@]}" --proof later --challenge ask
says "unknown_version"
head -c 300 answer >garbage
expect 1 "${offline[@]}" --proof garbage --challenge ask
head -c 3000 /dev/urandom >noise
expect 1 "${offline[@]}" --proof noise --challenge ask
expect 2 touchstone submit answer

# ---- A question that would deceive, or is for nobody, is not asked and not answered. ----
expect 2 touchstone ownership ask "$id" --verifier $'Jane\x1b[2J' --purpose "purchase"
expect 2 touchstone ownership ask "$id" --verifier "Jane      Passport" --purpose "purchase"
expect 2 touchstone ownership ask "$id" --verifier $'Jane\u00a0Buyer' --purpose "purchase"
expect 2 touchstone ownership ask "$id" --verifier Jane --purpose $'a\u2003purchase'
expect 0 touchstone ownership ask "$id" --verifier $'J\u00e2ne \u2013 Buyer' --purpose "purchase"
expect 2 touchstone ownership ask "$id" --verifier "" --purpose "purchase"
expect 2 touchstone ownership ask "$id" --verifier Jane --purpose "purchase" --valid-for 91d
says "90 days"
expect 2 touchstone ownership ask "${id%?}" --verifier Jane --purpose "purchase"
expect 0 touchstone ownership ask "$id" --verifier Jane --purpose purchase --out gone --valid-for 1s
expect 2 touchstone ownership ask "$id" --verifier Jane --purpose purchase --out gone
until ! touchstone ownership prove gone --owner-key owner.key --out late --yes >output 2>&1; do
  rm -f late
done
says "[challenge_expired]"

# ---- Stolen: it is shown who holds it, and that it must not be bought. ----
start_registry site
sed -i "s/^registry = .*/registry = \"$address\"/" site/touchstone.toml
expect 0 touchstone keygen bank.key --plain
expect 0 touchstone pledge make ring.passport --owner-key owner.key --pledgee-key bank.key
expect 0 touchstone incident report ring.passport --kind stolen --country GB --owner-key owner.key
expect 4 touchstone ownership check answer --challenge ask
says "NO: missing"
says "the piece is stolen"
expect 4 touchstone ownership check answer --challenge ask --allow stolen
says "the piece is pledged too"
expect 0 touchstone ownership check answer --challenge ask --allow stolen --allow pledged
