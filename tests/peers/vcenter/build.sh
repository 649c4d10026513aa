#!/bin/bash
# Builds the vCenter peer from Debian's packages (golang, the govmomi simulator). Prints the program's path. As root it installs what is missing.
# Usage: build.sh [FOLDER]; by default output/peers/vcenter of the checkout.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$(cd "$here/../../.." && pwd)/output/peers/vcenter}
mkdir -p "$out"
missing=""
[ -x /usr/bin/go ] || missing="golang-go"
[ -d /usr/share/gocode/src/github.com/vmware/govmomi/simulator ] || missing="$missing golang-github-vmware-govmomi-dev"
if [ -n "$missing" ]; then
    [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || { echo "not installed: $missing" >&2; exit 2; }
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends $missing > "$out/apt.log" 2>&1 ||
        { apt-get update -qq > "$out/apt.log" 2>&1; apt-get install -y -qq --no-install-recommends $missing >> "$out/apt.log" 2>&1; } ||
        { tail -5 "$out/apt.log" >&2; exit 2; }
fi
cd "$here"
export HOME=${HOME:-$out} GOCACHE=${GOCACHE:-$out/cache} GOPATH=/usr/share/gocode GO111MODULE=off GOFLAGS=
/usr/bin/go build -o "$out/vcpeer.new" . >&2
mv "$out/vcpeer.new" "$out/vcpeer"
echo "$out/vcpeer"
