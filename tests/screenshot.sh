#!/usr/bin/env bash
# Takes the documentation's pictures from the real product: a test's customer and agent play the
# callback ending, and keep a picture of the desk on the way; another customer is sent a form, and
# somebody checks one. Needs what tests/run installs, and pngquant to make the pictures small.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --locked --test it -- --exact stories::endings::a_third_exchange_without_thanks_ends_in_a_callback
cp target/screenshots/desk.png docs/screenshot.png
cargo test --locked --test it -- --exact stories::forms::the_picture_of_a_link_s_page_is_taken_for_the_documentation
cp target/screenshots/form.png docs/form.png
cargo test --locked --test it -- --exact stories::forms::from_the_button_in_the_chat_to_verified_on_the_desk
cp target/screenshots/check.png docs/check.png

pngquant --force --ext .png 128 -- docs/screenshot.png docs/form.png docs/check.png
