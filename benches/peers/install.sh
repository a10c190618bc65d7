#!/usr/bin/env bash
# Fetches what the other bots need into target/peers, in the versions that their lock files name, and
# builds the one in Rust. Needs: Rust, node and npm, python3 with venv, cc, and the registries.
set -euo pipefail
cd "$(dirname "$0")/bots"
to="$(cd ../../.. && pwd)/target/peers"
mkdir -p "$to/node"

python3 -m venv "$to/venv"
"$to/venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt

# Node looks for modules beside the script.
cp package.json package-lock.json ./*.mjs "$to/node/"
(cd "$to/node" && npm ci --no-audit --no-fund --silent)

cargo build --quiet --release --locked --manifest-path teloxide/Cargo.toml --target-dir "$to/cargo"
echo "Now: cargo bench --bench peers"
