"""Ponderar por población: que cada grupo pese lo que pesa en la población y no en quienes respondieron.

Posestratificación (Holt y Smith, 1979) por un rasgo: peso = parte del grupo en la población ÷ parte en la muestra.
Corrige quién respondió, no que respondieron los que quisieron: una encuesta abierta ponderada sigue sin representar.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.enums import GrupoEdad, TipoActor
from cuentas.models import Usuario
from home.texto import limpiar_linea, sin_tildes
from participacion.registro.supresion import determinadas

from ..enums import Rasgo
from ..models import Encuesta, PesoPoblacion
from ..resultados import cruces
from ..resultados.catalogo import PreguntaVista
from ..resultados.cruces import Cruce
from .estadistica import muestra_efectiva

# Un peso mayor deja que unas pocas personas hablen por muchas: se recorta y se dice.
PESO_MAXIMO = 5.0
_CONOCIDOS = {Rasgo.ACTOR: TipoActor.choices, Rasgo.EDAD: GrupoEdad.choices, Rasgo.AREA: []}


@dataclass(frozen=True)
class Pesos:
    """`por_grupo`: el peso de cada uno. `recortados` y `sin_respuestas`: los nombres que hay que advertir."""

    rasgo: Rasgo
    por_grupo: dict[str, float]
    efectiva: float
    n: int
    recortados: list[str] = field(default_factory=list)
    sin_respuestas: list[str] = field(default_factory=list)
    sin_poblacion: int = 0


@dataclass(frozen=True)
class Ponderada:
    """Una respuesta posible, sin ponderar y ponderada. None: se oculta."""

    texto: str
    porcentaje: float | None
    ponderado: float | None


def leer_poblacion(texto: str, rasgo: Rasgo) -> dict[str, int]:
    """La tabla pegada o subida: por renglón, grupo y población, separados por «;», «,» o tabulador. El encabezado sobra.

    Lanza ValidationError con el número de cada renglón malo.
    """
    nombres = {sin_tildes(str(etiqueta)): valor for valor, etiqueta in _CONOCIDOS[rasgo]}
    nombres |= {valor: valor for valor, _etiqueta in _CONOCIDOS[rasgo]}
    hallada: dict[str, int] = {}
    errores = []
    for numero, renglon in enumerate(texto.splitlines(), 1):
        if not renglon.strip():
            continue
        separador = next((s for s in ";\t," if s in renglon), ";")
        partes = [limpiar_linea(parte).strip() for parte in next(csv.reader([renglon], delimiter=separador))]
        cifra = partes[-1].replace(".", "").replace(" ", "").replace(",", "") if len(partes) > 1 else ""
        if not (cifra.isascii() and cifra.isdigit()):
            if numero > 1 or len(partes) < 2:
                errores.append(_("Renglón %(n)d: escriba el grupo y su población, «Comuna 1;25000».") % {"n": numero})
            continue
        grupo = separador.join(partes[:-1]) if rasgo == Rasgo.AREA else nombres.get(sin_tildes(partes[0]), "")
        if not grupo or len(grupo) > 60:
            errores.append(_("Renglón %(n)d: «%(grupo)s» no es un grupo conocido.") % {"n": numero, "grupo": partes[0][:60]})
        elif grupo in hallada:
            errores.append(_("Renglón %(n)d: «%(grupo)s» está repetido.") % {"n": numero, "grupo": partes[0]})
        elif not 0 < int(cifra) < 2**31:
            errores.append(_("Renglón %(n)d: la población debe ser mayor que cero.") % {"n": numero})
        else:
            hallada[grupo] = int(cifra)
    if not errores and not hallada:
        errores.append(_("No hay ningún grupo."))
    if errores:
        raise ValidationError(errores)
    return hallada


@transaction.atomic
def guardar_poblacion(*, encuesta: Encuesta, rasgo: Rasgo, poblacion: Mapping[str, int], actor: Usuario) -> None:
    """Reemplaza la tabla de población de ese rasgo."""
    Encuesta.objects.select_for_update().get(pk=encuesta.pk)  # ordena dos que guardan a la vez
    PesoPoblacion.objects.filter(ejercicio=encuesta.ejercicio_id, rasgo=rasgo).delete()
    PesoPoblacion.objects.bulk_create(
        PesoPoblacion(ejercicio_id=encuesta.pk, rasgo=rasgo, grupo=grupo, poblacion=n) for grupo, n in poblacion.items()
    )
    log(instance=encuesta.ejercicio, action="encuestas.guardar_poblacion", user=actor, data={"rasgo": str(rasgo)})


def poblacion_de(encuesta: Encuesta) -> dict[Rasgo, dict[str, int]]:
    """Las tablas guardadas, por rasgo."""
    tablas: dict[Rasgo, dict[str, int]] = {}
    for peso in PesoPoblacion.objects.filter(ejercicio=encuesta.ejercicio_id):
        tablas.setdefault(Rasgo(peso.rasgo), {})[peso.grupo] = peso.poblacion
    return tablas


def calcular_pesos(rasgo: Rasgo, poblacion: Mapping[str, int], muestra: Mapping[str, int]) -> Pesos:
    """Los pesos de cada grupo de la muestra. Quien no está en la tabla de población pesa uno, y se dice cuántos son."""
    dentro = {grupo: n for grupo, n in muestra.items() if grupo in poblacion and n}
    en_poblacion, en_muestra = sum(poblacion[grupo] for grupo in dentro), sum(dentro.values())
    pesos = {g: (poblacion[g] / en_poblacion) / (n / en_muestra) for g, n in dentro.items()}
    recortados = [cruces.etiqueta(rasgo, grupo) for grupo, peso in pesos.items() if peso > PESO_MAXIMO]
    pesos = {grupo: min(peso, PESO_MAXIMO) for grupo, peso in pesos.items()}
    fuera = {grupo: n for grupo, n in muestra.items() if grupo not in poblacion and n}
    pesos |= dict.fromkeys(fuera, 1.0)
    por_peso: dict[float, int] = {}
    for grupo, peso in pesos.items():
        por_peso[peso] = por_peso.get(peso, 0) + muestra[grupo]
    return Pesos(
        rasgo=rasgo,
        por_grupo=pesos,
        efectiva=muestra_efectiva(por_peso),
        n=sum(muestra.values()),
        recortados=recortados,
        sin_respuestas=[cruces.etiqueta(rasgo, grupo) for grupo in poblacion if not muestra.get(grupo)],
        sin_poblacion=sum(fuera.values()),
    )


def ponderar(encuesta: Encuesta, pregunta: PreguntaVista, pesos: Pesos) -> list[tuple[Cruce, list[Ponderada]]]:
    """Por apartado, cada respuesta con y sin ponderar. Una ponderada que dejaría despejar una celda oculta no se da."""
    por_grupo = cruces.cantidades_por(encuesta, pregunta.clave, pesos.rasgo)
    hechas = []
    for cruce in cruces.cruzar(encuesta, pregunta, pesos.rasgo):
        base = sum(pesos.por_grupo.get(g, 1.0) * _contestaron(cruce, suyos) for g, suyos in por_grupo.items())
        segura = not _se_despeja(cruce, pregunta.excluyente, pesos)
        filas = []
        for fila in cruce.filas:
            suma = sum(pesos.por_grupo.get(g, 1.0) * s.get(fila.definida.codigo, 0) for g, s in por_grupo.items())
            oculta = fila.total.oculta or not (segura or all(not celda.oculta for celda in fila.celdas))
            filas.append(Ponderada(fila.definida.texto, fila.total.porcentaje, None if oculta else 100 * suma / base))
        hechas.append((cruce, filas))
    return hechas


def _contestaron(cruce: Cruce, suyos: Mapping[str, int]) -> int:
    if not cruce.apartado.clave:
        return suyos.get("", 0)
    return sum(suyos.get(casilla.codigo, 0) for casilla in cruce.apartado.casillas)


def _se_despeja(cruce: Cruce, excluyente: bool, pesos: Pesos) -> bool:
    """Si, con los totales y las sumas ponderadas, alguna celda oculta queda con un solo valor."""
    celdas = {
        (fila.definida.codigo, grupo.valor): celda
        for fila in cruce.filas
        for grupo, celda in zip(cruce.grupos, fila.celdas, strict=True)
    }
    visibles = {fila.definida.codigo for fila in cruce.filas if not fila.total.oculta}
    grupos = {grupo.valor for grupo in cruce.grupos if grupo.respondieron is not None}
    ecuaciones = []
    for codigo in visibles:
        fila = [clave for clave in celdas if clave[0] == codigo]
        # Los pesos se conocen; se llevan a enteros para eliminar sin redondeos.
        ecuaciones += [dict.fromkeys(fila, 1), {c: round(pesos.por_grupo.get(c[1], 1.0) * 10**6) for c in fila}]
    if excluyente:
        ecuaciones += [{clave: 1 for clave in celdas if clave[1] == grupo} for grupo in grupos]
    return bool(determinadas(ecuaciones, {clave for clave, celda in celdas.items() if celda.oculta}))
