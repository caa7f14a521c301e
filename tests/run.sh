#!/usr/bin/env bash
# Runs every test, on a fresh machine with the .NET SDK: installs what they need (Debian's packages, npm), starts a PostgreSQL of
# its own on a free port, checks the format and the contract, and ends with one line over all test projects.
# usage: bash tests/run.sh [a filter of `dotnet test`]
set -u
cd "$(dirname "$0")/.."

filter=${1:-}
results=artifacts/test-results
work=$(mktemp -d)
pg_bin=''
failed_checks=0
passed_checks=0

say() { printf '\n== %s\n' "$*"; }

stop_postgres() {
  if [ -n "$pg_bin" ] && [ -f "$work/pg/postmaster.pid" ]; then
    as_postgres "$pg_bin/pg_ctl" -D "$work/pg" -m immediate -w stop >/dev/null 2>&1
  fi
}
trap 'stop_postgres; rm -rf "$work"' EXIT

# PostgreSQL does not run as root; everybody else runs it as himself.
as_postgres() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# install COMMAND PACKAGE...: what is there already is left alone.
install() {
  command -v "$1" >/dev/null 2>&1 && return 0
  shift
  say "installing $*"
  as_root apt-get update -q >"$work/apt.log" 2>&1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$work/apt.log" 2>&1 && return 0
  tail -5 "$work/apt.log"
  return 1
}

# Chromium for the pages, and a font for the Chinese ones.
install_browser() {
  install chromium chromium || return 1
  [ -n "$(find /usr/share/fonts -iname '*cjk*' -print -quit 2>/dev/null)" ] || install noto-sans-cjk fonts-noto-cjk
}

find_postgres() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }

start_postgres() {
  pg_bin=$(find_postgres)
  if [ -z "$pg_bin" ] || [ ! -x "$pg_bin/initdb" ]; then
    install initdb-of-postgresql postgresql postgresql-client || return 1
    pg_bin=$(find_postgres)
  fi

  say "starting PostgreSQL from $pg_bin"
  chmod 755 "$work"
  mkdir -p "$work/pg" "$work/socket"
  [ "$(id -u)" = 0 ] && chown postgres "$work/pg" "$work/socket"
  as_postgres "$pg_bin/initdb" -D "$work/pg" -U registry -A trust -E UTF8 --locale=C.UTF-8 >"$work/initdb.log" 2>&1 || { tail -5 "$work/initdb.log"; return 1; }
  # A free port: the kernel names one, and it is taken at once.
  for attempt in 1 2 3 4 5; do
    port=$(( 20000 + (RANDOM * 32768 + RANDOM) % 40000 ))
    if as_postgres "$pg_bin/pg_ctl" -D "$work/pg" -w -t 30 -l "$work/pg/server.log" \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/socket -c max_connections=200 -c fsync=off" start >/dev/null 2>&1; then
      export REGISTRY_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=registry;Database=postgres"
      export REGISTRY_TEST_POSTGRES_BIN=$pg_bin
      return 0
    fi
  done
  tail -5 "$work/pg/server.log"
  return 1
}

# check NAME COMMAND...: one check beside the test projects, counted as a test.
check() {
  local name=$1
  shift
  if "$@" >"$work/check.log" 2>&1; then
    passed_checks=$((passed_checks + 1))
    echo "passed: $name"
  else
    failed_checks=$((failed_checks + 1))
    echo "FAILED: $name"
    tail -40 "$work/check.log"
  fi
}

lint_contract() {
  install node nodejs npm && command -v npm >/dev/null 2>&1 || install npm npm || return 1
  local tools=artifacts/openapi-tools
  if [ ! -x "$tools/node_modules/.bin/spectral" ] || [ ! -x "$tools/node_modules/.bin/redocly" ]; then
    mkdir -p "$tools"
    npm install --prefix "$tools" --no-audit --no-fund --ignore-scripts --loglevel=error @stoplight/spectral-cli@6.16.3 @redocly/cli@2.77.0 || return 1
  fi
  "$tools/node_modules/.bin/spectral" lint --fail-severity=error openapi/ecolabel-registry.v1.json &&
    REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true "$tools/node_modules/.bin/redocly" lint openapi/ecolabel-registry.v1.json
}

say "building"
rm -rf "$results"
dotnet build EcoLabelRegistry.sln -c Release --nologo -v q -clp:NoSummary >"$work/build.log" 2>&1
if [ $? -ne 0 ]; then
  grep -E "error|warning" "$work/build.log" | sort -u | head -40
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

if ! install_browser; then
  echo "Chromium could not be installed, and nothing may be skipped."
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

if ! start_postgres; then
  echo "PostgreSQL could not be installed or started, and nothing may be skipped."
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

say "testing"
dotnet test EcoLabelRegistry.sln -c Release --no-build --nologo -v q \
  --logger trx --logger "console;verbosity=minimal" --blame-hang-timeout 8m --blame-hang-dump-type none --results-directory "$results" ${filter:+--filter "$filter"} 2>&1 | grep --line-buffered -vE '^\s*$|^Results File|^Test run for|A total of|^Data collector'

# Every project must have left its results: a crashed one counts as a failure, not as silence.
projects=$(ls -d tests/*/*Tests.csproj | wc -l)
reports=$(ls "$results"/*.trx 2>/dev/null | wc -l)
counters() { grep -ho "<Counters [^>]*>" "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ s += $1 } END { print s + 0 }'; }
passed=$(counters passed)
total=$(counters total)
executed=$(counters executed)
skipped=$((total - executed))
failed=$((executed - passed))
[ -z "$filter" ] && [ "$reports" -ne "$projects" ] && failed=$((failed + projects - reports)) && echo "A test project left no results."

if [ -z "$filter" ]; then
  say "checking format and contract"
  check "every file is formatted (dotnet format)" dotnet format EcoLabelRegistry.sln --verify-no-changes --no-restore --verbosity quiet
  check "the contract has no error (Spectral, Redocly)" lint_contract
fi

passed=$((passed + passed_checks))
failed=$((failed + failed_checks))
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
