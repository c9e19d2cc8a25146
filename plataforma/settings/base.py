"""Lo común a todos los entornos. Cada variable de entorno se explica en `.env.example`."""

from datetime import time
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from environs import Env

from .proveedores import leer_proveedores

RAIZ = Path(__file__).resolve().parents[2]
VAR = RAIZ / "var"

env = Env()
env.read_env(RAIZ / ".env", recurse=False)

DEBUG = False
# Modo de demostración: muestra el buzón de correos y las cuentas de prueba. Nunca en producción.
DEMOSTRACION = False

INSTALLED_APPS = [
    "plataforma",
    "retos",
    "encuestas",
    "foros",
    "indicadores",
    "participacion.formularios",
    "participacion.apoyos",
    "participacion.moderacion",
    "participacion.avisos",
    "participacion.adjuntos",
    "participacion.registro",
    "participacion.ejercicios",
    "cuentas",
    "home",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "django_filters",
    "django_htmx",
    "heroicons",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "plataforma.middleware.PoliticaContenidoMiddleware",
    "plataforma.middleware.EntradaInvalidaMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cuentas.entrada.middleware.SegundoFactorMiddleware",
    "plataforma.middleware.FormularioInvalidoMiddleware",
    "plataforma.publicacion.PublicacionRechazadaMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "plataforma.urls"
WSGI_APPLICATION = "plataforma.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RAIZ / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
# Los formularios se dibujan con las plantillas de `templates/django/forms/`.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Base de datos -----------------------------------------------------------------
# Sin DATABASE_URL: SQLite embebida, suficiente para una entidad pequeña y para probar.


def sqlite(ruta: str) -> dict:
    """SQLite que espera en vez de fallar: WAL, escritura reservada al abrir la transacción, 20 s."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ruta,
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=WAL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
    }


def postgresql(configuracion: dict) -> dict:
    """Añade a una URL de PostgreSQL la reserva de conexiones y los límites de espera.

    Sin ellos, un servidor que deja de responder cuelga cada petición más de 20 s.
    """
    opciones = configuracion.setdefault("OPTIONS", {})
    opciones.setdefault("pool", {"min_size": 1, "max_size": env.int("DB_CONEXIONES", 8), "timeout": 10})
    opciones.setdefault("connect_timeout", 5)
    opciones.setdefault("keepalives_idle", 10)
    opciones.setdefault("keepalives_interval", 5)
    opciones.setdefault("keepalives_count", 3)
    opciones.setdefault("tcp_user_timeout", 15000)
    opciones.setdefault(
        "options",
        "-c statement_timeout=30000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=60000",
    )
    return configuracion


_url = env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR / 'plataforma.sqlite3'}")
DATABASES = {"default": postgresql(_url) if "postgresql" in _url["ENGINE"] else sqlite(_url["NAME"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cachés ------------------------------------------------------------------------
# `default` la comparten todos los procesos (los límites de intentos viven allí).
# `fragmentos` es de cada proceso: sus claves llevan la versión de lo que guardan, así que
# nunca dice algo viejo y no hay nada que invalidar.
CACHES = {
    "default": env.dj_cache_url("CACHE_URL")
    if env.str("CACHE_URL", "")
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_compartida",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    "fragmentos": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragmentos",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    },
}

# --- Tareas: la fila de la tarea se confirma o se deshace con la transacción que la pide ---
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# --- Personas ------------------------------------------------------------------------
AUTH_USER_MODEL = "cuentas.Usuario"
# El de allauth extiende al de Django: con los dos, cada intento fallido cifraría la clave dos veces.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "cuentas:mi_cuenta"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "cuentas.adaptador.AdaptadorCuentas"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]  # sin contraseña se ingresa con códigos por correo
ACCOUNT_SIGNUP_FORM_CLASS = "cuentas.forms.RegistroForm"
ACCOUNT_FORMS = {
    "signup": "cuentas.entrada.forms.RegistrarseForm",
    "confirm_login_code": "cuentas.entrada.forms.CodigoDeIngresoForm",
    "confirm_email_verification_code": "cuentas.entrada.forms.CodigoDeCorreoForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = None  # lo elige quien entra: hay computadores compartidos
ACCOUNT_RATE_LIMITS = {
    "codigo": "30/m/ip,10/5m/key",  # cada código escrito; `key` es el correo que lo recibió
    "rescate": "30/h/ip",
    "subida_sin_sesion": "20/h/ip",
    # Generoso: un colegio o una oficina entera responden desde la misma dirección.
    "encuesta_anonima": "300/h/ip",
    "codigo_encuesta": "30/h/ip",
    # Una dirección puede ser la de toda una oficina o la de un operador móvil: tiene más margen que una cuenta.
    "verificar_documento": "5/d/user,20/d/ip",
    "correo_acudiente": "3/d/user",
    "descarga_datos": "6/h/user",
    "solicitud_datos": "10/d/user",
    "parecidas": "300/h/ip",  # mientras se escribe una propuesta
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PROXIES_DE_CONFIANZA", 0)

# El personal entra con un segundo paso: una aplicación de códigos o una llave de acceso. Los demás, si lo activan.
SEGUNDO_FACTOR_PERSONAL = env.bool("SEGUNDO_FACTOR_PERSONAL", True)
MFA_ADAPTER = "cuentas.entrada.segundo_paso.AdaptadorSegundoPaso"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # relojes de teléfono con hasta medio minuto de diferencia
MFA_FORMS = {
    "login_webauthn": "cuentas.entrada.forms.IngresoConLlaveForm",
    "authenticate_webauthn": "cuentas.entrada.forms.SegundoPasoConLlaveForm",
    "reauthenticate_webauthn": "cuentas.entrada.forms.ConfirmarConLlaveForm",
    "add_webauthn": "cuentas.entrada.forms.NuevaLlaveForm",
    "signup_webauthn": "cuentas.entrada.forms.PrimeraLlaveForm",
    "edit_webauthn": "cuentas.entrada.forms.NombrarLlaveForm",
}

# Proveedores de OpenID Connect, sólo por configuración: véase `.env.example`.
SOCIALACCOUNT_ADAPTER = "cuentas.entrada.oidc.AdaptadorExterno"
SOCIALACCOUNT_AUTO_SIGNUP = False  # siempre se pregunta la edad y se piden las autorizaciones
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # que un proveedor diga un correo no abre la cuenta que lo tiene
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True  # conectar un proveedor es abrir otra puerta
SOCIALACCOUNT_FORMS = {"signup": "cuentas.entrada.forms.RegistroExternoForm"}
SOCIALACCOUNT_PROVIDERS, ORIGENES_OIDC = leer_proveedores(env.str("OIDC_PROVEEDORES", ""))

# Con ella se calcula el HMAC de documentos y correos: quien robe la base de datos no puede probar números hasta dar
# con ellos. Vive fuera de la base; si se pierde, padrones y documentos dejan de reconocerse.
CLAVE_DOCUMENTOS = env.str("CLAVE_DOCUMENTOS", "")
# Con la pública se sellan las respuestas de encuestas secretas; la privada sólo la necesita el trabajador.
CLAVE_SECRETO_PUBLICA = env.str("CLAVE_SECRETO_PUBLICA", "")
CLAVE_SECRETO_PRIVADA = env.str("CLAVE_SECRETO_PRIVADA", "")
# Lo que llega después de esta hora se tiene por recibido el día hábil siguiente.
HORA_CIERRE_ATENCION = env.time("HORA_CIERRE_ATENCION", time(17))
# Días de conservación por finalidad, si no son los de docs/privacidad.md: «avisos=90,invitaciones=30».
RETENCION = env.dict("RETENCION", {}, subcast_values=int)

# --- Idiomas -------------------------------------------------------------------------
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
WAGTAILLOCALIZE_DEFAULT_TRANSLATION_MODE = "synced"
LOCALE_PATHS = [RAIZ / "locale"]
FORMAT_MODULE_PATH = ["plataforma.formatos"]
TIME_ZONE = "America/Bogota"
USE_I18N = True
USE_TZ = True

# --- Archivos ------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "estaticos"
STATICFILES_DIRS = [RAIZ / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR / "media")))
# Lo que envían las personas: fuera de MEDIA_ROOT, nunca servido por el servidor web.
PRIVADO_ROOT = Path(env.str("PRIVADO_ROOT", str(VAR / "privado")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "privado": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVADO_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
ADJUNTO_MAXIMO = 10 * 1024 * 1024
# Quien revisa cada archivo que alguien sube: funciones que reciben el archivo y lanzan ValidationError para rechazarlo.
CLAMAV = env.str("CLAMAV", "")
ADJUNTO_REVISORES = ["home.antivirus.revisar"] if CLAMAV else []
SUBIDA_PERSONAL_MAXIMA = 100 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "participacion.adjuntos.subida.LimiteDeTamano",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_TEMP_DIR = VAR / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # el editor de páginas de Wagtail pasa de mil

# --- Correo --------------------------------------------------------------------------
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("CORREO_REMITENTE", "Participa <participa@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Seguridad -------------------------------------------------------------------------
CSRF_FAILURE_VIEW = "plataforma.views.csrf_vencido"
X_FRAME_OPTIONS = "SAMEORIGIN"  # la vista previa de Wagtail se muestra en un marco propio
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
# El editor de Wagtail emite scripts y estilos en línea; sólo bajo /admin/.
CONTENT_SECURITY_POLICY_ADMIN = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}

# --- Wagtail ---------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Participa"
WAGTAILADMIN_BASE_URL = env.str("URL_BASE", "http://localhost:8000")
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAILADMIN_LOGIN_URL = "/admin/login/"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILIMAGES_IMAGE_MODEL = "home.Imagen"
WAGTAILDOCS_DOCUMENT_MODEL = "home.Documento"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "geojson", "json", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "xml", "zip"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "spanish"}}
WAGTAILEMBEDS_RESPONSIVE_HTML = True
TAGGIT_CASE_INSENSITIVE = True

SILENCED_SYSTEM_CHECKS = ["security.W019"]  # X-Frame-Options: véase arriba

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"simple": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"sin_codigos": {"()": "plataforma.bitacora.SinCodigos"}},
    "handlers": {"consola": {"class": "logging.StreamHandler", "formatter": "simple", "filters": ["sin_codigos"]}},
    "root": {"handlers": ["consola"], "level": "WARNING"},
}
