import math

from allauth.account.internal.decorators import login_not_required
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginByCodeStage
from allauth.account.views import LoginView
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from requests import RequestException

from .forms import SesionesForm
from .limites import CORREO_RECIENTE, espera
from .navegadores import describir


@never_cache
def demasiados_intentos(request, exception=None):
    """La página 429 de todas las puertas: dice cuándo se puede volver a intentar."""
    segundos, limite = espera(request)
    if segundos < 60:
        plazo = ngettext("%(n)d segundo", "%(n)d segundos", segundos) % {"n": segundos}
    else:
        minutos = math.ceil(segundos / 60)
        plazo = ngettext("%(n)d minuto", "%(n)d minutos", minutos) % {"n": minutos}
    contexto = {"plazo": plazo, "codigo_reciente": limite == CORREO_RECIENTE}
    respuesta = render(request, "429.html", contexto, status=429)
    respuesta["Retry-After"] = str(segundos)
    return respuesta


class IngresarView(LoginView):
    """Quien pidió un código y vuelve a la puerta quiere entrar de otra forma: allauth lo devolvería a escribirlo."""

    def _redirect_to_pending_stage(self, request, stage):
        if stage.key == LoginByCodeStage.key:
            clear_login(request)
            return None
        return super()._redirect_to_pending_stage(request, stage)


@method_decorator(never_cache, name="dispatch")
class SesionesView(ListUserSessionsView):
    """Dónde está abierta la cuenta, y cómo cerrarla allí."""

    form_class = SesionesForm

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        for sesion in contexto["sessions"]:
            sesion.navegador = describir(sesion.user_agent)
        contexto["sessions"].sort(key=lambda sesion: (not sesion.is_current(), -sesion.created_at.timestamp()))
        return contexto

    def form_invalid(self, form):
        messages.error(self.request, _("Esa sesión ya no está abierta."))
        return super().form_invalid(form)

    def form_valid(self, form):
        respuesta = super().form_valid(form)
        if form.cleaned_data["sesion"]:
            list(messages.get_messages(self.request))  # el de allauth habla de todas
            messages.success(self.request, _("Esa sesión quedó cerrada."))
        return respuesta


def _con_proveedor(vista):
    @login_not_required
    @never_cache
    def envuelta(request, provider_id):
        """Un proveedor caído, o que responde lo que no debe, se explica: no es un error de esta plataforma."""
        try:
            return vista(request, provider_id)
        except (RequestException, KeyError, TypeError, ValueError) as error:
            try:
                proveedor = OpenIDConnectOAuth2Adapter(request, provider_id).get_provider()
            except SocialApp.DoesNotExist:
                raise Http404 from error
            return render_authentication_error(request, proveedor, exception=error)

    return envuelta


a_proveedor = _con_proveedor(oidc.login)
desde_proveedor = _con_proveedor(oidc.callback)
