#!/usr/bin/env bash
# Signing by several people at several machines, by files; keys under passphrases.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"

# ---- Keys under a passphrase ----
printf 'correct horse battery staple\n' >passphrase
chmod 600 passphrase
printf 'wrong\n' >wrong
chmod 600 wrong
expect 0 touchstone keygen sealed.key --passphrase-file passphrase
expect 0 touchstone key show sealed.key
says "by a passphrase"
expect 2 touchstone keygen sealed.key --passphrase-file passphrase
chmod 644 passphrase
expect 2 touchstone keygen other.key --passphrase-file passphrase
says "passphrase"
chmod 600 passphrase

make_site site

# ---- Stewards: two of three, each at their own machine ----
public=$(touchstone key show sealed.key | sed -n 's/^public key //p')
expect 0 touchstone participant enrol goldsmith --legal-name "Goldsmith Ltd" --country GB \
  --role workshop --member-key "$public" --key site/keys/steward-1.key --out enrol.1
expect 1 touchstone submit enrol.1
says "[missing_signature]"
cp enrol.1 enrol.2
expect 0 touchstone sign enrol.2 --key site/keys/steward-2.key
says "Goldsmith Ltd"
expect 0 touchstone combine enrol.1 enrol.2 --out enrol.both
cp enrol.both enrol.three
expect 0 touchstone sign enrol.three --key site/keys/steward-3.key
expect 1 touchstone submit enrol.three
says "[surplus_signature]"
expect 0 touchstone submit enrol.both
entry=$(sed -n 's/.*entry \([0-9]*\).*/\1/p' output)
expect 0 touchstone submit enrol.both
says "entry $entry,"
expect 0 touchstone participant list
says "goldsmith"

# ---- The goldsmith's sealed key ----
touchstone register --example brooch >brooch.json
expect 0 touchstone register brooch.json --passport-out brooch.passport
expect 2 touchstone care add brooch.passport --kind cleaning --key sealed.key --passphrase-file wrong
says "sealed.key"
expect 0 touchstone care add brooch.passport --kind cleaning --key sealed.key \
  --passphrase-file passphrase
TOUCHSTONE_PASSPHRASE_FILE=passphrase expect 0 touchstone care add brooch.passport --kind cleaning \
  --key sealed.key --description again
# No terminal, no file: the way out is named.
expect 2 setsid touchstone care add brooch.passport --kind polishing --key sealed.key
says "passphrase-file"

# ---- Owners: two people, two machines ----
expect 0 touchstone sell brooch.passport --claim-key-out claim.key --plain
expect 0 touchstone claim brooch.passport --claim-key claim.key --owner-key-out first.key --plain
expect 0 touchstone keygen second.key --plain
public=$(touchstone key show second.key | sed -n 's/^public key //p')
expect 2 touchstone transfer brooch.passport --owner-key first.key --to-key "$public" --kind resale
says "--out FILE"
expect 0 touchstone transfer brooch.passport --owner-key first.key --to-key "$public" \
  --kind resale --out transfer.envelope
expect 1 touchstone submit transfer.envelope
says "[missing_signature]"
cp transfer.envelope late.envelope
# A key that the transfer has no place for is not lent to it.
expect 2 touchstone sign late.envelope --key site/issuer.key
says "has no part in this transfer"
cmp -s late.envelope transfer.envelope || fail "it was signed"
expect 0 touchstone sign transfer.envelope --key second.key
says "RESALE"
expect 0 touchstone submit transfer.envelope
# Signed for the state before; somebody was quicker.
expect 0 touchstone keygen third.key --plain
expect 0 touchstone transfer brooch.passport --owner-key second.key --to-key third.key --kind gift \
  --out slow.envelope
expect 0 touchstone transfer brooch.passport --owner-key second.key --to-key-out fourth.key --plain \
  --kind gift
expect 1 touchstone submit slow.envelope
says "who holds the piece has changed since this was made"
says "[stale_builds_on]"
