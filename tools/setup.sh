#!/bin/sh
# Usage: tools/setup.sh GROUP ...
# Makes .venv where there is none and installs into it the locked versions of these dependency groups
# of pyproject.toml, every file checked against its hash, and the project itself, editable.
# PYTHON names the interpreter that a new .venv is made with; ENVIRONMENT names another environment, there already.
set -eu
environment=${ENVIRONMENT:-.venv}
python=$environment/bin/python
ready='import sys; sys.exit(sys.version_info < (3, 11))'

if ! "$python" -c "$ready" 2>/dev/null; then
    for found in "${PYTHON:-python3}" ${PYTHON:-python3.13 python3.12 python3.11} none; do
        "$found" -c "$ready" 2>/dev/null && break
    done
    if [ "$found" = none ]; then
        echo "Python 3.11 or newer is needed and ${PYTHON:-python3} is not one: install it, or name it as in PYTHON=/path/to/python3.12 make book." >&2
        exit 1
    fi
    if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "This Python cannot make virtual environments: install its venv module (on Debian and Ubuntu: apt-get install python3-venv)." >&2
        exit 1
    fi
    echo "Making .venv with $("$found" --version) ..."
    "$found" -m venv --clear .venv
fi

# The installer comes out of the same lock.
awk '/^[a-z]/ { wanted = /^uv==/ } wanted' requirements.lock >"$environment/uv.txt"
"$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$environment/uv.txt"

echo "Installing the locked packages ($*) ..."
groups="--group setup"
for group in "$@"; do groups="$groups --group $group"; done
install() { "$environment/bin/uv" pip install --quiet --python "$python" "$@"; }
install --require-hashes -r pyproject.toml $groups -c requirements.lock
install --no-deps --no-build-isolation -e .
