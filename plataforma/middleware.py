from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import BadRequest


class PoliticaContenidoMiddleware(CSPMiddleware):
    """Una CSP estricta para todo y otra para `/admin/`, donde el editor de Wagtail emite scripts en línea."""

    def get_policy_parts(self, request, response, report_only=False):
        partes = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith("/admin/"):
            partes.config = settings.CONTENT_SECURITY_POLICY_ADMIN
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
