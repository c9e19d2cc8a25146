"""Propuestas que se parecen a la que alguien está escribiendo: sólo entre las publicadas del mismo reto.

En PostgreSQL, por trigramas (extensión pg_trgm). En SQLite, y donde no se pudo crear la extensión, por palabras en común.
Se compara con el título y el resumen (`Propuesta.comienzo`): la descripción tiene de todo.
"""

import re
from functools import cache

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection
from django.db.models import Case, Value, When
from django.db.models.functions import StrIndex

from home.texto import sin_tildes
from participacion.ejercicios.models import Ejercicio

from ..models import Propuesta
from ..sellado import esta_sellado

CUANTAS = 5
CANDIDATAS = 100
MINIMO = 0.4  # de 0 a 1: con menos, lo que se muestra no se parece
PALABRAS = 8
_PALABRA = re.compile(r"[a-z0-9]{4,}")
# Están en casi todas las propuestas de un concejo o no dicen de qué tratan.
_VACIAS = frozenset(
    ["para", "como", "este", "esta", "estos", "estas", "desde", "hasta", "entre", "sobre", "todo", "toda", "todos", "todas", "cada", "donde", "cuando", "porque", "tambien", "mas", "muy", "sin", "con", "los", "las", "una", "unos", "unas", "del", "que", "por", "propuesta", "propuestas", "cartago", "municipio", "concejo", "ciudad", "ciudadania", "hacer", "crear", "nuestro", "nuestra", "nuestros", "nuestras", "personas", "puede", "pueden", "tener", "tiene"]
)


def palabras_de(texto: str) -> list[str]:
    """Las que dicen de qué trata, sin repetir ni tildes; las primeras, que suelen ser las del título."""
    halladas = (palabra for palabra in _PALABRA.findall(sin_tildes(texto)) if palabra not in _VACIAS)
    return list(dict.fromkeys(halladas))[:PALABRAS]


@cache
def hay_trigramas() -> bool:
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm')")
        return cursor.fetchone()[0]


def parecidas(ejercicio: Ejercicio, texto: str) -> list[Propuesta]:
    """Hasta cinco, la más parecida primero. Ninguna mientras el reto esté sellado."""
    palabras = palabras_de(texto)
    if not palabras or esta_sellado(ejercicio.pk):
        return []
    candidatas = _candidatas(ejercicio, palabras)
    ordenar = _por_trigramas if hay_trigramas() else _por_palabras
    pks = ordenar(candidatas, palabras)
    filas = Propuesta.objects.only("titulo", "resumen", "idioma").in_bulk(pks)
    return [filas[pk] for pk in pks]


def _candidatas(ejercicio: Ejercicio, palabras: list[str]) -> dict[int, str]:
    """Las que más palabras comparten: comparar a fondo diez mil tarda segundos; mirar si contienen unas palabras, no."""
    donde = {f"en_{n}": StrIndex("comienzo", Value(raiz(palabra))) for n, palabra in enumerate(palabras)}
    aciertos = sum((Case(When(**{f"{en}__gt": 0}, then=1), default=0) for en in donde), Value(0))
    consulta = ejercicio.propuestas.publicadas().alias(**donde).alias(aciertos=aciertos).filter(aciertos__gt=0)
    return dict(consulta.order_by("-aciertos", "-pk").values_list("pk", "comienzo")[:CANDIDATAS])


def _por_trigramas(candidatas: dict[int, str], palabras: list[str]) -> list[int]:
    parecido = TrigramWordSimilarity(" ".join(palabras), "comienzo")
    consulta = Propuesta.objects.filter(pk__in=candidatas).annotate(parecido=parecido).filter(parecido__gte=MINIMO)
    return list(consulta.order_by("-parecido", "-pk").values_list("pk", flat=True)[:CUANTAS])


def _por_palabras(candidatas: dict[int, str], palabras: list[str]) -> list[int]:
    """Por cuántas son la misma palabra y no sólo un trozo de otra."""
    raices, puntajes = {raiz(palabra) for palabra in palabras}, []
    for pk, comienzo in candidatas.items():
        comunes = len(raices & {raiz(palabra) for palabra in _PALABRA.findall(comienzo)})
        if comunes / len(raices) >= MINIMO:
            puntajes.append((comunes, pk))
    return [pk for _comunes, pk in sorted(puntajes, reverse=True)[:CUANTAS]]


def raiz(palabra: str) -> str:
    """Sin la terminación de género o número: «árboles» y «árbol» son la misma."""
    return re.sub(r"(es|os|as|s|o|a)$", "", palabra) if len(palabra) > 4 else palabra
