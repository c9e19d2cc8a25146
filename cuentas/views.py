from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .models import Membresia


@never_cache
@require_safe
@login_required
def mi_cuenta(request):
    """Lo propio: datos, organizaciones y a dónde ir."""
    membresias = Membresia.objects.vigentes().filter(participante__cuenta=request.user).select_related("organizacion")
    return render(request, "cuentas/mi_cuenta.html", {"membresias": membresias})
