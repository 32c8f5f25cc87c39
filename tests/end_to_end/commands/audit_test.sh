#!/usr/bin/env bash
# An auditor who comes back: by what is public, from an export, and against a registry that lies.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
for example in ring diamond brooch; do touchstone register --example $example >$example.json; done
expect 0 touchstone register ring.json --passport-out ring.passport

# ---- A registry, again and again ----
expect 0 touchstone audit
says "agrees with its checkpoint of 6 entries"
says "Each of its 3 commits makes its index root"
says "Its 5 public entries are in place and in the index; those of the stewards and participants"
expect 0 touchstone audit --state seen
does_not_say "last audit"
expect 0 touchstone audit --state seen
says "Nothing is new since the last audit"
expect 0 touchstone care add ring.passport --kind cleaning
expect 0 touchstone register diamond.json
expect 0 touchstone audit --state seen
says "goes on from the 6 entries of the last audit; 4 are new"
says "Each of its 5 commits makes its index root"
same "$(find seen/checkpoints -type f | wc -l)" 2
same "$(($(stat -c %s seen/leaves) % 64))" 0

# What is damaged here is not blamed on the registry.
cp -r seen damaged
sed -i 's/^commits 5/commits 6/' damaged/state
expect 2 touchstone audit --state damaged
says "damaged/state: damaged: its checksum does not fit"
expect 0 touchstone register brooch.json
cp seen/state damaged/state
printf 'x' | dd of=damaged/leaves bs=1 seek=70 conv=notrunc status=none
expect 2 touchstone audit --state damaged
says "damaged/leaves: damaged"

# ---- An export: all of it, and without the contents ----
expect 2 touchstone audit export --state seen
says "--state is for a registry"
stop_registries
cp -r site copy  # the whole machine; it goes on in its own way below
cp ring.passport old.passport
expect 0 touchstone-registry --config site/registry.toml --export export
expect 0 touchstone audit export
says "Replayed by the rules: 6 commits, 3 passports"
says "Nothing disagrees"
mv export/frames frames
expect 0 touchstone audit export
says "Each of its 6 commits makes its index root"
does_not_say "Replayed"
says "What the entries of passports say was not checked"
file=$(ls export/insertions/000.p/*)
cp "$file" insertions
printf 'x' | dd of="$file" bs=1 seek=100 conv=notrunc status=none
expect 1 touchstone audit export
says "commit 1, which ends in the index root at position 3"
head -c 300 insertions >"$file"
expect 1 touchstone audit export
says "ends within a record"
cp insertions "$file"
mv frames export/frames
expect 0 touchstone audit export

# ---- Two histories, and an older one ----
start_registry site
point_to() { sed -i "s/^registry = .*/registry = \"$address\"/" site/touchstone.toml; }
point_to
expect 0 touchstone care add ring.passport --kind polishing
expect 0 touchstone audit --state seen
stop_registries
expect 0 touchstone-registry --config site/registry.toml --export export
expect 0 touchstone audit export
says "Replayed by the rules: 7 commits"
start_registry copy
point_to
expect 1 touchstone audit --state seen
says "OLDER CHECKPOINT"
expect 0 touchstone care add old.passport --kind inspection
expect 0 touchstone register ring.json
expect 0 touchstone care add old.passport --kind rhodium-plating
expect 1 touchstone audit --state seen
says "TWO HISTORIES"
# Both notes are kept, signed by the same key; only one of them is of the history that is shown now.
mapfile -t kept < <(grep -o 'seen/checkpoints/[^)]*' output)
expect 1 touchstone checkpoint --since "${kept[0]}"
says "it shows two histories"
expect 0 touchstone checkpoint --since "${kept[1]}"
