from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as peticion_actual
from django.contrib.auth.hashers import make_password

from home.marco import ajustes_de


class AdaptadorCuentas(DefaultAccountAdapter):
    """Lo propio sobre allauth, que ya guarda el correo en minúsculas y sólo redirige a sitios propios."""

    def send_mail(self, template_prefix, email, context):
        """Los correos los firma la entidad, con la dirección de su sitio."""
        peticion = peticion_actual.request
        firma = {"entidad": ajustes_de(peticion).nombre, "sitio": peticion.build_absolute_uri("/")}
        super().send_mail(template_prefix, email, {**firma, **context})

    def send_account_already_exists_mail(self, email):
        """Gasta lo que cuesta cifrar una clave: sin eso, registrarse con un correo que ya existe se nota por rápido."""
        make_password("clave de quien ya tiene cuenta")
        super().send_account_already_exists_mail(email)
