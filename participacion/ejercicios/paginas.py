"""La página que muestra un ejercicio en el idioma de quien mira."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from wagtail.models import Page

from .enums import Fase
from .models import Ejercicio


def paginas_de(ejercicios: Iterable[Ejercicio], modelo: type[Page] = Page) -> dict[UUID, Page]:
    """Por `translation_key`, la página publicada en el idioma actual; sin traducción, la que haya en español.

    Con `modelo`, el tipo de página que todos comparten, cuesta una consulta; sin él, una más por cada tipo.
    """
    idioma = get_language()
    paginas: dict[UUID, Page] = {}
    consulta = modelo.objects.live().filter(translation_key__in=[e.translation_key for e in ejercicios])
    if modelo is Page:
        consulta = consulta.specific()
    for pagina in consulta.select_related("locale"):
        if pagina.translation_key not in paginas or pagina.locale.language_code == idioma:
            paginas[pagina.translation_key] = pagina
    return paginas


@dataclass(frozen=True)
class TarjetaEjercicio:
    """Lo que una lista muestra de un ejercicio en el idioma de quien mira."""

    titulo: str
    url: str
    resumen: str
    tipo: str
    tipo_etiqueta: str
    fase: str
    fase_etiqueta: str
    apertura: datetime
    cierre: datetime | None


def tarjetas(ejercicios, request) -> list[TarjetaEjercicio]:
    """Empareja ejercicios con su página en el idioma actual; sin traducción, con la página en español."""
    ejercicios = list(ejercicios)
    paginas = paginas_de(ejercicios)
    resultado = []
    for ejercicio in ejercicios:
        pagina = paginas.get(ejercicio.translation_key)
        if pagina is None:
            continue
        fase = Fase(ejercicio.fase)
        resultado.append(
            TarjetaEjercicio(
                titulo=pagina.title,
                url=pagina.get_url(request),
                resumen=pagina.resumen,
                tipo=ejercicio.tipo,
                tipo_etiqueta=ejercicio.get_tipo_display(),
                fase=fase.value,
                fase_etiqueta=fase.label,
                apertura=ejercicio.apertura,
                cierre=ejercicio.cierre,
            )
        )
    return resultado
