"""Preguntas públicas sobre una convocatoria y sus respuestas oficiales."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas import requisitos
from cuentas.models import Participante, Usuario
from home.texto import limpiar_parrafos
from participacion.avisos.actions import avisar
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto

from .. import fases
from ..diagnostico.enums import TRANSICIONES_PREGUNTA, EstadoPregunta
from ..models import PreguntaReto
from ..rules import gestiona
from .enums import ACTOS_PREGUNTA

AVISO = "pregunta_resuelta"
TEXTO_MAXIMO, RESPUESTA_MAXIMA = 600, 4000
MAXIMO_DIARIO = 10


def _texto(texto: str, campo: str, maximo: int, vacio: str) -> str:
    texto = limpiar_parrafos(texto)
    if not texto:
        raise ValidationError({campo: vacio})
    if len(texto) > maximo:
        raise ValidationError({campo: _("Puede tener hasta %(n)s caracteres.") % {"n": maximo}})
    return texto


@transaction.atomic
def preguntar(*, ejercicio: Ejercicio, participante: Participante, texto: str, clave_envio: UUID) -> PreguntaReto:
    """Recibe una pregunta; repetir el envío del mismo formulario no la duplica.

    Lanza PermissionDenied si el formulario es de otra persona y ValidationError por plazo (code="plazo"), requisitos
    (code="requisitos"), si pregunta demasiado (code="demasiadas") o si suprimió sus datos (code="suprimido").
    """
    # Con el candado que toma la supresión: una pregunta a medio enviar no nace después de ella.
    persona = Participante.objects.select_for_update(of=["self"], no_key=True).get(pk=participante.pk)
    if persona.suprimido:
        raise ValidationError(_("Se suprimieron los datos."), code="suprimido")
    if hecha := PreguntaReto.objects.filter(clave_envio=clave_envio).first():
        if (hecha.ejercicio_id, hecha.autor_id) != (ejercicio.pk, persona.pk):
            raise PermissionDenied
        return hecha
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    fases.comprobar(ejercicio, fases.Accion.PREGUNTAR, ahora)
    requisitos.comprobar(persona, ejercicio.sitio, ejercicio.nivel_minimo)
    texto = _texto(texto, "texto", TEXTO_MAXIMO, _("Escriba su pregunta."))
    recientes = PreguntaReto.objects.filter(ejercicio=ejercicio, autor=persona, enviada_en__gt=ahora - timedelta(days=1))
    if recientes.count() >= MAXIMO_DIARIO:
        raise ValidationError(
            _("Ya hizo %(n)s preguntas en las últimas 24 horas. Espere las respuestas o vuelva mañana.") % {"n": MAXIMO_DIARIO},
            code="demasiadas",
        )
    pregunta = PreguntaReto.objects.create(
        ejercicio=ejercicio, clave_envio=clave_envio, autor=persona, texto=texto, enviada_en=ahora
    )
    _anotar(pregunta, EstadoPregunta.ENVIADA, ejercicio, ahora, participante=persona)
    return pregunta


def _anotar(pregunta: PreguntaReto, estado: str, ejercicio: Ejercicio, ahora: datetime, **quien) -> None:
    tipo, _etiqueta, _participacion = ACTOS_PREGUNTA[estado]
    registrar_acto(tipo=tipo, ejercicio=ejercicio, objeto=pregunta, estado=estado, ocurrido_en=ahora, **quien)


@transaction.atomic
def resolver_pregunta(*, pregunta: PreguntaReto, hacia: str, respuesta: str, actor: Usuario) -> PreguntaReto:
    """Responde en público una pregunta, o no la publica y dice por qué; en los dos casos avisa a quien preguntó.

    Lanza PermissionDenied si el actor no gestiona los retos del sitio y ValidationError si falta el texto o ya estaba
    resuelta (code="transicion").
    """
    pregunta = PreguntaReto.objects.select_for_update(of=["self"]).get(pk=pregunta.pk)
    ejercicio, ahora = leer_reglas(pregunta.ejercicio_id)
    if not gestiona(actor, ejercicio.sitio):
        raise PermissionDenied
    vacio = {
        EstadoPregunta.RESPONDIDA: _("Escriba la respuesta: es la oficial y queda a la vista de todos."),
        EstadoPregunta.RECHAZADA: _("Escriba por qué no se publica: lo lee quien preguntó."),
    }
    if hacia not in vacio:
        raise ValidationError({"respuesta": _("Elija responder o no publicar.")})
    texto = _texto(respuesta, "respuesta", RESPUESTA_MAXIMA, vacio[hacia])
    _cambiar_estado(pregunta, hacia, respuesta=texto, por=actor, ahora=ahora, ejercicio=ejercicio)
    avisar(tipo=AVISO, destinatario=pregunta.autor.cuenta, objeto=pregunta, sitio=ejercicio.sitio)
    return pregunta


def _cambiar_estado(
    pregunta: PreguntaReto, hacia: str, *, respuesta: str, por: Usuario | None, ahora: datetime, ejercicio: Ejercicio
) -> None:
    """El único lugar que cambia el estado. Lanza ValidationError (code="transicion") si la tabla no lo permite."""
    if (pregunta.estado, hacia) not in TRANSICIONES_PREGUNTA:
        raise ValidationError(
            _("Esta pregunta ya está «%(estado)s».") % {"estado": pregunta.get_estado_display()}, code="transicion"
        )
    desde, pregunta.estado = pregunta.estado, hacia
    pregunta.respuesta, pregunta.respondida_por, pregunta.respondida_en = respuesta, por, ahora
    pregunta.save()
    _anotar(pregunta, hacia, ejercicio, ahora)
    log(instance=pregunta, action="retos.cambiar_pregunta", user=por, data={"desde": desde, "hacia": hacia})


@transaction.atomic
def olvidar_pregunta(*, pregunta: PreguntaReto, texto: str) -> None:
    """Al suprimir a su autor: lo respondido es público y queda; lo demás se cierra sin publicar y pierde su texto."""
    pregunta = PreguntaReto.objects.select_for_update(of=["self"]).get(pk=pregunta.pk)
    if pregunta.estado == EstadoPregunta.RESPONDIDA:
        return
    if pregunta.estado == EstadoPregunta.ENVIADA:
        ejercicio, ahora = leer_reglas(pregunta.ejercicio_id)
        _cambiar_estado(pregunta, EstadoPregunta.RECHAZADA, respuesta=texto, por=None, ahora=ahora, ejercicio=ejercicio)
    PreguntaReto.objects.filter(pk=pregunta.pk).update(texto=texto, respuesta=texto)
