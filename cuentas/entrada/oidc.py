"""Ingresar con un proveedor de OpenID Connect: Autenticación Digital, Google, Microsoft o el que se configure.

Se añade a lo de allauth: `nonce`, que los dos testimonios sean de la misma persona, que quien visita no cambie lo que se
pide, y no guardar de ella más que su identificador.
"""

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.crypto import constant_time_compare, get_random_string

LARGO_NONCE = 32


class Proveedor(OpenIDConnectProvider):
    def get_redirect_from_request_kwargs(self, request):
        """Sin los permisos ni los parámetros que alguien añadiera a la dirección."""
        propios = {"scope": self.get_scope(), "auth_params": self.get_auth_params()}
        return {**super().get_redirect_from_request_kwargs(request), **propios}

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        nonce = get_random_string(LARGO_NONCE)
        parametros = {**(kwargs.pop("auth_params", None) or self.get_auth_params()), "nonce": nonce}
        # La dirección es una sola, sin idioma: lo dice el botón, y a la vuelta se sigue en él.
        idioma = request.POST.get("idioma")
        data = {"nonce": nonce, "idioma": idioma if idioma in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE}
        return super().redirect(request, process, next_url, data, auth_params=parametros, **kwargs)

    def sociallogin_from_response(self, request, response):
        """Lanza OAuth2Error si falta el testimonio firmado o habla de otra persona (OpenID Connect Core, 5.3.2)."""
        testimonio, datos = response.get("id_token"), response.get("userinfo")
        if not testimonio or (datos and datos.get("sub") != testimonio.get("sub")):
            raise OAuth2Error("Respuesta de identidad incompleta o contradictoria")
        login = super().sociallogin_from_response(request, response)
        login.nonce = testimonio.get("nonce")
        return login

    def extract_extra_data(self, data):
        """Nada: lo que se necesita se pide en el registro."""
        return {}

    def extract_email_addresses(self, data):
        """Un correo sólo se da por confirmado si la entidad dijo que cree a este proveedor y él lo asegura."""
        correos = super().extract_email_addresses(data)
        for correo in correos:
            correo.verified = correo.verified is True and bool(self.app.settings.get("correo_confiable"))
        return correos


class AdaptadorExterno(DefaultSocialAccountAdapter):
    def list_apps(self, request, provider=None, client_id=None):
        """Sólo los configurados: no se buscan en la base de datos en cada página de ingreso."""
        por_tipo = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [aplicacion for aplicaciones in por_tipo.values() for aplicacion in aplicaciones]

    def pre_social_login(self, request, sociallogin):
        """Lanza PermissionDenied si el testimonio no responde a lo que pidió esta sesión (OpenID Connect Core, 3.1.3.7)."""
        pedido = sociallogin.state.get("data") or {}
        if not constant_time_compare(pedido.get("nonce") or "", getattr(sociallogin, "nonce", None) or "-"):
            raise PermissionDenied("El testimonio no responde a esta sesión")
        translation.activate(pedido["idioma"])
