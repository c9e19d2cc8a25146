"""La página que muestra un ejercicio en el idioma de quien mira."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from wagtail import hooks
from wagtail.models import Page

from home.marco import ajustes_de, guardado

from .enums import Fase
from .models import Ejercicio, EjercicioPage


def paginas_de(ejercicios: Iterable[Ejercicio]) -> dict[UUID, Page]:
    """Por `translation_key`, la página que cualquiera puede ver, en el idioma actual o, si no la hay, en español."""
    idioma = get_language()
    paginas: dict[UUID, Page] = {}
    consulta = Page.objects.live().public().filter(translation_key__in=[e.translation_key for e in ejercicios])
    for pagina in consulta.select_related("locale").specific():
        if pagina.translation_key not in paginas or pagina.locale.language_code == idioma:
            paginas[pagina.translation_key] = pagina
    return paginas


def _recordar(peticion, clave: str, buscar):
    """Lo que se sabe de una página vale hasta que se publique, mueva o restrinja alguna: lo dice la versión del marco."""
    ajustes = ajustes_de(peticion)
    return guardado(f"{clave}:{ajustes.site.pk}:{ajustes.version_marco}:{get_language()}", buscar)


def pagina_de(peticion, ejercicio: Ejercicio, modelo: type[EjercicioPage]) -> EjercicioPage | None:
    """La página publicada de un ejercicio en el idioma actual o, si no la hay, en español."""
    idioma = get_language()

    def buscar():
        publicadas = modelo.objects.live().filter(translation_key=ejercicio.translation_key)
        publicadas = publicadas.select_related("locale").only(*modelo.CAMPOS_LISTA)
        return min(publicadas, key=lambda pagina: pagina.locale.language_code != idioma, default=None)

    return _recordar(peticion, f"pagina-de:{ejercicio.pk}", buscar)


def pagina_por_ruta(peticion, ruta: str, modelo: type[EjercicioPage]) -> EjercicioPage | None:
    """La página publicada cuya dirección en el idioma actual es `/<ruta>/`."""

    def buscar():
        publicadas = modelo.objects.live().select_related("locale").only(*modelo.CAMPOS_LISTA)
        candidatas = publicadas.filter(slug=ruta.rpartition("/")[2], locale__language_code=get_language())
        # La dirección de una página de otro sitio lleva su servidor: no empieza por «/».
        direcciones = ((p, p.get_url(peticion) or "") for p in candidatas)
        return next((p for p, url in direcciones if url.startswith("/") and url.endswith(f"/{ruta}/")), None)

    return _recordar(peticion, f"pagina-en:{ruta}", buscar)


def esta_restringida(peticion, pagina: Page) -> bool:
    """Si para ver la página Wagtail pide entrar, una clave o un grupo."""
    return bool(
        _recordar(peticion, f"restringida:{pagina.pk}", lambda: int(pagina.get_view_restrictions().exists()))
    )


def servir_como_pagina(peticion, pagina: Page, vista):
    """La respuesta de `vista()` si quien pide cumple las restricciones de la página; si no, la que da Wagtail."""
    if not esta_restringida(peticion, pagina):
        return vista()

    def servir(_pagina, _peticion, _args, _kwargs):
        return vista()

    for gancho in reversed(hooks.get_hooks("on_serve_page")):
        servir = gancho(servir)
    return servir(pagina, peticion, (), {})


def cumple_restricciones(peticion, pagina: Page) -> bool:
    """Si quien pide ya cumple las restricciones de la página: sus ganchos dejan pasar la respuesta tal cual."""
    paso = HttpResponse()
    return servir_como_pagina(peticion, pagina, lambda: paso) is paso


@dataclass(frozen=True)
class TarjetaEjercicio:
    """Lo que una lista muestra de un ejercicio en el idioma de quien mira."""

    titulo: str
    idioma: str
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
                idioma=pagina.locale.language_code,
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
