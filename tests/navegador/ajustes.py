"""El sitio que recorren las pruebas de navegador: la demostración, con correo por SMTP y archivos propios."""

from pathlib import Path

from plataforma.settings.local import *  # noqa: F403
from plataforma.settings.local import STORAGES, VAR, env

PRUEBAS = Path(env.str("PRUEBAS_DIR", str(VAR / "pruebas")))

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.int("PUERTO_SMTP")

STATIC_ROOT = PRUEBAS / "sitio" / "estaticos"
MEDIA_ROOT = PRUEBAS / "sitio" / "media"
PRIVADO_ROOT = PRUEBAS / "sitio" / "privado"
STORAGES = {
    **STORAGES,
    "privado": {**STORAGES["privado"], "OPTIONS": {**STORAGES["privado"]["OPTIONS"], "location": PRIVADO_ROOT}},
}
# Una prueba recorre en un minuto lo que una persona en una tarde, y siempre desde la misma dirección.
if not env.bool("LIMITES", False):
    ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
# El guardado automático de Wagtail compite con quien escribe a la velocidad de una máquina.
WAGTAIL_AUTOSAVE_INTERVAL = 0
