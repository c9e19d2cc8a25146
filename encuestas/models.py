from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks import CuerpoBlock
from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import EjercicioPage


class EncuestaPage(EjercicioPage):
    """Una consulta con preguntas: hoy publica su propósito, su contenido y su calendario."""

    tipo_ejercicio = TipoEjercicio.ENCUESTA

    proposito = models.TextField(
        _("propósito"), max_length=600, help_text=_("Para qué se hace y qué pasará con lo que se diga.")
    )
    cuerpo = StreamField(CuerpoBlock(), verbose_name=_("contenido"), blank=True)

    parent_page_types = ["home.InicioPage", "home.ContenidoPage"]
    subpage_types: list[str] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("resumen"),
        FieldPanel("proposito"),
        FieldPanel("cuerpo"),
        *EjercicioPage.paneles_calendario,
    ]
    search_fields = [*Page.search_fields, index.SearchField("proposito"), index.SearchField("cuerpo")]

    class Meta:
        verbose_name = _("encuesta")
        verbose_name_plural = _("encuestas")

    def get_context(self, request, *args, **kwargs):
        reglas = self.reglas
        return {**super().get_context(request, *args, **kwargs), "reglas": reglas, "fase": reglas.fase}
