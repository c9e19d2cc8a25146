"""Las propuestas de una persona: cómo se le entregan y qué queda de ellas al suprimir sus datos."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cuentas import retencion
from cuentas.datos_personales import SUPRIMIDO, Copia, declarar, describir, describir_todas
from cuentas.models import Participante
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.datos_personales import olvidar_nombres
from participacion.formularios.models import Respuesta
from participacion.formularios.presentacion import en_palabras
from participacion.moderacion import datos_personales as moderacion

from . import actions, contenido
from .enums import RETIRABLES, EstadoPropuesta
from .models import Propuesta, VersionPropuesta
from .votos.rules import conteos_visibles

MODELOS = ["retos.propuesta", "retos.versionpropuesta", "retos.solicitudinformacion"]
_CAMPOS = [
    "referencia", "estado", "resultado", "ejercicio", "organizacion", "titulo", "resumen", "descripcion", "licencia", "terminos",
    "creada_en", "enviada_en", "devuelta_en", "publicada_en", "corregida_en",
]  # fmt: skip


def _de(participante: Participante):
    return Propuesta.objects.filter(autor=participante).order_by("pk")


def _que_se_entrega(propuesta: Propuesta) -> list[str]:
    """Mientras los conteos son secretos, tampoco quien propuso sabe cuántos apoyos lleva la suya."""
    visibles = conteos_visibles(propuesta.ejercicio, timezone.now())
    return [*_CAMPOS, "apoyos"] if visibles else _CAMPOS


def copiar(participante: Participante) -> Copia:
    propuestas = _de(participante).select_related("ejercicio", "organizacion", "terminos", "respuesta__version")
    datos, archivos = [], []
    for propuesta in propuestas:
        suyos = contenido.archivos_de(propuesta)
        archivos += [(f"{propuesta}-{adjunto.nombre}", adjunto.archivo) for adjunto in suyos]
        datos.append(
            describir(propuesta, *_que_se_entrega(propuesta))
            | {
                "archivos": [adjunto.nombre for adjunto in suyos],
                "respuestas": _contestado(propuesta),
                "versiones": describir_todas(propuesta.versiones.all(), "numero", "en", "contenido"),
                "información pedida": describir_todas(
                    propuesta.solicitudes.all(), "mensaje", "campos", "pedida_en", "vence_en", "atendida_en"
                ),
                "moderación": moderacion.de_objeto(propuesta),
            }
        )
    return Copia(datos, archivos)


def _contestado(propuesta: Propuesta) -> list[dict]:
    """Lo que respondió en las preguntas del reto, también lo que aún no envía."""
    if propuesta.respuesta is None:
        return []
    formulario, valores = propuesta.respuesta.version.formulario(), contenido.valores_de(propuesta)
    dichas = ((pregunta, en_palabras(pregunta, valores.get(pregunta.clave))) for pregunta in formulario.preguntas.values())
    return [{"pregunta": pregunta.texto, "respuesta": renglones} for pregunta, renglones in dichas if renglones]


def suprimir(participante: Participante) -> None:
    """Borra los borradores, retira lo que no es público y lo deja sin texto; lo público queda, sin nombre."""
    for propuesta in _de(participante).select_for_update(of=["self"]):
        if propuesta.estado == EstadoPropuesta.BORRADOR:
            actions.borrar_con_lo_suyo(propuesta)
            continue
        if propuesta.estado in RETIRABLES and not propuesta.es_publica:
            propuesta = actions.retirar(propuesta=propuesta, actor=None)
        # Las versiones guardan lo que ya no se muestra, lo confidencial y los nombres de los archivos.
        propuesta.versiones.all().delete()
        propuesta.solicitudes.update(mensaje=SUPRIMIDO)
        if propuesta.es_publica:
            _conservar(propuesta)
        else:
            _vaciar(propuesta)
    VersionPropuesta.objects.filter(autor=participante).update(autor=None)


def _conservar(propuesta: Propuesta) -> None:
    """Su texto es público y se contestó a él. Lo confidencial no lo es; los archivos, sólo si aún se pueden descargar."""
    if propuesta.estado == EstadoPropuesta.PUBLICADA:
        olvidar_nombres(objeto=propuesta)
    else:
        adjuntos.quitar(objeto=propuesta)
    if propuesta.respuesta:
        propuesta.respuesta.valores.filter(pregunta__publica=False).delete()
        _dejar_sin_pendientes(propuesta.respuesta)
    moderacion.olvidar(objeto=propuesta, titulo=propuesta.titulo)


def _dejar_sin_pendientes(respuesta: Respuesta) -> None:
    """Nada a medio escribir, ni archivos de preguntas: de lo público queda lo escrito."""
    Respuesta.objects.filter(pk=respuesta.pk).update(parcial={})
    adjuntos.quitar(objeto=respuesta)


def _vaciar(propuesta: Propuesta) -> None:
    adjuntos.quitar(objeto=propuesta)
    if propuesta.respuesta:
        propuesta.respuesta.valores.all().delete()
        _dejar_sin_pendientes(propuesta.respuesta)
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
        actions.borrar_con_lo_suyo(propuesta)
        borrados += 1
    return borrados


def declarar_fuente() -> None:
    declarar("retos", _("Propuestas"), modelos=MODELOS, copiar=copiar, suprimir=suprimir)
    retencion.declarar(
        "borradores",
        _("Borradores de propuestas que nadie volvió a abrir"),
        dias=365,
        buscar=borradores_sin_tocar,
        hace=_("se borran con sus archivos"),
        aplicar=borrar_borradores,
    )
