"""Las cifras de los retos que los indicadores muestran: si se responde y se cumple a tiempo, y si se resuelve."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import Ejercicio
from participacion.registro.medidas import DECIMALES, CifraNombrada

from ..decision.plazo import PlazoRespuesta
from ..models import HitoPlan, Implementacion
from .enums import EstadoHito, ProblemaResuelto


def _respuestas(retos: list[Ejercicio]) -> tuple[int, int]:
    """Cuántas propuestas se respondieron a tiempo, de las respondidas y de las que ya vencieron sin respuesta."""
    hoy, a_tiempo, total = timezone.localdate(), 0, 0
    for reto in retos:
        plazo = PlazoRespuesta(reto)
        fechas = reto.propuestas.publicadas().annotate(primera=Min("respuestas_oficiales__publicada_en"))
        for publicada_en, primera in fechas.values_list("publicada_en", "primera"):
            if primera is not None:
                total += 1
                a_tiempo += plazo.a_tiempo(publicada_en, primera)
            elif hoy > plazo.vence(publicada_en):
                total += 1
    return a_tiempo, total


def _hitos(retos: list[Ejercicio]) -> tuple[int, int]:
    """Cuántos hitos se cumplieron a tiempo, de los cumplidos y de los que ya vencieron sin cumplirse."""
    hoy = timezone.localdate()
    hitos = HitoPlan.objects.filter(implementacion__propuesta__ejercicio__in=retos).exclude(estado=EstadoHito.CANCELADO)
    contados = list(hitos.filter(Q(estado=EstadoHito.CUMPLIDO) | Q(vence__lt=hoy)).values_list("vence", "cumplido_en"))
    return sum(bool(en) and timezone.localtime(en).date() <= vence for vence, en in contados), len(contados)


def publicadas(
    sitio: Site, desde: datetime, hasta: datetime, ejercicio: Ejercicio | None = None
) -> Iterable[CifraNombrada]:
    """La fuente que la sala inscribe en el registro: los retos abiertos en algún momento de [desde, hasta)."""
    abiertos = Ejercicio.objects.filter(Q(cierre__isnull=True) | Q(cierre__gt=desde), sitio=sitio, tipo=TipoEjercicio.RETO)
    abiertos = abiertos.filter(apertura__lt=hasta).select_related("sitio")
    retos = list(abiertos.filter(pk=ejercicio.pk) if ejercicio else abiertos)
    if not retos:
        return
    respondidas, por_responder = _respuestas(retos)
    cumplidos, por_cumplir = _hitos(retos)
    planes = Implementacion.objects.filter(propuesta__ejercicio__in=retos)
    con_plan, resueltos = (
        consulta.values("propuesta__ejercicio").distinct().count()
        for consulta in (planes, planes.filter(problema_resuelto=ProblemaResuelto.SI))
    )
    # Cada una, sólo si hay con qué: (clave, nombre, unidad, parte, total, detalle).
    for clave, nombre, unidad, parte, total, detalle in (
        (
            "retos-respuestas",
            _("Propuestas respondidas a tiempo"),
            "%",
            respondidas,
            por_responder,
            _("%(parte)s de %(total)s propuestas publicadas, de las respondidas y las vencidas."),
        ),
        (
            "retos-hitos",
            _("Hitos cumplidos a tiempo"),
            "%",
            cumplidos,
            por_cumplir,
            _("%(parte)s de %(total)s hitos de las propuestas elegidas, de los cumplidos y los vencidos."),
        ),
        (
            "retos-problemas",
            _("Retos cuyo problema se resolvió"),
            "%",
            resueltos,
            con_plan,
            _("%(parte)s de %(total)s retos con plan de trabajo, según dijo la entidad."),
        ),
    ):
        if total:
            yield CifraNombrada(
                clave=clave,
                nombre=nombre,
                unidad=unidad,
                ejecutado=round(100 * parte / total, DECIMALES),
                linea_base=None,
                meta=None,
                aumentar=True,
                detalle=detalle % {"parte": parte, "total": total},
            )
