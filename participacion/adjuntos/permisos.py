"""Quién puede ver un adjunto, y con qué nombre, lo saben las salas dueñas del objeto; lo declaran al arrancar."""

from collections.abc import Callable

Regla = Callable[[object, object, object], bool]
_PUEDE_VER: dict[str, list[Regla]] = {}
_NOMBRE: dict[str, Callable[[object, object, object], str]] = {}


def declarar(objeto_tipo: str, puede_ver: Callable[[object, object], bool]) -> None:
    """`puede_ver(peticion, objeto)` decide para los adjuntos de los objetos «app.modelo»; si varias reglas lo hacen, basta una."""
    declarar_por_archivo(objeto_tipo, lambda peticion, objeto, adjunto: puede_ver(peticion, objeto))


def declarar_por_archivo(objeto_tipo: str, puede_ver: Regla) -> None:
    """Como `declarar`, donde no todos los archivos de un objeto los ve la misma gente."""
    _PUEDE_VER.setdefault(objeto_tipo, []).append(puede_ver)


def declarar_nombre(objeto_tipo: str, nombre: Callable[[object, object, object], str]) -> None:
    """`nombre(peticion, objeto, adjunto)`: con cuál se entrega, si no es siempre el que le puso quien lo subió."""
    _NOMBRE[objeto_tipo] = nombre


def puede_ver(peticion, adjunto) -> bool:
    """Sin dueño o sin regla declarada, nadie."""
    reglas = _PUEDE_VER.get(adjunto.objeto_tipo)
    objeto = adjunto.objeto if reglas else None
    return objeto is not None and any(regla(peticion, objeto, adjunto) for regla in reglas)


def nombre_para(peticion, adjunto) -> str:
    """El nombre con que se le entrega a quien pide."""
    nombre = _NOMBRE.get(adjunto.objeto_tipo)
    return nombre(peticion, adjunto.objeto, adjunto) if nombre else adjunto.nombre
