#!/usr/bin/env bash
# A registry that loses entries or shows another history is found out by whoever kept a file.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"
make_site site
for example in ring diamond brooch; do touchstone register --example $example >$example.json; done
expect 0 touchstone register ring.json --passport-out ring.passport
cp ring.passport old.passport

# The whole machine, copied now and started again later: database and guard agree with each other.
stop_registries
cp -r site copy
start_registry site
point_to() { sed -i "s/^registry = .*/registry = \"$address\"/" site/touchstone.toml; }
point_to
expect 0 touchstone register brooch.json
expect 0 touchstone get ring.passport
expect 0 touchstone checkpoint --out newest
stop_registries

start_registry copy
point_to
expect 0 touchstone get old.passport
expect 1 touchstone get ring.passport
says "it has lost entries, or hides them"
expect 1 touchstone checkpoint --since newest
says "it has lost entries, or hides them"
# Nor is anything signed on what such a registry says.
expect 1 touchstone care add ring.passport --kind cleaning
# The copy goes on in its own way, until it is longer than what was seen.
expect 0 touchstone register diamond.json
expect 0 touchstone care add old.passport --kind cleaning
expect 0 touchstone care add old.passport --kind polishing
expect 1 touchstone get ring.passport
says "it shows two histories"
expect 1 touchstone checkpoint --since newest
says "it shows two histories"
