"""Lo que la página de un reto y la lista de retos muestran de su convocatoria."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from home.marco import direccion_de
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio

from ..diagnostico.enums import EstadoPregunta
from ..enums import Licencia
from ..fases import Accion, Calendario, FaseProgramada, armar, calendario_de
from ..models import PreguntaReto, Prorroga, RetoPage
from .completitud import SIN_HECHOS, del_menu, hechos
from .comprobacion import calendario_de_pagina
from .enums import Ods

PREGUNTAS_A_LA_VISTA = 5

# Lo que puede hacer la ciudadanía, con su botón: la primera que se pueda es la principal.
BOTONES = (
    (Accion.PROPONER, "proponer/", _("Enviar una propuesta"), "pencil-square"),
    (Accion.POSTULAR, "problemas/nuevo/", _("Contar un problema"), "pencil-square"),
    (Accion.PRIORIZAR, "problemas/", _("Priorizar los problemas"), "hand-thumb-up"),
    (Accion.APOYAR, "propuestas/", _("Apoyar propuestas"), "hand-thumb-up"),
    (Accion.PREGUNTAR, "preguntas/", _("Hacer una pregunta"), "question-mark-circle"),
)


@dataclass(frozen=True)
class Paso:
    """Una fase en la línea de tiempo."""

    programada: FaseProgramada
    estado: Fase

    @property
    def es_actual(self) -> bool:
        return self.estado == Fase.ABIERTA


@dataclass(frozen=True)
class Boton:
    etiqueta: str
    url: str
    icono: str


def _botones(calendario: Calendario, ahora: datetime, *, sellado: bool, url: str) -> list[Boton]:
    abierta = calendario.permite(Accion.PROPONER, ahora)
    return [
        Boton(etiqueta, f"{url}{ruta}", icono)
        for accion, ruta, etiqueta, icono in BOTONES
        if calendario.permite(accion, ahora)
        # Selladas no hay qué apoyar hasta que cierre la convocatoria.
        and not (accion == Accion.APOYAR and sellado and abierta)
    ]


def convocatoria(request, pagina: RetoPage) -> dict:
    """Calendario, qué se puede hacer ahora, criterios con su huella, preguntas y códigos del Menú Participa."""
    ejercicio, ahora = pagina.ejercicio, timezone.now()
    calendario = calendario_de(ejercicio) if ejercicio else calendario_de_pagina(pagina)
    reto = getattr(ejercicio, "reto", None) if ejercicio else None
    hecho = hechos(ejercicio) if ejercicio else SIN_HECHOS
    url = direccion_de(request, pagina) if pagina.live else ""
    contexto = {
        "url": url,
        "pasos": [Paso(fase, fase.en(ahora)) for fase in calendario.fases],
        "actual": calendario.actual(ahora),
        "siguiente": calendario.siguiente(ahora),
        "licencias": [Licencia(valor).label for valor in (reto or pagina).licencias],
        "ods": [Ods(numero).label for numero in pagina.ods],
        "menu_participa": del_menu(pagina, hecho),
        "reglas_reto": reto,
    }
    if ejercicio and ejercicio.publicado:
        sellado = bool(reto and reto.sellado)
        contexto["botones"] = _botones(calendario, ahora, sellado=sellado, url=url)
        contexto["version_terminos"] = {"numero": hecho["terminos_numero"], "publicada_en": hecho["terminos_desde"]}
        if hecho["con_prorrogas"]:
            contexto["prorrogas"] = [_prorroga(fila) for fila in ejercicio.prorrogas.all()]
        if hecho["con_preguntas"]:
            contexto["preguntas"] = respondidas(ejercicio)[:PREGUNTAS_A_LA_VISTA]
        contexto["recibe_preguntas"] = calendario.permite(Accion.PREGUNTAR, ahora)
    return contexto


def _prorroga(prorroga: Prorroga) -> dict:
    campos = ("antes", "despues", "motivo", "en")
    return {"fase": prorroga.get_fase_display(), **{campo: getattr(prorroga, campo) for campo in campos}}


def respondidas(ejercicio: Ejercicio):
    """Las preguntas con respuesta oficial, la más nueva primero."""
    publicas = PreguntaReto.objects.filter(ejercicio=ejercicio, estado=EstadoPregunta.RESPONDIDA)
    return publicas.order_by("-respondida_en", "-pk")


@dataclass(frozen=True)
class Ficha:
    """Un reto en la lista: su página en el idioma de quien mira, y en qué va."""

    pagina: RetoPage
    url: str
    actual: FaseProgramada | None
    siguiente: FaseProgramada | None
    ultima: FaseProgramada


ABIERTOS, PROXIMOS, EN_CURSO, TERMINADOS = (
    _("Participe ahora"), _("Abren pronto"), _("En estudio o en marcha"), _("Terminados"),
)  # fmt: skip


def _grupo(calendario: Calendario, ahora: datetime):
    if any(calendario.permite(accion, ahora) for accion, *_resto in BOTONES):
        return ABIERTOS
    if all(fase.en(ahora) == Fase.PROXIMA for fase in calendario.fases):
        return PROXIMOS
    if any(fase.en(ahora) != Fase.CERRADA for fase in calendario.fases):
        return EN_CURSO
    return TERMINADOS


def _paginas(ejercicios: list[Ejercicio]) -> dict:
    """Por `translation_key`, la página que cualquiera puede ver, en el idioma actual o, si no la hay, en español."""
    idioma = get_language()
    publicas = RetoPage.objects.live().public().filter(translation_key__in=[e.translation_key for e in ejercicios])
    publicas = publicas.select_related("locale").only(*RetoPage.CAMPOS_LISTA)
    orden = sorted(publicas, key=lambda pagina: pagina.locale.language_code == idioma)
    return {pagina.translation_key: pagina for pagina in orden}


def grupos(request, retos: Iterable[Ejercicio]) -> list[tuple[str, list[Ficha]]]:
    """Los retos repartidos por lo que hoy se puede hacer en ellos: primero los abiertos, al final los terminados."""
    ejercicios, ahora = list(retos.prefetch_related("fases")), timezone.now()
    paginas = _paginas(ejercicios)
    reparto: dict[str, list[Ficha]] = {grupo: [] for grupo in (ABIERTOS, PROXIMOS, EN_CURSO, TERMINADOS)}
    for ejercicio in ejercicios:
        if pagina := paginas.get(ejercicio.translation_key):
            calendario = armar(ejercicio, ejercicio.fases.all())
            fases = calendario.actual(ahora), calendario.siguiente(ahora), calendario.fases[-1]
            ficha = Ficha(pagina, pagina.get_url(request), *fases)
            reparto[_grupo(calendario, ahora)].append(ficha)
    return [(str(grupo), fichas) for grupo, fichas in reparto.items() if fichas]
