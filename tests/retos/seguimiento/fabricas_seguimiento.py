"""Una propuesta elegida, con su plan."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from retos.enums import Resultado
from retos.models import Propuesta
from retos.seguimiento import actions
from tests import fabricas as f

from ..decision.fabricas_decision import gestora, publicada


def elegida(**campos):
    """(reto, propuesta, quien gestiona): elegida y con el calendario ya en la implementación."""
    reto = f.reto(**f.programa("convocatoria", fases=["decision", "implementacion", "cierre"]), **campos)
    propuesta = f.publicada(reto)
    actor = gestora()
    f.mover_reloj(reto, "decision")
    publicada(reto, actor, (propuesta, Resultado.ELEGIDA))
    f.mover_reloj(reto, "implementacion")
    return reto, Propuesta.objects.get(pk=propuesta.pk), actor


def plan(propuesta, actor, presupuesto="1000"):
    return actions.guardar_plan(
        propuesta=propuesta, actor=actor, responsable="Obras", presupuesto=presupuesto and Decimal(presupuesto)
    )


def hito(implementacion, actor, *, desde=0, dias=10, presupuesto=None, nombre="Comprar", de=None):
    hoy = timezone.localdate()
    return actions.guardar_hito(
        implementacion=implementacion,
        hito=de,
        actor=actor,
        nombre=nombre,
        responsable="Ana",
        inicia=hoy + timedelta(days=desde),
        vence=hoy + timedelta(days=desde + dias),
        presupuesto=presupuesto and Decimal(presupuesto),
    )


def empezada(**campos):
    """(reto, propuesta, quien gestiona, plan, hito): en implementación."""
    reto, propuesta, actor = elegida(**campos)
    suyo = plan(propuesta, actor)
    primero = hito(suyo, actor)
    propuesta = actions.mover_propuesta(propuesta=propuesta, hacia=Resultado.EN_IMPLEMENTACION, actor=actor)
    return reto, propuesta, actor, suyo, primero
