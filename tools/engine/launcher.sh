#!/bin/sh
# pulumi-language-python: starts the language host that lies beside this script's directory.
#
# This file is shared by every checkout of a user, so it names no interpreter. It takes the first one of these
# that has the Pulumi SDK, which is what the host runs on:
#   1. $LIFEBOAT_PYTHON, taken as it is
#   2. .venv in the working directory (the engine starts a host in the program's directory) or above it
#   3. the activated environment
#   4. the interpreter that last asked for this engine
#   5. python3 on PATH, taken as it is
bin=${0%/*}

has_sdk() {
    for file in "$1"/lib/python3*/site-packages/pulumi/runtime/proto/language_pb2_grpc.py; do
        [ -e "$file" ] && [ -x "$1/bin/python" ]
        return
    done
}

nearest() {
    directory=$PWD
    while :; do
        has_sdk "$directory/.venv" && return
        [ -n "$directory" ] || return 1
        directory=${directory%/*}
    done
}

last=
[ -r "$bin/../../interpreter" ] && read -r last <"$bin/../../interpreter"

if [ -n "$LIFEBOAT_PYTHON" ]; then
    python=$LIFEBOAT_PYTHON
elif nearest; then
    python=$directory/.venv/bin/python
elif [ -n "$VIRTUAL_ENV" ] && has_sdk "$VIRTUAL_ENV"; then
    python=$VIRTUAL_ENV/bin/python
elif [ -n "$last" ] && has_sdk "${last%/bin/*}"; then
    python=$last
else
    python=python3
fi

if ! command -v "$python" >/dev/null; then
    echo "pulumi-language-python: $python is not an executable" >&2
    echo "hint: set LIFEBOAT_PYTHON to a Python that has the Pulumi SDK" >&2
    exit 2
fi
exec "$python" "$bin/../host" --executor "$bin/pulumi-language-python-exec" "$@"
