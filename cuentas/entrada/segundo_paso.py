"""El segundo paso al ingresar: a quién se le pide, con qué nombre se muestra y cómo se guarda su secreto."""

import base64
import logging
import secrets

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.marco import ajustes_de

from ..models import Usuario

registro = logging.getLogger(__name__)
VERIFICADORES = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def lo_exige(usuario: Usuario) -> bool:
    """Si se le pide al ingresar: al personal que ya lo tiene y a quien lo activó.

    Una llave con la que se ingresa sin contraseña es otra puerta, no un candado: quien pierde el teléfono entra con un
    código a su correo.
    """
    verificadores = Authenticator.objects.filter(user=usuario, type__in=VERIFICADORES)
    if usuario.is_staff or usuario.is_superuser:
        return verificadores.exists()
    return any(v.type == Authenticator.Type.TOTP or not v.wrap().is_passwordless for v in verificadores)


def paso_en_esta_sesion(request: HttpRequest) -> bool:
    """Si esta sesión se abrió o se confirmó con un segundo paso que la cuenta aún tiene."""
    usados = {r.get("id") for r in get_authentication_records(request, request.user) if r.get("method") == "mfa"}
    return bool(usados) and Authenticator.objects.filter(user=request.user, pk__in=usados).exists()


class SegundoPasoStage(AuthenticateStage):
    def _should_handle(self, request):
        return super()._should_handle(request) and lo_exige(self.login.user)


def _cifrador() -> MultiFernet:
    claves = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derivadas = [salted_hmac("cuentas.segundo_paso", "", secret=clave, algorithm="sha256").digest() for clave in claves]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(derivada)) for derivada in derivadas])


class AdaptadorSegundoPaso(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("Ese código o esa llave no corresponde."),
        "unverified_email": gettext_lazy("Antes confirme todos sus correos, o quite los que no use."),
    }

    def encrypt(self, text):
        """Quien robe la base de datos no debe poder calcular los códigos."""
        return _cifrador().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """Con otra SECRET_KEY no se puede leer: se responde con un secreto al azar, que ningún código cumple."""
        try:
            return _cifrador().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            registro.error("Un secreto del segundo paso no se puede leer: ¿cambió SECRET_KEY sin SECRET_KEY_FALLBACKS?")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def _get_site_name(self):
        return ajustes_de(context.request).nombre

    def generate_authenticator_name(self, user, type):
        return _("Llave %(numero)d") % {"numero": Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}

    def get_public_key_credential_user_entity(self, user):
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.get_full_name() or user.email}
