"""Pedir sumarse a una propuesta o fusionar la propia con ella, y responder. Vale cuando los dos consienten."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.actions import participante_de
from cuentas.models import Organizacion, Participante, Usuario
from home.texto import limpiar_parrafos
from participacion.avisos.actions import avisar
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio

from .. import actions
from ..models import Propuesta, Union
from ..novedades import anunciar, como_contenido
from ..rules import es_autor
from .condiciones import bloquear_personas, bloquear_propuestas, comprobar_cupo, comprobar_persona, comprobar_union
from .enums import EstadoUnion, Parte, TipoUnion
from .historia import cambiar_union, retirar_pedidas
from .integrantes import sumar

AVISO_PEDIDA, AVISO_RESUELTA = "union_pedida", "union_resuelta"
LIMITE_DIARIO = 20


def _comprobar_peticiones(persona: Participante, tipo: str, destino: Propuesta, ahora: datetime) -> None:
    """Un «no» es un no: pedir otra vez sería insistir. Y quien pide a todas, molesta a todas."""
    suyas = Union.objects.filter(pide=persona)
    con_ella = suyas.filter(destino=destino)
    if con_ella.filter(estado=EstadoUnion.PEDIDA).exists():
        raise ValidationError(_("Ya pidió unirse a esta propuesta: espere la respuesta."), code="pedida")
    if con_ella.filter(estado=EstadoUnion.RECHAZADA, tipo=tipo).exists():
        raise ValidationError(_("Ya le respondieron que no a esta petición."), code="rechazada")
    if suyas.filter(pedida_en__gt=ahora - timedelta(days=1)).count() >= LIMITE_DIARIO:
        raise ValidationError(
            _("Ya hizo %(n)s peticiones en las últimas 24 horas. Espere a mañana.") % {"n": LIMITE_DIARIO}, code="limite"
        )


def _pedir(*, tipo, persona, destino, origen, organizacion, mensaje, actor, ejercicio, ahora) -> Union:
    _comprobar_peticiones(persona, tipo, destino, ahora)
    union = Union.objects.create(
        tipo=tipo,
        destino=destino,
        origen=origen,
        pide=persona,
        organizacion=organizacion,
        mensaje=limpiar_parrafos(mensaje),
        pedida_en=ahora,
    )
    log(instance=union, action="retos.pedir_union", user=actor)
    avisar(tipo=AVISO_PEDIDA, destinatario=destino.autor.cuenta, objeto=union, sitio=ejercicio.sitio)
    return union


@transaction.atomic
def pedir_adhesion(
    *, destino: Propuesta, organizacion: Organizacion | None = None, mensaje: str = "", actor: Usuario
) -> Union:
    """Alguien pide sumarse al equipo de una propuesta publicada; su autor responde.

    Lanza ValidationError si hoy no se puede o si la persona no puede sumarse (véase `condiciones`), o si ya lo pidió.
    """
    persona = participante_de(actor)
    persona = bloquear_personas([persona.pk])[persona.pk]
    destino = bloquear_propuestas(destino.pk)[destino.pk]
    ejercicio, ahora = leer_reglas(destino.ejercicio_id)
    comprobar_union(destino, None, ejercicio, ahora)
    comprobar_persona(persona, destino, ejercicio, organizacion)
    comprobar_cupo(1 + destino.integrantes.count() + 1)
    return _pedir(
        tipo=TipoUnion.ADHESION, persona=persona, destino=destino, origen=None, organizacion=organizacion,
        mensaje=mensaje, actor=actor, ejercicio=ejercicio, ahora=ahora,
    )  # fmt: skip


@transaction.atomic
def pedir_fusion(*, origen: Propuesta, destino: Propuesta, mensaje: str = "", actor: Usuario) -> Union:
    """El autor de una propuesta publicada pide que pase a ser parte de otra del mismo reto; responde el autor de ésta.

    Lanza PermissionDenied si la de origen no es suya y ValidationError si no se pueden unir (véase `condiciones`).
    """
    persona = participante_de(actor)
    persona = bloquear_personas([persona.pk])[persona.pk]
    filas = bloquear_propuestas(origen.pk, destino.pk)
    origen, destino = filas[origen.pk], filas[destino.pk]
    if not es_autor.test(actor, origen):
        raise PermissionDenied
    ejercicio, ahora = leer_reglas(destino.ejercicio_id)
    comprobar_union(destino, origen, ejercicio, ahora)
    comprobar_cupo(len(_del_equipo(origen) | _del_equipo(destino)))
    return _pedir(
        tipo=TipoUnion.FUSION, persona=persona, destino=destino, origen=origen, organizacion=origen.organizacion,
        mensaje=mensaje, actor=actor, ejercicio=ejercicio, ahora=ahora,
    )  # fmt: skip


def _del_equipo(propuesta: Propuesta) -> set[int]:
    return {propuesta.autor_id, *propuesta.integrantes.values_list("participante_id", flat=True)}


def _bloquear(union: Union, *, personas: bool = False) -> tuple[Union, Propuesta, Propuesta | None]:
    """La unión con lo suyo bloqueado: las personas que cambian de equipo, luego las propuestas."""
    if personas:
        del_origen = _del_equipo(union.origen) if union.origen else set()
        bloquear_personas({union.pide_id, union.destino.autor_id} | del_origen)
    filas = bloquear_propuestas(union.destino_id, union.origen_id)
    union = Union.objects.select_for_update(of=["self"]).select_related("organizacion").get(pk=union.pk)
    return union, filas[union.destino_id], filas.get(union.origen_id)


@transaction.atomic
def aceptar(*, union: Union, actor: Usuario) -> Union:
    """El autor de la propuesta de destino acepta: la persona se suma al equipo, o las dos propuestas se fusionan.

    Lanza PermissionDenied si la de destino no es suya y ValidationError si ya se respondió o si hoy no se puede
    (véase `condiciones`).
    """
    union, destino, origen = _bloquear(union, personas=True)
    if not es_autor.test(actor, destino):
        raise PermissionDenied
    ejercicio, ahora = leer_reglas(destino.ejercicio_id)
    cambiar_union(union, EstadoUnion.ACEPTADA, parte=Parte.RECIBE, usuario=actor, ahora=ahora)
    comprobar_union(destino, origen, ejercicio, ahora)
    if origen is None:
        comprobar_persona(union.pide, destino, ejercicio, union.organizacion)
        comprobar_cupo(1 + destino.integrantes.count() + 1)
        sumar(destino, union.pide, union.organizacion, usuario=actor, ejercicio=ejercicio, ahora=ahora)
    else:
        _fusionar(origen, destino, actor=actor, ejercicio=ejercicio, ahora=ahora)
    avisar(tipo=AVISO_RESUELTA, destinatario=union.pide.cuenta, objeto=union, sitio=ejercicio.sitio)
    return union


def _fusionar(origen: Propuesta, destino: Propuesta, *, actor: Usuario, ejercicio: Ejercicio, ahora: datetime) -> None:
    comprobar_cupo(len(_del_equipo(origen) | _del_equipo(destino)))
    ya = _del_equipo(destino)
    vienen = [(origen.autor, origen.organizacion)]
    for integrante in origen.integrantes.select_related("participante", "organizacion"):
        vienen.append((integrante.participante, integrante.organizacion))
    for persona, organizacion in vienen:
        if persona.pk not in ya and not persona.suprimido:
            sumar(destino, persona, organizacion, usuario=actor, ejercicio=ejercicio, ahora=ahora)
    retirar_pedidas(destino, ahora)
    actions.fusionar(propuesta=origen, destino=destino, actor=actor, ejercicio=ejercicio, ahora=ahora)
    with como_contenido():
        fusionada = _("Se fusionó con «%(titulo)s»") % {"titulo": destino.titulo}
        sigue = _("Sigue en ella, y su equipo también. Los apoyos que recibió quedan aquí y se muestran aparte en la otra.")
        recibida = _("Recibió la propuesta «%(titulo)s»") % {"titulo": origen.titulo}
    anunciar(
        propuesta=origen,
        titulo=fusionada,
        texto=sigue,
        por=actor,
        ahora=ahora,
        sitio=ejercicio.sitio,
        al_equipo=False,  # ya es del equipo de la otra
    )
    anunciar(
        propuesta=destino,
        titulo=recibida,
        por=actor,
        ahora=ahora,
        sitio=ejercicio.sitio,
    )


@transaction.atomic
def rechazar(*, union: Union, actor: Usuario) -> Union:
    """El autor de la propuesta de destino no acepta, y se le dice a quien pidió. Lanza lo mismo que `aceptar`."""
    union, destino, _origen = _bloquear(union)
    if not es_autor.test(actor, destino):
        raise PermissionDenied
    ejercicio, ahora = leer_reglas(destino.ejercicio_id)
    cambiar_union(union, EstadoUnion.RECHAZADA, parte=Parte.RECIBE, usuario=actor, ahora=ahora)
    avisar(tipo=AVISO_RESUELTA, destinatario=union.pide.cuenta, objeto=union, sitio=ejercicio.sitio)
    return union


@transaction.atomic
def retirar(*, union: Union, actor: Usuario) -> Union:
    """Quien la pidió la retira. Lanza PermissionDenied si no es suya y ValidationError si ya se respondió."""
    union, destino, _origen = _bloquear(union)
    if union.pide.cuenta_id != actor.pk:
        raise PermissionDenied
    _ejercicio, ahora = leer_reglas(destino.ejercicio_id)
    cambiar_union(union, EstadoUnion.RETIRADA, parte=Parte.PIDE, usuario=actor, ahora=ahora)
    return union
