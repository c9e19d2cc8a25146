from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from .segundo_paso import VERIFICADORES, paso_en_esta_sesion

DESTINO = "destino_personal"
LIBRES = ("/admin/login/", "/admin/logout/")
# Con ellas se añade, se quita o se ve lo que abre el segundo paso.
GESTION = {
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
}  # fmt: skip


class SegundoFactorMiddleware:
    """A la administración sólo se llega con un segundo paso en la sesión; a quien no lo tiene se le lleva a activarlo.

    No importa cómo se abrió la sesión —contraseña, código, proveedor de identidad—: cuenta lo que quedó anotado en ella.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SEGUNDO_FACTOR_PERSONAL and self.protegida(request) and not paso_en_esta_sesion(request):
            return self.a_pedirlo(request)
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        """Una sesión de antes no cambia el segundo paso que no ha probado: allauth se conforma con la contraseña."""
        if (
            settings.SEGUNDO_FACTOR_PERSONAL
            and request.resolver_match.url_name in GESTION
            and self.es_personal(request.user)
            and self.verificadores(request.user).exists()
            and not paso_en_esta_sesion(request)
        ):
            return self.a_pedirlo(request)

    def es_personal(self, usuario) -> bool:
        return usuario.is_authenticated and usuario.has_perm("wagtailadmin.access_admin")

    def verificadores(self, usuario):
        return Authenticator.objects.filter(user=usuario, type__in=VERIFICADORES)

    def protegida(self, request) -> bool:
        ruta = request.path_info
        return ruta.startswith("/admin/") and ruta not in LIBRES and self.es_personal(request.user)

    def a_pedirlo(self, request):
        destino = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
        if not self.verificadores(request.user).exists():
            request.session[DESTINO] = destino
            return HttpResponseRedirect(reverse("mfa_index"))
        metodos = get_adapter().get_reauthentication_methods(request.user)
        direccion = next(m["url"] for m in metodos if m["id"].startswith("mfa_"))
        return HttpResponseRedirect(f"{direccion}?{urlencode({'next': destino})}")
