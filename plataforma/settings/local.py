"""Demostración y trabajo en la propia máquina: correo a `var/correo`, sin HTTPS."""

from .base import *  # noqa: F403
from .base import VAR, env

DEMOSTRACION = True
SECRET_KEY = env.str("SECRET_KEY", "solo-para-demostracion-en-la-propia-maquina")
CLAVE_DOCUMENTOS = env.str("CLAVE_DOCUMENTOS", "solo-para-demostracion-en-la-propia-maquina")
CLAVE_SECRETO_PUBLICA = env.str("CLAVE_SECRETO_PUBLICA", "PsZcsEa4jS/abPCRc42xsJfadYpuQL9SZfmDEyLmnAs=")
CLAVE_SECRETO_PRIVADA = env.str("CLAVE_SECRETO_PRIVADA", "rFG/HLKd9qyuhL0+WaeB22rKH2JmcQtMN/By8theSdI=")
DEBUG = env.bool("DEBUG", False)
# Las cuentas de la demostración son públicas: con segundo paso nadie más que el primero entraría.
SEGUNDO_FACTOR_PERSONAL = env.bool("SEGUNDO_FACTOR_PERSONAL", False)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "correo"
