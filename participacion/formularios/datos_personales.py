"""Lo que una persona contestó: cómo se le entrega y qué queda al suprimir sus datos."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cuentas import retencion
from cuentas.datos_personales import SUPRIMIDO, Copia, declarar, describir
from cuentas.models import Participante
from participacion.adjuntos.models import Adjunto

from . import archivos
from .enums import EstadoRespuesta
from .models import Respuesta, Valor
from .presentacion import resumen
from .valores import de_respuesta

_CAMPOS = ["ejercicio", "referencia", "estado", "organizacion", "canal", "creada_en", "enviada_en"]


def _de(participante: Participante):
    return Respuesta.objects.filter(participante=participante).order_by("pk")


def copiar(participante: Participante) -> Copia:
    datos, adjuntos = [], []
    for respuesta in _de(participante).select_related("ejercicio", "organizacion", "version"):
        formulario = respuesta.version.formulario()
        suyos = list(Adjunto.objects.de(respuesta))
        adjuntos += [(f"respuesta-{respuesta.pk}-{adjunto.nombre}", adjunto.archivo) for adjunto in suyos]
        enviado, pendiente = de_respuesta(respuesta), respuesta.parcial
        datos.append(
            describir(respuesta, *_CAMPOS)
            | {"respuestas": _contestado(formulario, enviado), "sin enviar": _contestado(formulario, pendiente)}
        )
    return Copia(datos, adjuntos)


def _contestado(formulario, valores) -> list[dict]:
    paginas = resumen(formulario, valores)
    contestadas = (r for pagina in paginas for r in pagina["respuestas"] if r["renglones"])
    return [{"pregunta": r["pregunta"].texto, "respuesta": r["renglones"]} for r in contestadas]


def suprimir(participante: Participante) -> None:
    """Borra lo que no se envió, los archivos y todo lo escrito con palabras propias; lo contado sigue contado."""
    for respuesta in _de(participante).select_for_update(of=["self"]):
        archivos.conservar(respuesta=respuesta, claves=[])
        if respuesta.estado == EstadoRespuesta.PARCIAL:
            respuesta.delete()
    enviadas = _de(participante)
    enviadas.update(parcial={})
    Valor.objects.filter(respuesta__in=enviadas).exclude(texto="").update(texto=SUPRIMIDO)


def parciales_sin_tocar(limite: datetime):
    return Respuesta.objects.parciales().filter(actualizada_en__lt=limite)


@transaction.atomic
def borrar_parciales(parciales) -> int:
    """Las que sigan sin enviar con el candado tomado, con sus archivos."""
    borradas = 0
    for respuesta in parciales.select_for_update(of=["self"]):
        archivos.conservar(respuesta=respuesta, claves=[])
        respuesta.delete()
        borradas += 1
    return borradas


def declarar_fuente() -> None:
    declarar(
        "formularios",
        _("Respuestas a formularios y encuestas"),
        modelos=["formularios.respuesta", "formularios.valor"],
        copiar=copiar,
        suprimir=suprimir,
    )
    retencion.declarar(
        "respuestas_sin_enviar",
        _("Respuestas que nadie terminó de enviar"),
        dias=365,
        buscar=parciales_sin_tocar,
        hace=_("se borran con sus archivos"),
        aplicar=borrar_parciales,
    )
