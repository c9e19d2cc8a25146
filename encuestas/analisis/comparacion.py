"""La misma pregunta en dos encuestas: qué cambió de la línea base al seguimiento, y si el cambio es más que azar.

Una pregunta y una opción son las mismas si tienen la misma clave: la copia de una encuesta las conserva. Las dos
muestras se tratan como independientes; si responden las mismas personas, el intervalo peca de ancho, no de angosto.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from django.utils.translation import gettext as _

from participacion.ejercicios.models import Ejercicio
from participacion.formularios.enums import TipoPregunta
from participacion.formularios.models import Pregunta

from ..models import Encuesta
from ..resultados.catalogo import PreguntaVista
from ..resultados.consulta import DETRACTOR, PROMOTOR, Distribucion, resultados
from .estadistica import Diferencia, Muestra, entre_medias, entre_proporciones

# Por debajo, ni la aproximación ni la lectura son de fiar.
MUESTRA_MINIMA = 30


@dataclass(frozen=True)
class Cambio:
    """Una cifra antes y después. `diferencia` None: alguna se oculta, o son tan pocas respuestas que nada se concluye."""

    texto: str
    antes: float | None
    despues: float | None
    diferencia: Diferencia | None
    en_porcentaje: bool = True

    @property
    def decimales(self) -> int:
        return 1 if self.en_porcentaje else 2

    @property
    def puntos(self) -> Diferencia | None:
        """La diferencia en las unidades en que se muestra: puntos porcentuales, o los de la escala."""
        veces = 100 if self.en_porcentaje else 1
        return self.diferencia and Diferencia(*(veces * x for x in astuple(self.diferencia)))

    @property
    def concluye(self) -> bool:
        return self.diferencia is not None and self.diferencia.concluye

    @property
    def sube(self) -> bool:
        return self.diferencia is not None and self.diferencia.valor > 0


@dataclass(frozen=True)
class Comparada:
    """Una pregunta (o una fila de su matriz) en las dos encuestas."""

    vista: PreguntaVista
    fila: str
    n_antes: int
    n_despues: int
    cambios: list[Cambio]

    @property
    def pocas(self) -> bool:
        return min(self.n_antes, self.n_despues) < MUESTRA_MINIMA


def comparables(encuesta: Encuesta):
    """Las demás encuestas del sitio con alguna pregunta de la misma clave y tipo; primero, su línea base."""
    claves = Pregunta.objects.filter(ejercicio=encuesta.ejercicio_id).values("clave")
    otras = Ejercicio.objects.filter(
        sitio=encuesta.ejercicio.sitio_id, encuesta__isnull=False, preguntas__clave__in=claves
    ).exclude(pk=encuesta.pk)
    return sorted(otras.distinct(), key=lambda otra: (otra.pk != encuesta.linea_base_id, -otra.apertura.timestamp()))


def comparar(base: Encuesta, seguimiento: Encuesta, *, idioma: str = "") -> list[Comparada]:
    """Lo que hay en común, en el orden del seguimiento. Lo que una de las dos oculta no se compara."""
    anteriores = resultados(base, idioma=idioma).por_clave()
    hechas = []
    for despues in resultados(seguimiento, idioma=idioma).preguntas:
        antes = anteriores.get(despues.vista.clave)
        if antes is None or antes.oculta or despues.oculta or antes.vista.tipo != despues.vista.tipo:
            continue
        if antes.vista.escala != despues.vista.escala:
            continue
        previas = {distribucion.apartado.clave: distribucion for distribucion in antes.distribuciones}
        for nueva in despues.distribuciones:
            previa = previas.get(nueva.apartado.clave)
            if previa and previa.respondieron and nueva.respondieron:
                hechas.append(_comparada(despues.vista, previa, nueva))
    return hechas


def _comparada(vista: PreguntaVista, previa: Distribucion, nueva: Distribucion) -> Comparada:
    pocas = min(previa.respondieron, nueva.respondieron) < MUESTRA_MINIMA
    cambios = [*_medias(vista, previa, nueva, pocas), *_casillas(previa, nueva, pocas)]
    return Comparada(vista, nueva.apartado.texto, previa.respondieron, nueva.respondieron, cambios)


def _casillas(previa: Distribucion, nueva: Distribucion, pocas: bool) -> Iterable[Cambio]:
    antes = {casilla.definida.clave: casilla for casilla in previa.casillas}
    for casilla in nueva.casillas:
        otra = antes.get(casilla.definida.clave)
        if otra is None:
            continue
        diferencia = None
        if not (casilla.oculta or otra.oculta or pocas):
            diferencia = entre_proporciones(
                (otra.cantidad, previa.respondieron), (casilla.cantidad, nueva.respondieron)
            )
        yield Cambio(casilla.texto, otra.porcentaje, casilla.porcentaje, diferencia)


def _medias(vista: PreguntaVista, previa: Distribucion, nueva: Distribucion, pocas: bool) -> Iterable[Cambio]:
    """Media y, si lo es, NPS: la media de +1, 0 y -1. El intervalo necesita la distribución entera: sin ella, sólo las cifras."""
    if vista.tipo != TipoPregunta.ESCALA or previa.media is None or nueva.media is None:
        return
    con_intervalo = not (pocas or previa.hay_ocultas or nueva.hay_ocultas)
    yield Cambio(
        _("Media"),
        previa.media,
        nueva.media,
        entre_medias(_muestra(previa), _muestra(nueva)) if con_intervalo else None,
        en_porcentaje=False,
    )
    if vista.es_nps:
        diferencia = entre_medias(_muestra(previa, _nps), _muestra(nueva, _nps)) if con_intervalo else None
        yield Cambio("NPS", previa.nps, nueva.nps, diferencia, en_porcentaje=False)


def _nps(valor: int) -> int:
    return 100 * ((valor >= PROMOTOR) - (valor <= DETRACTOR))


def _muestra(distribucion: Distribucion, valorar=lambda valor: valor) -> Muestra:
    cuantos: dict[int, int] = {}
    for casilla in distribucion.casillas:
        valor = valorar(casilla.definida.valor)
        cuantos[valor] = cuantos.get(valor, 0) + casilla.cantidad
    return Muestra.de(cuantos)
