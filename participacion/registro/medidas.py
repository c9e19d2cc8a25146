"""Cifras con nombre, línea base y meta que las salas de arriba publican para los indicadores.

El registro cuenta actos; otras cifras, como la satisfacción que dice una encuesta, salen de la sala que las sabe.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from wagtail.models import Site

from participacion.ejercicios.models import Ejercicio

DECIMALES = 2


@dataclass(frozen=True)
class CifraNombrada:
    """Una cifra. `ejecutado` None: aún no hay con qué calcularla, o se oculta porque son muy pocas personas.

    `aumentar`: si mejora cuando sube. `detalle`: de dónde sale, en palabras.
    """

    clave: str
    nombre: str
    unidad: str
    ejecutado: float | None
    linea_base: float | None
    meta: float | None
    aumentar: bool
    detalle: str

    @property
    def eficiencia(self) -> float | None:
        """Ejecutado ÷ meta × 100; si se busca reducir, meta ÷ ejecutado × 100. None si falta alguno o se dividiría entre cero."""
        partes = (self.ejecutado, self.meta) if self.aumentar else (self.meta, self.ejecutado)
        if None in partes or not partes[1]:
            return None
        return round(100 * partes[0] / partes[1], DECIMALES)


# Da las cifras de un sitio cuyos ejercicios estuvieron abiertos en [desde, hasta); de uno solo, si se dice cuál.
Fuente = Callable[[Site, datetime, datetime, Ejercicio | None], Iterable[CifraNombrada]]
FUENTES: dict[str, Fuente] = {}


def declarar(clave: str, fuente: Fuente) -> None:
    """Inscribe de dónde salen las cifras de una sala."""
    FUENTES[clave] = fuente


def publicadas(sitio: Site, desde: datetime, hasta: datetime, ejercicio: Ejercicio | None = None) -> list[CifraNombrada]:
    """Las cifras de todas las salas, en orden de nombre."""
    cifras = [cifra for fuente in FUENTES.values() for cifra in fuente(sitio, desde, hasta, ejercicio)]
    return sorted(cifras, key=lambda cifra: (cifra.nombre, cifra.clave))
