"""Un valor ya validado, como filas de `Valor`, y al revés."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from .condiciones import Valores, contestada
from .definicion import Formulario
from .definicion import Pregunta as PreguntaDefinida
from .enums import TipoPregunta
from .models import Opcion, Pregunta, Respuesta, Valor

T = TipoPregunta


def a_filas(
    respuesta: Respuesta,
    formulario: Formulario,
    valores: Valores,
    catalogo: dict[str, tuple[Pregunta, dict[str, Opcion]]],
) -> list[Valor]:
    """Las filas de lo contestado, sin guardar. `catalogo`: clave de pregunta → su fila y sus opciones por clave."""
    filas = []
    for clave, valor in valores.items():
        if contestada(valor):
            pregunta, opciones = catalogo[clave]
            for campos in _partes(formulario.preguntas[clave], valor, opciones):
                filas.append(Valor(respuesta=respuesta, pregunta=pregunta, **campos))
    return filas


def _partes(pregunta: PreguntaDefinida, valor, opciones: dict[str, Opcion]) -> Iterable[dict]:
    match pregunta.tipo:
        case T.UNICA:
            yield {"opcion": opciones[valor["opcion"]], "texto": valor["otra"]}
        case T.MULTIPLE:
            for clave in valor["opciones"]:
                yield {"opcion": opciones[clave], "texto": valor["otra"] if pregunta.por_opcion[clave].abierta else ""}
        case T.DESPLEGABLE | T.LUGAR:
            yield {"opcion": opciones[valor]}
        case T.MATRIZ:
            for fila, columna in valor.items():
                yield {"fila": opciones[fila], "opcion": opciones[columna]}
        case T.ORDENAMIENTO:
            for puesto, clave in enumerate(valor, 1):
                yield {"opcion": opciones[clave], "puesto": puesto}
        case T.NUMERO | T.ESCALA:
            yield {"numero": Decimal(str(valor))}
        case T.SI_NO | T.ACEPTACION:
            yield {"numero": Decimal(int(valor))}
        case T.FECHA:
            yield {"fecha": date.fromisoformat(valor)}
        case _:
            yield {"texto": valor}


def de_filas(filas: Iterable[Valor]) -> Valores:
    """Los valores de una respuesta guardada. Espera pregunta, opción y fila ya leídas, en orden de id."""
    valores: Valores = {}
    for fila in filas:
        clave = fila.pregunta.clave
        match fila.pregunta.tipo:
            case T.UNICA:
                valores[clave] = {"opcion": fila.opcion.clave, "otra": fila.texto}
            case T.MULTIPLE:
                valor = valores.setdefault(clave, {"opciones": [], "otra": ""})
                valor["opciones"].append(fila.opcion.clave)
                valor["otra"] = valor["otra"] or fila.texto
            case T.DESPLEGABLE | T.LUGAR:
                valores[clave] = fila.opcion.clave
            case T.MATRIZ:
                valores.setdefault(clave, {})[fila.fila.clave] = fila.opcion.clave
            case T.ORDENAMIENTO:
                valores.setdefault(clave, []).append(fila.opcion.clave)
            case T.NUMERO:
                valores[clave] = format(fila.numero.normalize(), "f")
            case T.ESCALA:
                valores[clave] = int(fila.numero)
            case T.SI_NO | T.ACEPTACION:
                valores[clave] = bool(fila.numero)
            case T.FECHA:
                valores[clave] = fila.fecha.isoformat()
            case _:
                valores[clave] = fila.texto
    return valores


def de_respuesta(respuesta: Respuesta) -> Valores:
    """Lo que dice una respuesta enviada. Una consulta."""
    return de_filas(respuesta.valores.select_related("pregunta", "opcion", "fila").order_by("pk"))
