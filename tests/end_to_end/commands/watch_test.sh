#!/usr/bin/env bash
# An insurer watches two pieces: stolen, passed on, a claim contested, a key revoked, a report
# superseded, with the registry stopped and killed in between; nothing is missing, nothing comes
# twice.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site --notice-period 1s
stewards=(--key site/keys/steward-1.key --key site/keys/steward-2.key)
member() {
  local name=$1 role=$2
  shift 2
  expect 0 touchstone keygen "$name.key" --plain
  expect 0 touchstone participant enrol "$name" --legal-name "The $name" --country GB \
    --role "$role" --member-key "$name.key" "${stewards[@]}" "$@"
}
member gia laboratory --laboratory-name GIA
member insurer insurer
member workshop workshop

# piece SERIAL REPORT
piece() {
  cat >"$1.json" <<JSON
{"serial": "$1", "category": "RING", "title": "Ring $1",
 "inscriptions": [{"text": "GIA $2", "location": "GIRDLE", "kind": "LAB_REPORT"}]}
JSON
}
piece R-1 2141438167
piece R-2 5141438167
piece R-3 2141438167
for piece in R-1 R-2; do
  expect 0 touchstone register "$piece.json" --passport-out "$piece.passport"
  sed -n 's/^Passport //p' output >"$piece.id"
done
one=$(cat R-1.id) two=$(cat R-2.id)

# ---- What cannot be watched. ----
expect 2 touchstone watch
says "nothing to watch"
expect 2 touchstone watch "$one" --kinds stolen,eaten
says "report-superseded"
expect 1 touchstone watch 0000-0000-0000-0000-0000-0000-000 --once
says "[no_such_subject]"
echo "nonsense" >broken.state
expect 2 touchstone watch "$one" --state broken.state --once
says "broken.state"
expect 2 touchstone watch "$one" --from 999999 --once
says "999999"

# ---- Listening, in the background, for as long as it takes. ----
printf '# the insured\n%s  # a ring\n\n' "$two" >list
touchstone watch "$one" --from-file list --state all.state --json >all.jsonl 2>all.err &
watcher=$!
# Ended too, whatever becomes of the test.
trap 'kill "$watcher" 2>/dev/null || true; stop_registries' EXIT
until [ -e all.state ]; do
  kill -0 "$watcher" || fail "the watch ended: $(cat all.err)"
  sleep 0.02  # polling for a file, bounded by the test's own time limit
done
# heard COUNT: that many lines have come.
heard() {
  until [ "$(wc -l <all.jsonl)" -ge "$1" ]; do
    kill -0 "$watcher" || fail "the watch ended: $(cat all.err)"
    sleep 0.02
  done
  same "$(wc -l <all.jsonl)" "$1"
}
# line NUMBER TEXT: that line has it.
line() { sed -n "$1p" all.jsonl | grep -qF -- "$2" || fail "line $1 has no $2: $(sed -n "$1p" all.jsonl)"; }

expect 0 touchstone report add R-1.passport --laboratory GIA --report-number 2141438167 --key gia.key
expect 0 touchstone report add R-1.passport --laboratory GIA --report-number 6141438167 \
  --supersedes 2141438167 --key gia.key
heard 2
line 1 '"kinds": ["report"]'
line 2 '"kinds": ["report-superseded"]'
line 2 "$one"
expect 0 touchstone sell R-2.passport --claim-key-out claim.key --plain
expect 0 touchstone claim R-2.passport --claim-key claim.key --owner-key-out anna.key --plain
heard 4
line 4 '"kinds": ["transferred"]'
line 4 "$two"

# ---- The registry is stopped, and comes back at the same place. ----
port=$(cat site/port)
restart() {
  touchstone-registry --config site/registry.toml --listen "127.0.0.1:$port" \
    --port-file site/port --watch-heartbeat-seconds 1 >>site/registry.log 2>&1 &
  registry_pids+=("$!")
  until [ -s site/port ]; do sleep 0.02; done
}
stop_registries
rm site/port
restart
# A third piece with the stone of the first: its entry is nobody's business here but for that.
expect 0 touchstone register R-3.json --contest --passport-out R-3.passport
expect 0 touchstone incident report R-2.passport --kind stolen --country GB --owner-key anna.key
heard 6
line 5 '"kinds": ["claim-contested"]'
line 5 "$one"
if grep -qF "$(sed -n 's/^Passport //p' output)x" all.jsonl; then fail "another piece is named"; fi
line 6 '"kinds": ["stolen"]'
line 6 '"state": "stolen"'

# ---- Killed in the middle. ----
kill -KILL "${registry_pids[@]}"
wait "${registry_pids[@]}" 2>/dev/null || true
registry_pids=()
rm site/port
restart
expect 0 touchstone resolve R-1.passport --claim all --key gia.key
# A key that has vouched for the first alone; and one that has vouched for neither.
expect 0 touchstone participant revoke workshop --old-key workshop.key --reason lost "${stewards[@]}"
expect 0 touchstone keygen gia-2.key --plain
expect 0 touchstone participant rotate gia --new-key gia-2.key --old-key gia.key "${stewards[@]}"
expect 0 touchstone incident resolve R-2.passport --outcome recovered --key insurer.key
heard 9
line 7 '"kinds": ["claim-resolved"]'
line 8 '"kinds": ["key-revoked"]'
line 8 "$one"
line 9 '"kinds": ["incident-resolved"]'
same "$(grep -c 'waiting:' all.err)" 2
same "$(grep -c 'watching again' all.err)" 2

# ---- The watcher is killed, and goes on where it was. ----
kill -KILL "$watcher"
wait "$watcher" 2>/dev/null || true
expect 0 touchstone transfer R-2.passport --kind gift --owner-key anna.key \
  --to-key "$(touchstone key show insurer.key | sed -n 's/^public key //p')" --out gift.envelope
expect 0 touchstone incident report R-1.passport --kind lost --country GB --key insurer.key
expect 0 touchstone watch "$one" "$two" --state all.state --json --once
same "$(wc -l <output)" 1
says '"kinds": ["lost"]'
cat output >>all.jsonl
expect 0 touchstone watch "$one" "$two" --state all.state --once
same "$(wc -l <output)" 0

# ---- A piece is left out of the list for a while, and comes back: told then, and no alarm. ----
cp all.state back.state
expect 0 touchstone incident report R-2.passport --kind lost --country GB --key insurer.key
expect 0 touchstone incident resolve R-1.passport --outcome recovered --key insurer.key
expect 0 touchstone watch "$two" --state back.state --json --once
same "$(wc -l <output)" 1
expect 0 touchstone watch "$one" "$two" --state back.state --json --once
same "$(wc -l <output)" 1
says '"kinds": ["incident-resolved"]'
says "$one"
does_not_say left_out
expect 0 touchstone watch "$one" "$two" --state all.state --json --once
same "$(wc -l <output)" 2
cat output >>all.jsonl

# ---- From the beginning, in one go: the same, each once and in order, and what was before. ----
expect 0 touchstone watch "$one" "$two" --from 0 --json --once
cp output whole.jsonl
same "$(wc -l <whole.jsonl)" 14
same "$(tail -n 12 whole.jsonl | grep -o '"position": [0-9]*')" \
  "$(grep -o '"position": [0-9]*' all.jsonl)"
same "$(grep -o '"position": [0-9]*' whole.jsonl | sort -k2 -n -u)" \
  "$(grep -o '"position": [0-9]*' whole.jsonl)"
expect 0 touchstone watch "$one" "$two" --from 0 --once --kinds stolen,key-revoked
same "$(wc -l <output)" 2
says "  stolen  "
says "a key of gia was revoked"
# The state of another log.
sed 's/^origin .*/origin other.example\/log/' all.state >other.state
expect 2 touchstone watch "$one" --state other.state --once
says "other.example/log"

# ---- The log is shorter than it was when the state was written. ----
sed -E 's/^(next|passport .*) [0-9]+$/\1 999999/' all.state >rolled.state
expect 1 touchstone watch "$one" --state rolled.state --once
says "OLDER LOG"
says "Keep rolled.state"

# ---- Heartbeats far apart: the watch checks by itself, and goes on. ----
stop_registries
rm site/port
touchstone-registry --config site/registry.toml --listen "127.0.0.1:$port" \
  --port-file site/port --watch-heartbeat-seconds 3600 >>site/registry.log 2>&1 &
registry_pids+=("$!")
until [ -s site/port ]; do sleep 0.02; done
touchstone watch "$one" "$two" --state all.state --check-every 100ms --json >late.jsonl 2>late.err &
watcher=$!
for kind in lost stolen; do
  expect 0 touchstone incident report R-1.passport --kind "$kind" --country GB --key insurer.key
  until grep -qF "\"$kind\"" late.jsonl; do
    kill -0 "$watcher" || fail "the watch ended: $(cat late.err)"
    sleep 0.02
  done
  expect 0 touchstone incident resolve R-1.passport --outcome recovered --key insurer.key
done
until [ "$(wc -l <late.jsonl)" -ge 4 ]; do
  kill -0 "$watcher" || fail "the watch ended: $(cat late.err)"
  sleep 0.02
done
kill -TERM "$watcher"
wait "$watcher" 2>/dev/null || true
same "$(wc -l <late.jsonl)" 4
if grep -F left_out late.jsonl; then fail "an honest registry is accused"; fi

# ---- A participant who owns a piece: his owner's key is not one that vouches for it. ----
# Revoked before he has vouched, nobody could be told of it; so it is no news later either.
member house workshop
expect 0 touchstone sell R-3.passport --claim-key-out claim-3.key --plain
expect 0 touchstone claim R-3.passport --claim-key claim-3.key --owner-key-out first.key --plain
expect 0 touchstone transfer R-3.passport --kind gift --owner-key first.key \
  --to-key "$(touchstone key show house.key | sed -n 's/^public key //p')" --out gift-3.envelope
expect 0 touchstone sign gift-3.envelope --key house.key
expect 0 touchstone submit gift-3.envelope
expect 0 touchstone keygen house-2.key --plain
expect 0 touchstone participant rotate house --new-key house-2.key --old-key house.key \
  "${stewards[@]}"
expect 0 touchstone custody receive R-3.passport --reason resizing --key house-2.key
expect 0 touchstone watch R-3.passport --from 0 --once
does_not_say "a key of house"
expect 0 touchstone participant revoke house --old-key house-2.key --reason lost "${stewards[@]}"
expect 0 touchstone watch R-3.passport --from 0 --once
same "$(grep -c "a key of house was revoked" output)" 1
