#!/usr/bin/env bash
# Takes the README's picture from the real product: a test's customer and agent play the callback
# ending, and keep a picture of the desk on the way. Needs what tests/run installs.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --locked --test it -- --exact stories::endings::a_third_exchange_without_thanks_ends_in_a_callback
cp target/screenshots/desk.png docs/screenshot.png
