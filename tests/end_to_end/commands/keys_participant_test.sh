#!/usr/bin/env bash
# docs/KEYS.md: a participant's key is stolen; a participant's key is changed in peace. Passports are
# verified before and after.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
stewards=(--key site/keys/steward-1.key --key site/keys/steward-2.key)
verified() { expect "$1" touchstone-verify "$2.passport" --policy site/trust-policy.txt; }
registered() {
  echo "{\"serial\": \"$1\", \"category\": \"RING\", \"title\": \"Ring $1\"}" >"$1.json"
  expect 0 touchstone register "$1.json" --passport-out "$1.passport" "${@:2}"
}

# ---- Stolen: what was signed before stays, what came since is doubted, nothing follows. ----
registered R-1
position=$(touchstone verify R-1.passport --json | grep -o '"position":"[0-9]*"' | head -1 |
  tr -dc '0-9')
registered R-2  # by the thief, as it turns out
verified 0 R-1
verified 0 R-2
expect 0 touchstone keygen aurum-2.key --plain
expect 0 touchstone participant add-key atelier-aurum --new-key aurum-2.key "${stewards[@]}"
expect 0 touchstone participant revoke atelier-aurum --old-key site/issuer.key --reason compromised \
  --compromised-from $((position + 1)) "${stewards[@]}"
expect 1 touchstone care add R-1.passport --kind cleaning
says "[key_revoked]"
expect 0 touchstone refresh R-1.passport
expect 4 touchstone refresh R-2.passport
verified 0 R-1
verified 4 R-2
says "doubted"
expect 0 touchstone participant list
says "doubted from entry $((position + 1))"
# With the new key it goes on, also with what was there.
expect 0 touchstone care add R-1.passport --kind cleaning --key aurum-2.key
registered R-3 --key aurum-2.key
verified 0 R-3
expect 0 touchstone get R-1.passport
verified 0 R-1
# What was right of the doubted is said again; it stays doubted, and who has looked allows it.
echo '{"serial": "R-2", "category": "RING", "title": "Ring R-2, looked at again"}' >again.json
expect 0 touchstone correct R-2.passport again.json --entry 0 --reason "said again" \
  --key aurum-2.key
expect 0 touchstone care add R-2.passport --kind cleaning --key aurum-2.key
expect 4 touchstone refresh R-2.passport
verified 4 R-2
says "doubted"
expect 0 touchstone-verify R-2.passport --policy site/trust-policy.txt --allow doubted
says "DOUBTED"
expect 4 touchstone-verify R-2.passport --policy site/trust-policy.txt --allow lost

# ---- In peace: nothing is doubted. ----
expect 0 touchstone keygen aurum-3.key --plain
expect 0 touchstone participant rotate atelier-aurum --new-key aurum-3.key --old-key aurum-2.key \
  "${stewards[@]}"
expect 0 touchstone refresh R-3.passport
verified 0 R-3
expect 1 touchstone care add R-3.passport --kind cleaning --key aurum-2.key
says "[key_revoked]"
expect 0 touchstone care add R-3.passport --kind cleaning --key aurum-3.key
expect 0 touchstone get R-3.passport
verified 0 R-3
expect 0 touchstone audit
