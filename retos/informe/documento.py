"""De qué está hecho un informe. La página y el PDF dibujan el mismo documento: no pueden decir cosas distintas."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Celda:
    """Un texto. `idioma`: el de quien lo escribió, si no es el del informe. `luz`, `resultado`: cómo se marca en pantalla."""

    texto: str
    url: str = ""
    idioma: str = ""
    luz: str = ""
    resultado: str = ""


@dataclass(frozen=True)
class Columna:
    nombre: str
    numero: bool = False


@dataclass(frozen=True)
class Parrafos:
    """Texto con saltos de línea, como se escribió."""

    texto: str
    clase: str = field(default="parrafos", init=False)


@dataclass(frozen=True)
class Subtitulo:
    celda: Celda
    clase: str = field(default="subtitulo", init=False)


@dataclass(frozen=True)
class Ficha:
    """Rótulos con su dato. `grande`: cifras para ver de un golpe."""

    pares: list[tuple[str, Celda]]
    grande: bool = False
    clase: str = field(default="ficha", init=False)


@dataclass(frozen=True)
class Tabla:
    titulo: str
    columnas: list[Columna]
    filas: list[list[Celda]]
    ancha: bool = False
    clase: str = field(default="tabla", init=False)

    @property
    def con_columnas(self) -> list[list[tuple[Celda, Columna]]]:
        return [list(zip(fila, self.columnas, strict=True)) for fila in self.filas]


@dataclass(frozen=True)
class Barra:
    celda: Celda
    cifra: str
    parte: float


@dataclass(frozen=True)
class Barras:
    """Una gráfica; `descripcion` la cuenta a quien no la ve. `parte`: de 0 a 100."""

    titulo: str
    descripcion: str
    barras: list[Barra]
    clase: str = field(default="barras", init=False)


@dataclass(frozen=True)
class Seccion:
    ancla: str
    titulo: str
    bloques: list


@dataclass(frozen=True)
class Documento:
    titulo: str
    entidad: str
    idioma: str
    fecha: date
    preliminar: bool
    direccion: str
    secciones: list[Seccion]
