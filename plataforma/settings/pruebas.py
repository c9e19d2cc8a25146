"""Pruebas: como producción, pero con base, archivos y correo propios.

`PRUEBAS_DIR` separa a quienes prueban a la vez en la misma máquina.
"""

from pathlib import Path

from .base import *  # noqa: F403
from .base import DATABASES, STORAGES, VAR, env

PRUEBAS = Path(env.str("PRUEBAS_DIR", str(VAR / "pruebas")))
PRUEBAS.mkdir(parents=True, exist_ok=True)

SECRET_KEY = "solo-para-pruebas"
CLAVE_DOCUMENTOS = "otra-solo-para-pruebas"
CLAVE_SECRETO_PUBLICA = "PsZcsEa4jS/abPCRc42xsJfadYpuQL9SZfmDEyLmnAs="
CLAVE_SECRETO_PRIVADA = "rFG/HLKd9qyuhL0+WaeB22rKH2JmcQtMN/By8theSdI="
# Las pruebas de la administración entran sin él; las de `tests/cuentas/test_entrada_personal.py` lo encienden.
SEGUNDO_FACTOR_PERSONAL = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

_base = DATABASES["default"]
if "sqlite" in _base["ENGINE"]:
    # En memoria, los hilos de las pruebas de concurrencia fallan casi siempre.
    _base["TEST"] = {"NAME": str(PRUEBAS / "base.sqlite3")}
    # No sobrevive a la corrida: sin esperar al disco en cada confirmación.
    _base["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    # La reserva deja conexiones abiertas y PostgreSQL no borra una base en uso.
    del _base["OPTIONS"]["pool"]

MEDIA_ROOT = PRUEBAS / "media"
PRIVADO_ROOT = PRUEBAS / "privado"
FILE_UPLOAD_TEMP_DIR = PRUEBAS / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
STORAGES = {
    **STORAGES,
    "privado": {**STORAGES["privado"], "OPTIONS": {**STORAGES["privado"]["OPTIONS"], "location": PRIVADO_ROOT}},
    # Sin huellas: no hace falta reunir los estáticos antes de probar.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = PRUEBAS / "estaticos"
STATIC_ROOT.mkdir(exist_ok=True)
