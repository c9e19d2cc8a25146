import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as peticion_actual
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Site

from home.marco import ajustes_de

from .consentimiento.rules import version_para_autorizar

registro = logging.getLogger(__name__)


class AdaptadorCuentas(DefaultAccountAdapter):
    """Lo propio sobre allauth, que ya guarda el correo en minúsculas y sólo redirige a sitios propios."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "El correo o la contraseña no coinciden. Si no puso contraseña, pida un código por correo."
        ),
        "incorrect_code": gettext_lazy("Ese código no es correcto."),
        # Se muestra al tercer código equivocado.
        "too_many_login_attempts": gettext_lazy("Ese código ya no sirve: se escribió mal tres veces. Pida otro."),
        "rate_limited": gettext_lazy("Espere unos segundos antes de pedir otro código."),
    }

    def validation_error(self, code, *args):
        """Un límite agotado no es un dato mal escrito: responde 429 y dice cuándo volver a intentarlo."""
        if code in ("too_many_login_attempts", "rate_limited"):
            raise ImmediateHttpResponse(respond_429(peticion_actual.request))
        return super().validation_error(code, *args)

    def get_login_stages(self):
        propia = {"allauth.mfa.stages.AuthenticateStage": "cuentas.entrada.segundo_paso.SegundoPasoStage"}
        return [propia.get(etapa, etapa) for etapa in super().get_login_stages()]

    def is_open_for_signup(self, request):
        """Sin política publicada no hay autorización previa, y sin ella no se abre ninguna cuenta."""
        return version_para_autorizar(Site.find_for_request(request)) is not None

    def enviar(self, template_prefix, email, context):
        """Un correo firmado por la entidad, con la dirección de su sitio. Lanza OSError si no se pudo enviar."""
        peticion = peticion_actual.request
        firma = {"entidad": ajustes_de(peticion).nombre, "sitio": peticion.build_absolute_uri("/")}
        super().send_mail(template_prefix, email, {**firma, **context})

    def send_mail(self, template_prefix, email, context):
        """Los de allauth: con el correo caído, registrarse o pedir un código lo dice en vez de fallar."""
        try:
            self.enviar(template_prefix, email, context)
        except OSError as error:
            # La cuenta queda creada: al ingresar se le envía otro código.
            registro.error("No se pudo enviar el correo %s (%s)", template_prefix, type(error).__name__)
            aviso = _("No pudimos enviarle el correo. Espere unos minutos e ingrese con su contraseña para recibirlo.")
            messages.error(peticion_actual.request, aviso)
