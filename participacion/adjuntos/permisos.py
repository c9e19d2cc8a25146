"""Quién puede ver un adjunto lo sabe la sala dueña del objeto; la declara al arrancar."""

from collections.abc import Callable

_PUEDE_VER: dict[str, Callable[[object, object], bool]] = {}


def declarar(objeto_tipo: str, puede_ver: Callable[[object, object], bool]) -> None:
    """`puede_ver(peticion, objeto)` decide para los adjuntos de los objetos «app.modelo»."""
    _PUEDE_VER[objeto_tipo] = puede_ver


def puede_ver(peticion, adjunto) -> bool:
    """Sin dueño o sin regla declarada, nadie."""
    regla = _PUEDE_VER.get(adjunto.objeto_tipo)
    objeto = adjunto.objeto if regla else None
    return objeto is not None and regla(peticion, objeto)
