"""Lo que los indicadores preguntan al registro. Aquí y en ningún otro sitio; ninguna cifra sale de otra tabla.

Todo se acota al sitio, al ejercicio si se pidió, y al corte: lo que el registro sabía en ese instante.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, Count, F, Max, QuerySet, Sum, When, Window
from django.db.models.functions import Now, RowNumber
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.models import Site

from participacion.apoyos.actions import APOYO, IMPORTADOS
from participacion.ejercicios.models import Ejercicio
from participacion.registro.models import Acto


@dataclass(frozen=True)
class Periodo:
    """Días completos en la hora de la plataforma, los dos incluidos. La del perfil de Wagtail no cuenta."""

    desde: date
    hasta: date

    @property
    def inicio(self) -> datetime:
        return _medianoche(self.desde)

    @property
    def fin(self) -> datetime:
        """El primer instante que ya no es del periodo."""
        return _medianoche(self.hasta + timedelta(days=1))


def _medianoche(dia: date) -> datetime:
    return datetime.combine(dia, time.min, tzinfo=timezone.get_default_timezone())


def reloj(sitio: Site) -> datetime:
    """La hora de la base de datos, que es la que fecha `registrado_en`."""
    return Site.objects.filter(pk=sitio.pk).values_list(Now()).get()[0]


@dataclass(frozen=True)
class Consulta:
    sitio: Site
    periodo: Periodo
    ejercicio: Ejercicio | None
    corte: datetime

    def hasta_el_final(self) -> QuerySet:
        """Actos que contaban antes de terminar el periodo, también los anteriores a él."""
        actos = Acto.objects.filter(
            sitio=self.sitio, ocurrido_en__lt=self.periodo.fin, registrado_en__lte=self.corte
        )
        return actos.filter(ejercicio=self.ejercicio) if self.ejercicio else actos

    def del_periodo(self) -> QuerySet:
        return self.hasta_el_final().filter(ocurrido_en__gte=self.periodo.inicio)

    @cached_property
    def conteos(self) -> list[tuple[str, str, str, int]]:
        """Actos del periodo por (tipo, tipo de actor, canal). Una lectura de la que salen varias medidas."""
        columnas = ("tipo", "actor_tipo", "canal")
        return list(self.del_periodo().order_by().values_list(*columnas).annotate(n=Count("pk")))

    @cached_property
    def ejercicios(self) -> list[tuple[int, str, str]]:
        """Ejercicios con participación en el periodo: su tipo y cada fase del ciclo en que la hubo."""
        columnas = ("ejercicio", "ejercicio__tipo", "fase")
        return list(self.del_periodo().de_participacion().order_by().values_list(*columnas).distinct())

    def distintos(self, campo: str, segun: str, valores) -> tuple[int, dict[str, int]]:
        """Valores distintos de una columna entre los actos de participación: en total y por otra columna.

        Se agrupa primero por la columna: contar distintos en cada grupo leería el registro varias veces.
        """
        actos = self.del_periodo().de_participacion().filter(**{f"{campo}__isnull": False})
        marcas = {f"es_{valor}": Max(Case(When(**{segun: valor}, then=1), default=0)) for valor in valores}
        conteo = actos.order_by().values(campo).annotate(**marcas).aggregate(
            total=Count(campo), **{valor: Sum(f"es_{valor}", default=0) for valor in valores}
        )
        return conteo.pop("total"), conteo

    @cached_property
    def apoyos(self) -> dict[str, int]:
        """Apoyos dados y apoyos importados que siguen en pie al terminar el periodo, por tipo de acto."""
        en_pie = self.hasta_el_final().filter(tipo__in=[APOYO, IMPORTADOS]).vigentes(en=self.periodo.fin)
        return dict(en_pie.order_by().values_list("tipo").annotate(n=Sum("cantidad")))

    def recibidos(self) -> list[tuple[str, str, int]]:
        """Objetos cuyo primer envío cae en el periodo, por (clase de objeto, tipo de actor)."""
        envios = self.hasta_el_final().de_participacion()
        primeros = Acto.objects.filter(pk__in=_uno_por_objeto(envios, F("ocurrido_en").asc(), F("pk").asc()))
        en_periodo = primeros.filter(ocurrido_en__gte=self.periodo.inicio)
        return list(en_periodo.order_by().values_list("objeto_tipo", "actor_tipo").annotate(n=Count("pk")))

    def estados(self) -> list[tuple[str, str, int]]:
        """Objetos por (clase de objeto, estado): el del último acto que les cambió el estado."""
        ultimos = _uno_por_objeto(self.hasta_el_final(), F("ocurrido_en").desc(), F("pk").desc())
        return list(
            Acto.objects.filter(pk__in=ultimos)
            .order_by()
            .values_list("objeto_tipo", "estado")
            .annotate(n=Count("pk"))
        )


def _uno_por_objeto(actos: QuerySet, *orden) -> QuerySet:
    """De los actos que cambian un estado, el primero de cada objeto según el orden. Un apoyo no cambia ninguno."""
    numerados = actos.exclude(estado="").annotate(
        lugar=Window(RowNumber(), partition_by=["objeto_tipo", "objeto_id"], order_by=orden)
    )
    return numerados.filter(lugar=1).values("pk")
