# Runs a PostgreSQL server in a temporary folder for as long as somebody holds the other end of standard input: when the tests
# end, however they end, the server stops and its folder goes. Arguments: folder of the binaries, port. Orders: halt, launch.
bin=$1
port=$2
server=
folder=$(mktemp -d "${TMPDIR:-/tmp}/sidelight-postgres.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
# Control-C reaches the whole group; the end of the tests is what counts.
trap '' INT TERM

fail() {
    cat "$folder/log" >&2
    exit 1
}

launch() {
    # Nothing here has to survive a power cut.
    "$bin/postgres" -D "$folder/data" -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 -c max_connections=200 \
        -c shared_buffers=32MB -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        >>"$folder/log" 2>&1 </dev/null &
    server=$!
    tries=0
    until "$bin/pg_isready" -q -h "$folder" -p "$port"; do
        kill -0 "$server" 2>/dev/null || fail
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || fail
        sleep 0.05
    done
}

halt() {
    [ -z "$server" ] && return
    kill -"$1" "$server" 2>/dev/null
    wait "$server"
    server=
}

"$bin/initdb" -D "$folder/data" -U sidelight -A trust -E UTF8 --locale=C -N >"$folder/log" 2>&1 || fail
launch
echo ready
while read -r order; do
    case $order in
        halt) halt INT ;;
        launch) launch ;;
    esac
    echo ready
done
halt QUIT
