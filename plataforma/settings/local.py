"""Demostración y trabajo en la propia máquina: correo a `var/correo`, sin HTTPS."""

from .base import *  # noqa: F403
from .base import VAR, env

DEMOSTRACION = True
SECRET_KEY = env.str("SECRET_KEY", "solo-para-demostracion-en-la-propia-maquina")
CLAVE_DOCUMENTOS = env.str("CLAVE_DOCUMENTOS", "solo-para-demostracion-en-la-propia-maquina")
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "correo"
