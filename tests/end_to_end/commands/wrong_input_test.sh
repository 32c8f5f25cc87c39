#!/usr/bin/env bash
# What people get wrong, what they are told, and that nothing is changed by it.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
touchstone register --example ring >ring.json
expect 0 touchstone register ring.json --passport-out ring.passport
id=$(sed -n 's/^Passport //p' output)
mistyped=$(((${id%"${id#?}"} + 1) % 8))${id#?}  # the first symbol holds three bits
head -c 4000 /dev/zero | tr '\0' '\377' >garbage
: >empty
printf '{"serial": "A", "category": "RING", "titel": "T"}' >typo.json
printf '{"serial": "A", "category": "RING", "title": "T", "gtin14": "09521234100479"}' >digit.json
printf '{"serial": "A", "category": "RING", "title": "T", "gtin14": "04012345000009"}' >foreign.json
printf '{"serial": "A", "category": "RING", "title": "T", "inscriptions": [{"text": "AF 2026 00417", "kind": "SERIAL"}]}' >taken.json
printf '{"serial": "NEW", "category": "RING", "title": "T"}' >new.json
printf 'serial,category,title\nN-1,RING,One\n' >new.csv
printf 'serial,category,title\nN-1,RING,One\nN-2,RING,Two\nN-1,RING,Three\nN-2,RING,Two\n' >twice.csv
cp site/touchstone.toml typo.toml
echo 'polcy = "x"' >>typo.toml
sed 's/genesis .*/genesis 0000000000000000000000000000000000000000000000000000000000000000/' \
  site/trust-policy.txt >other-genesis.txt
touchstone init other --origin passports.example/log --plain-keys >/dev/null

# STATUS | what is said | the command
while IFS='|' read -r status text command; do
  [ -n "$command" ] || continue
  # shellcheck disable=SC2086  # the table's words are words
  expect $status $command
  says "$text"
done <<TABLE
2|Usage: touchstone|touchstone
2|did you mean "register"|touchstone regster ring.json
2|did you mean "--passport-out"|touchstone register ring.json --pasport-out x
2|did you mean "gift"|touchstone transfer ring.passport --owner-key x --to-key y --kind gfit
2|did you mean "enrol"|touchstone participant enroll x
2|no description given|touchstone register
2|cannot read nofile.json|touchstone register nofile.json
2|garbage is not a text|touchstone register garbage
2|serial|touchstone register empty
2|typo.json: line 1, column|touchstone register typo.json
2|did you mean "title"|touchstone register typo.json
2|digit.json: registration.piece.gtin14|touchstone register digit.json
1|[foreign_gtin]|touchstone register foreign.json
1|[claim_taken]|touchstone register taken.json
2|there is no example "watch"|touchstone register --example watch
2|signed by one key only|touchstone register ring.json --key site/issuer.key --key site/keys/log.key
2|and not a key to sign with|touchstone register taken.json --key site/issuer.secret
2|and not an issuer's secret|touchstone register taken.json --issuer-secret site/issuer.key
1|[unknown_signer]|touchstone register taken.json --key site/keys/log.key
1|nothing was submitted|touchstone register new.json --policy other/trust-policy.txt
2|a participant id is|touchstone register ring.json --participant Maison_Aurore
2|is that of "atelier-aurum"|touchstone register new.json --participant atelier-aurm
2|is that of "atelier-aurum"|touchstone import new.csv --participant atelier-aurm
1|line 4: serial N-1 stands in line 2 already, with another description|touchstone import twice.csv --dry-run
1|4 row(s), 1 of them cannot go in|touchstone import twice.csv --dry-run
2|no passport named|touchstone show
2|more than one way|touchstone show ring.passport --inscription X
2|belong together|touchstone show --gtin 9521234100478
2|check symbol does not fit|touchstone show $mistyped
2|neither a file nor a passport id|touchstone show nothing
2|there is no file no.passport|touchstone show no.passport
1|[malformed]|touchstone show garbage
1|[malformed]|touchstone show empty
1|the registry has no passport for inscription|touchstone show --inscription NOTHING
1|[wrong_genesis]|touchstone show ring.passport --policy other-genesis.txt
1|[no_known_signature]|touchstone show ring.passport --policy other/trust-policy.txt
2|the trust policy|touchstone show ring.passport --policy garbage
2|cannot read nofile|touchstone show ring.passport --policy nofile
2|is not a passport of this piece|touchstone get ring.passport --out ring.json
2|needs --out|touchstone get ring.passport --unverified
2|is not stated; it is required|touchstone care add ring.passport
2|dates of the calendar|touchstone care add ring.passport --kind cleaning --performed-on 2026-02-30
2|give one of --claim-code-out|touchstone sell ring.passport
2|give either --owner-key|touchstone claim ring.passport
1|its first sale comes next|touchstone transfer ring.passport --owner-key x --to-key site/keys/log.key --kind gift
2|neither a public key|touchstone sell ring.passport --claim-key zz
2|is no signed statement|touchstone submit ring.json
2|is no signed statement|touchstone sign garbage
2|--resolver|touchstone qr ring.passport --resolver ftp://x
2|2020-01-01|touchstone qr ring.passport --day 2019-12-31
2|is not one of|touchstone document put ring.passport ring.json --kind ticket
2|--kind receipt|touchstone document get ring.passport
2|is not a duration|touchstone grant make ring.passport --owner-key x --to y --valid-for soon
1|begins with "TOUCHSTONE-GRANT:"|touchstone grant show garbage
2|say which piece|touchstone insurer-pack
2|say which pack|touchstone insurer-pack check
1|[malformed]|touchstone insurer-pack check garbage
2|cannot read nofile|touchstone verify ring.passport --document nofile
1|document differs|touchstone verify ring.passport --document garbage
2|nothing to verify|touchstone verify
2|cannot read nofile|touchstone verify nofile
1|REFUSED|touchstone verify garbage
1|inscription differs|touchstone verify ring.passport --inscription GIA1234567890
1|mass_mg differs|touchstone verify ring.passport --mass-mg 6200
4|touchstone refresh FILE|touchstone verify ring.passport --max-age 1h --now 2099-01-01T00:00:00Z
4|too old|touchstone verify ring.passport --max-age 1h --now 2099-01-01T00:00:00Z
4|lies in the future|touchstone verify ring.passport --now 2020-01-01T00:00:00Z
4|nothing says how old|touchstone verify ring.passport --require-fresh
0|VERIFIED|touchstone verify ring.passport --require-fresh --max-age 7d
2|not a duration|touchstone verify ring.passport --max-age soon
2|not a time like|touchstone verify ring.passport --now today
0|LxWxD|touchstone verify --help
2|is not length x width x depth|touchstone verify ring.passport --measurements-um 7.31
2|give the .passport file too|touchstone verify --qr HTTPS://X.EXAMPLE/p/1 --mass-mg 3
1|REFUSED|touchstone verify --qr https://passports.example/
2|--policy is required|touchstone-verify ring.passport
2|has no option --mass|touchstone-verify ring.passport --policy site/trust-policy.txt --mass 3
1|REFUSED|touchstone-verify garbage --policy site/trust-policy.txt
2|typo.toml: line 7: there is no option polcy|touchstone --config typo.toml show ring.passport
2|not readable|touchstone --config nofile show ring.passport
2|is another host|touchstone --registry passports.example:443 checkpoint
3|does not answer|touchstone --registry 127.0.0.1:1 checkpoint
2|is no PEM file|touchstone --ca site/keys/log.key checkpoint
2|cannot read nofile|touchstone --ca nofile checkpoint
2|a client certificate needs both|touchstone --client-cert nofile checkpoint
2|must be at least 1 and at most|touchstone init x --origin a.example/b --stewards 2 --threshold 3 --plain-keys
TABLE

# A passport that was cut anywhere, or that is none.
bytes=$(wc -c <ring.passport)
for cut in 0 1 8 9 100 $((bytes - 1)); do
  head -c "$cut" ring.passport >cut.passport
  expect 1 touchstone-verify cut.passport --policy site/trust-policy.txt
done
expect 1 touchstone-verify - --policy site/trust-policy.txt

# Nothing of all that was logged: the registration is the newest statement.
expect 0 touchstone show "$id"
says "1 entry, nothing left out"
expect 0 touchstone pieces list
same "$(grep -c . output)" 1
