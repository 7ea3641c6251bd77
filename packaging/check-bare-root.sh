#!/usr/bin/env bash
# Proves that the README's two commands need nothing but a bare Debian: makes a minimal root with debootstrap, clones
# the committed tree into it and runs `./workbench run` (headless) and `./workbench test` there.
# usage: sudo packaging/check-bare-root.sh [FOLDER] [run|test|all]      (needs debootstrap; some 8 GB)
set -euo pipefail
source_tree="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
root="${1:-/var/tmp/emberview-bare-root}"
what="${2:-all}"
suite="${SUITE:-bookworm}"
mirror="${MIRROR:-$(sed -n 's/^URIs: *//p; s/^deb \(\S*\) .*/\1/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1 || true)}"
mirror="${mirror:-http://deb.debian.org/debian}"

if [[ ! -x "$root/usr/bin/apt-get" ]]; then
    debootstrap --variant=minbase "$suite" "$root" "$mirror"
fi
# The root sees the network as this machine does: resolver, hosts, certificates and pip's settings.
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/apt/apt.conf; do
    if [[ -e "$file" ]]; then
        mkdir -p "$root$(dirname "$file")"
        cp -L "$file" "$root$file"
    fi
done
# Beside the root's own bundle, which the package ca-certificates writes anew.
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/machine-ca.crt"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
mountpoint -q "$root/dev/pts" || mount -t devpts devpts "$root/dev/pts"
trap 'umount "$root/proc" "$root/dev/pts"' EXIT
rm -rf "$root/root/emberview"
git clone -q "$source_tree" "$root/root/emberview"

inside() {
    /usr/bin/time -v -o "$root/time.txt" chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        LANG=C.UTF-8 PIP_CERT=/etc/machine-ca.crt ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} PIP_DEFAULT_TIMEOUT=180 \
        bash -c "cd /root/emberview && $1"
    grep -E 'Elapsed|Maximum resident' "$root/time.txt"
}
if [[ "$what" == test || "$what" == all ]]; then inside "./workbench test"; fi
if [[ "$what" == run || "$what" == all ]]; then
    inside "./workbench run"
    find "$root/root/emberview/build/demo" -name '*.csv' | grep -q . || { echo "no CSV was written" >&2; exit 1; }
fi
echo "The bare root passes: $what"
