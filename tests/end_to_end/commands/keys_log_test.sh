#!/usr/bin/env bash
# docs/KEYS.md: the log key is stolen, or changed; the log is closed, and continued under a new
# origin. Passports are verified before and after.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
stewards=(--key site/keys/steward-1.key --key site/keys/steward-2.key)
verified() { expect "$1" touchstone-verify "$2.passport" --policy "${3-site/trust-policy.txt}"; }
registered() {
  echo "{\"serial\": \"$1\", \"category\": \"RING\", \"title\": \"Ring $1\"}" >"$1.json"
  expect 0 touchstone register "$1.json" --passport-out "$1.passport" "${@:2}"
}
address_is() { sed -i "s/^registry = .*/registry = \"$address\"/" "$1/touchstone.toml"; }
registered R-1
registered R-2
expect 0 touchstone get R-2.passport  # as of the last checkpoint, or nearly
cp R-1.passport R-1-too.passport
verified 0 R-1
cp site/trust-policy.txt old-policy.txt

# ---- Stopped, and changed. ----
expect 0 touchstone keygen site/keys/log-2.key --plain
rotate=(touchstone-registry --config site/registry.toml --rotate-log-key)
expect 1 "${rotate[@]}" site/keys/log-2.key  # it runs
stop_registries
cp -r site stolen  # what a thief of the server has
expect 1 "${rotate[@]}" site/keys/log.key
says "another one"
expect 1 "${rotate[@]}" missing.key
says "--rotate-log-key"
"${rotate[@]}" site/keys/log-2.key </dev/null >lines.txt 2>output || fail "not changed"
same "$(grep -c '^log ' lines.txt)" 1
same "$(grep -c '^retired ' lines.txt)" 1
# Done twice, it is the same; with the old key the registry does not start any more.
"${rotate[@]}" site/keys/log-2.key </dev/null >lines-2.txt 2>output || fail "not done twice"
same "$(cat lines.txt)" "$(cat lines-2.txt)"
expect 1 touchstone-registry --config site/registry.toml --listen 127.0.0.1:0
says "--rotate-log-key"
sed -i 's/log\.key/log-2.key/' site/registry.toml
start_registry site
address_is site
# Whoever has the old policy cannot be told otherwise by anybody but his operator.
expect 1 touchstone get R-2.passport
says "[no_known_signature]"
{ cat lines.txt; grep -v '^log ' old-policy.txt; } >site/trust-policy.txt

# ---- New passports, old passports. ----
registered R-3
verified 0 R-3
verified 1 R-3 old-policy.txt
verified 4 R-1
says "retired_key_unproven"
expect 0 touchstone prove-retired R-1.passport
verified 0 R-1
verified 0 R-1 old-policy.txt
expect 0 touchstone prove-retired R-1.passport
says "nothing was added"
expect 0 touchstone refresh R-1-too.passport
verified 0 R-1-too
expect 0 touchstone get R-2.passport
verified 0 R-2
expect 0 touchstone audit

# ---- The thief goes on with the old key: nobody who has the new policy believes him. ----
sed 's/^policy = .*/policy = "..\/old-policy.txt"/' site/touchstone.toml >stolen/touchstone.toml
start_registry stolen
address_is stolen
sed -i 's/log-2\.key/log.key/' stolen/registry.toml
TOUCHSTONE_CONFIG=$(pwd)/stolen/touchstone.toml registered R-9
verified 0 R-9 old-policy.txt
verified 1 R-9
says "retired_key"

# ---- Closed: final, and nothing follows. ----
address=127.0.0.1:$(cat site/port)
close=(touchstone log close --reason merged --continued-at passports-2.example/log)
expect 2 "${close[@]}" "${stewards[@]}"
says "--for-good"
expect 0 "${close[@]}" --for-good "${stewards[@]}"
expect 1 touchstone register R-9.json
says "[log_closed]"
expect 0 touchstone get R-3.passport
verified 0 R-3
says "final"
says "passports-2.example/log"
expect 0 touchstone stewards show
says "The log is closed"
expect 0 touchstone checkpoint --out final.checkpoint
stop_registries
expect 0 touchstone-registry --config site/registry.toml --export exported
expect 0 touchstone audit exported

# ---- Continued, by another log with its own keys. ----
init=(touchstone init next --operator "Test Registry" --plain-keys --continues final.checkpoint)
expect 2 "${init[@]}" --origin passports.example/log
says "another --origin"
expect 1 "${init[@]}" --origin passports-2.example/log --policy old-policy.txt
sed 's/^quorum none/witness w1 witness-1.example+06ead933+BJZoIqwL9qoqvCFah5Onzc+nnudjTjaAC4MG1e0GC7Kc\nquorum w1/' \
  site/trust-policy.txt >witnessed.txt
expect 1 "${init[@]}" --origin passports-2.example/log --policy witnessed.txt
says "quorum_not_met"
expect 0 "${init[@]}" --origin passports-2.example/log --policy site/trust-policy.txt
start_registry next
cp site/issuer.key site/issuer.secret next
{ cat next/touchstone.toml; echo 'participant = "atelier-aurum"
key = "issuer.key"
issuer-secret = "issuer.secret"'; } >next/client.toml
sed -i "s/^registry = .*/registry = \"$address\"/" next/client.toml
export TOUCHSTONE_CONFIG=$scratch/next/client.toml
expect 0 touchstone participant enrol atelier-aurum --legal-name "Atelier Aurum SA" --country CH \
  --role issuer --member-key next/issuer.key --key next/keys/steward-1.key \
  --key next/keys/steward-2.key
expect 0 touchstone stewards show
says "continues an older log"
cp R-3.passport R-3-final.passport
rm R-3.passport
registered R-3
verified 0 R-3 next/trust-policy.txt
verified 1 R-3 site/trust-policy.txt
verified 0 R-3-final
