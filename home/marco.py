"""El marco de la página: lo que rodea al contenido, armado una vez por versión y guardado en `fragmentos`.

Una petición cuesta una consulta, la que lee la versión; el resto sale de la memoria del proceso.
"""

from django.conf import settings
from django.core.cache import caches
from django.db.models import F, Q
from django.http.request import split_domain_port
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.text import Truncator
from django.utils.translation import get_language, override
from wagtail.models import Page, Site

from .models import AjustesSitio
from .texto import html_a_texto, limpiar_linea

MAXIMO_MENU = 7


_SITIO = (
    "hostname", "port", "site_name", "root_page_id", "is_default_site",
    "ajustessitio__version_marco", "ajustessitio__nombre_entidad",
)  # fmt: skip


def ajustes_de(peticion) -> AjustesSitio:
    """Los ajustes del sitio que atiende la petición, con una sola consulta aunque Wagtail no haya buscado el sitio."""
    if hasattr(peticion, "_ajustes_sitio"):
        return peticion._ajustes_sitio
    if not hasattr(peticion, "_wagtail_site"):
        anfitrion = split_domain_port(peticion._get_raw_host())[0]
        candidatos = Site.objects.filter(Q(hostname=anfitrion) | Q(is_default_site=True))
        # De los ajustes, sólo lo que cada petición usa; al rearmar el marco se leen enteros.
        sitios = list(candidatos.select_related("ajustessitio").only(*_SITIO)[:2])
        if len(sitios) == 1:
            peticion._wagtail_site = sitios[0]
    sitio = Site.find_for_request(peticion)
    if "ajustessitio" in sitio._state.fields_cache and sitio.ajustessitio:
        ajustes = sitio.ajustessitio
    else:
        ajustes = AjustesSitio.for_site(sitio)
        ajustes.site = sitio
    peticion._ajustes_sitio = ajustes
    return ajustes


def renovar(**kwargs):
    """Da por viejos los fragmentos guardados en todos los procesos."""
    AjustesSitio.objects.update(version_marco=F("version_marco") + 1)


def guardado(clave: str, armar):
    """Lo que hay en `fragmentos` bajo la clave o, si falta, lo que devuelva `armar()`."""
    memoria = caches["fragmentos"]
    valor = memoria.get(clave)
    if valor is None:
        valor = armar()
        if valor is not None:
            memoria.set(clave, valor)
    return valor


def direccion_de(peticion, pagina) -> str:
    """La dirección de la página, sin preguntar en cada petición de qué sitio cuelga."""
    ajustes = ajustes_de(peticion)
    clave = f"direccion:{ajustes.site.pk}:{ajustes.version_marco}:{pagina.pk}"
    return guardado(clave, lambda: pagina.get_url(peticion))


class Marco:
    """Los trozos del marco para una petición y, si la hay, una página."""

    def __init__(self, peticion, pagina=None):
        self.peticion = peticion
        self.ajustes = ajustes_de(peticion)
        self.sitio = self.ajustes.site
        self.idioma = get_language()
        # En la vista previa la página tiene cambios sin publicar: nada de ella se guarda ni se lee.
        self.guardable = pagina is not None and pagina.pk is not None and not getattr(peticion, "is_preview", False)
        self.pagina = pagina
        self.clave = f"{self.sitio.pk}:{self.ajustes.version_marco}:{self.idioma}"
        seccion = pagina.path[: 3 * Page.steplen] if pagina is not None and pagina.depth >= 3 else ""
        trozos = guardado(f"marco:{self.clave}:{seccion}", lambda: self._armar_marco(seccion))
        self.cabeza, self.superior, self.identidad, self.menu, self.pie, self.inicios, self.portada = trozos

    @property
    def nombre(self):
        return self.ajustes.nombre

    def de_pagina(self) -> dict:
        """Migas, enlaces de la cabeza e idiomas de la página que se muestra."""
        if not self.guardable:
            return self._armar_pagina() if self.pagina is not None else {}
        return guardado(f"pagina:{self.clave}:{self.pagina.pk}", self._armar_pagina)

    def cuerpo(self):
        """El StreamField de la página ya dibujado: sus enlaces, imágenes y documentos no cuestan consultas."""
        if not self.guardable:
            return self.pagina.cuerpo.render_as_block({"request": self.peticion})
        return guardado(
            f"cuerpo:{self.clave}:{self.pagina.pk}",
            lambda: self.pagina.cuerpo.render_as_block({"request": self.peticion}),
        )

    def camino(self, pagina=None) -> list[tuple[str, str]]:
        """Título y dirección de la portada a la página, ella incluida; sin página, sólo la portada."""
        if pagina is None:
            return [self.portada]
        return guardado(f"camino:{self.clave}:{pagina.pk}", lambda: self._armar_camino(pagina))

    def idiomas(self) -> list[dict]:
        """Los otros idiomas en que hay portada, con la dirección de esta misma página si existe en ellos."""
        propias = self.de_pagina().get("idiomas", {}) if self.pagina is not None else self._direcciones_vista()
        return [
            {"codigo": codigo, "nombre": nombre, "url": propias.get(codigo) or self.inicios[codigo]}
            for codigo, nombre in settings.LANGUAGES
            if codigo != self.idioma and codigo in self.inicios
        ]

    def _direcciones_vista(self) -> dict:
        ruta = self.peticion.resolver_match
        # `wagtail_serve` sin página es una dirección que no existe: en otro idioma tampoco.
        if ruta is None or ruta.view_name == "wagtail_serve":
            return {}
        consulta = self.peticion.META.get("QUERY_STRING", "")
        direcciones = {}
        for codigo in self.inicios:
            if codigo != self.idioma:
                with override(codigo):
                    try:
                        url = reverse(ruta.view_name, args=ruta.args, kwargs=ruta.kwargs)
                    except NoReverseMatch:
                        continue
                direcciones[codigo] = f"{url}?{consulta}" if consulta and self.peticion.method == "GET" else url
        return direcciones

    @property
    def raiz(self):
        """La portada en el idioma de la petición; si no la hay, la del sitio."""
        raiz = self.sitio.root_page
        return raiz.get_translations(inclusive=True).filter(locale__language_code=self.idioma).live().first() or raiz

    def _armar_marco(self, seccion: str) -> tuple:
        self.ajustes.refresh_from_db()
        raiz = self.raiz
        inicios = {
            p.locale.language_code: p.get_url(self.peticion)
            for p in self.sitio.root_page.get_translations(inclusive=True).live().public().select_related("locale")
        }
        visibles = Page.objects.descendant_of(raiz).live().public().in_menu().filter(depth__lte=raiz.depth + 2)
        ramas = {}
        for pagina in visibles.order_by("path"):
            clave = pagina.path[: (raiz.depth + 1) * Page.steplen]
            rama = ramas.setdefault(clave, {"hijas": [], "actual": clave == seccion})
            enlace = {"titulo": pagina.title, "url": pagina.get_url(self.peticion)}
            if pagina.depth == raiz.depth + 1:
                rama |= enlace
            else:
                rama["hijas"].append(enlace)
        # Una hija cuya madre no está en el menú no tiene dónde colgar.
        entradas = [rama for rama in ramas.values() if "url" in rama][:MAXIMO_MENU]
        contexto = {
            "ajustes": self.ajustes,
            "nombre": self.nombre,
            "inicio": raiz.get_url(self.peticion),
            "menu": entradas,
            "politicas": self._politicas(),
        }
        nombres = ("cabeza", "superior", "identidad", "menu", "pie")
        return (
            *(render_to_string(f"marco/{n}.html", contexto) for n in nombres),
            inicios,
            (raiz.title, contexto["inicio"]),
        )

    def _politicas(self) -> list[tuple[str, str, str]]:
        paginas = (
            self.ajustes.pagina_terminos,
            self.ajustes.pagina_privacidad,
            self.ajustes.pagina_derechos_autor,
            self.ajustes.pagina_accesibilidad,
        )
        locales = [p.localized for p in paginas if p is not None]
        return [(p.title, p.get_url(self.peticion), p.locale.language_code) for p in locales if p.live]

    def _armar_camino(self, pagina) -> list[tuple[str, str]]:
        arriba = pagina.get_ancestors(inclusive=True).filter(depth__gte=2).live().public()
        return [(p.title, p.get_url(self.peticion)) for p in arriba]

    def _armar_pagina(self) -> dict:
        pagina = self.pagina
        traducciones = {}
        if pagina.pk is not None:
            traducciones = {
                p.locale.language_code: p for p in pagina.get_translations().live().public().select_related("locale")
            }
        madre = pagina.get_parent() if pagina.depth > 2 else None
        camino = self._armar_camino(madre) if madre is not None else []
        # Cada tipo de página se presenta con uno de estos campos; alguno puede traer formato.
        presentacion = getattr(pagina, "introduccion", "") or getattr(pagina, "resumen", "")
        descripcion = pagina.search_description or Truncator(limpiar_linea(html_a_texto(presentacion))).chars(200)
        contexto = {
            "pagina": pagina,
            "descripcion": descripcion,
            "canonica": pagina.full_url,
            "idioma": self.idioma,
            "nombre": self.nombre,
            "traducciones": [(codigo, p.full_url) for codigo, p in traducciones.items()],
        }
        return {
            "descripcion": descripcion,
            "cabeza": render_to_string("marco/cabeza_pagina.html", contexto),
            "migas": dibujar_migas(camino, pagina.title) if camino else "",
            "idiomas": {codigo: p.get_url(self.peticion) for codigo, p in traducciones.items()},
        }


def dibujar_migas(camino, actual) -> str:
    return render_to_string("componentes/migas.html", {"camino": camino, "actual": actual})
