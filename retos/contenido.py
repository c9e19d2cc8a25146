"""Lo que dice una propuesta además de su texto: el formulario de su reto y sus archivos."""

from participacion.adjuntos.models import Adjunto
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.actions import congelar, escribir_valores, guardar_parcial
from participacion.formularios.condiciones import Valores
from participacion.formularios.definicion import Formulario
from participacion.formularios.enums import EstadoRespuesta, TipoPregunta
from participacion.formularios.models import Respuesta, VersionFormulario
from participacion.formularios.presentacion import en_palabras
from participacion.formularios.valores import de_respuesta

from .enums import EstadoPropuesta
from .models import Propuesta

TEXTOS = ("titulo", "resumen", "descripcion")


def version_de(propuesta: Propuesta | None, ejercicio: Ejercicio) -> VersionFormulario | None:
    """El formulario que le toca: el publicado hoy o, si ya se envió, el que entonces contestó. None: no hay preguntas."""
    if propuesta is None or propuesta.estado == EstadoPropuesta.BORRADOR:
        version = VersionFormulario.objects.vigente(ejercicio)
    else:
        version = propuesta.respuesta and propuesta.respuesta.version
    return version if version and version.formulario().preguntas else None


def valores_de(propuesta: Propuesta | None) -> Valores:
    """Lo contestado hasta ahora: lo que espera envío o, si no hay, lo enviado."""
    respuesta = propuesta and propuesta.respuesta
    if not respuesta:
        return {}
    return respuesta.parcial or (de_respuesta(respuesta) if respuesta.estado == EstadoRespuesta.ENVIADA else {})


def _respuesta(propuesta: Propuesta, ejercicio: Ejercicio) -> tuple[Respuesta | None, Formulario]:
    """La respuesta en que se guarda lo contestado, con la versión que le toca; nace si hace falta."""
    version = version_de(propuesta, ejercicio)
    if version is None:
        return None, Formulario()
    if propuesta.respuesta is None:
        propuesta.respuesta = Respuesta.objects.create(ejercicio=ejercicio, version=version, idioma=propuesta.idioma)
        propuesta.save(update_fields=["respuesta"])
    elif propuesta.respuesta.version_id != version.pk:
        propuesta.respuesta.version = version
        propuesta.respuesta.save(update_fields=["version", "actualizada_en"])
    return propuesta.respuesta, version.formulario()


def guardar_valores(propuesta: Propuesta, ejercicio: Ejercicio, valores: Valores) -> None:
    """Con la propuesta bloqueada: añade a lo contestado, sin enviarlo."""
    respuesta, _formulario = _respuesta(propuesta, ejercicio)
    if respuesta is not None:
        corrige = respuesta.estado == EstadoRespuesta.ENVIADA
        guardar_parcial(respuesta=respuesta, valores=valores, pagina=1, corrige=corrige)
        respuesta.refresh_from_db()


def enviar_valores(propuesta: Propuesta, ejercicio: Ejercicio, ahora) -> None:
    """Con la propuesta bloqueada: lo contestado pasa a enviado. Lanza lo que `exigir_completa`."""
    respuesta, formulario = _respuesta(propuesta, ejercicio)
    if respuesta is not None:
        escribir_valores(respuesta=respuesta, formulario=formulario, valores=valores_de(propuesta))
        congelar(respuesta=respuesta, ahora=ahora)


def archivos_de(propuesta: Propuesta) -> list[Adjunto]:
    """Los adjuntos y los archivos contestados en el formulario."""
    de_respuesta = Adjunto.objects.de(propuesta.respuesta) if propuesta.respuesta else []
    return [*Adjunto.objects.de(propuesta).order_by("pk"), *de_respuesta]


def textos_de(propuesta: Propuesta) -> dict[str, str]:
    """Por campo del formulario, todo lo escrito: texto, respuestas y nombres de archivo."""
    textos = {campo: getattr(propuesta, campo) for campo in TEXTOS}
    textos["archivo"] = "\n".join(adjunto.nombre for adjunto in Adjunto.objects.de(propuesta))
    if propuesta.respuesta:
        formulario, valores = propuesta.respuesta.version.formulario(), valores_de(propuesta)
        for pregunta in formulario.preguntas.values():
            textos[f"p_{pregunta.clave}"] = "\n".join(en_palabras(pregunta, valores.get(pregunta.clave)))
    return textos


def en_version(propuesta: Propuesta) -> dict:
    """Lo que dice hoy, como lo guarda una `VersionPropuesta`."""
    formulario = propuesta.respuesta.version.formulario() if propuesta.respuesta else Formulario()
    enviados = de_respuesta(propuesta.respuesta) if propuesta.respuesta else {}
    return {
        **{campo: getattr(propuesta, campo) for campo in TEXTOS},
        "licencia": propuesta.licencia,
        "terminos": propuesta.terminos and propuesta.terminos.numero,
        "valores": enviados,
        # Con las palabras de entonces: la pregunta puede cambiar, y el archivo, borrarse.
        "respuestas": [
            {
                "clave": pregunta.clave,
                "pregunta": pregunta.texto,
                "publica": pregunta.publica,
                "es_archivo": pregunta.tipo == TipoPregunta.ARCHIVO,
                "renglones": en_palabras(pregunta, enviados.get(pregunta.clave)),
            }
            for pregunta in formulario.preguntas.values()
        ],
        "archivos": [
            {"nombre": adjunto.nombre, "bytes": adjunto.tamano, "sha256": adjunto.sha256}
            for adjunto in Adjunto.objects.de(propuesta).order_by("pk")
        ],
    }
