# The machine that the package is installed on. To be sourced by ../run.
# shellcheck shell=bash disable=SC2154,SC2034

count=0
# What ../../Support/daemon.bash says, counted.
passed() { count=$((count + 1)); say "✔ $*"; }

# find_first PARENT: the only child of unshare, as seen from outside.
find_first() { first=$(tr -d ' ' <"/proc/$1/task/$1/children") && [ -n "$first" ]; }

# inside COMMAND…: runs a command on that machine.
inside() { nsenter -t "$first" -m -p -i -u -C -n -- env -u LD_LIBRARY_PATH PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

stage_and_boot() {
    mkdir -p "$work/stage" "$work/room"
    cp "$package" Tests/Package/probe.py "$work/stage/"
    next_version
    unshare --pid --mount --cgroup --uts --ipc --net --fork --kill-child \
        Tests/Package/boot "$work/room" "$work/stage" >"$work/systemd.log" 2>&1 &
    local parent=$!
    wait_until 10 find_first "$parent" || fail "no namespaces" "$work/systemd.log"
    # unshare ignores signals while its child lives; this one is killed, and all in there with it.
    killed+=("$first")
    wait_until 20 inside systemctl is-active -q multi-user.target 2>"$work/systemctl.log" ||
        fail "systemd does not boot" "$work/systemd.log" "$work/systemctl.log"
    passed "$(inside systemctl --version | head -n 1) is up, on a machine of its own"
}

# The same package with a later version, for the upgrade.
next_version() {
    dpkg-deb -R "$package" "$work/next"
    sed -i 's/^Version: .*/&+next1/' "$work/next/DEBIAN/control"
    dpkg-deb --root-owner-group -Zgzip -z1 --build "$work/next" "$work/stage/next.deb" >/dev/null
    rm -rf "$work/next"
}

property() { inside systemctl show -P "$1" "${2:-oauthwatch.service}"; }
is() { [ "$(property "$1")" = "$2" ]; }
is_at_least() { [ "$(property "$1")" -ge "$2" ]; }
has_status() { inside systemctl status --no-pager oauthwatch.service >"$work/status" 2>&1; grep -qE "$1" "$work/status"; }
# page PATH [CURL-ARGUMENT…]: a page of the daemon.
page() { inside curl -sS --max-time 20 "http://127.0.0.1:9732$1" "${@:2}"; }
# Through a file: a reader that ends early would make the writer fail.
health_has() { page /health >"$work/page" 2>/dev/null; grep -qE "$1" "$work/page"; }
metric_is() { page /metrics >"$work/page" 2>/dev/null; grep -qxF "$1" "$work/page"; }
has_series() { page /metrics >"$work/page" || give_up "no metrics"; grep -q "$1" "$work/page"; }
# journal ARGUMENT…: the service's entries.
journal() { inside journalctl --no-pager -u oauthwatch.service "$@"; }
journal_has() { journal -o json >"$work/journal" || give_up "no journal"; grep -qE "$1" "$work/journal"; }

give_up() {
    inside systemctl status --no-pager -n 40 oauthwatch.service >"$work/status" 2>&1
    fail "$1" "$work/systemd.log" "$work/status"
}
