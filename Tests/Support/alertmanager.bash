# Alertmanager as Debian has it. To be sourced after daemon.bash.
# shellcheck shell=bash

# start_alertmanager [CONFIGURATION]: on free ports; its URL is then in $alertmanager_url.
start_alertmanager() {
    command -v prometheus-alertmanager >/dev/null || skip "Alertmanager is not installed (Debian package prometheus-alertmanager)"
    local configuration=${1-}
    alertmanager_url=http://127.0.0.1:$(free_port)
    if [ -z "$configuration" ]; then
        configuration=$work/alertmanager.yml
        printf 'route: {receiver: none, group_by: [alertname, target], group_wait: 1s}\nreceivers: [{name: none}]\n' \
            >"$configuration"
    fi
    prometheus-alertmanager --config.file="$configuration" --storage.path="$work/alertmanager" \
        --web.listen-address="${alertmanager_url#http://}" --cluster.listen-address= >"$work/alertmanager.log" 2>&1 &
    started+=($!)
    wait_until 30 curl -fsS -o "$work/ready" "$alertmanager_url/-/ready" 2>"$work/curl.log" ||
        fail "Alertmanager does not get ready" "$work/alertmanager.log"
}
