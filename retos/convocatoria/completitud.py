"""Qué tiene y qué le falta a un reto: los códigos del Menú Participa 6.2.4 y lo que conviene que cuente."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participacion.ejercicios.models import Ejercicio

from ..decision.enums import EstadoDecision
from ..diagnostico.enums import EstadoPregunta
from ..fases import TipoFase
from ..menu import CODIGOS
from ..models import (
    DecisionReto,
    FaseReto,
    Implementacion,
    PreguntaReto,
    Problema,
    Prorroga,
    RetoPage,
    VersionTerminos,
)


class Estado(models.TextChoices):
    CUMPLIDO = "cumplido", gettext_lazy("Cumplido")
    FALTA = "falta", gettext_lazy("Falta")
    DESPUES = "despues", gettext_lazy("Más adelante")
    NO_APLICA = "no_aplica", gettext_lazy("No aplica")


@dataclass(frozen=True)
class Punto:
    """`ancla`: dónde lo muestra el reto, a partir de la dirección de su página; vacía si aún no está."""

    nombre: str
    estado: Estado
    detalle: str
    ancla: str = ""


def hechos(ejercicio: Ejercicio) -> dict:
    """Lo que el reto ya hizo y lo que tiene para mostrar, en una consulta."""
    suyo = {"ejercicio": OuterRef("pk")}
    planes = Implementacion.objects.filter(propuesta__ejercicio=OuterRef("pk"))
    fases = FaseReto.objects.filter(**suyo)
    terminos = VersionTerminos.objects.filter(**suyo).order_by("-numero")
    return (
        Ejercicio.objects.filter(pk=ejercicio.pk)
        .values(
            con_problemas=Exists(Problema.objects.filter(**suyo)),
            con_diagnostico=Exists(fases.filter(tipo=TipoFase.DIAGNOSTICO)),
            con_prototipado=Exists(fases.filter(tipo=TipoFase.PROTOTIPO)),
            decidido=Exists(DecisionReto.objects.filter(**suyo, estado=EstadoDecision.PUBLICADA)),
            con_plan=Exists(planes.filter(hitos__isnull=False)),
            con_prototipo=Exists(planes.exclude(prototipo="", prototipo_enlace="")),
            con_prorrogas=Exists(Prorroga.objects.filter(**suyo)),
            con_preguntas=Exists(PreguntaReto.objects.filter(**suyo, estado=EstadoPregunta.RESPONDIDA)),
            terminos_numero=Subquery(terminos.values("numero")[:1]),
            terminos_desde=Subquery(terminos.values("publicada_en")[:1]),
        )
        .get()
    )


# De una página que nunca se publicó.
SIN_HECHOS = dict.fromkeys(
    ("con_problemas", "con_diagnostico", "con_prototipado", "decidido", "con_plan", "con_prototipo"), False
)


def del_menu(pagina: RetoPage, hecho: dict) -> list[Punto]:
    """De cada código, qué lo cumple; si no, qué hacer, o por qué no aplica."""
    dispensas = {bloque.value["codigo"]: bloque.value["justificacion"] for bloque in pagina.no_aplica}
    puntos = []
    for codigo, nombre in CODIGOS:
        estado, detalle, ancla = _DEL_CODIGO[codigo](pagina, hecho)
        if estado != Estado.CUMPLIDO and codigo in dispensas:
            estado, detalle, ancla = Estado.NO_APLICA, dispensas[codigo], ""
        puntos.append(Punto(nombre, estado, detalle, ancla))
    return puntos


def _a(pagina, hecho):
    if hecho["con_diagnostico"] or hecho["con_problemas"]:
        return Estado.CUMPLIDO, _("La ciudadanía cuenta y prioriza problemas."), "problemas/"
    return Estado.FALTA, _("Añada una fase de diagnóstico, o diga por qué no aplica."), ""


def _b(pagina, hecho):
    if pagina.live:
        return Estado.CUMPLIDO, _("La página del reto es la convocatoria."), "#participar"
    return Estado.FALTA, _("Publique la página: es la convocatoria."), ""


def _c(pagina, hecho):
    if pagina.live:
        return Estado.CUMPLIDO, _("Las propuestas y los apoyos de cada una."), "votos/"
    return Estado.FALTA, _("Se cumple al publicar: el reporte de votos se hace solo."), ""


def _d(pagina, hecho):
    if hecho["decidido"]:
        return Estado.CUMPLIDO, _("La decisión, sus motivos y los criterios."), "#decision"
    if pagina.criterios:
        return Estado.DESPUES, _("Los criterios ya se publican; falta la decisión."), "#criterios"
    return Estado.FALTA, _("Escriba los criterios de evaluación."), ""


def _e(pagina, hecho):
    if hecho["con_plan"]:
        return Estado.CUMPLIDO, _("El plan de trabajo con su avance."), "#seguimiento"
    return Estado.DESPUES, _("Tras la decisión, escriba el plan de trabajo de la propuesta elegida."), ""


def _f(pagina, hecho):
    if hecho["con_prototipo"]:
        return Estado.CUMPLIDO, _("El prototipo o desarrollo."), "#seguimiento"
    if hecho["con_prototipado"]:
        return Estado.DESPUES, _("Se muestra cuando el seguimiento lo anote."), ""
    return Estado.FALTA, _("Añada una fase de prototipo, o diga por qué no aplica."), ""


_DEL_CODIGO = dict(zip((codigo for codigo, _nombre in CODIGOS), (_a, _b, _c, _d, _e, _f), strict=True))

# Lo que una convocatoria completa cuenta, y dónde lo muestra la página. Nada de esto impide publicar.
RECOMENDADOS: tuple[tuple[str, object, object, str], ...] = (
    ("propietario", gettext_lazy("Dueño del problema"), gettext_lazy("Diga qué dependencia vive el problema."), "#problema"),
    ("objetivo", gettext_lazy("Objetivo"), gettext_lazy("Diga qué se quiere lograr."), "#objetivo"),
    ("contexto", gettext_lazy("Contexto"), gettext_lazy("Cuente qué se sabe y qué se intentó."), "#contexto"),
    ("documentos", gettext_lazy("Documentos o datos"), gettext_lazy("Anexe lo que sirva para proponer."), "#documentos"),
    ("cierre", gettext_lazy("Fecha de cierre"), gettext_lazy("Sin ella nadie sabe hasta cuándo proponer."), "#fases"),
    ("fases", gettext_lazy("Fases"), gettext_lazy("Diga cuándo se evalúa, se decide y se implementa."), "#fases"),
    ("quienes", gettext_lazy("Quién puede participar"), gettext_lazy("Explíquelo con palabras."), "#participar"),
    ("criterios", gettext_lazy("Criterios de evaluación"), gettext_lazy("Se publican antes de abrir y ya no cambian."), "#criterios"),
    ("requisitos", gettext_lazy("Requisitos"), gettext_lazy("Lo que una propuesta debe cumplir para evaluarse."), "#requisitos"),
    ("incentivos", gettext_lazy("Premios o apoyo"), gettext_lazy("Diga qué recibe quien resulte elegido."), "#premios"),
    ("propiedad", gettext_lazy("Propiedad intelectual"), gettext_lazy("Diga de quién queda lo que se entregue."), "#propiedad"),
    ("licencias", gettext_lazy("Licencias"), gettext_lazy("Marque entre cuáles elige quien propone."), "#propiedad"),
    ("preguntas_frecuentes", gettext_lazy("Preguntas frecuentes"), gettext_lazy("Responda lo que ya sabe que preguntarán."), "#preguntas"),
    ("responsables", gettext_lazy("Responsables en la entidad"), gettext_lazy("Diga a quién se le pregunta."), "#responsables"),
    ("aliados", gettext_lazy("Organizaciones aliadas"), gettext_lazy("Nombre a quienes acompañan, si los hay."), "#aliados"),
    ("ods", gettext_lazy("Objetivos de Desarrollo Sostenible"), gettext_lazy("Marque a cuáles aporta."), "#ficha"),
    ("imagen", gettext_lazy("Imagen"), gettext_lazy("Ayuda a reconocer el reto."), ""),
)  # fmt: skip


def recomendados(pagina: RetoPage) -> list[Punto]:
    return [
        Punto(str(nombre), Estado.CUMPLIDO, "", ancla) if getattr(pagina, campo) else Punto(str(nombre), Estado.FALTA, str(que))
        for campo, nombre, que, ancla in RECOMENDADOS
    ]


@dataclass(frozen=True)
class Revision:
    menu: list[Punto]
    recomendados: list[Punto]
    url: str

    @property
    def faltan(self) -> int:
        return sum(punto.estado == Estado.FALTA for punto in [*self.menu, *self.recomendados])


def revisar(pagina: RetoPage) -> Revision:
    """`url`: la de la página si está publicada; vacía si todavía no."""
    menu = del_menu(pagina, hechos(pagina.ejercicio) if pagina.ejercicio else SIN_HECHOS)
    return Revision(menu, recomendados(pagina), (pagina.url or "") if pagina.live else "")
