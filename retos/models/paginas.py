from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site
from wagtail_localize.fields import SynchronizedField

from cuentas.models import Territorio
from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import Ejercicio, EjercicioPage
from participacion.formularios import construccion
from participacion.formularios.actions import publicar_textos
from participacion.formularios.blocks import FormularioBlock
from participacion.formularios.definicion import Formulario, textos_de

from ..blocks import (
    AliadoBlock,
    CriterioBlock,
    DocumentoBlock,
    FaseBlock,
    HitoBlock,
    NoAplicaBlock,
    PreguntaFrecuenteBlock,
    RequisitoBlock,
    ResponsableBlock,
)
from ..convocatoria.editor import CompletitudPanel, RetoPageForm
from .reglas import ReglasReto

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
        from ..convocatoria.presentacion import grupos

        contexto = super().get_context(request, *args, **kwargs)
        retos = Ejercicio.objects.publicados().filter(
            sitio=Site.find_for_request(request), tipo=TipoEjercicio.RETO
        )
        return contexto | {"grupos": grupos(request, retos)}


class RetoPage(EjercicioPage, ReglasReto):  # noqa: DJ008 -- el de Page
    """Un reto de innovación abierta: un problema de la entidad que otros ayudan a resolver (Menú Participa 6.2.4)."""

    tipo_ejercicio = TipoEjercicio.RETO

    pregunta_central = models.CharField(
        _("pregunta central"), max_length=300, help_text=_("Una pregunta que empiece por «¿Cómo…?»")
    )
    imagen = models.ForeignKey(
        "home.Imagen", verbose_name=_("imagen"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    propietario = models.CharField(
        _("dueño del problema"), max_length=200, blank=True, help_text=_("La dependencia o persona que vive el problema y usará la solución.")
    )
    objetivo = RichTextField(_("objetivo"), blank=True, features=FORMATO)
    problema = RichTextField(_("problema"), features=FORMATO)
    contexto = RichTextField(_("contexto"), blank=True, features=FORMATO)
    quienes = RichTextField(_("quién puede participar y cómo"), blank=True, features=FORMATO)
    incentivos = RichTextField(
        _("premios o apoyo"), blank=True, features=FORMATO, help_text=_("Qué recibe quien resulte elegido.")
    )
    propiedad = RichTextField(
        _("propiedad intelectual"), blank=True, features=FORMATO, help_text=_("De quién queda lo que se entregue y qué se puede reservar.")
    )
    fases = StreamField(
        [("fase", FaseBlock())],
        verbose_name=_("fases"),
        blank=True,
        use_json_field=True,
        help_text=_("Además de la convocatoria, que va de la apertura al cierre. En orden y sin cruzarse."),
    )
    motivo_prorroga = models.CharField(
        _("motivo de la prórroga"),
        max_length=500,
        blank=True,
        help_text=_("Obligatorio si amplía el plazo de una fase que ya abrió. Se publica y se avisa a quienes participan."),
    )
    requisitos = StreamField(
        [("requisito", RequisitoBlock())], verbose_name=_("requisitos"), blank=True, use_json_field=True
    )
    formulario = StreamField(
        FormularioBlock(),
        verbose_name=_("preguntas de la propuesta"),
        blank=True,
        help_text=_("Además de título, resumen y descripción. Lo que marque «sólo para el personal» es confidencial."),
    )
    preguntas_frecuentes = StreamField(
        [("pregunta", PreguntaFrecuenteBlock())], verbose_name=_("preguntas frecuentes"), blank=True, use_json_field=True
    )
    responsables = StreamField(
        [("responsable", ResponsableBlock())], verbose_name=_("responsables en la entidad"), blank=True, use_json_field=True
    )
    aliados = StreamField([("aliado", AliadoBlock())], verbose_name=_("organizaciones aliadas"), blank=True, use_json_field=True)
    ods = models.JSONField(_("Objetivos de Desarrollo Sostenible"), default=list, blank=True)
    no_aplica = StreamField(
        [("codigo", NoAplicaBlock())],
        verbose_name=_("códigos del Menú Participa que no aplican"),
        blank=True,
        use_json_field=True,
    )
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

    override_translatable_fields = [
        *EjercicioPage.override_translatable_fields,
        *(SynchronizedField(campo, overridable=False) for campo in [*ReglasReto.CAMPOS_RETO, "fases", "ods", "motivo_prorroga"]),
    ]
    base_form_class = RetoPageForm
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    *Page.content_panels,
                    FieldPanel("resumen"),
                    FieldPanel("pregunta_central"),
                    FieldPanel("imagen"),
                    MultiFieldPanel(
                        [FieldPanel("propietario"), FieldPanel("objetivo"), FieldPanel("problema"), FieldPanel("contexto")],
                        heading=_("El problema"),
                    ),
                    FieldPanel("documentos"),
                    FieldPanel("ods"),
                ],
                heading=_("El reto"),
            ),
            ObjectList(
                [
                    EjercicioPage.paneles_calendario[0],
                    FieldPanel("fases"),
                    FieldPanel("motivo_prorroga"),
                    FieldPanel("cronograma"),
                    EjercicioPage.paneles_calendario[1],
                    FieldPanel("quienes"),
                ],
                heading=_("Fechas y quién"),
            ),
            ObjectList(
                [
                    FieldPanel("formulario"),
                    FieldPanel("dias_correccion"),
                    MultiFieldPanel(
                        [FieldPanel("incentivos"), FieldPanel("propiedad"), FieldPanel("licencias")],
                        heading=_("Premios y propiedad intelectual"),
                    ),
                    FieldPanel("terminos", help_text=_("Cambiarlos publica otra versión; cada quien queda con la que aceptó.")),
                ],
                heading=_("Qué se envía"),
            ),
            ObjectList(
                [
                    FieldPanel(
                        "criterios",
                        help_text=_("Los pesos suman 100. Se publican antes de abrir; desde la apertura ya no cambian."),
                    ),
                    FieldPanel("requisitos", help_text=_("Desde la apertura ya no cambian.")),
                    MultiFieldPanel(
                        [FieldPanel("sellado"), FieldPanel("evaluacion_ciega"), FieldPanel("evaluaciones_minimas")],
                        heading=_("Evaluación"),
                    ),
                    MultiFieldPanel(
                        [FieldPanel("modo_apoyo"), FieldPanel("maximo_apoyos"), FieldPanel("ocultar_apoyos")],
                        heading=_("Apoyo ciudadano"),
                    ),
                    FieldPanel("encuesta_satisfaccion"),
                ],
                heading=_("Cómo se elige"),
            ),
            ObjectList(
                [FieldPanel("preguntas_frecuentes"), FieldPanel("responsables"), FieldPanel("aliados")],
                heading=_("Contactos"),
            ),
            ObjectList([CompletitudPanel(), FieldPanel("no_aplica")], heading=_("Qué falta")),
            ObjectList(Page.promote_panels, heading=_("Promocionar")),
            ObjectList(Page.settings_panels, heading=_("Configuración")),
        ]
    )

    class Meta:
        verbose_name = _("reto")
        verbose_name_plural = _("retos")

    def construir_formulario(self) -> Formulario:
        """Lo que preguntan los bloques de esta página, además de lo común a toda propuesta."""
        return construccion.construir(self.formulario, Territorio.objects.filter(sitio=self.get_site()))

    def publicar_en(self, ejercicio):
        from ..convocatoria.publicacion import publicar_reto

        publicar_reto(pagina=self, ejercicio=ejercicio)

    def publicar_traduccion_en(self, ejercicio):
        textos = textos_de(self.construir_formulario())
        publicar_textos(ejercicio=ejercicio, idioma=self.locale.language_code, textos=textos)

    def errores_al_publicar(self):
        from ..convocatoria.comprobacion import errores

        return super().errores_al_publicar() or errores(self)

    def publish(self, revision, user=None, **kwargs):
        from ..convocatoria.prorrogas import publicando

        with publicando(self, revision, user):
            return super().publish(revision, user=user, **kwargs)

    def get_sitemap_urls(self, request=None):
        from ..informe.presentacion import en_el_mapa

        return [*super().get_sitemap_urls(request), *en_el_mapa(self, request)]

    def get_context(self, request, *args, **kwargs):
        from ..convocatoria.presentacion import convocatoria
        from ..partes import en_reto

        contexto = super().get_context(request, *args, **kwargs)
        contexto.update(reglas=self.reglas, fase=self.reglas.fase, ejercicio=self.ejercicio, **convocatoria(request, self))
        if self.ejercicio:
            publicas = self.ejercicio.propuestas.publicadas()
            contexto.update(recientes=publicas.con_firma().recientes()[:3], total=publicas.count())
            contexto.update(en_reto(request, self, self.ejercicio))
        return contexto
