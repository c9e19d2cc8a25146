"""Cuánto falta para poder volver a intentarlo, según los límites de allauth, que viven en la caché compartida."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.stagekit import unstash_login
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

SIN_SABERLO = 60  # segundos
CORREO_RECIENTE = "confirm_email"

_CUENTA, _LLAVES = "allauth.account", "allauth.mfa"
_REGISTRO = (_CUENTA, ("signup", CORREO_RECIENTE))
_SEGUNDO_PASO = (_CUENTA, ("login_failed", "reauthenticate"))
# Qué límites gasta cada puerta, por el nombre de su dirección.
PUERTAS = {
    "account_login": (_CUENTA, ("login", "login_failed", CORREO_RECIENTE)),
    "account_signup": _REGISTRO,
    "account_signup_by_passkey": _REGISTRO,
    "socialaccount_signup": _REGISTRO,
    "account_email_verification_sent": (_CUENTA, ("codigo", CORREO_RECIENTE)),
    "account_request_login_code": (_CUENTA, ("request_login_code",)),
    "account_confirm_login_code": (_CUENTA, ("codigo",)),
    "account_reset_password": (_CUENTA, ("reset_password",)),
    "account_reset_password_from_key": (_CUENTA, ("reset_password_from_key",)),
    "account_reauthenticate": _SEGUNDO_PASO,
    "account_change_password": (_CUENTA, ("change_password",)),
    "account_set_password": (_CUENTA, ("change_password",)),
    "account_email": (_CUENTA, ("manage_email", CORREO_RECIENTE)),
    "mfa_authenticate": _SEGUNDO_PASO,
    "mfa_reauthenticate": _SEGUNDO_PASO,
    "mfa_reauthenticate_webauthn": _SEGUNDO_PASO,
    "mfa_activate_totp": _SEGUNDO_PASO,
    "mfa_login_webauthn": (_LLAVES, ("webauthn_login",)),
}


def correo_en_curso(request: HttpRequest) -> str:
    """El correo cuyo código espera esta sesión; vacío si ninguno."""
    pendiente = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY) or {}
    login = unstash_login(request, peek=True)
    return (pendiente.get("email") or (login and login.email) or "").lower()


def _claves(request: HttpRequest) -> list[str]:
    """Con las que pudo contarse el intento: el correo y la cuenta."""
    correo = (request.POST.get("email") or request.POST.get("login") or correo_en_curso(request)).strip().lower()
    login = unstash_login(request, peek=True)
    usuario = request.user if request.user.is_authenticated else login and login.user
    claves = [correo, get_adapter()._get_login_attempts_cache_key(request, email=correo)]
    if usuario:
        propio = get_adapter()._get_login_attempts_cache_key(request, email=usuario.email)
        claves += [f"mfa-auth-user-{usuario.pk}", propio]
    return claves


def _contadores(request: HttpRequest):
    app, acciones = PUERTAS.get(request.resolver_match.url_name, (_CUENTA, ()))
    for accion in acciones:
        for tasa in ratelimit.get_rates(app=app, action=accion):
            if tasa.per == "user" and not request.user.is_authenticated:
                continue
            for clave in _claves(request) if tasa.per == "key" else [None]:
                yield ratelimit.get_cache_key(request, app=app, action=accion, rate=tasa, key=clave), accion, tasa


def espera(request: HttpRequest) -> tuple[int, str]:
    """Los segundos que faltan y qué límite se agotó; («», un minuto) si no se puede saber."""
    contadores = list(_contadores(request))
    vistos = cache.get_many([clave for clave, *_resto in contadores])
    agotados = [
        (visto[-1] + tasa.duration - time.time(), accion)
        for clave, accion, tasa in contadores
        if len(visto := vistos.get(clave, [])) >= tasa.amount
    ]
    falta, accion = max(agotados, default=(SIN_SABERLO, ""))
    return max(1, round(falta)), accion
