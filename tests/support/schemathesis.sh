#!/usr/bin/env bash
# Starts a bot in a folder of its own and tries its API against its own description, with all of
# schemathesis' checks.
#
#   tests/support/schemathesis.sh [RINGBACK]
#
# RINGBACK is the binary (default: target/debug/ringback). $SCHEMATHESIS is the program (default:
# schemathesis on the PATH; see requirements.txt). The exit code is 0 when it found no fault.
set -euo pipefail

config=$(realpath "$(dirname "$0")/schemathesis.toml")
ringback=$(realpath "${1:-target/debug/ringback}")
home=$(mktemp -d)
bot=
trap '[ -z "$bot" ] || kill "$bot" || true; rm -rf "$home"' EXIT

cat >"$home/ringback.toml" <<END
listen = "127.0.0.1:0"
database = "$home/data/ringback.db"
[channels.chat]
kind = "api"
END
cd "$home"
token=$("$ringback" --config ringback.toml token add tester \
  --scope messages --scope read --scope callbacks)
"$ringback" --config ringback.toml user add kim --role agent >/dev/null 2>&1
"$ringback" --config ringback.toml run 2>log &
bot=$!
until address=$(sed -n 's/.*"listening".*"address":"\([0-9.:]*\)".*/\1/p;s/.*"address":"\([0-9.:]*\)".*"listening".*/\1/p' log | grep .); do
  kill -0 "$bot" || { cat log; exit 1; }
  sleep 0.1
done

"${SCHEMATHESIS:-schemathesis}" --config-file "$config" run "http://$address/api/openapi.json" \
  --header "Authorization: Bearer $token" \
  --checks all \
  --max-examples "${EXAMPLES:-50}" \
  --seed "${SEED:-1}" \
  --generation-database none \
  --no-color
