"""Quiénes escriben una propuesta con su autor: sumar, quitar y dejar el equipo."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from cuentas.models import Organizacion, Participante, Usuario
from participacion.avisos.actions import avisar
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto

from ..models import Integrante, Propuesta
from ..rules import es_autor
from .condiciones import bloquear_propuestas, comprobar_abierto
from .enums import ACTO_SALIDO, ACTO_SUMADO

AVISO_QUITADO, AVISO_DEJADO = "equipo_quitado", "equipo_dejado"


def sumar(
    propuesta: Propuesta,
    persona: Participante,
    organizacion: Organizacion | None,
    *,
    usuario: Usuario,
    ejercicio: Ejercicio,
    ahora: datetime,
) -> Integrante:
    """Con las dos bloqueadas y comprobado que puede."""
    integrante = Integrante.objects.create(
        propuesta=propuesta, participante=persona, organizacion=organizacion, desde=ahora
    )
    _anotar(integrante, ACTO_SUMADO, usuario=usuario, ejercicio=ejercicio, ahora=ahora)
    return integrante


def _anotar(integrante: Integrante, tipo: str, *, usuario: Usuario | None, ejercicio: Ejercicio, ahora: datetime) -> None:
    registrar_acto(
        tipo=tipo,
        ejercicio=ejercicio,
        objeto=integrante.propuesta,
        participante=integrante.participante,
        organizacion=integrante.organizacion,
        ocurrido_en=ahora,
    )
    log(instance=integrante.propuesta, action=f"retos.{tipo}", user=usuario)


def sacar(integrante: Integrante, *, usuario: Usuario | None, ejercicio: Ejercicio, ahora: datetime) -> None:
    """Con su propuesta bloqueada."""
    _anotar(integrante, ACTO_SALIDO, usuario=usuario, ejercicio=ejercicio, ahora=ahora)
    integrante.delete()


def _vigente(integrante: Integrante) -> Integrante | None:
    return Integrante.objects.select_related("participante__cuenta", "organizacion", "propuesta__autor__cuenta").filter(
        pk=integrante.pk
    ).first()


@transaction.atomic
def quitar(*, integrante: Integrante, actor: Usuario) -> None:
    """El autor quita a alguien del equipo y se le avisa. Repetirlo no hace nada.

    Lanza PermissionDenied si la propuesta no es suya y ValidationError si el equipo ya no cambia.
    """
    propuesta = bloquear_propuestas(integrante.propuesta_id)[integrante.propuesta_id]
    if not es_autor.test(actor, propuesta):
        raise PermissionDenied
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    comprobar_abierto(propuesta, ejercicio, ahora)
    vigente = _vigente(integrante)
    if vigente is None:
        return
    cuenta = vigente.participante.cuenta
    sacar(vigente, usuario=actor, ejercicio=ejercicio, ahora=ahora)
    avisar(tipo=AVISO_QUITADO, destinatario=cuenta, objeto=propuesta, sitio=ejercicio.sitio)


@transaction.atomic
def dejar(*, integrante: Integrante, actor: Usuario) -> None:
    """Alguien deja el equipo, cuando quiera, y se avisa al autor. Repetirlo no hace nada. Lanza PermissionDenied si no es quien pide."""
    propuesta = bloquear_propuestas(integrante.propuesta_id)[integrante.propuesta_id]
    vigente = _vigente(integrante)
    if vigente is None:
        return
    if vigente.participante.cuenta_id != actor.pk:
        raise PermissionDenied
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    sacar(vigente, usuario=actor, ejercicio=ejercicio, ahora=ahora)
    autor = vigente.propuesta.autor
    avisar(tipo=AVISO_DEJADO, destinatario=autor and autor.cuenta, objeto=propuesta, sitio=ejercicio.sitio)
