from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from home.marco import ajustes_de

from .actions import participante_de
from .acudientes.rules import necesita_acudiente
from .models import Membresia
from .requisitos import faltantes


@never_cache
@require_safe
@login_required
def mi_cuenta(request):
    """Lo propio: qué falta para participar, datos, organizaciones y a dónde ir."""
    participante = participante_de(request.user)
    membresias = Membresia.objects.vigentes().filter(participante=participante).select_related("organizacion")
    contexto = {
        "membresias": membresias,
        "participante": participante,
        "faltan": faltantes(participante, ajustes_de(request).site),
        "necesita_acudiente": necesita_acudiente(participante),
    }
    return render(request, "cuentas/mi_cuenta.html", contexto)
