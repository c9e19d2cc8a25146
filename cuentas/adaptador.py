import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as peticion_actual
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from home.marco import ajustes_de

registro = logging.getLogger(__name__)


class AdaptadorCuentas(DefaultAccountAdapter):
    """Lo propio sobre allauth, que ya guarda el correo en minúsculas y sólo redirige a sitios propios."""

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

    def send_account_already_exists_mail(self, email):
        """Gasta lo que cuesta cifrar una clave: sin eso, registrarse con un correo que ya existe se nota por rápido."""
        make_password("clave de quien ya tiene cuenta")
        super().send_account_already_exists_mail(email)
