#!/usr/bin/env bash
# Installs the verifier to a prefix of its own and uses it from there as another project would:
# a C program through pkg-config and through find_package, a C++ program through find_package.
#
# Usage: install_and_use.sh BUILD SCRATCH
set -euo pipefail
build=$1
scratch=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
prefix=$scratch/prefix
vectors=$here/../../vectors/format
example=("$vectors/trust.policy" "$vectors/ring.passport.hex")

rm -rf "$scratch"
mkdir -p "$scratch"
cmake --install "$build" --component verifier --prefix "$prefix" >/dev/null
library_dir=$(dirname "$(find "$prefix" -name 'libtouchstone-verifier.so')")

# The C interface is all that the shared library exports.
foreign=$(nm -D --defined-only "$library_dir/libtouchstone-verifier.so" |
  awk '$3 !~ /^touchstone_/ {print $3}')
if [ -n "$foreign" ]; then
  echo "the shared library exports more than the C interface: $foreign"
  exit 1
fi

echo "through pkg-config:"
export PKG_CONFIG_PATH=$library_dir/pkgconfig
read -ra flags < <(pkg-config --cflags --libs touchstone-verifier)
cc -std=c11 -Wall -Wextra -Werror -pedantic -o "$scratch/consumer_pkg_config" "$here/consumer.c" \
  "${flags[@]}" -Wl,-rpath,"$library_dir"
"$scratch/consumer_pkg_config" "${example[@]}"

echo "through find_package:"
cmake -S "$here" -B "$scratch/build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$scratch/build" >/dev/null
"$scratch/build/consumer_c" "${example[@]}"
"$scratch/build/consumer_cxx"
