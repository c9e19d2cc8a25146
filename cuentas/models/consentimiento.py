from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site

from ..blocks import FinalidadesBlock
from ..consentimiento.editor import PoliticaPageForm
from ..enums import CanalConsentimiento, Finalidad
from ..querysets import ConsentimientoQuerySet, VersionPoliticaQuerySet
from .cuentas import Participante


class PoliticaPage(Page):
    """La política de tratamiento de datos personales (Ley 1581 de 2012; Decreto 1377 de 2013, art. 13).

    Publicarla en español con un texto distinto crea una versión nueva y pide otra vez la autorización;
    publicar su traducción añade ese idioma a la versión vigente.
    """

    cuerpo = RichTextField(
        _("texto de la política"),
        features=["h2", "h3", "bold", "italic", "ol", "ul", "link"],
        help_text=_("Quién responde, para qué, qué derechos hay y cómo se ejercen."),
    )
    finalidades = StreamField(
        FinalidadesBlock(),
        verbose_name=_("finalidades"),
        help_text=_("Cada una se autoriza aparte, en su propia casilla sin marcar."),
    )

    max_count_per_parent = 1
    parent_page_types = ["home.InicioPage"]
    subpage_types: list[str] = []
    template = "cuentas/politica_page.html"
    private_page_options: list[str] = []
    base_form_class = PoliticaPageForm
    content_panels = [*Page.content_panels, FieldPanel("cuerpo"), FieldPanel("finalidades")]

    class Meta:
        verbose_name = _("política de datos personales")
        verbose_name_plural = _("políticas de datos personales")

    def publish(self, revision, *args, **kwargs):
        """Publicar la página y guardar la versión es un solo hecho: los dos o ninguno."""
        with transaction.atomic():
            return super().publish(revision, *args, **kwargs)


class VersionPolitica(models.Model):
    """El texto exacto de la política en un idioma, tal como se publicó. No se cambia ni se borra."""

    sitio = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    numero = models.PositiveIntegerField(help_text=_("El mismo en todos los idiomas; crece al publicar en español."))
    idioma = models.CharField(max_length=10)
    titulo = models.CharField(max_length=255)
    cuerpo = models.TextField()
    finalidades = models.JSONField(help_text=_("Lista de {clave, texto}, en el orden en que se muestran."))
    texto_hash = models.CharField(max_length=64, help_text=_("SHA-256 de título, cuerpo y finalidades."))
    publicada_en = models.DateTimeField(db_default=Now())

    objects = VersionPoliticaQuerySet.as_manager()

    class Meta:
        verbose_name = _("versión de la política")
        verbose_name_plural = _("versiones de la política")
        default_permissions = []
        ordering = ["-numero", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sitio", "numero", "idioma", "texto_hash"], name="version_politica_unica")
        ]

    def __str__(self):
        return f"política {self.numero} ({self.idioma})"

    def texto_de(self, finalidad: str) -> str:
        """Las palabras exactas con que se pidió esa finalidad."""
        return next((f["texto"] for f in self.finalidades if f["clave"] == finalidad), "")


class Consentimiento(models.Model):
    """La prueba de una autorización: qué finalidad, con qué texto, cuándo y por qué canal (Ley 1581, art. 9 y 12)."""

    participante = models.ForeignKey(Participante, on_delete=models.CASCADE, related_name="consentimientos")
    version = models.ForeignKey(VersionPolitica, on_delete=models.PROTECT, related_name="consentimientos")
    finalidad = models.CharField(max_length=30, choices=Finalidad)
    texto_hash = models.CharField(max_length=64)
    canal = models.CharField(max_length=20, choices=CanalConsentimiento)
    otorgado_en = models.DateTimeField(db_default=Now())
    revocado_en = models.DateTimeField(null=True, blank=True)

    objects = ConsentimientoQuerySet.as_manager()

    class Meta:
        verbose_name = _("autorización")
        verbose_name_plural = _("autorizaciones")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["participante", "version", "finalidad"],
                condition=models.Q(revocado_en__isnull=True),
                name="consentimiento_vigente_unico",
            )
        ]

    def __str__(self):
        return f"autorización {self.finalidad} de {self.participante}"
