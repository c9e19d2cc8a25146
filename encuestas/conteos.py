"""Los conteos de una encuesta: una casilla por respuesta posible y por quiénes respondieron."""

from collections import Counter
from collections.abc import Iterable

from django.db import connection

from participacion.ejercicios.models import Ejercicio
from participacion.formularios.enums import CERRADAS
from participacion.formularios.models import Respuesta, Valor

from .models import Conteo

RASGOS = ("actor_tipo", "rango_edad", "area")
# Filas por sentencia: 8 parámetros cada una, lejos del tope de SQLite.
_TANDA = 500


def casilla(valor: Valor) -> str:
    """En qué casilla cae una fila de respuesta; vacía si lo contestado se lee y no se cuenta."""
    if valor.fila_id:
        return f"f{valor.fila_id}:o{valor.opcion_id}"
    if valor.puesto:
        return f"o{valor.opcion_id}@{valor.puesto}"
    if valor.opcion_id:
        return f"o{valor.opcion_id}"
    if valor.numero is not None and valor.pregunta.tipo in CERRADAS:
        return f"n{int(valor.numero)}"
    return ""


def pares(valores: Iterable[Valor]) -> set[tuple[str, str]]:
    """Los (pregunta, casilla) de una respuesta, con su «contestó la pregunta» y su «respondió la encuesta»."""
    contados = {("", "")}
    for valor in valores:
        contados |= {(valor.pregunta.clave, ""), (valor.pregunta.clave, casilla(valor))}
    return contados


def sumar(respuesta: Respuesta, valores: Iterable[Valor], *, signo: int = 1) -> None:
    """Suma (o resta, con `signo=-1`) una respuesta a sus casillas. Va en la transacción que la escribe."""
    cambiar([(respuesta, valores, signo)])


def cambiar(partes: Iterable[tuple[Respuesta, Iterable[Valor], int]]) -> None:
    """Suma y resta respuestas a sus casillas de una vez: (respuesta, valores, signo).

    Sólo se tocan las casillas que cambian, y siempre en el mismo orden: dos transacciones esperan una por la otra,
    sin abrazo mortal.
    """
    cambios: Counter = Counter()
    for respuesta, valores, signo in partes:
        rasgos = tuple(getattr(respuesta, rasgo) for rasgo in RASGOS)
        for pregunta, suya in pares(valores):
            cambios[(respuesta.ejercicio_id, respuesta.version_id, pregunta, suya, *rasgos)] += signo
    _sumar([(*clave, cantidad) for clave, cantidad in sorted(cambios.items()) if cantidad])


def _sumar(filas: list[tuple]) -> None:
    """Una sentencia por tanda; la misma sintaxis sirve en PostgreSQL y en SQLite."""
    tabla = connection.ops.quote_name(Conteo._meta.db_table)
    marcas = "(" + ", ".join(["%s"] * 8) + ")"
    with connection.cursor() as cursor:
        for inicio in range(0, len(filas), _TANDA):
            tanda = filas[inicio : inicio + _TANDA]
            cursor.execute(
                f"INSERT INTO {tabla} (ejercicio_id, version_id, pregunta, casilla, actor_tipo, rango_edad, area, cantidad)"  # noqa: S608
                f" VALUES {', '.join([marcas] * len(tanda))}"
                " ON CONFLICT (version_id, pregunta, casilla, actor_tipo, rango_edad, area)"
                f" DO UPDATE SET cantidad = {tabla}.cantidad + excluded.cantidad",
                [dato for fila in tanda for dato in fila],
            )


def bloquear() -> None:
    """Detiene a quien vaya a sumar hasta que termine la transacción. En SQLite ella misma ya detiene a los demás."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Conteo._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def contar_de_nuevo(ejercicio: Ejercicio) -> Counter:
    """Lo que deberían decir los conteos, leído de las respuestas una por una, sin SQL que sume."""
    cuenta: Counter = Counter()
    respuestas = Respuesta.objects.enviadas().filter(ejercicio=ejercicio)
    for respuesta in respuestas.prefetch_related("valores__pregunta").iterator(chunk_size=500):
        rasgos = tuple(getattr(respuesta, rasgo) for rasgo in RASGOS)
        for pregunta, suya in pares(respuesta.valores.all()):
            cuenta[(respuesta.version_id, pregunta, suya, *rasgos)] += 1
    return cuenta


def guardados(ejercicio: Ejercicio) -> Counter:
    """Lo que dicen los conteos guardados, sin los que quedaron en cero."""
    campos = ("version_id", "pregunta", "casilla", *RASGOS, "cantidad")
    filas = Conteo.objects.filter(ejercicio=ejercicio).exclude(cantidad=0).values_list(*campos)
    return Counter({tuple(fila): cantidad for *fila, cantidad in filas})


def rehacer(ejercicio: Ejercicio) -> None:
    """Borra los conteos y los escribe otra vez desde las respuestas. Se llama dentro de una transacción, tras `bloquear`."""
    Conteo.objects.filter(ejercicio=ejercicio).delete()
    _sumar([(ejercicio.pk, *clave, cantidad) for clave, cantidad in sorted(contar_de_nuevo(ejercicio).items())])
