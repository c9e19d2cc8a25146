"""Comprueba que el catálogo en inglés está completo y compilado: cada texto del código, traducido y sin dudas."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

RAIZ = Path(__file__).resolve().parents[1]
CATALOGO = Path("locale/en/LC_MESSAGES/django.po")
AJENO = ("var", ".venv", ".git", "tests", "bench", "static", "__pycache__")


def textos_del_codigo() -> set:
    """Lo que `makemessages` recogería hoy, sin tocar el catálogo del repositorio."""
    with tempfile.TemporaryDirectory() as carpeta:
        copia = Path(carpeta) / "copia"
        shutil.copytree(RAIZ, copia, ignore=shutil.ignore_patterns(*AJENO))
        shutil.rmtree(copia / "locale", ignore_errors=True)
        (copia / "locale" / "en").mkdir(parents=True)
        entorno = {nombre: valor for nombre, valor in os.environ.items() if nombre != "DJANGO_SETTINGS_MODULE"}
        orden = [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--no-location", "--verbosity", "0"]
        subprocess.run(orden, cwd=copia, env=entorno, check=True)
        return {(e.msgctxt, e.msgid) for e in polib.pofile(str(copia / CATALOGO)) if not e.obsolete}


def main() -> int:
    if not (RAIZ / CATALOGO).exists():
        print(f"Falta {CATALOGO}: make mensajes")
        return 1
    entradas = [e for e in polib.pofile(str(RAIZ / CATALOGO)) if not e.obsolete]
    traducidas = {(e.msgctxt, e.msgid) for e in entradas if e.translated()}
    faltas = [f"sin traducir o dudoso: {texto!r}" for _, texto in sorted(textos_del_codigo() - traducidas, key=str)]

    compilado = (RAIZ / CATALOGO).with_suffix(".mo")
    en_compilado = {(e.msgctxt, e.msgid, e.msgstr) for e in polib.mofile(str(compilado))} if compilado.exists() else set()
    if {(e.msgctxt, e.msgid, e.msgstr) for e in entradas if e.translated()} - en_compilado:
        faltas.append(f"{compilado.name} no está al día: make mensajes")
    print("\n".join(faltas) or f"{len(traducidas)} textos traducidos")
    return 1 if faltas else 0


if __name__ == "__main__":
    sys.exit(main())
