#!/usr/bin/env bash
# Builds the image without any registry of images, and tries it as a container would run it: not
# root, a read-only root file system, /data and /keys volumes. Prints its size; the exit code is 0 when all
# was well.
#
#   tests/image.sh [FOLDER]
#
# FOLDER keeps the base images for the next time (default: a temporary one). Needs root on Debian,
# the packages buildah and debootstrap, and Rust as the project does. tests/run leaves it alone: a
# Debian and a release build take many minutes and some 6 GB.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -gt 0 ]; then
    mkdir -p "$1"
    work=$(realpath "$1")
else
    work=$(mktemp -d)
fi
bot=
leave() {
    [ -z "$bot" ] || kill "$bot" 2>/dev/null || true
    images rm --all >/dev/null 2>&1 || true
    [ $# -gt 0 ] || rm -rf "$work"
}
trap 'leave "$@"' EXIT

images() {
    buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs "$@"
}

say() { echo "== $*"; }

fail() {
    echo "tests/image.sh: $*" >&2
    exit 1
}

# debian FOLDER PACKAGES: a small Debian.
debian() {
    local to=$1 packages=$2
    rm -rf "$to.part"
    mkdir -p "$work/packages"
    debootstrap --variant=minbase --cache-dir="$work/packages" ${packages:+--include="$packages"} \
        bookworm "$to.part" >"$work/debootstrap.log" || fail "see $work/debootstrap.log"
    rm -rf "$to.part"/var/cache/apt/archives/*.deb "$to.part"/var/lib/apt/lists/*
    mv "$to.part" "$to"
}

# tag NAME FOLDER: an image of what is in the folder.
tag() {
    local container
    container=$(images from scratch)
    images copy --quiet "$container" "$2" / >/dev/null
    images config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        "$container"
    images commit --quiet --rm "$container" "$1" >/dev/null
}

# This machine's Rust and the libraries that the project is locked to, so that the build itself
# asks nobody.
add_rust() {
    local to=$1 sysroot
    sysroot=$(realpath "$(rustc --print sysroot)")
    tar -C "$sysroot" --exclude=lib/rustlib/src -c bin lib | tar -C "$to/usr/local" -x
    rm -rf "$to/vendor"
    cargo vendor --locked --quiet "$to/vendor" >/dev/null
    mkdir -p "$to/root/.cargo"
    cat >"$to/root/.cargo/config.toml" <<END
[net]
offline = true
[source.crates-io]
replace-with = "vendored"
[source.vendored]
directory = "/vendor"
END
}

say "the base images"
[ -d "$work/base" ] || debian "$work/base" ""
[ -d "$work/builder" ] || debian "$work/builder" ca-certificates,gcc,libc6-dev
add_rust "$work/builder"
images inspect --type image localhost/base >/dev/null 2>&1 || tag localhost/base "$work/base"
tag localhost/builder "$work/builder"

say "the image"
images bud --isolation chroot --pull-never --format docker \
    --build-arg BUILD_IMAGE=localhost/builder --build-arg RUN_IMAGE=localhost/base \
    --tag localhost/ringback .

# of_image TEMPLATE: what the image says about itself.
of_image() { images inspect --type image --format "$1" localhost/ringback; }

say "what it says about itself"
[ "$(of_image '{{.OCIv1.Config.User}}')" = 10001:10001 ] || fail "it does not run as 10001"
[ "$(of_image '{{.Docker.Config.Healthcheck.Test}}')" = "[CMD ringback health]" ] ||
    fail "it has no health check"
mapfile -t environment < <(of_image '{{range .OCIv1.Config.Env}}{{println .}}{{end}}' | grep .)

say "it runs, read-only"
container=$(images from --pull-never localhost/ringback)
root=$(images mount "$container")
# As new volumes begin: with what the image has there, and its owner.
rm -rf "$work/volume" "$work/keys"
cp -a "$root/data" "$work/volume"
cp -a "$root/keys" "$work/keys"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])')
environment+=("RINGBACK__LISTEN=0.0.0.0:$port" "RINGBACK__PUBLIC_URL=http://localhost:$port")

# "${inside[@]}" COMMAND...: in the container, as its user, with its settings. One process, which
# signals reach.
inside=(
    unshare --mount bash -c '
        root=$1 volume=$2 keys=$3; shift 3
        mount --bind "$root" "$root"
        mount -o remount,bind,ro "$root"
        mount -t tmpfs tmpfs "$root/tmp"
        mount --bind "$volume" "$root/data"
        mount --bind "$keys" "$root/keys"
        exec chroot --userspec=10001:10001 "$root" env -i --chdir=/etc/ringback "$@"
    ' bash "$root" "$work/volume" "$work/keys" "${environment[@]}"
)
"${inside[@]}" touch /written 2>/dev/null && fail "its root file system is not read-only"
"${inside[@]}" ringback health 2>/dev/null && fail "it is healthy before it runs"
"${inside[@]}" ringback run >"$work/log" 2>&1 &
bot=$!
for _ in $(seq 100); do
    "${inside[@]}" ringback health >/dev/null 2>&1 && break
    kill -0 "$bot" || { cat "$work/log"; fail "it has ended"; }
    sleep 0.2
done
"${inside[@]}" ringback health || { cat "$work/log"; fail "it is not healthy"; }
curl --silent --fail "http://127.0.0.1:$port/readyz" || fail "it does not answer"
echo
curl --silent --fail --output /dev/null "http://localhost:$port/sign-in" ||
    fail "its pages do not open where RINGBACK__PUBLIC_URL says"
[ -s "$work/volume/ringback.db" ] || fail "its database is not in the volume"
[ -s "$work/keys/forms.key" ] || fail "its key is not in a volume of its own"
kill -TERM "$bot"
wait "$bot" || fail "it does not stop in good order"
bot=

say "its size"
images images --format '{{.Name}} {{.Size}}' | grep -v builder
du -h "$root/usr/local/bin/ringback" | sed "s|$root||"
