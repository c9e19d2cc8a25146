from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import BadRequest
from django.forms import BaseForm

# Sus botones llevan al proveedor de identidad, y Chromium también aplica `form-action` a las redirecciones.
CON_PROVEEDORES = {
    "account_login",
    "account_signup",
    "account_signup_by_passkey",
    "openid_connect_login",
    "socialaccount_connections",
}


class PoliticaContenidoMiddleware(CSPMiddleware):
    """Una CSP estricta para todo y otra para `/admin/`, donde el editor de Wagtail emite scripts en línea."""

    def get_policy_parts(self, request, response, report_only=False):
        partes = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith("/admin/"):
            partes.config = settings.CONTENT_SECURITY_POLICY_ADMIN
        elif settings.ORIGENES_OIDC and request.resolver_match and request.resolver_match.url_name in CON_PROVEEDORES:
            partes.update = {**(partes.update or {}), "form-action": settings.ORIGENES_OIDC}
        return partes


class EntradaInvalidaMiddleware:
    """Rechaza con 400 un NUL en la dirección o las cookies: PostgreSQL no lo guarda y Django respondería 500."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        entrada = request.META.get("QUERY_STRING", "") + request.META.get("HTTP_COOKIE", "")
        if "\x00" in request.path_info or "%00" in entrada or "\\000" in entrada:
            raise BadRequest("Carácter nulo en la dirección")
        return self.get_response(request)


class FormularioInvalidoMiddleware:
    """Responde 422 cuando allauth muestra un formulario con errores, como nuestras pantallas; allauth responde 200."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def de_allauth(self, request) -> bool:
        """Suyas o que extienden las suyas."""
        vista = request.resolver_match and request.resolver_match.func
        clases = getattr(vista, "view_class", object).__mro__
        return any(cosa.__module__.startswith("allauth.") for cosa in (vista, *clases) if cosa)

    def process_template_response(self, request, response):
        if request.method == "POST" and self.de_allauth(request) and response.status_code == 200:
            formularios = [valor for valor in (response.context_data or {}).values() if isinstance(valor, BaseForm)]
            if any(formulario.is_bound and formulario.errors for formulario in formularios):
                response.status_code = 422
        return response
