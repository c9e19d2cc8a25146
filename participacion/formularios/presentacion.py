"""Lo contestado, dicho con las palabras del formulario."""

from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from participacion.adjuntos.models import Adjunto

from .condiciones import Valores, contestada, depurar
from .definicion import Formulario, Pregunta
from .enums import ESCALAS, TipoPregunta

T = TipoPregunta


def en_palabras(pregunta: Pregunta, valor) -> list[str]:
    """Un renglón por cada cosa que dice el valor; vacía si no se contestó."""
    if not contestada(valor):
        return []
    match pregunta.tipo:
        case T.UNICA:
            return [_con_otra(pregunta, valor["opcion"], valor["otra"])]
        case T.MULTIPLE:
            return [_con_otra(pregunta, clave, valor["otra"]) for clave in valor["opciones"]]
        case T.DESPLEGABLE | T.LUGAR:
            return [pregunta.por_opcion[valor].texto]
        case T.MATRIZ:
            return [f"{f.texto}: {pregunta.por_opcion[valor[f.clave]].texto}" for f in pregunta.filas if f.clave in valor]
        case T.ORDENAMIENTO:
            return [f"{puesto}. {pregunta.por_opcion[clave].texto}" for puesto, clave in enumerate(valor, 1)]
        case T.ESCALA:
            return [str(ESCALAS[pregunta.escala][2].get(valor, valor))]
        case T.SI_NO:
            return [_("Sí") if valor else _("No")]
        case T.ACEPTACION:
            return [_("Acepto")]
        case T.NUMERO:
            return [valor.replace(".", formats.get_format("DECIMAL_SEPARATOR"))]
        case T.FECHA:
            return [formats.date_format(date.fromisoformat(valor), "DATE_FORMAT")]
        case T.ARCHIVO:
            return list(Adjunto.objects.filter(clave=valor).values_list("nombre", flat=True))
    return [valor]


def _con_otra(pregunta: Pregunta, clave: str, otra: str) -> str:
    opcion = pregunta.por_opcion[clave]
    return f"{opcion.texto}: {otra}" if opcion.abierta and otra else opcion.texto


def resumen(formulario: Formulario, valores: Valores) -> list[dict]:
    """Lo que se muestra y se contestó, por páginas: {"numero", "titulo", "respuestas": [{"pregunta", "renglones"}]}."""
    visibles, quedan = depurar(formulario, valores)
    paginas = []
    for numero, pagina in enumerate(formulario.paginas, 1):
        respuestas = [
            {"pregunta": pregunta, "renglones": en_palabras(pregunta, quedan.get(pregunta.clave))}
            for pregunta in pagina.preguntas
            if pregunta.clave in visibles
        ]
        if respuestas:
            paginas.append({"numero": numero, "titulo": pagina.titulo, "respuestas": respuestas})
    return paginas


# Segundos que toma contestar cada tipo, por lo bajo; los que no están, 10. Por fila o por opción cuando son varias.
_SEGUNDOS = {T.TEXTO_CORTO: 20, T.TEXTO_LARGO: 60, T.ARCHIVO: 60, T.MATRIZ: 7, T.ORDENAMIENTO: 6}


def minutos(formulario: Formulario) -> int:
    """Cuánto toma contestarlo, más o menos; al menos un minuto."""
    segundos = 0
    for pregunta in formulario.preguntas.values():
        veces = {T.MATRIZ: len(pregunta.filas), T.ORDENAMIENTO: len(pregunta.opciones)}.get(pregunta.tipo, 1)
        segundos += _SEGUNDOS.get(pregunta.tipo, 10) * veces
    return max(1, round(segundos / 60))
