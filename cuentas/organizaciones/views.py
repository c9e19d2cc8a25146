from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..destino import destino_propio
from ..models import Membresia
from . import actions
from .forms import OrganizacionForm


def _membresias(request):
    return Membresia.objects.vigentes().filter(participante__cuenta=request.user).select_related("organizacion")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organizacion_nueva(request):
    """Registrar la organización en cuyo nombre se participará."""
    formulario = OrganizacionForm(request.POST or None)
    if request.method == "POST" and formulario.is_valid():
        organizacion = actions.crear_organizacion(organizacion=formulario.save(commit=False), actor=request.user)
        messages.success(request, _("Ya puede participar en nombre de %(nombre)s.") % {"nombre": organizacion.nombre})
        return HttpResponseRedirect(destino_propio(request) or reverse("cuentas:mi_cuenta"))
    return render(
        request,
        "cuentas/organizacion_formulario.html",
        {"formulario": formulario, "next": destino_propio(request)},
        status=422 if formulario.errors else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def dejar_organizacion(request, pk):
    """Pregunta y termina la membresía propia."""
    membresia = get_object_or_404(_membresias(request), pk=pk)
    if request.method == "POST":
        actions.terminar_membresia(membresia=membresia, actor=request.user)
        messages.success(
            request, _("Ya no actúa en nombre de %(nombre)s.") % {"nombre": membresia.organizacion.nombre}
        )
        return redirect("cuentas:mi_cuenta")
    return render(request, "cuentas/dejar_organizacion.html", {"membresia": membresia})
