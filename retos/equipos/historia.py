"""El único lugar que cambia el estado de una unión, y lo que se cierra cuando una propuesta deja de poder unirse."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Usuario
from participacion.avisos.actions import avisar

from ..enums import EstadoPropuesta
from ..models import InvitacionEquipo, Propuesta, Union
from .enums import TRANSICIONES_UNION, EstadoUnion, Parte

AVISO_NO_SIGUE = "equipo_no_sigue"


def cambiar_union(union: Union, hacia: str, *, parte: str, usuario: Usuario | None, ahora: datetime) -> None:
    """Con su propuesta bloqueada. Lanza ValidationError (code="transicion") si la tabla no lo permite."""
    if TRANSICIONES_UNION.get((union.estado, hacia)) != parte:
        raise ValidationError(
            _("No se puede: la petición está «%(estado)s».") % {"estado": union.get_estado_display()}, code="transicion"
        )
    desde, union.estado, union.resuelta_en = union.estado, hacia, ahora
    union.save(update_fields=["estado", "resuelta_en"])
    log(instance=union, action="retos.cambiar_union", user=usuario, data={"desde": desde, "hacia": hacia})


def _pendientes(**cuales):
    return Union.objects.select_for_update(of=["self"]).filter(estado=EstadoUnion.PEDIDA, **cuales).order_by("pk")


def retirar_pedidas(propuesta: Propuesta, ahora: datetime) -> None:
    """Las que pidió para fusionarse con otras: ya se fusionó, ya recibió otra, o ya no está."""
    for union in _pendientes(origen=propuesta):
        cambiar_union(union, EstadoUnion.RETIRADA, parte=Parte.PIDE, usuario=None, ahora=ahora)


def cerrar_equipo(propuesta: Propuesta, ahora: datetime) -> None:
    """Se llama al cambiar su estado: a lo retirado, fusionado o rechazado ya no se suma nadie."""
    if propuesta.estado not in (EstadoPropuesta.RETIRADA, EstadoPropuesta.FUSIONADA, EstadoPropuesta.RECHAZADA):
        return
    retirar_pedidas(propuesta, ahora)
    for union in _pendientes(destino=propuesta):
        cambiar_union(union, EstadoUnion.RECHAZADA, parte=Parte.RECIBE, usuario=None, ahora=ahora)
    sin_usar = Q(usada_en=None, anulada_en=None)
    InvitacionEquipo.objects.filter(sin_usar, propuesta=propuesta).update(anulada_en=ahora)


def avisar_que_no_sigue(propuesta: Propuesta) -> None:
    """A quienes la escribían con su autor: la borró, o la retiró antes de publicarse. El aviso no la nombra: puede no existir ya."""
    ejercicio = propuesta.ejercicio
    for integrante in propuesta.integrantes.select_related("participante__cuenta"):
        avisar(tipo=AVISO_NO_SIGUE, destinatario=integrante.participante.cuenta, objeto=ejercicio, sitio=ejercicio.sitio)
