# A service's life: installation, first steps, failure, upgrade, end. To be sourced by ../run.
# shellcheck shell=bash disable=SC2154

# Everything on the machine that an installation may touch.
listing() { inside find /etc /usr /var/lib /var/log /run -xdev \( -path '/var/log/journal/*' -o -path /run/log -o -path '/run/systemd' -o -path '/run/stage' -o -path '/var/lib/systemd/catalog' -o -path '/var/lib/dpkg' -o -path /run/udev \) -prune -o -print | sort; }

install_package() {
    listing >"$work/before"
    inside dpkg -i "/run/stage/${package##*/}" >"$work/dpkg" 2>&1 || fail "the package does not install" "$work/dpkg"
    inside test -L /usr/bin/oauthwatch || fail "no /usr/bin/oauthwatch"
    [ "$(inside stat -c '%a %U' /etc/oauthwatch/credentials)" = "700 root" ] || fail "others can read the credentials"
    ! inside systemctl is-active -q oauthwatch.service || fail "a first installation starts the service"
    passed "dpkg -i: installed, nothing started"
}

check_units() {
    local said units=(oauthwatch.service oauthwatch.socket oauthwatch-alert@x.service)
    said=$(inside systemd-analyze verify --man=no "${units[@]}" 2>&1)
    [ -z "$said" ] || { say "$said"; fail "systemd-analyze verify is not silent"; }
    passed "systemd-analyze verify is silent about ${units[*]}"
    inside systemd-analyze security --offline=true --no-pager oauthwatch.service >"$work/security" 2>&1
    said=$(sed -n 's/.*exposure level for [^:]*: \([0-9.]*\) .*/\1/p' "$work/security")
    awk -v score="${said:-10}" 'BEGIN {exit !(score <= 1.5)}' || fail "exposure $said is above 1.5" "$work/security"
    passed "systemd-analyze security: exposure $said"
    # The lab, which is watched; not as its own service, so that it needs no unit.
    inside systemd-run -q --unit=lab --setenv=HOME=/ oauthwatch lab --port 8000 --quiet
    wait_until 20 inside curl -s -o /dev/null http://127.0.0.1:8000/ || fail "the lab does not start"
}

# The README's commands, timed, and what is shown when one of them goes wrong.
newcomer() {
    local started=$EPOCHREALTIME
    # A wrong address, first.
    ! inside oauthwatch init http://127.0.0.1:8001 --username testuser >"$work/none" 2>"$work/wrong-url" ||
        fail "init takes a wrong URL"
    grep -q 'discovery.connection\|connect\|refused' "$work/wrong-url" || fail "init does not say that nobody listens" "$work/wrong-url"
    passed "a wrong URL: $(head -n 1 "$work/wrong-url")"
    inside sh -c 'oauthwatch init http://127.0.0.1:8000 --username testuser >/etc/oauthwatch/oauthwatch.yaml' 2>"$work/init" ||
        fail "init fails" "$work/init"
    # A typo in the file.
    inside sed -i 's/passwordFile/passwortFile/' /etc/oauthwatch/oauthwatch.yaml
    ! inside oauthwatch check-config /etc/oauthwatch/oauthwatch.yaml >"$work/typo" || fail "check-config takes a typo"
    grep -q 'oauthwatch.yaml:[0-9]*:[0-9]*: targets\[0\].passwortFile: is no key here; allowed: perhaps passwordFile' "$work/typo" ||
        fail "check-config does not name the key that is meant" "$work/typo"
    passed "a typo: $(cut -c 1-150 "$work/typo" | head -n 1)"
    inside sed -i 's/passwortFile/passwordFile/' /etc/oauthwatch/oauthwatch.yaml
    # A wrong password.
    inside install -m 600 /dev/stdin /etc/oauthwatch/credentials/127.0.0.1 <<<wrong
    inside oauthwatch check-config /etc/oauthwatch/oauthwatch.yaml >"$work/check" || fail "check-config does not take the file" "$work/check"
    inside systemctl enable -q --now oauthwatch || give_up "systemctl enable --now fails"
    wait_until 30 health_has 'step=authentication' || give_up "a wrong password is not shown"
    passed "a wrong password: $(page /health)"
    inside install -m 600 /dev/stdin /etc/oauthwatch/credentials/127.0.0.1 <<<testpass
    inside systemctl restart oauthwatch
    wait_until 60 page /health -f -o /dev/null 2>/dev/null || give_up "the page does not become green: $(page /health)"
    passed "the right one: $(page /health)"
    passed "from the package to the first green page in $(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN {printf "%.1f", b - a}') s, three mistakes among them"
}

check_watchdog() {
    local before
    before=$(property MainPID)
    inside mkdir -p /run/systemd/system/oauthwatch.service.d
    inside sh -c 'printf "[Service]\nWatchdogSec=3\nTimeoutAbortSec=2\nRestartSec=500ms\n" >/run/systemd/system/oauthwatch.service.d/test.conf'
    inside systemctl daemon-reload
    inside systemctl restart oauthwatch
    before=$(property MainPID)
    # Well: over twice the watchdog's interval the daemon stays, so it does tell that it is alive.
    sleep 7
    is MainPID "$before" || give_up "the watchdog killed a daemon that is well"
    inside kill -STOP "$before"
    wait_until 30 is_at_least NRestarts 1 || give_up "the watchdog does not kill a daemon that is stopped by SIGSTOP"
    wait_until 20 is ActiveState active || give_up "the daemon does not come back"
    wait_until 30 health_has healthy || give_up "the daemon is back, but not at work"
    inside rm -r /run/systemd/system/oauthwatch.service.d
    inside systemctl daemon-reload
    passed "SIGSTOP: the watchdog kills it, it comes back and works"
}

lab_counts() { inside curl -sS http://127.0.0.1:8000/-/stats | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
lab_has_more() { [ "$(lab_counts "$1")" -gt "$2" ]; }

check_upgrade() {
    local before client logins
    # A login in progress, which the upgrade cuts short.
    inside sed -i 's/interval: 15m/interval: 5s/' /etc/oauthwatch/oauthwatch.yaml
    inside systemctl reload oauthwatch || give_up "the reload fails"
    logins=$(lab_counts logins)
    inside curl -sS -o /dev/null -X POST http://127.0.0.1:8000/-/fault/token.drip
    wait_until 30 lab_has_more logins "$logins" || give_up "no login comes"
    # The answer under way goes on dripping; later ones do not.
    inside curl -sS -o /dev/null -X DELETE http://127.0.0.1:8000/-/fault/token.drip
    logins=$(lab_counts logins)
    before=$(property MainPID)
    client=$(lab_counts registrations)
    inside dpkg -i /run/stage/next.deb >"$work/dpkg" 2>&1 || fail "the upgrade fails" "$work/dpkg"
    wait_until 20 is ActiveState active || give_up "the service does not run after the upgrade"
    ! is MainPID "$before" || give_up "the upgrade does not restart the service"
    wait_until 30 lab_has_more logins "$logins" || give_up "the login that was cut short is not done anew"
    wait_until 60 health_has ' healthy' || give_up "not healthy after the upgrade"
    ! inside sh -c 'grep -l "monitor.stopped.*failure" /var/log/oauthwatch/traces/*/*' || give_up "the upgrade made a run fail"
    [ "$(lab_counts registrations)" = "$client" ] || give_up "the upgrade lost the client"
    is NRestarts 0 || give_up "it died on the way"
    passed "dpkg -i of $(inside dpkg-query -W -f '${Version}' oauthwatch): restarted, the login in progress done anew, the client kept"
}

check_failed_start() {
    inside sh -c 'printf "#!/bin/sh\ncat >/run/told; echo \"\$1\" >>/run/told\n" >/etc/oauthwatch/on-failure; chmod 755 /etc/oauthwatch/on-failure'
    inside sh -c 'cp /etc/oauthwatch/oauthwatch.yaml /run/good; echo "nonsense: true" >>/etc/oauthwatch/oauthwatch.yaml'
    ! inside systemctl restart oauthwatch 2>"$work/start" || give_up "it starts with a wrong configuration"
    is ExecMainStatus 78 || give_up "a wrong configuration does not exit with 78"
    is StatusErrno 22 || give_up "ERRNO is not told"
    wait_until 10 inside test -s /run/told || give_up "OnFailure= tells nobody"
    inside grep -qx oauthwatch.service /run/told || give_up "the unit's name is not told: $(inside cat /run/told)"
    wait_until 10 is ActiveState failed || give_up "a wrong configuration is tried again and again"
    has_status 'Status: "does not start: [^ ]*: nonsense: is no key here' || give_up "STATUS does not say why"
    passed "a wrong configuration: exit 78, not tried again, the operator's program told; $(grep -o 'Status: .\{100\}' "$work/status")…"
    inside cp /run/good /etc/oauthwatch/oauthwatch.yaml
    inside systemctl reset-failed oauthwatch
    inside systemctl start oauthwatch || give_up "it does not start again"
    inside systemctl stop oauthwatch
    is Result success && is ExecMainStatus 0 || give_up "it does not end with 0"
    passed "systemctl stop: exit 0"
}

check_purge() {
    inside systemctl start oauthwatch
    inside dpkg -P oauthwatch >"$work/dpkg" 2>&1 || fail "the purge fails" "$work/dpkg"
    ! inside systemctl is-active -q oauthwatch.service || fail "the purge leaves it running"
    inside rm -f /run/told /run/good
    inside systemctl stop lab
    listing >"$work/after"
    diff "$work/before" "$work/after" >"$work/left" || fail "the purge leaves something" "$work/left"
    passed "dpkg -P: $(wc -l <"$work/after") files and directories as before"
}
