#!/bin/sh
# Deja `.venv` al día: `entorno.sh ejecucion` o `entorno.sh desarrollo`.
# Sólo instala cuando cambian los requisitos o la versión de Python (huella en `.venv/sello-*`).
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Se necesita Python 3.11 o posterior; «$PYTHON» es $("$PYTHON" --version 2>&1)." >&2
    exit 1
}

huella() { { "$PYTHON" --version; cat "$@"; } | cksum; }
al_dia() { [ -x .venv/bin/python ] && [ "$(cat ".venv/sello-$1" 2>/dev/null)" = "$2" ]; }
instalar() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$2"
    echo "$3" > ".venv/sello-$1"
}

actual=$(huella requirements.txt)
if ! al_dia ejecucion "$actual"; then
    echo "Preparando el entorno de Python en .venv…"
    "$PYTHON" -m venv --clear .venv
    instalar ejecucion requirements.txt "$actual"
fi
if [ "$1" = desarrollo ]; then
    actual=$(huella requirements.txt requirements-dev.txt)
    al_dia desarrollo "$actual" || instalar desarrollo requirements-dev.txt "$actual"
fi
