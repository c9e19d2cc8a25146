from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as DocumentoWagtail
from wagtail.fields import StreamField
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as ImagenWagtail
from wagtail.models import Page
from wagtail.search import index

from .blocks import CuerpoBlock


class Imagen(AbstractImage):
    admin_form_fields = ImagenWagtail.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("imagen")
        verbose_name_plural = _("imágenes")


class Rendition(AbstractRendition):
    image = models.ForeignKey(Imagen, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_unica")
        ]


class Documento(AbstractDocument):
    """Un archivo publicado. La Resolución 1519 de 2020 pide mostrar la fecha de publicación de cada uno."""

    fecha_publicacion = models.DateField(_("fecha de publicación"), default=timezone.localdate)

    admin_form_fields = (*DocumentoWagtail.admin_form_fields, "fecha_publicacion")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("documento")
        verbose_name_plural = _("documentos")


class InicioPage(Page):
    """La portada de un sitio en un idioma."""

    pregunta = models.CharField(
        _("pregunta"),
        max_length=120,
        default="¿Qué problema resolvemos juntos?",
        help_text=_("El titular de la portada."),
    )
    introduccion = models.TextField(_("introducción"), max_length=400, blank=True)
    cuerpo = StreamField(CuerpoBlock(), blank=True, verbose_name=_("cuerpo"))

    parent_page_types = ["wagtailcore.Page"]
    template = "home/inicio_page.html"
    content_panels = [*Page.content_panels, FieldPanel("pregunta"), FieldPanel("introduccion"), FieldPanel("cuerpo")]
    search_fields = [*Page.search_fields, index.SearchField("introduccion"), index.SearchField("cuerpo")]

    class Meta:
        verbose_name = _("portada")
        verbose_name_plural = _("portadas")


class ContenidoPage(Page):
    """Una página de información: normas, preguntas frecuentes, políticas."""

    introduccion = models.TextField(_("introducción"), max_length=400, blank=True)
    cuerpo = StreamField(CuerpoBlock(), blank=True, verbose_name=_("cuerpo"))

    parent_page_types = ["home.InicioPage", "home.ContenidoPage"]
    template = "home/contenido_page.html"
    content_panels = [*Page.content_panels, FieldPanel("introduccion"), FieldPanel("cuerpo")]
    search_fields = [*Page.search_fields, index.SearchField("introduccion"), index.SearchField("cuerpo")]

    class Meta:
        verbose_name = _("página de contenido")
        verbose_name_plural = _("páginas de contenido")


class Licencia(models.TextChoices):
    """Licencias abiertas que admite la guía de datos abiertos de MinTIC; el valor es su dirección."""

    CC_BY = "https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"
    CC_BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"
    CC0 = "https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"


def _politica(etiqueta):
    return models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=etiqueta
    )


@register_setting(icon="site")
class AjustesSitio(BaseSiteSetting):
    """Lo que identifica a la entidad en la cabecera y el pie (anexo 2 de la Resolución 1519 de 2020).

    `version_marco` crece con cada cambio visible en el marco; las claves de `fragmentos` la llevan.
    """

    nombre_entidad = models.CharField(
        _("nombre de la entidad"), max_length=150, blank=True, help_text=_("Vacío: el nombre del sitio.")
    )
    logo = models.ForeignKey(
        Imagen, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("logo")
    )
    direccion = models.CharField(_("dirección"), max_length=150, blank=True)
    municipio = models.CharField(
        _("municipio y departamento"), max_length=100, blank=True, help_text=_("Por ejemplo: Cartago, Valle del Cauca.")
    )
    codigo_postal = models.CharField(_("código postal"), max_length=10, blank=True)
    horario = models.CharField(_("horario de atención"), max_length=150, blank=True)
    telefono = models.CharField(_("teléfono"), max_length=40, blank=True, help_text=_("Con indicativo: +57 602 …"))
    linea_gratuita = models.CharField(_("línea gratuita"), max_length=40, blank=True)
    linea_anticorrupcion = models.CharField(_("línea anticorrupción"), max_length=40, blank=True)
    correo_atencion = models.EmailField(_("correo de atención"), blank=True)
    correo_judicial = models.EmailField(_("correo de notificaciones judiciales"), blank=True)
    facebook = models.URLField("Facebook", blank=True)
    instagram = models.URLField("Instagram", blank=True)
    x = models.URLField("X", blank=True)
    youtube = models.URLField("YouTube", blank=True)
    pagina_terminos = _politica(_("términos y condiciones"))
    pagina_privacidad = _politica(_("política de tratamiento de datos personales"))
    pagina_derechos_autor = _politica(_("política de derechos de autor"))
    pagina_accesibilidad = _politica(_("declaración de accesibilidad"))
    licencia = models.URLField(
        _("licencia de los datos abiertos"),
        choices=Licencia,
        default=Licencia.CC_BY,
        help_text=_("La que se propone por defecto."),
    )
    version_marco = models.PositiveIntegerField(default=1, editable=False)

    panels = [
        MultiFieldPanel([FieldPanel("nombre_entidad"), FieldPanel("logo")], _("Identidad")),
        MultiFieldPanel(
            [
                FieldPanel(campo)
                for campo in (
                    "direccion",
                    "municipio",
                    "codigo_postal",
                    "horario",
                    "telefono",
                    "linea_gratuita",
                    "linea_anticorrupcion",
                    "correo_atencion",
                    "correo_judicial",
                )
            ],
            _("Contacto"),
        ),
        MultiFieldPanel(
            [FieldPanel(campo) for campo in ("facebook", "instagram", "x", "youtube")], _("Redes sociales")
        ),
        MultiFieldPanel(
            [
                FieldPanel(campo)
                for campo in ("pagina_terminos", "pagina_privacidad", "pagina_derechos_autor", "pagina_accesibilidad")
            ],
            _("Políticas"),
        ),
        FieldPanel("licencia"),
    ]

    class Meta:
        verbose_name = _("datos de la entidad")
        verbose_name_plural = _("datos de la entidad")

    def save(self, *args, **kwargs):
        # Con F(): quien guarda el formulario leyó la versión antes, y otra página pudo hacerla crecer entretanto.
        if not self._state.adding:
            self.version_marco = models.F("version_marco") + 1
        super().save(*args, **kwargs)
        self.refresh_from_db(fields=["version_marco"])

    @property
    def nombre(self) -> str:
        return self.nombre_entidad or self.site.site_name

    @property
    def redes(self) -> list[tuple[str, str]]:
        """Nombre y dirección de las redes sociales que la entidad declaró."""
        campos = [self._meta.get_field(nombre) for nombre in ("facebook", "instagram", "x", "youtube")]
        return [(c.verbose_name, url) for c in campos if (url := getattr(self, c.name))]
