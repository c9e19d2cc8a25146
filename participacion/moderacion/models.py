from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from participacion.ejercicios.models import Ejercicio, ReferenciaObjeto

from .enums import CON_MOTIVO, Decision
from .querysets import EntradaQuerySet


class Entrada(ReferenciaObjeto):
    """Algo que espera moderación, o la decisión que recibió. Cada envío abre una entrada nueva:
    las decididas son la historia de moderación del objeto."""

    sitio = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="entradas_moderacion")
    titulo = models.CharField(_("título"), max_length=255)
    remitente = models.CharField(_("remitente"), max_length=20, help_text=_("Tipo de actor de quien envía."))
    recibida_en = models.DateTimeField(_("recibida"))
    decision = models.CharField(_("decisión"), max_length=20, choices=Decision, blank=True)
    motivo = models.TextField(_("motivo"), blank=True)
    decidida_en = models.DateTimeField(_("decidida"), null=True, blank=True)
    decidida_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = EntradaQuerySet.as_manager()

    class Meta:
        verbose_name = _("entrada de moderación")
        verbose_name_plural = _("entradas de moderación")
        ordering = ["recibida_en", "pk"]
        default_permissions = []
        permissions = [("moderar", _("Puede moderar lo que envía la ciudadanía"))]
        indexes = [models.Index(fields=["objeto_tipo", "objeto_id"], name="entrada_objeto")]
        constraints = [
            models.UniqueConstraint(
                fields=["objeto_tipo", "objeto_id"], condition=models.Q(decision=""), name="entrada_pendiente_unica"
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decidida_en__isnull=True)
                | (~models.Q(decision="") & models.Q(decidida_en__isnull=False)),
                name="entrada_decidida_con_fecha",
            ),
            models.CheckConstraint(
                condition=~models.Q(decision__in=[d.value for d in Decision if d in CON_MOTIVO]) | ~models.Q(motivo=""),
                name="entrada_devuelta_con_motivo",
            ),
        ]

    def __str__(self):
        return f"{self.objeto_tipo} {self.objeto_id}"
