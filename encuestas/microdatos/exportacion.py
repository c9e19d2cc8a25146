"""Las respuestas una por una, para analizarlas fuera: CSV y JSON mientras se leen, XLSX en segundo plano.

Se leen por tandas de respuestas, siempre desde la última: la memoria no crece con la encuesta y ninguna transacción
queda abierta mientras alguien descarga.
"""

import json
from collections.abc import Callable, Iterator

from django.utils import timezone
from openpyxl import Workbook

from home.tablas import a_csv, celda
from participacion.formularios.models import Respuesta, Valor

from ..models import Encuesta
from .columnas import Columnas

TANDA = 1000
_CAMPOS = ("respuesta_id", "pregunta_id", "opcion_id", "fila_id", "numero", "fecha", "texto", "puesto")


def enviadas(encuesta: Encuesta):
    return Respuesta.objects.enviadas().filter(ejercicio=encuesta.ejercicio_id)


def renglones(encuesta: Encuesta, columnas: Columnas) -> Iterator[list]:
    """Un renglón por respuesta, sin encabezado, en el orden de `columnas.todas`. Una tanda, dos consultas."""
    campos = list(columnas.campos.values())
    ancho, ultima, numero = len(columnas.preguntas), 0, 0
    consulta = enviadas(encuesta).order_by("pk").values_list("pk", *campos)
    while tanda := list(consulta.filter(pk__gt=ultima)[:TANDA]):
        ultima = tanda[-1][0]
        contestado = _contestado([fila[0] for fila in tanda], columnas, ancho)
        for pk, *generales in tanda:
            numero += 1
            yield [numero, *map(_general, generales), *contestado[pk]]


def _general(valor):
    if hasattr(valor, "astimezone"):
        return timezone.localdate(valor, timezone.get_default_timezone()).isoformat()
    return celda(valor) if isinstance(valor, str | int) else celda(str(valor or ""))


def _contestado(respuestas: list[int], columnas: Columnas, ancho: int) -> dict[int, list]:
    """Respuesta → sus columnas de preguntas, ya inertes para una hoja de cálculo."""
    hechos = {pk: [""] * ancho for pk in respuestas}
    llenar = columnas.llenar
    for valor in Valor.objects.filter(respuesta__in=respuestas, pregunta__in=list(llenar)).values_list(*_CAMPOS):
        llenar[valor[1]](hechos[valor[0]], valor)
    return hechos


def en_csv(encuesta: Encuesta, *, personales: bool, bom: bool) -> Iterator[str]:
    columnas = Columnas(encuesta, personales=personales)

    def todos():
        yield [columna.codigo for columna in columnas.todas]
        yield from renglones(encuesta, columnas)

    return a_csv(todos(), por_tanda=TANDA, bom=bom)


def en_json(encuesta: Encuesta, *, personales: bool) -> Iterator[str]:
    """Un objeto con el diccionario y las respuestas, escrito mientras se lee."""
    columnas = Columnas(encuesta, personales=personales)
    codigos = [columna.codigo for columna in columnas.todas]
    encabezado, *diccionario = columnas.diccionario()
    cabeza = {
        "encuesta": encuesta.ejercicio.titulo,
        "diccionario": [dict(zip(encabezado, renglon, strict=True)) for renglon in diccionario],
    }
    yield json.dumps(cabeza, ensure_ascii=False)[:-1] + ', "respuestas": ['
    separador = "\n"
    for renglon in renglones(encuesta, columnas):
        yield separador + json.dumps(dict(zip(codigos, renglon, strict=True)), ensure_ascii=False, default=float)
        separador = ",\n"
    yield "\n]}\n"


def diccionario_csv(encuesta: Encuesta, *, personales: bool, bom: bool) -> str:
    columnas = Columnas(encuesta, personales=personales)
    return "".join(a_csv(([celda(valor) for valor in r] for r in columnas.diccionario()), bom=bom))


def escribir_xlsx(encuesta: Encuesta, destino, *, personales: bool, avisar: Callable[[int], None]) -> None:
    """Escribe el libro en el archivo abierto `destino`; `avisar` recibe cuántas respuestas van."""
    columnas = Columnas(encuesta, personales=personales)
    libro = Workbook(write_only=True)
    hoja = libro.create_sheet("Respuestas")
    hoja.freeze_panes = "A2"
    hoja.append([columna.codigo for columna in columnas.todas])
    hechas = 0
    for hechas, renglon in enumerate(renglones(encuesta, columnas), 1):
        hoja.append(renglon)
        if hechas % TANDA == 0:
            avisar(hechas)
    avisar(hechas)
    segunda = libro.create_sheet("Diccionario")
    segunda.freeze_panes = "A2"
    for letra, ancho in zip("ABCDEF", (12, 70, 22, 60, 14, 40), strict=True):
        segunda.column_dimensions[letra].width = ancho
    for renglon in columnas.diccionario():
        segunda.append([celda(valor) for valor in renglon])
    libro.save(destino)
