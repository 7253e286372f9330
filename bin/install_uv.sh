#!/usr/bin/env bash
# install_uv.sh PYTHON DIR: uv from the Python package registry into DIR, as root or not, with or without pip.
set -euo pipefail
python=$1 dir=$2

if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed: apt-get install python3" >&2
    exit 1
fi
if ! "$python" -m pip --version >/dev/null 2>&1 && ! "$python" -c "import ensurepip" 2>/dev/null; then
    echo "Neither pip nor ensurepip is here: installing python3-pip and python3-venv" >&2
    if [ "$(id -u)" = 0 ]; then
        apt-get update -qq && apt-get install -y -qq python3-pip python3-venv
    elif sudo -n true 2>/dev/null; then
        sudo apt-get update -qq && sudo apt-get install -y -qq python3-pip python3-venv
    else
        echo "Please run once as root: apt-get install python3-pip python3-venv" >&2
        exit 1
    fi
fi
if "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target "$dir" --upgrade uv
else
    "$python" -m venv "$dir"
    "$dir/bin/python" -m pip install --quiet --disable-pip-version-check uv
fi
test -x "$dir/bin/uv"
