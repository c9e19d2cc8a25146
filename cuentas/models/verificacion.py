from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ..enums import EstadoPadron, NivelVerificacion
from ..querysets import VerificacionQuerySet
from .cuentas import Participante
from .soportes import Soporte


class Padron(models.Model):
    """Un registro de documentos que la entidad conoce (suscriptores, votantes…), guardado sólo como HMAC.

    Cada padrón lleva su sal: el mismo documento no se reconoce entre dos. Vale sólo en estado «vigente»:
    mientras se carga, nadie se verifica con él.
    """

    sitio = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    nombre = models.CharField(_("nombre"), max_length=120)
    sal = models.CharField(max_length=64, editable=False)
    pide_fecha = models.BooleanField(
        _("pide la fecha de expedición"),
        default=False,
        help_text=_("El archivo la trae: además del número, la persona deberá escribir cuándo se expidió su documento."),
    )
    estado = models.CharField(_("estado"), max_length=20, choices=EstadoPadron, default=EstadoPadron.CARGANDO)
    total = models.PositiveIntegerField(_("documentos"), default=0)
    cargados = models.PositiveIntegerField(default=0)
    archivo = models.CharField(max_length=100, blank=True, editable=False, help_text=_("Los HMAC por cargar."))
    creado_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    creado_en = models.DateTimeField(auto_now_add=True)
    vigente_en = models.DateTimeField(null=True, blank=True)
    retirado_en = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("padrón")
        verbose_name_plural = _("padrones")
        ordering = ["-creado_en", "-pk"]

    def __str__(self):
        return self.nombre


class DocumentoPadron(models.Model):
    """Un documento de un padrón: su HMAC y nada más."""

    padron = models.ForeignKey(Padron, on_delete=models.CASCADE, related_name="documentos")
    hmac = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("documento de padrón")
        verbose_name_plural = _("documentos de padrón")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["padron", "hmac"], name="documento_unico_por_padron")]

    def __str__(self):
        return f"documento {self.pk} del padrón {self.padron_id}"


class Verificacion(models.Model):
    """Una comprobación de que la persona es quien dice ser: por un padrón (nivel 2) o ante el personal (nivel 3)."""

    participante = models.ForeignKey(Participante, on_delete=models.CASCADE, related_name="verificaciones")
    nivel = models.PositiveSmallIntegerField(_("nivel"), choices=NivelVerificacion)
    padron = models.ForeignKey(Padron, null=True, blank=True, on_delete=models.PROTECT, related_name="verificaciones")
    verificada_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    verificada_en = models.DateTimeField(auto_now_add=True)
    nota = models.TextField(_("qué se comprobó"), max_length=1000, blank=True)
    soporte = models.ForeignKey(Soporte, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    anulada_en = models.DateTimeField(null=True, blank=True)
    motivo_anulacion = models.TextField(max_length=1000, blank=True)

    objects = VerificacionQuerySet.as_manager()
    class Meta:
        verbose_name = _("verificación")
        verbose_name_plural = _("verificaciones")
        ordering = ["-verificada_en", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participante", "nivel"],
                condition=models.Q(anulada_en__isnull=True),
                name="verificacion_vigente_unica",
            )
        ]

    def __str__(self):
        return f"verificación {self.pk} de {self.participante}"
