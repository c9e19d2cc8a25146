"""Cuándo puede cambiar un equipo y quién puede sumarse. Se comprueba con la persona y la propuesta bloqueadas."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cuentas import requisitos
from cuentas.models import Organizacion, Participante
from cuentas.rules import puede_actuar_por
from participacion.ejercicios.models import Ejercicio

from .. import fases
from ..enums import EDITABLES, POR_DECIDIR, EstadoPropuesta
from ..evaluacion.enums import EN_EL_JURADO
from ..models import Jurado, Propuesta
from ..sellado import esta_sellado

LIMITE = 10  # personas por equipo, con quien empezó la propuesta


def bloquear_personas(pks: Collection[int | None]) -> dict[int, Participante]:
    """Con el candado que toma la supresión, antes que los de sus propuestas y siempre en el mismo orden."""
    filas = Participante.objects.select_for_update(of=["self"], no_key=True)
    return {persona.pk: persona for persona in filas.filter(pk__in=[pk for pk in pks if pk]).order_by("pk")}


def bloquear_propuestas(*pks: int | None) -> dict[int, Propuesta]:
    filas = Propuesta.objects.select_for_update(of=["self"]).filter(pk__in=[pk for pk in pks if pk])
    return {propuesta.pk: propuesta for propuesta in filas.order_by("pk")}


def comprobar_abierto(propuesta: Propuesta, ejercicio: Ejercicio, ahora: datetime) -> None:
    """El equipo cambia mientras la propuesta se escribe o, ya enviada, mientras dura la convocatoria."""
    if propuesta.estado in EDITABLES:
        return
    if propuesta.estado not in (EstadoPropuesta.ENVIADA, EstadoPropuesta.PUBLICADA):
        raise ValidationError(
            _("El equipo ya no cambia: la propuesta está «%(estado)s».") % {"estado": propuesta.get_estado_display()},
            code="estado",
        )
    fases.comprobar(ejercicio, fases.Accion.PROPONER, ahora)


def comprobar_cupo(personas: int) -> None:
    """`personas`: cuántas serían, con quien la empezó."""
    if personas > LIMITE:
        raise ValidationError(_("Un equipo tiene hasta %(n)s personas.") % {"n": LIMITE}, code="cupo")


def es_del_jurado(cuenta_id: int | None, ejercicio_id: int) -> bool:
    return Jurado.objects.filter(ejercicio=ejercicio_id, usuario=cuenta_id, estado__in=EN_EL_JURADO).exists()


def comprobar_persona(
    persona: Participante, propuesta: Propuesta, ejercicio: Ejercicio, organizacion: Organizacion | None
) -> None:
    """Lanza ValidationError si no puede sumarse: ya está, suprimió sus datos, es del jurado, le falta algo o no actúa por esa organización, que el reto puede pedir verificada."""
    if persona.suprimido:
        raise ValidationError(_("Se suprimieron los datos."), code="suprimido")
    if propuesta.autor_id == persona.pk:
        raise ValidationError(_("Esta propuesta la empezó usted: ya es de su equipo."), code="propia")
    if propuesta.integrantes.filter(participante=persona).exists():
        raise ValidationError(_("Ya es del equipo de esta propuesta."), code="repetida")
    if es_del_jurado(persona.cuenta_id, ejercicio.pk):
        raise ValidationError(_("Es del jurado de este reto: no puede ser del equipo de una propuesta."), code="jurado")
    if organizacion is not None and not puede_actuar_por(persona, organizacion):
        raise ValidationError(
            {"organizacion": _("No puede actuar en nombre de %(nombre)s.") % {"nombre": organizacion.nombre}}
        )
    if not ejercicio.admite_organizacion(organizacion):
        raise ValidationError(
            {"organizacion": _("En este reto la entidad debe haber verificado la organización: pida que verifique a %(nombre)s.") % {"nombre": organizacion.nombre}}
        )
    requisitos.comprobar(persona, ejercicio.sitio, ejercicio.nivel_minimo)


def _comprobar_vigente(propuesta: Propuesta) -> None:
    cual = {"cual": propuesta.titulo}
    if propuesta.estado == EstadoPropuesta.FUSIONADA:
        raise ValidationError(_("«%(cual)s» ya se fusionó con otra.") % cual, code="fusionada")
    if propuesta.estado == EstadoPropuesta.RETIRADA:
        raise ValidationError(_("«%(cual)s» fue retirada por su autor.") % cual, code="retirada")
    if propuesta.estado != EstadoPropuesta.PUBLICADA:
        raise ValidationError(_("«%(cual)s» no está publicada.") % cual, code="estado")
    if propuesta.resultado not in POR_DECIDIR:
        raise ValidationError(_("Sobre «%(cual)s» ya se decidió.") % cual, code="decidida")


def comprobar_union(destino: Propuesta, origen: Propuesta | None, ejercicio: Ejercicio, ahora: datetime) -> None:
    """Lanza ValidationError si estas propuestas no se pueden unir hoy; sin `origen`, si a `destino` no se suma nadie."""
    if origen is not None:
        if origen.pk == destino.pk:
            raise ValidationError(_("Una propuesta no se fusiona consigo misma."), code="misma")
        if origen.ejercicio_id != destino.ejercicio_id:
            raise ValidationError(_("Son de retos distintos: no se pueden fusionar."), code="otro_reto")
        if origen.autor_id == destino.autor_id:
            raise ValidationError(_("Las dos son suyas: no hay con quién fusionarlas."), code="propias")
    if esta_sellado(ejercicio.pk):
        raise ValidationError(_("Hasta el cierre nadie lee las propuestas de este reto: no se pueden unir."), code="sellado")
    fases.comprobar(ejercicio, fases.Accion.PROPONER, ahora)
    _comprobar_vigente(destino)
    if destino.autor is None or destino.autor.cuenta_id is None:
        raise ValidationError(_("Quien la empezó no tiene cuenta en la plataforma: no puede responderle."), code="sin_cuenta")
    if origen is not None:
        _comprobar_vigente(origen)
        if origen.fusionadas.exists():
            raise ValidationError(
                _("«%(cual)s» ya recibió otra propuesta: no se puede fusionar con una tercera.") % {"cual": origen.titulo},
                code="cadena",
            )
