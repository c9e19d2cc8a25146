from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from home.marco import ajustes_de
from home.models import AjustesSitio

from ..actions import participante_de
from ..destino import destino_propio
from ..enums import EstadoPadron, NivelVerificacion
from ..models import Padron
from . import actions
from .forms import VerificarmeForm


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def verificacion(request):
    """Qué nivel tiene, qué permite cada uno y cómo se consigue; con un padrón vigente, verificarse con el documento."""
    sitio = ajustes_de(request).site
    participante = participante_de(request.user)
    pide_fecha = list(
        Padron.objects.filter(sitio=sitio, estado=EstadoPadron.VIGENTE).values_list("pide_fecha", flat=True)
    )
    formulario = None
    estado = 200
    if pide_fecha and participante.nivel_verificacion < NivelVerificacion.REGISTRO:
        formulario = VerificarmeForm(request.POST or None, pide_fecha=pide_fecha)
        if request.method == "POST":
            estado = _verificar(request, formulario, participante, sitio)
    if request.method == "POST" and estado == 200:
        return HttpResponseRedirect(destino_propio(request) or reverse("cuentas:verificacion"))
    contexto = {
        "nivel": participante.nivel_verificacion,
        "niveles": NivelVerificacion,
        "formulario": formulario,
        "hay_padron": bool(pide_fecha),
        "oficina": AjustesSitio.for_site(sitio),
        "next": destino_propio(request),
    }
    return render(request, "cuentas/verificacion/verificacion.html", contexto, status=estado)


def _verificar(request, formulario, participante, sitio) -> int:
    """El estado HTTP de la respuesta; 200 si quedó verificada."""
    if not formulario.is_valid():
        return 422
    if not ratelimit.consume(request, action="verificar_documento"):
        formulario.add_error(
            None,
            _(
                "Ya se hicieron hoy demasiados intentos. Vuelva mañana o acérquese a la entidad con su documento: allí lo "
                "verifican en persona."
            ),
        )
        return 429
    try:
        actions.verificar_en_padron(participante=participante, sitio=sitio, **formulario.cleaned_data)
    except ValidationError as error:
        formulario.add_error(None, error)
        return 422
    messages.success(request, _("Su documento está en el registro de la entidad: ya quedó verificado."))
    return 200
