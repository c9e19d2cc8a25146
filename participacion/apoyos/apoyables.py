"""Qué se puede apoyar. Cada sala declara al arrancar cuándo su objeto lo admite."""

from collections.abc import Callable

APOYABLES: dict[str, Callable[[object], bool]] = {}


def declarar(objeto_tipo: str, admite: Callable[[object], bool]) -> None:
    """El modelo «app.modelo» hereda de `models.Apoyable`; `admite(objeto)` dice si hoy se puede apoyar."""
    APOYABLES[objeto_tipo] = admite
