"""Lo que cualquiera lee de los planes de un reto."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from home.marco import direccion_de

from ..acceso import con_reto
from ..models import CierreReto
from . import consultas
from .semaforo import marcha_de


@require_safe
@con_reto
def seguimiento(request, reto, ejercicio):
    """Todos los planes de un reto, con su semáforo, y cómo se cerró."""
    hoy, planes = timezone.localdate(), []
    for propuesta in consultas.elegidas(ejercicio):
        plan = consultas.plan_de(propuesta)
        planes.append((propuesta, plan, marcha_de(plan.hitos.all(), hoy) if plan else None))
    contexto = {
        "reto": reto,
        "url_reto": direccion_de(request, reto),
        "planes": planes,
        "cierre": CierreReto.objects.filter(ejercicio=ejercicio).first(),
    }
    return render(request, "retos/seguimiento/publico.html", contexto)
