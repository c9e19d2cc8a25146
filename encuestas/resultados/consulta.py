"""Los resultados de una encuesta, de sus conteos. De aquí salen la página, la gráfica y todos los archivos.

Una cifra que se oculta es None aquí mismo: nadie más abajo puede mostrarla por descuido.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Count, F, Q, Sum

from participacion.formularios.enums import EstadoRespuesta, TipoPregunta
from participacion.formularios.models import Valor
from participacion.registro.supresion import Suma, determinadas, suprimir

from ..models import Conteo, Encuesta, Tema
from .catalogo import Apartado, CasillaDefinida, PreguntaVista, catalogo
from .numeros import Numeros, resumir

T = TipoPregunta
# Una media de 1 a 5: lo favorable son los dos valores más altos; en NPS, 9 y 10, y los detractores hasta 6.
DETRACTOR, PROMOTOR = 6, 9


@dataclass(frozen=True)
class Casilla:
    """Cuántas personas eligieron algo, y qué parte son de quienes contestaron. None: oculta."""

    definida: CasillaDefinida
    cantidad: int | None
    porcentaje: float | None

    @property
    def texto(self) -> str:
        return self.definida.texto

    @property
    def oculta(self) -> bool:
        return self.cantidad is None


@dataclass(frozen=True)
class Puesto:
    """Cómo quedó una opción al ordenarlas: cuántos la ordenaron, su puesto medio y sus puntos de Borda."""

    definida: CasillaDefinida
    primeros: int | None
    ordenaron: int | None
    medio: float | None
    borda: int | None


@dataclass(frozen=True)
class Distribucion:
    apartado: Apartado
    respondieron: int
    casillas: list[Casilla]
    media: float | None = None
    favorables: float | None = None
    nps: float | None = None

    @property
    def hay_ocultas(self) -> bool:
        return any(casilla.oculta for casilla in self.casillas)


@dataclass(frozen=True)
class ResultadoPregunta:
    """`respondieron` es None si fueron menos que el mínimo; entonces no hay nada más."""

    vista: PreguntaVista
    respondieron: int | None
    distribuciones: list[Distribucion] = field(default_factory=list)
    orden: list[Puesto] = field(default_factory=list)
    numeros: Numeros | None = None
    temas: list[Casilla] = field(default_factory=list)

    @property
    def oculta(self) -> bool:
        return self.respondieron is None


@dataclass(frozen=True)
class Resultados:
    total: int
    minimo: int
    preguntas: list[ResultadoPregunta]

    @property
    def pocas(self) -> bool:
        """Si respondieron tan pocas personas que no se muestra nada."""
        return self.total < self.minimo

    def por_clave(self) -> dict[str, ResultadoPregunta]:
        return {resultado.vista.clave: resultado for resultado in self.preguntas}


def resultados(encuesta: Encuesta, *, idioma: str = "", solo_publicas: bool = False) -> Resultados:
    """Lo contestado a cada pregunta, en todas las versiones. `solo_publicas`: sin lo reservado al personal."""
    conteos = _conteos(encuesta)
    minimo = encuesta.minimo_grupo
    total = conteos.get("", {}).get("", 0)
    preguntas = [p for p in catalogo(encuesta.ejercicio, idioma) if p.publica or not solo_publicas]
    temas = _temas(encuesta, solo_publicas)
    numericas = _numericas([p for p in preguntas if p.tipo == T.NUMERO])
    hechos = []
    for pregunta in preguntas:
        suyos = conteos.get(pregunta.clave, {})
        if solo_publicas and not (pregunta.cerrada or pregunta.tipo == T.NUMERO or temas.get(pregunta.pk)):
            continue
        if pregunta.retirada and not suyos.get(""):
            continue
        respondieron = suyos.get("", 0)
        if respondieron < minimo:
            hechos.append(ResultadoPregunta(pregunta, None))
            continue
        hechos.append(
            ResultadoPregunta(
                pregunta,
                respondieron,
                distribuciones=[distribuir(pregunta, a, suyos, respondieron, minimo) for a in pregunta.apartados],
                orden=_ordenar(pregunta, suyos, minimo) if pregunta.tipo == T.ORDENAMIENTO else [],
                numeros=resumir(numericas[pregunta.pk], minimo) if pregunta.tipo == T.NUMERO else None,
                temas=[_casilla(CasillaDefinida(f"t{pk}", f"t{pk}", nombre), n, respondieron, n and n < minimo)
                       for pk, nombre, n in temas.get(pregunta.pk, [])],
            )
        )  # fmt: skip
    if total < minimo:
        hechos = [ResultadoPregunta(resultado.vista, None) for resultado in hechos]
    return Resultados(total, minimo, hechos)


def _conteos(encuesta) -> dict[str, dict[str, int]]:
    """Pregunta → casilla → cuántas, sumando versiones y grupos. Una consulta para la página entera."""
    filas = Conteo.objects.filter(ejercicio=encuesta.ejercicio_id).values_list("pregunta", "casilla")
    conteos: dict[str, dict[str, int]] = defaultdict(dict)
    for pregunta, casilla, n in filas.annotate(n=Sum("cantidad")).order_by():
        if n:
            conteos[pregunta][casilla] = n
    return conteos


def ocultas_de(
    pregunta: PreguntaVista, apartado: Apartado, conteos: Mapping[str, int], minimo: int
) -> tuple[set[str], bool]:
    """Las casillas del apartado que no se muestran en ninguna parte, y si la media se puede dar sin despejarlas."""
    codigos = [casilla.codigo for casilla in apartado.casillas]
    cantidades = {codigo: conteos.get(codigo, 0) for codigo in codigos}
    sumas = [Suma(tuple(codigos))] if pregunta.excluyente else []
    otras = []
    if pregunta.tipo == T.ESCALA:
        valores = {casilla.codigo: casilla.valor for casilla in apartado.casillas}
        otras = [valores, _favorables(valores)] + ([_saldo_nps(valores)] if pregunta.es_nps else [])
    ocultas = suprimir(cantidades, sumas, minimo, otras=otras)
    return ocultas, not determinadas([*({c: 1 for c in suma.celdas} for suma in sumas), *otras], ocultas)


def _favorables(valores: Mapping[str, int]) -> dict[str, int]:
    altos = sorted(valores.values())[-2:]
    return {codigo: 1 for codigo, valor in valores.items() if valor in altos}


def _saldo_nps(valores: Mapping[str, int]) -> dict[str, int]:
    """Promotores (9 y 10) menos detractores (0 a 6): Reichheld, 2003."""
    return {c: 1 if v >= PROMOTOR else -1 for c, v in valores.items() if v >= PROMOTOR or v <= DETRACTOR}


def distribuir(pregunta, apartado: Apartado, conteos: Mapping[str, int], respondieron: int, minimo: int) -> Distribucion:
    """Las casillas de un apartado, sobre quienes lo contestaron: en una matriz, los de esa fila."""
    cantidades = {casilla.codigo: conteos.get(casilla.codigo, 0) for casilla in apartado.casillas}
    if pregunta.tipo == T.MATRIZ:
        respondieron = sum(cantidades.values())
    if respondieron < minimo:
        casillas = [Casilla(definida, None, None) for definida in apartado.casillas]
        return Distribucion(apartado, 0, casillas)
    ocultas, segura = ocultas_de(pregunta, apartado, conteos, minimo)
    casillas = [
        _casilla(definida, cantidades[definida.codigo], respondieron, definida.codigo in ocultas)
        for definida in apartado.casillas
        if cantidades[definida.codigo] or not definida.retirada
    ]
    hecha = Distribucion(apartado, respondieron, casillas)
    return _con_escala(pregunta, hecha, cantidades) if pregunta.tipo == T.ESCALA and segura else hecha


def _casilla(definida, cantidad, respondieron, oculta) -> Casilla:
    if oculta:
        return Casilla(definida, None, None)
    return Casilla(definida, cantidad, 100 * cantidad / respondieron if respondieron else 0.0)


def _con_escala(pregunta, hecha: Distribucion, cantidades) -> Distribucion:
    """Añade media, favorables y, si lo es, NPS."""
    valores = {casilla.codigo: casilla.valor for casilla in hecha.apartado.casillas}
    todas = sum(cantidades.values())
    if not todas:
        return hecha

    def suma(pesos):
        return sum(peso * cantidades[codigo] for codigo, peso in pesos.items())

    return replace(
        hecha,
        media=suma(valores) / todas,
        favorables=100 * suma(_favorables(valores)) / todas,
        nps=100 * suma(_saldo_nps(valores)) / todas if pregunta.es_nps else None,
    )


def _ordenar(pregunta, conteos: Mapping[str, int], minimo: int) -> list[Puesto]:
    """Puesto medio entre quienes la ordenaron, y puntos de Borda: con k opciones, k-1 al primero, k-2 al segundo…"""
    definidas = pregunta.apartados[0].casillas
    ocultas, _segura = ocultas_de(pregunta, pregunta.apartados[0], conteos, minimo)
    puestos = []
    for definida in definidas:
        opcion = definida.codigo.removesuffix("@1")
        por_puesto = {
            int(codigo.rpartition("@")[2]): n for codigo, n in conteos.items() if codigo.rpartition("@")[0] == opcion
        }
        ordenaron = sum(por_puesto.values())
        if definida.retirada and not ordenaron:
            continue
        if definida.codigo in ocultas or 0 < ordenaron < minimo:
            puestos.append(Puesto(definida, None, None, None, None))
            continue
        medio = sum(puesto * n for puesto, n in por_puesto.items()) / ordenaron if ordenaron else None
        borda = sum(max(0, len(definidas) - puesto) * n for puesto, n in por_puesto.items())
        puestos.append(Puesto(definida, por_puesto.get(1, 0), ordenaron, medio, borda))
    return puestos


def _numericas(preguntas: Iterable[PreguntaVista]) -> dict[int, list]:
    """De cada pregunta de número, sus (valor, cuántos), ya agrupados por la base de datos.

    Se cuentan todos y se restan los anulados, que son pocos: unir cada valor con su respuesta tarda cuatro veces más.
    """
    claves = [pregunta.pk for pregunta in preguntas]
    if not claves:
        return {}
    todos = Valor.objects.filter(pregunta__in=claves)
    anulados = todos.filter(respuesta__estado__in=[EstadoRespuesta.ANULADA, EstadoRespuesta.PARCIAL])
    cuantos = _por_valor(todos)
    cuantos.subtract(_por_valor(anulados))
    hallados: dict[int, list] = {clave: [] for clave in claves}
    for (pregunta, numero), n in sorted(cuantos.items()):
        if n > 0:
            hallados[pregunta].append((numero, n))
    return hallados


def _por_valor(valores) -> Counter:
    filas = valores.values_list("pregunta", "numero").annotate(n=Count("pk")).order_by()
    return Counter({(pregunta, numero): n for pregunta, numero, n in filas})


def _temas(encuesta, solo_publicos: bool) -> dict[int, list]:
    """Pregunta → (tema, nombre, respuestas que lo tocan)."""
    hallados: dict[int, list] = defaultdict(list)
    temas = Tema.objects.filter(pregunta__ejercicio=encuesta.ejercicio_id)
    if solo_publicos:
        temas = temas.filter(publico=True)
    enviada = Q(valores__respuesta__estado=EstadoRespuesta.ENVIADA)
    temas = temas.annotate(n=Count("valores__respuesta", filter=enviada, distinct=True)).order_by(F("n").desc(), "nombre")
    for tema in temas:
        hallados[tema.pregunta_id].append((tema.pk, tema.nombre, tema.n))
    return hallados
