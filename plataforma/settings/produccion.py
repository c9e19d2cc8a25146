"""Producción. Falla al arrancar si falta lo que la hace segura."""

from .base import *  # noqa: F403
from .base import env

SECRET_KEY = env.str("SECRET_KEY")
CLAVE_DOCUMENTOS = env.str("CLAVE_DOCUMENTOS")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.int("PROXIES_DE_CONFIANZA", 0) else None
SECURE_SSL_REDIRECT = env.bool("HTTPS", True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS", True)
SECURE_HSTS_SECONDS = env.int("HSTS_SEGUNDOS", 31_536_000) if env.bool("HTTPS", True) else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMINIOS", False)

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_correo = env.dj_email_url("EMAIL_URL")
EMAIL_HOST = _correo["EMAIL_HOST"]
EMAIL_PORT = _correo["EMAIL_PORT"]
EMAIL_HOST_USER = _correo["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _correo["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _correo.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _correo.get("EMAIL_USE_SSL", False)
