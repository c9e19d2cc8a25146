"""Los ajustes de producción, sin HTTPS ni correo, más la página vacía con que se compara."""

from plataforma.settings.produccion import *  # noqa: F403
from plataforma.settings.produccion import INSTALLED_APPS, STORAGES, VAR, env

INSTALLED_APPS = [*INSTALLED_APPS, "bench.pagina_vacia"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if puerto := env.int("PUERTO_SMTP", 0):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = "127.0.0.1", puerto
# Todo llega de la misma dirección: con límites se mediría la página que dice que espere.
ACCOUNT_RATE_LIMITS = False

# Las que piden HTTPS, que aquí no hay.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]

STATIC_ROOT = VAR / "medicion" / "estaticos"
MEDIA_ROOT = VAR / "medicion" / "media"
PRIVADO_ROOT = VAR / "medicion" / "privado"
STORAGES = {
    **STORAGES,
    "privado": {**STORAGES["privado"], "OPTIONS": {**STORAGES["privado"]["OPTIONS"], "location": PRIVADO_ROOT}},
}
