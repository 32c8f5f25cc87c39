#!/usr/bin/env bash
# A registry behind TLS with client certificates, and what one is told who connects another way.
# shellcheck source=harness.sh
source "$(dirname "${BASH_SOURCE[0]}")/harness.sh" "$@"

new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
openssl req -x509 "${new_key[@]}" -keyout ca.key -out ca.pem -subj "/CN=Test CA" -days 2 2>/dev/null
echo "subjectAltName=DNS:localhost,IP:127.0.0.1" >names
for who in server client; do
  openssl req "${new_key[@]}" -keyout $who.key -out $who.csr -subj "/CN=$who" 2>/dev/null
  openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
    -extfile names -out $who.pem 2>/dev/null
done

expect 0 touchstone init site --origin tls.example/log --plain-keys
start_registry site --tls-cert server.pem --tls-key server.key --client-ca ca.pem
to=(--registry "$address" --policy site/trust-policy.txt)

expect 3 touchstone checkpoint "${to[@]}"
says "say --tls, or --ca FILE"
expect 3 touchstone checkpoint "${to[@]}" --tls
says "name one with --ca"
expect 3 touchstone checkpoint "${to[@]}" --ca ca.pem
says "--client-cert"
expect 0 touchstone checkpoint "${to[@]}" --ca ca.pem --client-cert client.pem --client-key client.key
says "tls.example/log"

# The same from a configuration file, whose paths are relative to it, started from elsewhere.
cat >site/touchstone.toml <<TOML
registry = "localhost:${address##*:}"
policy = "trust-policy.txt"
ca = "../ca.pem"
client-cert = "../client.pem"
client-key = "../client.key"
TOML
mkdir elsewhere
cd elsewhere
expect 0 touchstone --config ../site/touchstone.toml checkpoint --json
says '"origin": "tls.example/log"'
TOUCHSTONE_CONFIG=../site/touchstone.toml expect 0 touchstone participant list
