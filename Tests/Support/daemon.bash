# What the scripts that test the built daemon share. To be sourced; it leaves nothing running and nothing behind.
# shellcheck shell=bash

work=$(mktemp -d "${TMPDIR:-/tmp}/oauthwatch-test.XXXXXX")
# Processes to end with SIGTERM, and such as only SIGKILL ends.
started=()
killed=()
trap clean_up EXIT

clean_up() {
    local pid
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null; done
    for pid in "${killed[@]}"; do kill -9 "$pid" 2>/dev/null; done
    for pid in "${started[@]}"; do wait "$pid" 2>/dev/null; done
    rm -rf "$work"
}

say() { printf '%s\n' "$*"; }
passed() { say "✔ $*"; }
skip() { say "SKIPPED: $*" >&2; exit 0; }

# fail TEXT [FILE…]: shows the ends of the files, then gives up.
fail() {
    say "✘ $1" >&2
    shift
    local file
    for file in "$@"; do
        say "--- end of ${file##*/}:" >&2
        tail -n 30 "$file" >&2
    done
    exit 1
}

# wait_until SECONDS COMMAND…: until the command succeeds.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.2
    done
}

# built DIRECTORY NAME: the absolute path of a built program.
built() {
    [ -x "$1/$2" ] || fail "no $2 in $1: run \`swift build\` first, or name the build directory"
    say "$(cd "$1" && pwd)/$2"
}

# free_port: a loopback port that nobody listens on.
free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)); (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
    say "$port"
}

# start_lab PROGRAM: starts the lab on a free port; its URL is then in $lab_url.
start_lab() {
    "$1" lab --port 0 --quiet >"$work/lab.log" 2>&1 &
    started+=($!)
    wait_until 20 grep -q 'listens on http' "$work/lab.log" || fail "the lab does not start" "$work/lab.log"
    # shellcheck disable=SC2034
    lab_url=$(sed -n 's/.*listens on \(http[^ ]*\).*/\1/p' "$work/lab.log" | head -n 1)
}

# daemon_configuration DIRECTORY PORT: the head of a configuration whose files are all in one directory.
daemon_configuration() {
    cat <<YAML
listen: 127.0.0.1:$2
stateDirectory: $1/state
traces:
  directory: $1/traces
targets:
YAML
}

# target NAME URL PASSWORD-FILE: one target, run every 5 s.
target() {
    cat <<YAML
  - name: $1
    server: $2
    username: testuser
    passwordFile: $3
    interval: 5s
    timeout: 5s
YAML
}
