"""Los conteos guardados en filas son copias del registro. Cada sala declara cómo recontar los suyos."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Diferencia:
    """Un objeto cuya cifra guardada no es la que da el registro."""

    objeto: str
    guardado: object
    recontado: object


PROYECCIONES: dict[str, Callable[[], Iterable[Diferencia]]] = {}


def declarar(nombre: str, recontar: Callable[[], Iterable[Diferencia]]) -> None:
    """`recontar` compara lo guardado con el registro y devuelve lo que difiere."""
    PROYECCIONES[nombre] = recontar


def comparar(guardado: dict, recontado: dict, vacio) -> Iterable[Diferencia]:
    """Las diferencias entre dos diccionarios objeto → valor; lo ausente vale `vacio`."""
    for objeto in sorted(guardado.keys() | recontado.keys(), key=str):
        uno, otro = guardado.get(objeto, vacio), recontado.get(objeto, vacio)
        if uno != otro:
            yield Diferencia(str(objeto), uno, otro)
