"""El reporte de votos por solución (Resolución MinTIC 1519 de 2020, Anexo 2, 6.2.4.c).

La página, la gráfica, el CSV y el JSON salen de aquí: no pueden decir cifras distintas.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext as _

from cuentas.enums import TIPOS_ORGANIZACION, TipoActor
from cuentas.models import Territorio
from participacion.apoyos.models import Apoyo
from participacion.ejercicios.models import Ejercicio
from participacion.registro.enums import Canal
from participacion.registro.supresion import Suma, suprimir

from ..models import Propuesta

# Un grupo de menos personas las señala; se oculta, con lo que haga falta para que no se deduzca (decisión 035).
MINIMO = 5
TIPO = Propuesta._meta.label_lower
CAMPOS = ("ejercicio_id", "referencia", "titulo", "idioma", "estado", "apoyos", "puntos", "apoyos_importados", "publicada_en")
# Por dónde se apoya aquí. Lo importado de otra plataforma va aparte: no se sabe de quién es.
CANALES = [canal for canal in Canal if canal != Canal.IMPORTACION]


@dataclass(frozen=True)
class Fila:
    """Los apoyos de una propuesta. Lo importado no se suma."""

    propuesta: Propuesta
    personas: int = 0
    organizaciones: int = 0
    primeros: int = 0
    canales: Counter = field(default_factory=Counter)

    @property
    def apoyos(self) -> int:
        return self.personas + self.organizaciones


@dataclass(frozen=True)
class Grupo:
    """Cuántos apoyos dio un grupo. `cantidad` None: se oculta."""

    clave: str
    texto: str
    cantidad: int | None


@dataclass(frozen=True)
class Totales:
    propuestas: int
    apoyos: int
    participantes: int
    organizaciones: int
    puntos: int
    importados: int
    mayor_apoyos: int
    mayor_puntos: int


def propuestas_de(ejercicio: Ejercicio):
    """Las públicas, de más a menos apoyadas: también la retirada o fusionada, que conserva los suyos."""
    return ejercicio.propuestas.publicas().mas_apoyadas().only(*CAMPOS)


def filas_de(propuestas: Iterable[Propuesta]) -> list[Fila]:
    """Una consulta para todas: sirve para una página o para una tanda de un archivo."""
    propuestas = list(propuestas)
    suyos = Apoyo.objects.filter(objeto_tipo=TIPO, objeto_id__in=[p.pk for p in propuestas])
    por_canal = suyos.order_by().values_list("objeto_id", "acto__canal").annotate(
        n=Count("pk"), organizaciones=Count("organizacion"), primeros=Count("pk", filter=Q(posicion=1))
    )
    sumas = defaultdict(lambda: {"personas": 0, "organizaciones": 0, "primeros": 0, "canales": Counter()})
    for pk, canal, n, organizaciones, primeros in por_canal:
        suma = sumas[pk]
        suma["personas"] += n - organizaciones
        suma["organizaciones"] += organizaciones
        suma["primeros"] += primeros
        suma["canales"][canal] += n
    return [Fila(propuesta, **sumas[propuesta.pk]) for propuesta in propuestas]


def totales_de(ejercicio: Ejercicio) -> Totales:
    """Los del reto. Quien apoya varias propuestas es una sola persona participante."""
    conteos = ejercicio.propuestas.publicas().aggregate(
        mayor_apoyos=Max("apoyos", default=0),
        mayor_puntos=Max("puntos", default=0),
        propuestas=Count("pk"),
        apoyos=Sum("apoyos", default=0),
        puntos=Sum("puntos", default=0),
        importados=Sum("apoyos_importados", default=0),
    )
    suyos = Apoyo.objects.filter(ejercicio=ejercicio, objeto_tipo=TIPO)
    quienes = suyos.aggregate(
        participantes=Count("participante", distinct=True), organizaciones=Count("organizacion", distinct=True)
    )
    return Totales(**conteos, **quienes)


def grupos_de(ejercicio: Ejercicio, filas: Iterable[Fila]) -> dict[int, dict[str, list[Grupo]]]:
    """De cada propuesta, sus apoyos por tipo de actor y por comuna o vereda, como eran al darlos.

    Son rasgos de personas: se ocultan los grupos de menos de `MINIMO` y los que dejarían deducirlos del total de la
    propuesta. No se publica la suma de todas las propuestas por grupo: restándola se sabría lo que aquí se oculta.
    """
    filas = list(filas)
    suyos = Apoyo.objects.filter(objeto_tipo=TIPO, objeto_id__in=[fila.propuesta.pk for fila in filas])
    rasgos = suyos.order_by().values_list("objeto_id", "acto__actor_tipo", "acto__area").annotate(n=Count("pk"))
    actores, areas = defaultdict(Counter), defaultdict(Counter)
    for pk, actor, area, n in rasgos:
        actores[pk][actor] += n
        areas[pk][area] += n
    territorios = list(Territorio.objects.filter(sitio=ejercicio.sitio_id).values_list("nombre", flat=True))
    return {
        fila.propuesta.pk: {
            # En nombre propio es siempre ciudadanía: es la columna «personas», que ya se dice.
            "actor": [
                Grupo(TipoActor.CIUDADANIA.value, str(TipoActor.CIUDADANIA.label), fila.personas),
                *tapar(actores[fila.propuesta.pk], TIPOS_ORGANIZACION),
            ],
            "area": tapar(areas[fila.propuesta.pk], de_area(territorios, areas[fila.propuesta.pk])),
        }
        for fila in filas
    }


def de_area(territorios: list[str], conteo: Counter) -> list[tuple[str, str]]:
    """Las de hoy, las que ya no están pero tienen apoyos, y al final quien no dijo la suya."""
    antiguas = sorted(area for area in conteo if area and area not in territorios)
    return [*((nombre, nombre) for nombre in [*territorios, *antiguas]), ("", _("No la dijo"))]


def tapar(conteo: Counter, opciones: list[tuple[str, str]]) -> list[Grupo]:
    cantidades = {clave: conteo[clave] for clave, _texto in opciones}
    ocultas = suprimir(cantidades, [Suma(tuple(cantidades))], MINIMO)
    return [
        Grupo(clave, str(texto), None if clave in ocultas else cantidades[clave]) for clave, texto in opciones
    ]
