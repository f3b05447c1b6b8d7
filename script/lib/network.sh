# A small network out of network namespaces, for scripts to source: hosts, and a namespace `switch` with bridges. The
# script sets `prefix` to what the names of its namespaces begin with, its process id in it, and calls begin_network
# before anything else. Needs root, ip and python3; touches nothing outside of the namespaces it makes.

namespaces=()
processes=()
scratch=                                # a folder for logs; removed at the end

# begin_network: from here on everything is taken down again, after Ctrl-C as well.
begin_network() {
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
    scratch=$(mktemp -d "/tmp/weir-${0##*/}.XXXXXX")
    chmod 755 "$scratch"
    # The interpreter itself, in case python3 is a script that looks for one.
    python=$(python3 -c 'import sys; print(sys.executable)')
}

# Set by the script: whether a skipped run is a failure (`yes`), as --require asks.
require=no
readonly NOT_HERE=77                    # EX_NOPERM

say() { printf '%s\n' "${0##*/}: $*"; }
fail() { printf '%s\n' "${0##*/}: $*" >&2; exit 1; }

# skip WHY...: ends the script, which may not do its work here.
skip() {
    say "skipped: $*"
    if [ "$require" = yes ]; then exit "$NOT_HERE"; fi
    exit 0
}

# need_namespaces: skips where there can be none; they may be forbidden to root as well, as in many containers.
need_namespaces() {
    [ "$(uname -s)" = Linux ] || skip "this needs Linux"
    [ "$(id -u)" = 0 ] || skip "this needs root"
    unshare --net true 2>/dev/null || skip "no network namespaces here"
}

inside() { local name=$1; shift; ip netns exec "$prefix$name" "$@"; }

# start LOG NAMESPACE COMMAND...: run it in the background and remember its id.
# `ip netns exec` replaces itself by the command, so the id is the command's own.
start() {
    local log=$1 name=$2; shift 2
    ip netns exec "$prefix$name" "$@" >"$scratch/$log" 2>&1 </dev/null &
    processes+=($!)
}

# pause SECONDS: a sleep that Ctrl-C and TERM interrupt at once.
pause() {
    sleep "$1" &
    processes+=($!)
    wait $! || true
}

# wait_for LOG TEXT: until the log has the text, ten seconds at most.
wait_for() {
    local try
    for try in $(seq 100); do
        if grep -qs -- "$2" "$scratch/$1"; then return; fi
        sleep 0.1
    done
    cat "$scratch/$1" >&2 || true
    fail "'$2' did not appear in $1 within 10 seconds"
}

# Ends what was started here and removes what was made here, whatever happened.
# (Only `kill -9` prevents it; `ip netns list` then shows the names to delete.)
clean_up() {
    local status=$? process name try
    trap - EXIT
    trap '' INT TERM HUP                # one Ctrl-C is enough
    for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
    for try in $(seq 30); do
        if [ -z "$(jobs -pr)" ]; then break; fi
        sleep 0.1
    done
    for process in $(jobs -pr); do kill -KILL "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    for name in "${namespaces[@]}"; do ip netns del "$name" 2>/dev/null || true; done
    if [ -n "$scratch" ]; then rm -rf "$scratch"; fi
    exit "$status"
}


# make_namespace NAME [ipv6]: a host; IPv6 is off unless it is asked for.
make_namespace() {
    local name=$1 ipv6=${2:-no}
    namespaces+=("$prefix$name")        # first, so that Ctrl-C in between leaves nothing
    ip netns add "$prefix$name"
    if [ "$ipv6" != ipv6 ]; then
        inside "$name" sh -c 'for which in all default; do
            file=/proc/sys/net/ipv6/conf/$which/disable_ipv6
            if [ -e $file ]; then echo 1 >$file; fi
        done'
    fi
    ip -n "$prefix$name" link set lo up
}

# plain_nic NAME DEVICE: without offloads, so that what is recorded is what a cable carries.
plain_nic() { inside "$1" "$python" "${BASH_SOURCE[0]%/*}/nic.py" "$2"; }

# connect NAME BRIDGE MAC [ADDRESS...]: a cable from the host's eth0 to an access
# port, which is named like the host, of one of the switch's bridges.
connect() {
    local name=$1 bridge=$2 mac=$3 address; shift 3
    ip link add eth0 netns "$prefix$name" address "$mac" type veth \
        peer name "$name" netns "${prefix}switch"
    plain_nic "$name" eth0
    plain_nic switch "$name"
    ip -n "${prefix}switch" link set "$name" master "$bridge" up
    for address in "$@"; do
        ip -n "$prefix$name" address add "$address/24" broadcast + dev eth0
    done
    ip -n "$prefix$name" link set eth0 up
}
