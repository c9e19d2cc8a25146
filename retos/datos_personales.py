"""Las propuestas de una persona: cómo se le entregan y qué queda de ellas al suprimir sus datos."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cuentas import retencion
from cuentas.datos_personales import SUPRIMIDO, Copia, declarar, describir
from cuentas.models import Participante
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.datos_personales import olvidar_nombres
from participacion.adjuntos.models import Adjunto
from participacion.moderacion import datos_personales as moderacion

from . import actions
from .enums import RETIRABLES, EstadoPropuesta
from .models import Propuesta

_CAMPOS = [
    "referencia", "estado", "ejercicio", "organizacion", "titulo", "resumen", "descripcion", "creada_en", "enviada_en",
    "devuelta_en", "publicada_en", "apoyos",
]  # fmt: skip


def _de(participante: Participante):
    return Propuesta.objects.filter(autor=participante).order_by("pk")


def copiar(participante: Participante) -> Copia:
    propuestas = _de(participante).select_related("ejercicio", "organizacion")
    datos, archivos = [], []
    for propuesta in propuestas:
        suyos = list(Adjunto.objects.de(propuesta))
        archivos += [(f"{propuesta}-{adjunto.nombre}", adjunto.archivo) for adjunto in suyos]
        datos.append(
            describir(propuesta, *_CAMPOS)
            | {"archivos": [adjunto.nombre for adjunto in suyos], "moderación": moderacion.de_objeto(propuesta)}
        )
    return Copia(datos, archivos)


def suprimir(participante: Participante) -> None:
    """Borra los borradores, retira lo que no es público y lo deja sin texto; lo público queda, sin nombre."""
    for propuesta in _de(participante).select_for_update(of=["self"]):
        if propuesta.estado == EstadoPropuesta.BORRADOR:
            adjuntos.poner(adjunto=None, objeto=propuesta)
            propuesta.delete()
            continue
        if propuesta.estado in RETIRABLES and not propuesta.es_publica:
            propuesta = actions.retirar(propuesta=propuesta, actor=None)
        if propuesta.es_publica:
            _conservar(propuesta)
        else:
            _vaciar(propuesta)


def _conservar(propuesta: Propuesta) -> None:
    """Su texto es público y se contestó a él. El archivo, sólo si aún se puede descargar."""
    if propuesta.estado == EstadoPropuesta.PUBLICADA:
        olvidar_nombres(objeto=propuesta)
    else:
        adjuntos.poner(adjunto=None, objeto=propuesta)
    moderacion.olvidar(objeto=propuesta, titulo=propuesta.titulo)


def _vaciar(propuesta: Propuesta) -> None:
    adjuntos.poner(adjunto=None, objeto=propuesta)
    Propuesta.objects.filter(pk=propuesta.pk).update(
        titulo=SUPRIMIDO, resumen="", descripcion="", descripcion_html="", texto_busqueda=""
    )
    moderacion.olvidar(objeto=propuesta, titulo=SUPRIMIDO)


def borradores_sin_tocar(limite: datetime):
    return Propuesta.objects.filter(estado=EstadoPropuesta.BORRADOR, actualizada_en__lt=limite)


@transaction.atomic
def borrar_borradores(borradores) -> int:
    """Los que sigan siendo borradores con el candado tomado."""
    borrados = 0
    for propuesta in borradores.select_for_update(of=["self"]):
        adjuntos.poner(adjunto=None, objeto=propuesta)
        propuesta.delete()
        borrados += 1
    return borrados


def declarar_fuente() -> None:
    declarar("retos", _("Propuestas"), modelos=["retos.propuesta"], copiar=copiar, suprimir=suprimir)
    retencion.declarar(
        "borradores",
        _("Borradores de propuestas que nadie volvió a abrir"),
        dias=365,
        buscar=borradores_sin_tocar,
        hace=_("se borran con su archivo"),
        aplicar=borrar_borradores,
    )
