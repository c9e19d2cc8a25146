"""Las respuestas oficiales: lo que la entidad contesta, en público, a cada propuesta."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Usuario
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto

from ..enums import Resultado
from ..models import Novedad, Propuesta, RespuestaOficial
from ..novedades import anunciar, anunciar_varias, como_contenido
from ..resultados import comprobar_sin_cerrar
from . import consultas
from .enums import ACTO_RESPUESTA


def asentar_varias(
    respuestas: list[tuple[Propuesta, str]], *, actor: Usuario, ahora: datetime, ejercicio: Ejercicio
) -> None:
    """Escribe respuestas y sus actos, dentro de la transacción del hecho que las trae. No avisa: lo hace ese hecho."""
    RespuestaOficial.objects.bulk_create(
        RespuestaOficial(propuesta=propuesta, texto=texto, por=actor, publicada_en=ahora) for propuesta, texto in respuestas
    )
    for propuesta, _texto in respuestas:
        registrar_acto(tipo=ACTO_RESPUESTA, ejercicio=ejercicio, objeto=propuesta, ocurrido_en=ahora)


def asentar(propuesta: Propuesta, texto: str, *, actor: Usuario, ahora: datetime, ejercicio: Ejercicio) -> None:
    asentar_varias([(propuesta, texto)], actor=actor, ahora=ahora, ejercicio=ejercicio)


@transaction.atomic
def responder(*, propuesta: Propuesta, actor: Usuario, texto: str) -> None:
    """Da la respuesta oficial de una propuesta, o la corrige: la anterior queda a la vista y vale la última.

    Lanza ValidationError si el texto está vacío, si le responderá la decisión (code="decision"), si repite la que ya
    tiene (code="repetida") o si el reto ya se cerró (code="cerrado").
    """
    propuesta = Propuesta.objects.select_for_update(of=["self"]).get(pk=propuesta.pk)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    comprobar_sin_cerrar(ejercicio)
    if not texto:
        raise ValidationError({"texto": _("Escriba la respuesta.")})
    if not consultas.admite_respuesta(propuesta):
        raise ValidationError(
            _("A %(propuesta)s le responde la decisión del reto, cuando se publique.") % {"propuesta": propuesta},
            code="decision",
        )
    vigente = propuesta.respuestas_oficiales.first()
    if vigente and vigente.texto == texto:
        raise ValidationError({"texto": _("Es la misma respuesta que ya tiene.")}, code="repetida")
    asentar(propuesta, texto, actor=actor, ahora=ahora, ejercicio=ejercicio)
    log(instance=propuesta, action="retos.responder", user=actor, data={"corrige": vigente is not None})
    with como_contenido():
        titulo = _("Respuesta oficial corregida") if vigente else _("Respuesta oficial")
    anunciar(propuesta=propuesta, titulo=titulo, texto=texto, por=actor, ahora=ahora, sitio=ejercicio.sitio)


@transaction.atomic
def responder_no_admitidas(*, ejercicio: Ejercicio, actor: Usuario) -> int:
    """Responde a las no admitidas sin respuesta con el motivo que dio la revisión de requisitos. Devuelve cuántas."""
    # Primero los candados y después la pregunta: la que otra persona respondió mientras se esperaban ya no está.
    no_admitidas = ejercicio.propuestas.publicadas().filter(resultado=Resultado.NO_ADMITIDA)
    list(no_admitidas.select_for_update(of=["self"]).order_by("pk").values_list("pk"))
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    comprobar_sin_cerrar(ejercicio)
    pendientes = consultas.sin_responder(ejercicio).filter(resultado=Resultado.NO_ADMITIDA).exclude(admision__motivo="")
    propuestas = list(pendientes.filter(admision__isnull=False).select_related("admision").order_by("pk"))
    respuestas = [(propuesta, propuesta.admision.motivo) for propuesta in propuestas]
    asentar_varias(respuestas, actor=actor, ahora=ahora, ejercicio=ejercicio)
    for propuesta in propuestas:
        log(instance=propuesta, action="retos.responder", user=actor, data={"corrige": False})
    with como_contenido():
        titulo = _("Respuesta oficial")
    anunciar_varias(
        Novedad(propuesta=propuesta, titulo=titulo, texto=texto, por=actor, en=ahora)
        for propuesta, texto in respuestas
    )
    return len(propuestas)
