"""Todas las direcciones del resolutor, también las de Wagtail, allauth y las que cuelgan del idioma."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

NUESTRAS = {
    "plataforma", "retos", "encuestas", "foros", "indicadores", "participacion", "cuentas", "home",
}  # fmt: skip


@dataclass(frozen=True)
class Ruta:
    """`nombre`: con su espacio, como se le da a `reverse`; sin nombre, el patrón. `patron`: lo que se escribe en `path`."""

    nombre: str
    patron: str
    vista: Callable

    @property
    def es_nuestra(self) -> bool:
        """Si la vista es de una de nuestras salas. Cuenta quien la escribió, no de dónde cuelga."""
        clase = getattr(self.vista, "view_class", self.vista)
        return clase.__module__.split(".")[0] in NUESTRAS

    def url(self, valores: dict) -> str:
        """La dirección con esos valores. Lanza KeyError si falta alguno."""
        if self.patron in valores:
            return valores[self.patron]
        llena = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(valores[m[1]]), self.patron)
        limpia = llena.replace("^", "").replace("$", "")
        if set(limpia) & set("()[]*+?\\"):
            raise KeyError(f"{self.patron}: escriba su dirección completa, con el patrón como clave")
        return f"/{limpia}"


def recorrer(resolutor, prefijo="", espacios=()) -> Iterator[Ruta]:
    for patron in resolutor.url_patterns:
        escrito = prefijo + str(patron.pattern)
        if isinstance(patron, URLPattern):
            nombre = ":".join([*espacios, patron.name]) if patron.name else escrito
            yield Ruta(nombre, escrito, patron.callback)
        else:
            yield from recorrer(patron, escrito, (*espacios, patron.namespace) if patron.namespace else espacios)


def todas() -> list[Ruta]:
    """En español, que no lleva prefijo: bajo `/en/` son las mismas vistas, colgadas del mismo resolutor."""
    return list(recorrer(get_resolver()))
