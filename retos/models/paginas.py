from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site

from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import Ejercicio, EjercicioPage
from participacion.ejercicios.paginas import tarjetas

from ..blocks import CriterioBlock, DocumentoBlock, HitoBlock

FORMATO = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]


class RetosIndicePage(Page):
    """La lista de los retos de la entidad."""

    introduccion = RichTextField(_("introducción"), blank=True, features=FORMATO)

    max_count_per_parent = 1
    parent_page_types = ["home.InicioPage"]
    subpage_types = ["retos.RetoPage"]
    content_panels = Page.content_panels + [FieldPanel("introduccion")]

    class Meta:
        verbose_name = _("lista de retos")

    def get_context(self, request, *args, **kwargs):
        contexto = super().get_context(request, *args, **kwargs)
        retos = Ejercicio.objects.publicados().filter(
            sitio=Site.find_for_request(request), tipo=TipoEjercicio.RETO
        )
        contexto["ejercicios"] = tarjetas(retos, request)
        return contexto


class RetoPage(EjercicioPage):
    """Un reto de innovación abierta: un problema de la entidad que otros ayudan a resolver (Menú Participa 6.2.4)."""

    tipo_ejercicio = TipoEjercicio.RETO

    pregunta_central = models.CharField(
        _("pregunta central"), max_length=300, help_text=_("Una pregunta que empiece por «¿Cómo…?»")
    )
    imagen = models.ForeignKey(
        "home.Imagen", verbose_name=_("imagen"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    problema = RichTextField(_("problema"), features=FORMATO)
    contexto = RichTextField(_("contexto"), blank=True, features=FORMATO)
    quienes = RichTextField(_("quién puede participar y cómo"), blank=True, features=FORMATO)
    criterios = StreamField(
        [("criterio", CriterioBlock())], verbose_name=_("criterios de evaluación"), blank=True, use_json_field=True
    )
    cronograma = StreamField([("hito", HitoBlock())], verbose_name=_("cronograma"), blank=True, use_json_field=True)
    terminos = RichTextField(_("términos de participación"), features=FORMATO)
    documentos = StreamField(
        [("documento", DocumentoBlock())], verbose_name=_("documentos anexos"), blank=True, use_json_field=True
    )

    parent_page_types = ["retos.RetosIndicePage"]
    subpage_types: list[str] = []

    content_panels = (
        Page.content_panels
        + [
            FieldPanel("resumen"),
            FieldPanel("pregunta_central"),
            FieldPanel("imagen"),
            MultiFieldPanel([FieldPanel("problema"), FieldPanel("contexto")], heading=_("El problema")),
        ]
        + EjercicioPage.paneles_calendario
        + [
            FieldPanel("quienes"),
            FieldPanel("criterios"),
            FieldPanel("cronograma"),
            FieldPanel("dias_correccion"),
            FieldPanel("terminos"),
            FieldPanel("documentos"),
        ]
    )

    class Meta:
        verbose_name = _("reto")
        verbose_name_plural = _("retos")

    def errores_al_publicar(self):
        errores = super().errores_al_publicar()
        suma = sum(bloque.value["peso"] for bloque in self.criterios)
        if self.criterios and suma != 100:
            errores["criterios"] = _("Los pesos deben sumar 100; ahora suman %(suma)s.") % {"suma": suma}
        return errores

    def get_context(self, request, *args, **kwargs):
        contexto = super().get_context(request, *args, **kwargs)
        contexto.update(reglas=self.reglas, fase=self.reglas.fase, ejercicio=self.ejercicio)
        if self.ejercicio:
            publicas = self.ejercicio.propuestas.publicadas()
            contexto.update(recientes=publicas.con_firma().recientes()[:3], total=publicas.count())
        return contexto
