"""Cerrar un reto: la última rendición de cuentas."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from cuentas.models import Usuario
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio, calcular_fase
from participacion.registro.actions import registrar_acto

from ..decision.consultas import sin_responder
from ..models import CierreReto, DecisionReto
from ..resultados import comprobar_sin_cerrar
from .enums import ACTO_CIERRE


def _bloquear(ejercicio: Ejercicio) -> None:
    """El candado de todo lo que un cierre detiene: lo que se responda o decida a la vez queda antes o se rechaza."""
    Ejercicio.objects.select_for_update(of=["self"], no_key=True).get(pk=ejercicio.pk)
    DecisionReto.objects.select_for_update(of=["self"]).filter(ejercicio=ejercicio).first()
    list(ejercicio.propuestas.publicas().select_for_update(of=["self"]).order_by("pk").values_list("pk"))


@transaction.atomic
def cerrar_reto(*, ejercicio: Ejercicio, actor: Usuario, conclusiones: str, excepcion: str = "") -> CierreReto:
    """Cierra el reto: desde ahí sólo se anotan avances.

    `excepcion`: por qué se cierra con propuestas sin respuesta; se publica. Lanza ValidationError si la convocatoria no
    ha cerrado, ya se cerró (code="cerrado"), faltan conclusiones, o quedan propuestas sin respuesta y no se dice por qué.
    """
    _bloquear(ejercicio)
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    comprobar_sin_cerrar(ejercicio)
    if calcular_fase(ejercicio.apertura, ejercicio.cierre, ahora) != Fase.CERRADA:
        raise ValidationError(_("La convocatoria todavía no ha cerrado."), code="plazo")
    if not conclusiones:
        raise ValidationError({"conclusiones": _("Escriba las conclusiones del reto.")})
    faltan = sin_responder(ejercicio).count()
    if faltan and not excepcion:
        raise ValidationError(
            {
                "excepcion": ngettext(
                    "Queda %(n)s propuesta sin respuesta oficial: respóndala, o diga por qué se cierra así.",
                    "Quedan %(n)s propuestas sin respuesta oficial: respóndalas, o diga por qué se cierra así.",
                    faltan,
                )
                % {"n": faltan}
            }
        )
    cierre = CierreReto.objects.create(
        ejercicio=ejercicio,
        conclusiones=conclusiones,
        sin_responder=faltan,
        excepcion=excepcion if faltan else "",
        por=actor,
        en=ahora,
    )
    registrar_acto(tipo=ACTO_CIERRE, ejercicio=ejercicio, objeto=cierre, ocurrido_en=ahora)
    log(instance=cierre, action="retos.cerrar_reto", user=actor, data={"sin_responder": faltan})
    return cierre
