# What can be said of the package without installing it. To be sourced by ../run.
# shellcheck shell=bash disable=SC2154

check_package_files() {
    local tree=$work/tree
    dpkg-deb -x "$package" "$tree"
    # With the runtime beside them, executables name the place of the toolchain that they were built with.
    lintian --fail-on error,warning --suppress-tags custom-library-search-path "$package" >"$work/lintian" 2>&1 ||
        fail "lintian complains" "$work/lintian"
    passed "lintian is silent but for overrides: $(grep -vc '^#' deploy/debian/lintian-overrides)"
    check_manuals "$tree"
    check_completions "$tree"
    python3=/usr/bin/python3
    $python3 Tests/Package/configuration.py "$tree/usr/lib/oauthwatch/oauthwatch" >"$work/schema" 2>&1 ||
        fail "schema and program disagree" "$work/schema"
    passed "$(cat "$work/schema")"
}

check_manuals() {
    local page
    for page in man1/oauthwatch.1 man5/oauthwatch.yaml.5; do
        gunzip -c "$1/usr/share/man/$page.gz" >"$work/${page##*/}"
    done
    # Of other manuals this machine may have none.
    (cd "$work" && mandoc -T lint oauthwatch.1 oauthwatch.yaml.5 2>&1) |
        grep -vE 'referenced manual not found|mandoc.db' >"$work/mandoc"
    [ ! -s "$work/mandoc" ] || fail "mandoc -T lint complains" "$work/mandoc"
    passed "mandoc -T lint is silent about oauthwatch(1) and oauthwatch.yaml(5)"
}

# bash_offers TREE WANTED WORD…: whether bash offers WANTED for a line of these words.
bash_offers() {
    bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _oauthwatch; printf "%s\n" "${COMPREPLY[@]}"' \
        _ "$1/usr/share/bash-completion/completions/oauthwatch" "${@:3}" >"$work/offers" 2>/dev/null
    grep -qx -e "$2" "$work/offers"
}

check_completions() {
    bash -n "$1/usr/share/bash-completion/completions/oauthwatch" || fail "bash does not take the completion"
    bash_offers "$1" trace oauthwatch tra || fail "bash does not complete a command"
    bash_offers "$1" --password-file oauthwatch trace --pass || fail "bash does not complete an option"
    bash_offers "$1" json oauthwatch run --log-format js || fail "bash does not complete a value"
    bash_offers "$1" --list-faults oauthwatch lab --li || fail "bash does not know the other executables"
    zsh -f -c 'autoload -Uz compinit; fpath=("$1" $fpath); compinit -u -D; autoload -Uz _oauthwatch && whence -w _oauthwatch' \
        _ "$1/usr/share/zsh/vendor-completions" >"$work/zsh" 2>&1 || fail "zsh does not load the completion" "$work/zsh"
    zsh -n "$1/usr/share/zsh/vendor-completions/_oauthwatch" || fail "zsh does not take the completion"
    /usr/bin/python3 Tests/Package/zsh_completion.py "$1/usr/share/zsh/vendor-completions" >"$work/zsh" 2>&1 ||
        fail "zsh does not complete" "$work/zsh"
    passed "bash and zsh complete commands, options and values: $(tr '\n' ' ' <"$work/zsh")"
}
