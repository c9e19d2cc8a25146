"""Lo que de una propuesta muestran su página, la moderación, el jurado y los correos."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language

from participacion.adjuntos.models import Adjunto
from participacion.formularios.condiciones import depurar
from participacion.formularios.definicion import Pregunta
from participacion.formularios.enums import EstadoRespuesta, TipoPregunta
from participacion.formularios.models import Respuesta
from participacion.formularios.presentacion import en_palabras
from participacion.formularios.valores import de_respuesta
from participacion.moderacion.models import Entrada

from .envio import limite_de_envio
from .models import Novedad, Propuesta
from .rules import nombre_neutro


@dataclass(frozen=True)
class Archivo:
    """Un adjunto como se ofrece a quien mira: con su nombre o con uno que no dice de quién es."""

    clave: UUID
    nombre: str
    tamano: int
    creado_en: datetime


@dataclass(frozen=True)
class Contestada:
    """Una pregunta del reto y lo que se contestó, en renglones o con un archivo."""

    pregunta: Pregunta
    renglones: list[str]
    archivos: list[Archivo]


def _archivo(adjunto: Adjunto, *, neutros: bool) -> Archivo:
    nombre = nombre_neutro(adjunto) if neutros else adjunto.nombre
    return Archivo(adjunto.clave, nombre, adjunto.tamano, adjunto.creado_en)


def archivos_de(objeto, *, neutros: bool) -> list[Archivo]:
    """Los adjuntos de una propuesta. `neutros`: sin los nombres que les puso quien los subió (evaluación ciega)."""
    return [_archivo(adjunto, neutros=neutros) for adjunto in Adjunto.objects.de(objeto).order_by("pk")]


def respuestas_de(propuesta: Propuesta, *, confidenciales: bool, neutros: bool) -> list[Contestada]:
    """Lo que contestó y envió en las preguntas del reto; sin `confidenciales`, sólo lo público."""
    if propuesta.respuesta_id is None:
        return []
    respuestas = Respuesta.objects.select_related("version__ejercicio").filter(estado=EstadoRespuesta.ENVIADA)
    respuesta = respuestas.filter(pk=propuesta.respuesta_id).first()
    if respuesta is None:
        return []
    formulario = respuesta.version.formulario(get_language() or "")
    _visibles, valores = depurar(formulario, de_respuesta(respuesta))
    suyos = {str(adjunto.clave): adjunto for adjunto in Adjunto.objects.de(respuesta)}
    contestadas = []
    for pregunta in formulario.preguntas.values():
        if pregunta.clave not in valores or not (pregunta.publica or confidenciales):
            continue
        valor = valores[pregunta.clave]
        if pregunta.tipo == TipoPregunta.ARCHIVO:
            archivos = [_archivo(suyos[valor], neutros=neutros)] if valor in suyos else []
            contestadas.append(Contestada(pregunta, [], archivos))
        else:
            contestadas.append(Contestada(pregunta, en_palabras(pregunta, valor), []))
    return contestadas


def ultimo_motivo(propuesta: Propuesta) -> str:
    """El motivo de la última decisión de moderación; vacío si no lo hubo."""
    entrada = Entrada.objects.de(propuesta).decididas().order_by("-decidida_en", "-pk").first()
    return entrada.motivo if entrada else ""


def para_moderar(propuesta: Propuesta) -> dict:
    """Todo lo que trae, también lo confidencial: quien modera responde por lo que se publica."""
    return {
        "propuesta": propuesta,
        "adjuntos": archivos_de(propuesta, neutros=False),
        "respuestas": respuestas_de(propuesta, confidenciales=True, neutros=False),
    }


def para_correo(propuesta: Propuesta) -> dict:
    return {
        "propuesta": propuesta,
        "reto": propuesta.ejercicio,
        "motivo": ultimo_motivo(propuesta),
        "limite": limite_de_envio(propuesta, propuesta.ejercicio),
        "enlace": propuesta.get_absolute_url(),
    }


def de_novedad(novedad: Novedad) -> dict:
    propuesta = novedad.propuesta
    return {
        "novedad": novedad,
        "propuesta": propuesta,
        "reto": propuesta.ejercicio,
        "enlace": f"{propuesta.get_absolute_url()}#novedades",
    }
