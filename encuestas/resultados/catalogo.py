"""Las preguntas de una encuesta como se muestran en sus resultados: todas las versiones juntas, en un idioma."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from django.utils.translation import gettext as _

from participacion.ejercicios.models import Ejercicio
from participacion.formularios.enums import CERRADAS, ESCALAS, TipoEscala, TipoPregunta
from participacion.formularios.models import Opcion, Pregunta, VersionFormulario

T = TipoPregunta
# Quien contesta elige una sola casilla: sus cantidades suman quienes contestaron.
EXCLUYENTES = {T.UNICA, T.DESPLEGABLE, T.LUGAR, T.ESCALA, T.SI_NO, T.ACEPTACION}


@dataclass(frozen=True)
class CasillaDefinida:
    """Una respuesta posible. `codigo`: el de los conteos; `clave`: la misma en la encuesta copiada; `valor`: si es número."""

    codigo: str
    clave: str
    texto: str
    valor: int | None = None
    retirada: bool = False
    abierta: bool = False


@dataclass(frozen=True)
class Apartado:
    """Lo que se cuenta junto: la pregunta entera o, en una matriz, una de sus filas."""

    clave: str
    texto: str
    casillas: tuple[CasillaDefinida, ...]


@dataclass(frozen=True)
class PreguntaVista:
    pk: int
    clave: str
    numero: int
    tipo: str
    texto: str
    publica: bool
    retirada: bool
    escala: str
    apartados: tuple[Apartado, ...]

    @property
    def cerrada(self) -> bool:
        return self.tipo in CERRADAS

    @property
    def excluyente(self) -> bool:
        return self.tipo in EXCLUYENTES or self.tipo in (T.MATRIZ, T.ORDENAMIENTO)

    @property
    def es_nps(self) -> bool:
        return self.escala == TipoEscala.NPS

    @cached_property
    def casillas(self) -> list[CasillaDefinida]:
        return [casilla for apartado in self.apartados for casilla in apartado.casillas]


def catalogo(ejercicio: Ejercicio, idioma: str = "") -> list[PreguntaVista]:
    """Todas las preguntas que tuvo la encuesta, en su orden; al final, las que ya no se hacen."""
    filas = list(ejercicio.preguntas.prefetch_related("opciones"))
    definidas, vigentes = _definidas(ejercicio, {fila.clave for fila in filas})
    textos = _textos(ejercicio, idioma)
    filas.sort(key=lambda fila: (fila.clave not in vigentes, fila.orden))
    return [
        _vista(numero, fila, definidas.get(fila.clave), fila.clave not in vigentes, textos)
        for numero, fila in enumerate(filas, 1)
    ]


def _definidas(ejercicio, claves) -> tuple[dict, set[str]]:
    """De cada pregunta, su definición más nueva; y las claves que siguen en el formulario. Rara vez lee más de una versión."""
    definidas: dict = {}
    vigentes: set[str] | None = None
    versiones = VersionFormulario.objects.filter(ejercicio=ejercicio).order_by("-numero")
    for version in chain(versiones[:1], versiones[1:]):  # las demás no se leen si la primera las tiene todas
        preguntas = version.formulario().preguntas
        vigentes = set(preguntas) if vigentes is None else vigentes
        definidas = preguntas | definidas
        if claves <= definidas.keys():
            break
    return definidas, vigentes or set()


def _textos(ejercicio, idioma) -> dict[str, str]:
    traduccion = ejercicio.textos_formulario.filter(idioma=idioma).first() if idioma else None
    return {clave: campos.get("texto", "") for clave, campos in traduccion.textos.items()} if traduccion else {}


def _vista(numero, fila: Pregunta, definida, retirada, textos) -> PreguntaVista:
    escala = definida.escala if definida else ""
    ofrecidas = {opcion.clave: opcion for opcion in definida.opciones} if definida else {}
    opciones = [_opcion(opcion, ofrecidas, textos) for opcion in fila.opciones.all() if not opcion.es_fila]
    filas = [opcion for opcion in fila.opciones.all() if opcion.es_fila]
    texto = textos.get(fila.clave) or fila.texto
    return PreguntaVista(
        pk=fila.pk,
        clave=fila.clave,
        numero=numero,
        tipo=fila.tipo,
        texto=texto,
        publica=fila.publica,
        retirada=retirada,
        escala=escala,
        apartados=tuple(_apartados(fila.tipo, escala, opciones, filas, textos)),
    )


def _opcion(opcion: Opcion, ofrecidas, textos) -> CasillaDefinida:
    texto = textos.get(opcion.clave) or opcion.texto
    ofrecida = ofrecidas.get(opcion.clave)
    abierta = ofrecida is not None and ofrecida.abierta
    return CasillaDefinida(f"o{opcion.pk}", opcion.clave, texto, retirada=ofrecida is None, abierta=abierta)


def _apartados(tipo, escala, opciones, filas, textos) -> Iterable[Apartado]:
    match tipo:
        case T.MATRIZ:
            for fila in filas:
                casillas = (
                    CasillaDefinida(f"f{fila.pk}:{o.codigo}", f"{fila.clave}:{o.clave}", o.texto, retirada=o.retirada)
                    for o in opciones
                )
                yield Apartado(fila.clave, textos.get(fila.clave) or fila.texto, tuple(casillas))
        case T.ORDENAMIENTO:
            # En la distribución y los cruces, el primer puesto; el resto, en `orden`.
            yield Apartado("", "", tuple(CasillaDefinida(f"{o.codigo}@1", o.clave, o.texto, retirada=o.retirada) for o in opciones))
        case T.ESCALA if escala:
            primero, ultimo, rotulos = ESCALAS[escala]
            yield Apartado("", "", tuple(_valor(n, str(rotulos.get(n, n))) for n in range(primero, ultimo + 1)))
        case T.SI_NO:
            yield Apartado("", "", (_valor(1, _("Sí")), _valor(0, _("No"))))
        case T.ACEPTACION:
            yield Apartado("", "", (_valor(1, _("Aceptó")),))
        case _ if opciones:
            yield Apartado("", "", tuple(opciones))


def _valor(n: int, texto: str) -> CasillaDefinida:
    return CasillaDefinida(f"n{n}", f"n{n}", texto, valor=n)
