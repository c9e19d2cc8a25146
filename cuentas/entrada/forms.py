"""Los formularios de allauth con lo que les falta: límites en los códigos y el mismo trabajo con o sin cuenta."""

import struct
import uuid

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmEmailVerificationCodeForm, ConfirmLoginCodeForm
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter as adaptador_segundo_paso
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from allauth.socialaccount.forms import SignupForm
from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from home.forms import LineaField

from ..registrarse import EnteroONadaMixin, RegistroCuentaForm
from .limites import correo_en_curso


class MismoTrabajoMixin:
    """Registrarse con un correo que ya tiene cuenta cuesta lo mismo que con uno nuevo: se crea otra y se deshace."""

    def try_save(self, request):
        if self.account_already_exists:
            try:
                self._ensayar(request)
            except ValidationError as error:
                return self.cambio_la_politica(request, error)  # igual que con un correo nuevo
        return super().try_save(request)

    def _ensayar(self, request):
        correo = self.cleaned_data["email"]
        self.cleaned_data["email"] = f"{uuid.uuid4().hex}@ensayo.invalid"
        try:
            with transaction.atomic():
                adaptador = get_adapter()
                usuario = adaptador.save_user(request, adaptador.new_user(request), self)
                self.custom_signup(request, usuario)
                setup_user_email(request, usuario, [EmailAddress(email=usuario.email)])
                transaction.set_rollback(True)
        finally:
            self.cleaned_data["email"] = correo


class RegistrarseForm(MismoTrabajoMixin, RegistroCuentaForm):
    """Registro con contraseña, sin ella (con códigos por correo) o con llave de acceso."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if clave := self.fields.get("password1"):
            clave.label = _("Contraseña (opcional)")
            clave.help_text = _(
                "Diez caracteres o más, que no sea común ni se parezca a su nombre. "
                "Si la deja en blanco, ingresará con un código que le enviaremos por correo."
            )


class RegistroExternoForm(MismoTrabajoMixin, EnteroONadaMixin, SignupForm):
    """Registro de quien llega con un proveedor de identidad: pide lo mismo, sin contraseña."""


class LimitaCodigosMixin:
    """Cuenta cada código escrito. allauth los cuenta en la sesión, donde dos peticiones a la vez cuentan como una."""

    def clean_code(self):
        if not ratelimit.consume(context.request, action="codigo", key=correo_en_curso(context.request)):
            raise get_adapter().validation_error("too_many_login_attempts")
        return super().clean_code()


class CodigoDeIngresoForm(LimitaCodigosMixin, ConfirmLoginCodeForm):
    pass


class CodigoDeCorreoForm(LimitaCodigosMixin, ConfirmEmailVerificationCodeForm):
    pass


class CredencialDudosaMixin:
    """Una credencial que no es lo que dice ser se rechaza: la biblioteca que la lee lanza casi cualquier cosa."""

    def _o_rechazar(self, leer):
        try:
            return leer()
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error) as error:
            raise adaptador_segundo_paso().validation_error("incorrect_code") from error


class LeeCredencialMixin(CredencialDudosaMixin):
    def clean_credential(self):
        return self._o_rechazar(super().clean_credential)


class IngresoConLlaveForm(LeeCredencialMixin, LoginWebAuthnForm):
    pass


class SegundoPasoConLlaveForm(LeeCredencialMixin, AuthenticateWebAuthnForm):
    pass


class ConfirmarConLlaveForm(LeeCredencialMixin, ReauthenticateWebAuthnForm):
    pass


class NombreDeLlaveMixin(CredencialDudosaMixin, forms.Form):
    name = LineaField(label=_("Nombre para reconocerla"), max_length=60, required=False)

    def clean(self):
        return self._o_rechazar(super().clean)


class NuevaLlaveForm(NombreDeLlaveMixin, AddWebAuthnForm):
    passwordless = forms.BooleanField(
        label=_("Usarla para ingresar sin contraseña"),
        required=False,
        initial=True,
        help_text=_("El equipo le pedirá su huella, su rostro o su PIN. Quite la marca si es una llave física sin PIN."),
    )

    field_order = ["name", "passwordless"]


class PrimeraLlaveForm(NombreDeLlaveMixin, SignupWebAuthnForm):
    pass


class NombrarLlaveForm(EditWebAuthnForm):
    name = LineaField(label=_("Nombre para reconocerla"), max_length=60)


class SesionesForm(ManageUserSessionsForm):
    """Cierra la sesión elegida o, sin elegir, todas menos ésta."""

    sesion = forms.ModelChoiceField(UserSession.objects.none(), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sesion"].queryset = UserSession.objects.filter(user=self.request.user)

    def save(self, request):
        if elegida := self.cleaned_data["sesion"]:
            end_sessions(request, [elegida])
        else:
            super().save(request)
