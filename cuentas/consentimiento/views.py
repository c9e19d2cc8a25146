from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site

from home.marco import ajustes_de

from ..actions import participante_de
from ..destino import destino_propio
from ..enums import Finalidad
from ..models import Consentimiento, VersionPolitica
from . import actions
from .estado import estado_de
from .forms import AutorizarForm
from .rules import version_para_autorizar


@require_safe
def politica(request, pk):
    """El texto exacto de una versión, también de las que ya no rigen: es lo que alguien autorizó. Es público."""
    version = get_object_or_404(VersionPolitica, pk=pk, sitio=Site.find_for_request(request))
    vigente = VersionPolitica.objects.vigente(version.sitio, version.idioma)
    contexto = {"version": version, "rige": version.numero == vigente.numero}
    return render(request, "cuentas/consentimiento/politica.html", contexto)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def autorizaciones(request):
    """Qué autorizó la persona, con qué texto y desde cuándo; autorizar lo que falta y revocar lo demás."""
    sitio = Site.find_for_request(request)
    participante = participante_de(request.user)
    version = version_para_autorizar(sitio)
    finalidades = estado_de(participante, sitio, version)
    formulario = AutorizarForm(
        request.POST if request.method == "POST" else None,
        version=version,
        solo={finalidad.clave for finalidad in finalidades if finalidad.se_puede_autorizar},
    )
    if request.method == "POST" and formulario.is_valid():
        try:
            actions.autorizar(
                participante=participante, version=version, finalidades=formulario.finalidades_marcadas
            )
        except ValidationError as error:
            formulario.add_error(None, error)
        else:
            messages.success(request, _("Su autorización quedó guardada."))
            return HttpResponseRedirect(destino_propio(request) or reverse("cuentas:autorizaciones"))
    contexto = {
        "form": formulario,
        "finalidades": finalidades,
        "cambio": any(finalidad.es_anterior for finalidad in finalidades),
        "next": destino_propio(request),
    }
    return render(
        request, "cuentas/consentimiento/autorizaciones.html", contexto, status=422 if formulario.errors else 200
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revocar(request, finalidad):
    """Explica qué pasa al revocar esa finalidad y, al confirmarlo, la revoca (Ley 1581 de 2012, art. 8, lit. e)."""
    if finalidad not in Finalidad:
        raise Http404
    sitio = Site.find_for_request(request)
    participante = participante_de(request.user)
    vigentes = Consentimiento.objects.vigentes().filter(
        participante=participante, version__sitio=sitio, finalidad=finalidad
    )
    if not vigentes.exists():
        messages.info(request, _("Esa autorización no está vigente: no hay qué revocar."))
        return redirect("cuentas:autorizaciones")
    if request.method == "POST":
        actions.revocar(participante=participante, sitio=sitio, finalidad=finalidad)
        messages.success(request, _("Su autorización quedó revocada."))
        return redirect("cuentas:autorizaciones")
    return render(request, "cuentas/consentimiento/revocar.html", {"finalidad": Finalidad(finalidad)})


@never_cache
@login_required
@require_safe
def constancia(request):
    """La prueba de lo que autorizó y revocó, para guardar o imprimir (Ley 1581 de 2012, art. 8, lit. b)."""
    sitio = Site.find_for_request(request)
    participante = participante_de(request.user)
    consentimientos = (
        Consentimiento.objects.filter(participante=participante, version__sitio=sitio)
        .select_related("version")
        .order_by("otorgado_en", "pk")
    )
    contexto = {
        "usuario": request.user,
        "participante": participante,
        "entidad": ajustes_de(request).nombre,
        "ahora": timezone.now(),
        "consentimientos": [
            (c, c.version.texto_de(c.finalidad), request.build_absolute_uri(reverse("cuentas:politica", args=[c.version_id])))
            for c in consentimientos
        ],
    }
    texto = render_to_string("cuentas/consentimiento/constancia.txt", contexto, request)
    respuesta = HttpResponse(texto, content_type="text/plain; charset=utf-8")
    respuesta["Content-Disposition"] = 'attachment; filename="constancia-de-autorizaciones.txt"'
    return respuesta
