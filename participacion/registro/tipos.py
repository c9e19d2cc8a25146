"""Las clases de acto. Cada sala declara las suyas al arrancar (`AppConfig.ready`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TipoActo:
    """Una clase de acto.

    `participacion`: lo hace una persona u organización y cuenta como participación (no las decisiones del personal).
    """

    clave: str
    etiqueta: str
    participacion: bool


TIPOS: dict[str, TipoActo] = {}


def declarar(clave: str, etiqueta: str, *, participacion: bool) -> None:
    TIPOS[clave] = TipoActo(clave, etiqueta, participacion)


def de_participacion() -> list[str]:
    """Las claves de los actos que cuentan como participación."""
    return [tipo.clave for tipo in TIPOS.values() if tipo.participacion]
