# What a running service tells, takes and is kept from. To be sourced by ../run.
# shellcheck shell=bash disable=SC2154

check_status_and_journal() {
    wait_until 30 has_status 'Status: ".*1/1 healthy' || give_up "systemctl status does not show 1/1 healthy"
    passed "systemctl status: $(grep -o 'Status: .*' "$work/status")"
    # Unset for children; there are none, and the process itself forgot it.
    local entry
    entry=$(journal -o json | grep '"OAUTHWATCH_VERDICT":"failed"' | tail -n 1)
    [ -n "$entry" ] || give_up "no entry of a failed run in the journal"
    printf '%s' "$entry" | /usr/bin/python3 -c '
import json, sys
entry = json.load(sys.stdin)
expected = {"OAUTHWATCH_TARGET": "127.0.0.1", "OAUTHWATCH_STEP": "authentication", "OAUTHWATCH_CHECK": "authentication.rejected",
            "OAUTHWATCH_KIND": "login", "PRIORITY": "4", "SYSLOG_IDENTIFIER": "oauthwatch"}
wrong = {name: entry.get(name) for name, value in expected.items() if entry.get(name) != value}
assert not wrong, wrong
assert len(entry["MESSAGE_ID"]) == 32 and entry["OAUTHWATCH_TRACE"].startswith("/var/log/oauthwatch/traces/"), entry
print("a failed run in journalctl -o json:", ", ".join(f"{name}={entry[name]}" for name in [*expected, "MESSAGE_ID"]))
' >"$work/entry" 2>&1 || fail "the fields are not right" "$work/entry"
    passed "$(cat "$work/entry")"
    journal -x >"$work/explained"
    grep -q 'Subject: Users of 127.0.0.1 cannot log in' "$work/explained" &&
        grep -q '`oauthwatch explain authentication.rejected` tells what it asserts' "$work/explained" ||
        fail "journalctl -x does not explain" "$work/explained"
    passed "journalctl -x: $(grep -o 'Subject: Users of.*' "$work/explained" | head -n 1)"
    ! journal_has 'thread priority' || give_up "the runtime complains in the journal"
    ! journal_has 'testpass|wrong"' || give_up "a password in the journal"
}

check_reload() {
    local before
    before=$(property MainPID)
    inside cp /etc/oauthwatch/oauthwatch.yaml /run/good
    inside sh -c 'echo "nonsense: true" >>/etc/oauthwatch/oauthwatch.yaml'
    ! inside systemctl reload oauthwatch 2>"$work/reload" || give_up "systemctl reload takes a bad file"
    wait_until 10 metric_is 'oauthwatch_config_last_reload_successful 0' || give_up "the metric does not tell of the refused file"
    wait_until 10 has_status 'Status: ".*configuration refused, the old one stays: .*nonsense: is no key here' || give_up "STATUS does not tell of the refused file"
    journal_has 'OAUTHWATCH_FILE":"/etc/oauthwatch/oauthwatch.yaml".*configuration refused|configuration refused.*OAUTHWATCH_FILE":"/etc/oauthwatch/oauthwatch.yaml"' || give_up "the journal does not tell of the refused file"
    page /health -f -o /dev/null || give_up "a refused file changes how the targets stand"
    passed "a bad file: systemctl reload fails, the old configuration stays; metric, STATUS and journal tell"
    inside cp /run/good /etc/oauthwatch/oauthwatch.yaml
    inside sh -c 'sed "s/- name: .*/- name: second/; 1,/^targets:/d" /run/good >>/etc/oauthwatch/oauthwatch.yaml'
    inside systemctl reload oauthwatch || give_up "systemctl reload does not take a good file"
    wait_until 30 has_status 'Status: "2/2 healthy"' || give_up "the second target is not watched"
    metric_is 'oauthwatch_config_last_reload_successful 1' || give_up "the metric does not tell of the good file"
    is MainPID "$before" || give_up "a reload restarts the daemon"
    inside cp /run/good /etc/oauthwatch/oauthwatch.yaml
    inside systemctl reload oauthwatch
    wait_until 30 has_status 'Status: "1/1 healthy"' || give_up "the second target does not go"
    ! has_series 'target="second"' || give_up "the second target's series stay"
    inside rm /run/good
    passed "a good file: a target comes, another reload and it is gone, in the same process"
}

# A program in place of the daemon's, under the very same unit.
check_sandbox() {
    inside mkdir -p /run/systemd/system/probe.service.d
    inside cp /usr/lib/systemd/system/oauthwatch.service /run/systemd/system/probe.service
    inside sh -c 'printf "[Unit]\nOnFailure=\n[Service]\nType=oneshot\nWatchdogSec=0\nRestart=no\nStateDirectory=\nStateDirectory=probe\nLogsDirectory=\nLogsDirectory=probe\nRuntimeDirectory=\nRuntimeDirectory=probe\nExecReload=\nExecStart=\nExecStart=/usr/bin/python3 /run/stage/probe.py\n" >/run/systemd/system/probe.service.d/probe.conf'
    inside systemctl daemon-reload
    inside systemctl start probe.service || { inside journalctl --no-pager -u probe -o cat >"$work/probe"; fail "the sandbox has a hole" "$work/probe"; }
    inside journalctl --no-pager -u probe -o cat | grep '^sandbox: ' >"$work/probe"
    passed "$(cat "$work/probe")"
    inside rm -r /run/systemd/system/probe.service /run/systemd/system/probe.service.d /var/lib/private/probe /var/lib/probe /var/log/private/probe /var/log/probe
    inside systemctl daemon-reload
    local pid
    pid=$(property MainPID)
    [ "$(inside stat -c %u "/proc/$pid/fd")" = 0 ] || give_up "the process is dumpable: /proc/$pid/fd is its own"
    inside awk '$1 == "Uid:" {exit $2 == 0}' "/proc/$pid/status" || give_up "the service runs as root"
    inside awk '$1 == "CapEff:" {exit $2 !~ /^0+$/}' "/proc/$pid/status" || give_up "the service has capabilities"
    inside awk '/^Max core file size/ {exit $5 != 0}' "/proc/$pid/limits" || give_up "the service may dump core"
    [ "$(inside stat -c %a /var/lib/private/oauthwatch)" = 700 ] || give_up "others can read the state directory"
    passed "the daemon: no root, no capability, no core, not dumpable; the state is its own"
}

# scrapes FILE: asks for the page again and again until the file is there; prints how many answers came, and the worst.
scrapes() {
    inside /usr/bin/python3 - "$1" "$2" <<'PY'
import os, socket, sys, time
stop, place = sys.argv[1], sys.argv[2]
answered = refused = 0
longest = 0.0
while not os.path.exists(stop):
    began = time.monotonic()
    unix = place.startswith("/")
    with socket.socket(socket.AF_UNIX if unix else socket.AF_INET) as client:
        client.settimeout(20)
        try:
            client.connect(place if unix else ("127.0.0.1", int(place)))
            client.sendall(b"GET /-/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answer = client.recv(4096)
            answered, refused = (answered + 1, refused) if answer.startswith(b"HTTP/1.1 200") else (answered, refused + 1)
        except OSError:
            refused += 1
    longest = max(longest, time.monotonic() - began)
    time.sleep(0.02)
print(answered, refused, f"{longest:.2f}")
PY
}

# restarts_unnoticed PLACE TEXT: scrapes go on while the service restarts twice.
restarts_unnoticed() {
    local scraper answered refused longest
    inside rm -f /run/enough
    scrapes /run/enough "$1" >"$work/scrapes" &
    scraper=$!
    sleep 1
    inside systemctl restart oauthwatch && inside systemctl restart oauthwatch || give_up "restart under socket activation fails"
    sleep 1
    inside touch /run/enough
    wait "$scraper" || give_up "the scraper fails"
    inside rm /run/enough
    read -r answered refused longest <"$work/scrapes"
    [ "$answered" -gt 20 ] && [ "$refused" = 0 ] || give_up "of the scrapes during restarts $answered were answered and $refused not"
    passed "$2: $answered scrapes over two restarts, none refused, the longest $longest s"
}

# The page on the unix socket, behind a login.
behind_nginx() {
    inside install -m 644 /dev/stdin /etc/nginx/oauthwatch.htpasswd <<<'me:{PLAIN}secret'
    inside cp /usr/share/doc/oauthwatch/examples/nginx/oauthwatch.conf /run/oauthwatch.nginx
    inside install -m 644 /dev/stdin /run/nginx.conf <<'NGINX'
user www-data;
pid /run/nginx.pid;
daemon off;
error_log stderr;
events {}
http {
    access_log off;
    server {
        listen 127.0.0.1:8081;
        include /run/oauthwatch.nginx;
    }
}
NGINX
    inside nginx -q -t -c /run/nginx.conf 2>"$work/nginx" || fail "nginx does not take the snippet" "$work/nginx"
    inside systemd-run -q --unit=nginx nginx -c /run/nginx.conf
    wait_until 20 inside curl -s -o /dev/null http://127.0.0.1:8081/ || fail "nginx does not start"
    local codes
    codes=$(for url in /health /-/reload; do
        for who in nobody:none me:secret; do
            inside curl -s -o /dev/null -w '%{http_code} ' -u "$who" -H 'Host: watch.example' "http://127.0.0.1:8081$url"
        done
    done)
    [ "$codes" = '401 200 403 403 ' ] || fail "nginx answers $codes"
    passed "nginx before it: /health is 401 without and 200 with the login, /-/reload 403"
    inside systemctl stop nginx
    inside sh -c 'rm -f /etc/nginx/oauthwatch.htpasswd /run/nginx.conf /run/oauthwatch.nginx /run/nginx.pid; rm -rf /var/lib/nginx/*'
}

check_socket_activation() {
    inside systemctl stop oauthwatch
    inside systemctl start oauthwatch.socket || give_up "oauthwatch.socket does not start"
    ! inside systemctl is-active -q oauthwatch.service || give_up "the socket starts the service by itself"
    page /-/ready -f -o /dev/null || give_up "a request does not start the service"
    is ActiveState active || give_up "a request does not start the service"
    restarts_unnoticed 9732 "socket activation"
    inside systemctl stop oauthwatch.socket oauthwatch.service
    inside mkdir -p /run/systemd/system/oauthwatch.socket.d
    inside sh -c 'printf "[Socket]\nListenStream=\nListenStream=/run/oauthwatch-http.sock\nSocketGroup=www-data\n" >/run/systemd/system/oauthwatch.socket.d/unix.conf'
    inside systemctl daemon-reload
    inside systemctl start oauthwatch.socket oauthwatch.service || give_up "no unix socket"
    [ "$(inside stat -c '%a %G' /run/oauthwatch-http.sock)" = "660 www-data" ] || give_up "others can use the socket"
    restarts_unnoticed /run/oauthwatch-http.sock "a unix socket of mode 0660"
    behind_nginx
    inside systemctl stop oauthwatch.socket oauthwatch.service
    inside rm -r /run/systemd/system/oauthwatch.socket.d /run/oauthwatch-http.sock
    inside systemctl daemon-reload
    inside systemctl start oauthwatch.service || give_up "it does not start without the socket"
}
