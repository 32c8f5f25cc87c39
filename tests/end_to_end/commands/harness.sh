# shellcheck shell=bash
# What the tests of the commands share: programs, a scratch directory, a registry, expectations.
# A test is started with the directory of the programs and a scratch directory that is its own:
#   source harness.sh "$@"
set -euo pipefail

programs=$1
scratch=$2
export PATH=$programs:$PATH
# Nothing of whoever runs the tests may leak in.
unset TOUCHSTONE_CONFIG TOUCHSTONE_PASSPHRASE_FILE NO_COLOR COLUMNS
export LC_ALL=C.UTF-8 TZ=UTC
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"

fail() {
  echo "FAILED at line ${BASH_LINENO[${2-1}]}: $1" >&2
  if [ -e "$scratch/output" ]; then
    echo "--- the last output:" >&2
    cat "$scratch/output" >&2
  fi
  exit 1
}

# expect STATUS COMMAND...: runs it with no input; its output (both streams) is for says.
expect() {
  local wanted=$1 got=0
  shift
  "$@" </dev/null >"$scratch/output" 2>&1 || got=$?
  if [ "$got" != "$wanted" ]; then fail "exit status $got, expected $wanted: $*"; fi
}

# The last output contains this text, in one line.
says() { grep -qF -- "$1" "$scratch/output" || fail "the output does not say: $1"; }
does_not_say() { if grep -qF -- "$1" "$scratch/output"; then fail "the output says: $1"; fi; }

same() { [ "$1" = "$2" ] || fail "'$1' is not '$2'"; }

registry_pids=()
stop_registries() {
  local pid
  for pid in "${registry_pids[@]}"; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  registry_pids=()
}
trap stop_registries EXIT

# start_registry DIR OPTION...: starts the registry of DIR on a free port (or on $listen), and leaves
# its address in $address.
start_registry() {
  local directory=$1 pid
  shift
  rm -f "$directory/port"
  touchstone-registry --config "$directory/registry.toml" --listen "${listen:-127.0.0.1:0}" \
    --port-file "$directory/port" "$@" >>"$directory/registry.log" 2>&1 &
  pid=$!
  registry_pids+=("$pid")
  until [ -s "$directory/port" ]; do
    if ! kill -0 "$pid" 2>/dev/null; then
      cat "$directory/registry.log" >&2
      fail "the registry stopped"
    fi
    sleep 0.02  # polling for a file, bounded by the test's own time limit
  done
  address=127.0.0.1:$(cat "$directory/port")
}

# make_site DIR INIT-OPTION...: a registry with an issuer, whose configuration is
# DIR/touchstone.toml; it runs.
make_site() {
  local directory=$1
  shift
  expect 0 touchstone init "$directory" --origin passports.example/log --operator "Test Registry" \
    --plain-keys "$@"
  start_registry "$directory"
  expect 0 touchstone keygen "$directory/issuer.key" --plain
  expect 0 touchstone keygen "$directory/issuer.secret" --plain --issuer-secret
  cat >"$directory/touchstone.toml" <<TOML
registry = "$address"
policy = "trust-policy.txt"
participant = "atelier-aurum"
key = "issuer.key"
issuer-secret = "issuer.secret"
card-key = "keys/card.key"
TOML
  export TOUCHSTONE_CONFIG=$directory/touchstone.toml
  expect 0 touchstone participant enrol atelier-aurum --legal-name "Atelier Aurum SA" \
    --country CH --domain aurum.example --role issuer --gs1-prefix 9521234 \
    --member-key "$directory/issuer.key" \
    --key "$directory/keys/steward-1.key" --key "$directory/keys/steward-2.key"
}
