#!/usr/bin/env bash
# tools/install-packages names exactly what is missing, and is content when nothing is.
#
# Usage: install_packages_test.sh SCRATCH
set -euo pipefail
scratch=$1
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../tools" && pwd)
rm -rf "$scratch"
mkdir -p "$scratch"
cp "$tools/install-packages" "$scratch/"

expect() {
  local output
  output=$("$scratch/install-packages" --list)
  if [ "$output" != "$1" ]; then
    echo "install-packages --list printed '$output', not '$1'"
    exit 1
  fi
}

printf '# a comment\n\ndpkg  # always there\n' >"$scratch/apt-packages"
expect ""
printf 'no-such-package-b\n' >>"$scratch/apt-packages"
printf 'no-such-package-a # why\n' >>"$scratch/apt-packages"
expect $'no-such-package-a\nno-such-package-b'
