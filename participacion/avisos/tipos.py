"""Las clases de aviso. Cada sala declara las suyas al arrancar, con su plantilla de correo."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class TipoAviso:
    """`plantilla`: ruta sin extensión; hay `<plantilla>_asunto.txt` y `<plantilla>.txt`.

    `contexto(objeto)` devuelve lo que la plantilla muestra, leído al enviar y no al pedir el aviso.
    """

    clave: str
    plantilla: str
    contexto: Callable[[object], dict]


TIPOS: dict[str, TipoAviso] = {}


def declarar(clave: str, plantilla: str, contexto: Callable[[object], dict]) -> None:
    TIPOS[clave] = TipoAviso(clave, plantilla, contexto)
