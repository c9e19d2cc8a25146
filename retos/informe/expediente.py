"""Lo que de un reto cerrado se puede decir en público, leído una vez. De aquí salen la página, el PDF y los datos abiertos."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from statistics import median

from django.db.models import Count, Max, Min, Sum
from django.utils import timezone

from cuentas.enums import TipoActor
from cuentas.models import Territorio
from participacion.apoyos.models import Apoyo
from participacion.ejercicios.models import Ejercicio
from participacion.registro.enums import Canal
from participacion.registro.medidas import CifraNombrada, publicadas
from participacion.registro.models import Acto

from ..decision.plazo import PlazoRespuesta, dias_entre
from ..enums import EstadoPropuesta, Resultado
from ..evaluacion.consultas import en_evaluacion
from ..evaluacion.enums import EstadoEvaluacion
from ..evaluacion.estadistica import Nota, Resumen, resumir
from ..evaluacion.puntaje import redondear
from ..fases import calendario_de
from ..models import CierreReto, DecisionReto, Evaluacion, Propuesta, Reto, RetoPage
from ..votos.informe import MINIMO, Grupo, de_area, tapar
from ..votos.rules import conteos_visibles, reglas_de


@dataclass(frozen=True)
class Participacion:
    """Cada quien cuenta una vez, con lo que era en su último acto. `se_restaria`: véase `Expediente.participacion`."""

    participantes: int
    organizaciones: int
    actores: list[Grupo]
    areas: list[Grupo]
    canales: list[tuple[str, int]]
    se_restaria: bool


@dataclass(frozen=True)
class Evaluado:
    """Lo que hizo el jurado. `mayor`, `menor`: la media más alta y la más baja de una propuesta."""

    jurados: int
    propuestas: int
    evaluaciones: int
    mayor: Decimal
    menor: Decimal


@dataclass(frozen=True)
class Respuestas:
    """Las respuestas oficiales a las propuestas publicadas. `mediana`: en días calendario; None sin ninguna."""

    publicadas: int
    respondidas: int
    a_tiempo: int
    mediana: float | None

    @property
    def sin_responder(self) -> int:
        return self.publicadas - self.respondidas


class Expediente:
    """Un reto cuya convocatoria cerró."""

    def __init__(self, request, pagina: RetoPage, ejercicio: Ejercicio):
        self.request = request
        self.ejercicio = ejercicio
        self.pagina = RetoPage.objects.get(pk=pagina.pk)  # la que da la dirección trae sólo lo de una tarjeta
        self.ahora = timezone.now()
        self.hoy = timezone.localdate(self.ahora)

    @cached_property
    def reglas(self) -> Reto | None:
        return getattr(self.ejercicio, "reto", None)

    @cached_property
    def modo_apoyo(self):
        return reglas_de(self.ejercicio).modo

    @cached_property
    def calendario(self):
        return calendario_de(self.ejercicio)

    @cached_property
    def cierre(self) -> CierreReto | None:
        """Sin él, el informe es preliminar."""
        return CierreReto.objects.filter(ejercicio=self.ejercicio).first()

    @cached_property
    def decision(self) -> DecisionReto | None:
        """La publicada."""
        return DecisionReto.objects.filter(ejercicio=self.ejercicio, publicada_en__isnull=False).first()

    @cached_property
    def apoyos_visibles(self) -> bool:
        return conteos_visibles(self.ejercicio, self.ahora)

    # --- Las propuestas ---------------------------------------------------------------------------

    def propuestas(self):
        """Las públicas: de más a menos apoyadas o, mientras los apoyos se ocultan, por su referencia."""
        publicas = self.ejercicio.propuestas.publicas().select_related("organizacion", "autor__cuenta")
        orden = publicas.mas_apoyadas() if self.apoyos_visibles else publicas.order_by("referencia", "pk")
        return orden.prefetch_related("respuestas_oficiales").defer("descripcion", "descripcion_html", "texto_busqueda")

    @cached_property
    def por_estado(self) -> Counter:
        """Las que se recibieron, que no son los borradores."""
        recibidas = self.ejercicio.propuestas.exclude(estado=EstadoPropuesta.BORRADOR).order_by()
        return Counter(dict(recibidas.values_list("estado").annotate(n=Count("pk"))))

    @cached_property
    def publicas(self) -> int:
        return sum(self.por_resultado.values())

    @cached_property
    def por_resultado(self) -> Counter:
        publicas = self.ejercicio.propuestas.publicas().order_by()
        return Counter({Resultado(r): n for r, n in publicas.values_list("resultado").annotate(n=Count("pk"))})

    @cached_property
    def importadas(self) -> int:
        return self.ejercicio.propuestas.publicas().exclude(fuente="").count()

    # --- La evaluación ------------------------------------------------------------------------------

    def _evaluaciones(self):
        """Las enviadas de las que compiten, como las cuenta la evaluación."""
        compiten = en_evaluacion(self.ejercicio).order_by()
        return Evaluacion.objects.filter(propuesta__in=compiten, estado=EstadoEvaluacion.ENVIADA).order_by()

    @cached_property
    def evaluacion(self) -> Evaluado | None:
        """None hasta que se publique la decisión, o si nadie evaluó."""
        if self.decision is None:
            return None
        sumas = self._evaluaciones().values_list("propuesta").annotate(Sum("total"), Count("pk"))
        medias = [(redondear(suma / n), n) for _propuesta, suma, n in sumas]
        if not medias:
            return None
        return Evaluado(
            jurados=self._evaluaciones().aggregate(n=Count("jurado", distinct=True))["n"],
            propuestas=len(medias),
            evaluaciones=sum(n for _media, n in medias),
            mayor=max(media for media, _n in medias),
            menor=min(media for media, _n in medias),
        )

    def notas_de(self, propuestas: Iterable[Propuesta]) -> dict[int, Resumen]:
        """Las cifras de las que se evaluaron de éstas; ninguna hasta que se publique la decisión."""
        if self.evaluacion is None:
            return {}
        suyas = self._evaluaciones().filter(propuesta__in=[propuesta.pk for propuesta in propuestas])
        resumenes = resumir([Nota(*fila) for fila in suyas.values_list("propuesta", "jurado", "total")])
        return {resumen.propuesta: resumen for resumen in resumenes}

    # --- Quiénes ------------------------------------------------------------------------------------

    @cached_property
    def participacion(self) -> Participacion:
        """Del registro: los actos de quien participa, que son los mismos que cuentan los indicadores.

        El reporte de votos ya dice, de cada propuesta, sus apoyos por grupo. Si casi todo el que participó dio un solo
        apoyo, los totales por grupo menos esos dirían lo que allí se oculta: entonces no se publican (decisión 080).
        """
        actos = Acto.objects.filter(ejercicio=self.ejercicio).de_participacion().order_by()
        suyos = actos.filter(participante__isnull=False)
        ultimos = suyos.values("participante").annotate(ultimo=Max("pk")).values("ultimo")
        actores, areas = Counter(), Counter()
        rasgos = Acto.objects.filter(pk__in=ultimos).order_by().values_list("actor_tipo", "area")
        for actor, area, n in rasgos.annotate(n=Count("pk")):
            actores[actor] += n
            areas[area] += n
        territorios = list(Territorio.objects.filter(sitio=self.ejercicio.sitio_id).values_list("nombre", flat=True))
        canales = dict(actos.exclude(canal=Canal.IMPORTACION).values_list("canal").annotate(n=Count("pk")))
        participantes = actores.total()
        return Participacion(
            participantes=participantes,
            organizaciones=actos.aggregate(n=Count("organizacion", distinct=True))["n"],
            actores=tapar(actores, TipoActor.choices),
            areas=tapar(areas, de_area(territorios, areas)),
            canales=[(str(canal.label), canales[canal]) for canal in Canal if canal in canales],
            se_restaria=self._se_restaria(participantes),
        )

    def _se_restaria(self, participantes: int) -> bool:
        apoyos = Apoyo.objects.filter(ejercicio=self.ejercicio, objeto_tipo=Propuesta._meta.label_lower)
        cuenta = apoyos.aggregate(apoyos=Count("pk"), quienes=Count("participante", distinct=True))
        holgura = cuenta["apoyos"] - cuenta["quienes"] + participantes - cuenta["quienes"]
        return cuenta["apoyos"] > 0 and holgura < MINIMO

    # --- Las respuestas y la satisfacción --------------------------------------------------------------

    @cached_property
    def respuestas(self) -> Respuestas:
        fechas = self.ejercicio.propuestas.publicadas().annotate(primera=Min("respuestas_oficiales__publicada_en"))
        plazo, total, dias, a_tiempo = PlazoRespuesta(self.ejercicio), 0, [], 0
        for publicada_en, primera in fechas.order_by().values_list("publicada_en", "primera"):
            total += 1
            if primera is not None:
                dias.append(dias_entre(publicada_en, primera))
                a_tiempo += plazo.a_tiempo(publicada_en, primera)
        return Respuestas(total, len(dias), a_tiempo, median(dias) if dias else None)

    @cached_property
    def satisfaccion(self) -> list[CifraNombrada]:
        """Lo que publica la encuesta que el reto eligió, si eligió alguna."""
        encuesta = self.reglas and self.reglas.encuesta_satisfaccion
        if not encuesta:
            return []
        return publicadas(encuesta.sitio, encuesta.apertura, self.ahora, encuesta)

    def absoluta(self, ruta: str) -> str:
        return self.request.build_absolute_uri(ruta)


def ultima_y_dias(propuesta: Propuesta) -> tuple[str, datetime | None, int | None]:
    """La respuesta oficial que vale, cuándo se dio la primera y a cuántos días de publicarse la propuesta."""
    respuestas = list(propuesta.respuestas_oficiales.all())  # la última primero
    if not respuestas:
        return "", None, None
    primera = respuestas[-1].publicada_en
    return respuestas[0].texto, primera, dias_entre(propuesta.publicada_en, primera)
