"""Lo que hace quien entra, contra el cliente de pruebas."""

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail

from cuentas.models import VersionPolitica
from tests import fabricas as f

LOGIN = "/cuenta/login/"
REGISTRO = "/cuenta/signup/"
REGISTRO_LLAVE = "/cuenta/signup/passkey/"
PEDIR_CODIGO = "/cuenta/login/code/"
CODIGO = "/cuenta/login/code/confirm/"
CONFIRMAR = "/cuenta/confirm-email/"
OLVIDO = "/cuenta/password/reset/"
SEGUNDO_PASO = "/cuenta/segundo-paso/"
AUTENTICAR = "/cuenta/segundo-paso/authenticate/"
SESIONES = "/cuenta/sesiones/"


def datos_registro(correo="luz@example.org", **cambios):
    f.politica()
    version = VersionPolitica.objects.vigente(f.sitio(), "es")
    base = {
        "first_name": "Luz",
        "last_name": "Mora",
        "email": correo,
        "password1": f.CLAVE,
        "edad": "18_mas",
        "version": str(version.pk),
        "finalidad_participar": "on",
    }
    return base | cambios


def codigo_recibido(indice=-1) -> str:
    return re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", mail.outbox[indice].body, re.M)[1]


def con_totp(usuario) -> str:
    """Activa la aplicación de códigos, con códigos de recuperación; devuelve la clave."""
    clave = generate_totp_secret()
    TOTP.activate(usuario, clave)
    RecoveryCodes.activate(usuario)
    return clave


def codigo_totp(clave: str) -> str:
    return format_hotp_value(hotp_value(clave, int(time.time()) // 30))


def codigos_de_recuperacion(usuario) -> list[str]:
    return Authenticator.objects.get(user=usuario, type="recovery_codes").wrap().get_unused_codes()


def entrar(cliente, usuario, clave=f.CLAVE, **extra):
    return cliente.post(LOGIN, {"login": usuario.email, "password": clave}, **extra)
