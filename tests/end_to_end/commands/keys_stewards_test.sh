#!/usr/bin/env bash
# docs/KEYS.md: a steward's key is lost; a steward's key is stolen, and was used. Passports are
# verified before and after.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
one=site/keys/steward-1.key two=site/keys/steward-2.key three=site/keys/steward-3.key
verified() { expect "$1" touchstone-verify "$2.passport" --policy site/trust-policy.txt; }
key_id() { touchstone key show "$1" | sed -n 's/^key id *//p'; }
echo '{"serial": "R-1", "category": "RING", "title": "Ring"}' >R-1.json
expect 0 touchstone register R-1.json --passport-out R-1.passport
verified 0 R-1
expect 0 touchstone stewards show
says "2 of these 3 stewards sign"
says "$(key_id $three)"

# ---- Lost: the third's. ----
expect 0 touchstone keygen three-2.key --plain
expect 2 touchstone stewards change --key $one --key $two
says "--add"
expect 2 touchstone stewards change --remove three-2.key --key $one --key $two
says "no steward's key"
expect 2 touchstone stewards change --add $one --key $one --key $two
says "already"
expect 2 touchstone stewards change --remove $two --remove $three --key $one --key $two
says "--threshold"
expect 0 touchstone stewards change --remove "$(key_id $three)" --add three-2.key --reason lost \
  --key $one --key $two
expect 0 touchstone stewards show
says "$(key_id three-2.key)"
does_not_say "$(key_id $three)"
enrol=(touchstone participant enrol workshop --legal-name Workshop --country GB --role workshop)
expect 0 touchstone keygen workshop.key --plain
expect 1 "${enrol[@]}" --member-key workshop.key --key $one --key $three
says "[unknown_signer]"
expect 0 "${enrol[@]}" --member-key workshop.key --key $one --key three-2.key
expect 0 touchstone care add R-1.passport --kind cleaning --key workshop.key
expect 0 touchstone get R-1.passport
verified 0 R-1

# ---- Stolen: the first's and the third's, before anybody knew; with them the thief enrols himself.
expect 0 touchstone keygen thief.key --plain
expect 0 touchstone participant enrol thief --legal-name "Workshop & Sons" --country GB \
  --role workshop --member-key thief.key --key $one --key three-2.key
expect 0 touchstone care add R-1.passport --kind restoration --key thief.key
expect 0 touchstone get R-1.passport
verified 0 R-1
# Two are left who are quicker: the second, and, until it is changed, the third. By files.
expect 0 touchstone keygen one-2.key --plain
expect 0 touchstone keygen three-3.key --plain
expect 0 touchstone stewards change --remove $one --remove three-2.key --add one-2.key \
  --add three-3.key --reason "in other hands" --key $two --out change.two
expect 0 touchstone sign change.two --key three-2.key
says "in other hands"
expect 0 touchstone submit change.two
expect 1 touchstone participant revoke thief --old-key thief.key --reason compromised \
  --key $one --key three-2.key
says "[unknown_signer]"
enrolled=$(touchstone participant list | sed -n '/^thief$/,/since entry/s/.*since entry \([0-9]*\).*/\1/p')
expect 0 touchstone participant revoke thief --old-key thief.key --reason compromised \
  --compromised-from "$enrolled" --key $two --key one-2.key
expect 1 touchstone care add R-1.passport --kind polishing --key thief.key
says "[key_revoked]"
expect 4 touchstone refresh R-1.passport
verified 4 R-1
says "doubted"

# ---- More of them, from here on. ----
expect 0 touchstone stewards change --threshold 3 --key $two --key one-2.key
expect 1 touchstone participant revoke workshop --old-key workshop.key --reason lost \
  --key $two --key one-2.key
says "[missing_signature]"
expect 0 touchstone participant revoke workshop --old-key workshop.key --reason lost \
  --key $two --key one-2.key --key three-3.key
expect 0 touchstone audit
