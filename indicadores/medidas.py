"""Cada cifra se define aquí, una vez: cómo se llama, qué cuenta y de qué consulta sale.

La página, el CSV y el XLSX se hacen de las mismas filas. Ninguna es un puntaje: FURAG se califica con un modelo
que la entidad no puede reproducir; aquí sólo hay conteos y de dónde salen.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cuentas.enums import TIPOS_ORGANIZACION, TipoActor
from participacion.apoyos.actions import APOYO, IMPORTADOS
from participacion.ejercicios.enums import FaseCiclo, TipoEjercicio
from participacion.registro import tipos
from participacion.registro.enums import ActorRegistro, Canal

from . import diferencial
from .consultas import Consulta

TOTAL = _("Total")

# Un texto en vez del número donde la cifra señalaría a alguien.
Filas = list[tuple[str, int | str]]


@dataclass(frozen=True)
class Medida:
    """Una cifra con sus desagregaciones. `calcular` da pares (desagregación, valor)."""

    clave: str
    etiqueta: str
    definicion: str
    calcular: Callable[[Consulta], Filas]


def _filas(total: int, conteo: dict, opciones: Iterable[tuple[str, str]]) -> Filas:
    """El total y una fila por opción, también las que están en cero: así las tablas de dos años se comparan."""
    return [(TOTAL, total), *((etiqueta, conteo.get(valor, 0)) for valor, etiqueta in opciones)]


def _por_actor(total: int, conteo: dict) -> Filas:
    """Los tipos de actor, y lo que no es de ninguno sólo si lo hay."""
    otros = [(valor, etiqueta) for valor, etiqueta in ActorRegistro.choices if conteo.get(valor)]
    return _filas(total, conteo, [*TipoActor.choices, *otros])


def _sumar(filas, columna: int) -> Counter:
    conteo = Counter()
    for *clave, n in filas:
        conteo[clave[columna]] += n
    return conteo


def _ejercicios(consulta: Consulta) -> Filas:
    conteo = Counter(tipo for _pk, tipo in {(pk, tipo) for pk, tipo, _fase in consulta.ejercicios})
    return _filas(conteo.total(), conteo, TipoEjercicio.choices)


def _ejercicios_por_fase(consulta: Consulta) -> Filas:
    conteo = Counter(fase for _pk, fase in {(pk, fase) for pk, _tipo, fase in consulta.ejercicios})
    return _filas(len({pk for pk, *_resto in consulta.ejercicios}), conteo, FaseCiclo.choices)


def _de_participacion(consulta: Consulta) -> list[tuple]:
    clases = set(tipos.de_participacion())
    return [fila for fila in consulta.conteos if fila[0] in clases]


def _actos_por_actor(consulta: Consulta) -> Filas:
    conteo = _sumar(_de_participacion(consulta), 1)
    return _por_actor(conteo.total(), conteo)


def _actos_por_canal(consulta: Consulta) -> Filas:
    ajenos = [fila for fila in consulta.conteos if fila[1] != ActorRegistro.PERSONAL]
    conteo = _sumar(ajenos, 2)
    return _filas(conteo.total(), conteo, Canal.choices)


def _actos_por_clase(consulta: Consulta) -> Filas:
    conteo = _sumar(consulta.conteos, 0)
    return _filas(conteo.total(), conteo, [(tipo.clave, tipo.etiqueta) for tipo in tipos.TIPOS.values()])


def _participantes(consulta: Consulta) -> Filas:
    valores = [*TipoActor.values, *ActorRegistro.values]
    return _por_actor(*consulta.distintos("participante", "actor_tipo", valores))


def _organizaciones(consulta: Consulta) -> Filas:
    valores = [valor for valor, _etiqueta in TIPOS_ORGANIZACION]
    return _filas(*consulta.distintos("organizacion", "organizacion_tipo", valores), TIPOS_ORGANIZACION)


def _plural(objeto_tipo: str) -> str:
    return capfirst(apps.get_model(objeto_tipo)._meta.verbose_name_plural)


def _recibidos(consulta: Consulta) -> Filas:
    recibidos = consulta.recibidos()
    filas = [(TOTAL, sum(n for *_clave, n in recibidos))]
    for clase in sorted({clase for clase, *_resto in recibidos}):
        conteo = {actor: n for otra, actor, n in recibidos if otra == clase}
        filas += [(f"{_plural(clase)}: {etiqueta}", n) for etiqueta, n in _por_actor(0, conteo)[1:]]
    return filas


def _estados(consulta: Consulta) -> Filas:
    estados = consulta.estados()
    filas = [(TOTAL, sum(n for *_clave, n in estados))]
    for clase in sorted({clase for clase, *_resto in estados}):
        conteo = {estado: n for otra, estado, n in estados if otra == clase}
        opciones = apps.get_model(clase)._meta.get_field("estado").flatchoices
        filas += [
            (f"{_plural(clase)}: {etiqueta}", conteo[estado]) for estado, etiqueta in opciones if estado in conteo
        ]
    return filas


MEDIDAS = [
    Medida(
        "ejercicios",
        _("Ejercicios realizados"),
        _("Ejercicios distintos que tuvieron al menos un acto de participación en el periodo, por tipo."),
        _ejercicios,
    ),
    Medida(
        "ejercicios_por_fase",
        _("Ejercicios realizados, por fase del ciclo"),
        _(
            "Los mismos ejercicios, según la fase que tenían cuando ocurrieron los actos. "
            "Uno que cambió de fase dentro del periodo cuenta en cada una y una sola vez en el total."
        ),
        _ejercicios_por_fase,
    ),
    Medida(
        "actos_de_participacion",
        _("Actos de participación, por tipo de actor"),
        _(
            "Actos del periodo hechos por quien participa (enviar, apoyar), según en nombre de quién los hizo. "
            "Cuentan aunque después se hayan retirado; no cuentan los retiros, lo importado ni las decisiones del personal."
        ),
        _actos_por_actor,
    ),
    Medida(
        "participantes",
        _("Participantes, por tipo de actor"),
        _(
            "Personas distintas con al menos un acto de participación en el periodo, según en nombre de quién lo hicieron. "
            "Quien actuó en nombre propio y por una organización cuenta en los dos tipos y una sola vez en el total."
        ),
        _participantes,
    ),
    Medida(
        "organizaciones",
        _("Organizaciones participantes, por tipo"),
        _(
            "Organizaciones distintas en cuyo nombre hubo al menos un acto de participación en el periodo, "
            "según el tipo que tenían entonces."
        ),
        _organizaciones,
    ),
    Medida(
        "recibidos",
        _("Propuestas y otros aportes recibidos, por tipo de actor"),
        _(
            "Aportes cuyo primer envío ocurrió en el periodo, según en nombre de quién se enviaron esa vez. "
            "Volver a enviar lo devuelto no suma. Lo importado no cuenta aquí: está en los actos por clase."
        ),
        _recibidos,
    ),
    Medida(
        "estados",
        _("Propuestas y otros aportes, por estado al terminar el periodo"),
        _(
            "Todos los aportes enviados o importados hasta el último día del periodo, también los de antes, "
            "según el estado en que los dejó su último acto hasta ese día."
        ),
        _estados,
    ),
    Medida(
        "apoyos_vigentes",
        _("Apoyos vigentes al terminar el periodo"),
        _("Apoyos dados en esta plataforma hasta el último día del periodo, también antes, y no retirados hasta ese día."),
        lambda consulta: [(TOTAL, consulta.apoyos.get(APOYO, 0))],
    ),
    Medida(
        "apoyos_importados",
        _("Apoyos importados"),
        _(
            "Apoyos que los aportes traían de otra plataforma y que se dieron hasta el último día del periodo. "
            "No se suman a los de ésta: no se sabe de quién son."
        ),
        lambda consulta: [(TOTAL, consulta.apoyos.get(IMPORTADOS, 0))],
    ),
    Medida(
        "actos_por_canal",
        _("Actos, por canal"),
        _("Actos del periodo de toda clase, salvo las decisiones del personal, según por dónde llegaron."),
        _actos_por_canal,
    ),
    Medida(
        "actos_por_clase",
        _("Actos del registro, por clase"),
        _(
            "Todos los actos del periodo. Los retiros y las decisiones del personal son actos también. "
            "Apoyos importados cuenta aquí las anotaciones, no la cantidad de apoyos que traen."
        ),
        _actos_por_clase,
    ),
    Medida(
        "enfoque_diferencial",
        _("Enfoque diferencial, por ejercicio cerrado"),
        _(
            "Personas distintas que participaron en cada ejercicio ya cerrado y dijeron ser de cada grupo; responder es voluntario. "
            "No depende del periodo. No se dicen los grupos de menos de cinco personas ni los que dejarían deducir uno."
        ),
        diferencial.filas,
    ),
]


def calcular(consulta: Consulta) -> list[tuple[Medida, Filas]]:
    """Todas las cifras de un periodo."""
    return [(medida, medida.calcular(consulta)) for medida in MEDIDAS]
