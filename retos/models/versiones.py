from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cuentas.models import Participante

from .propuestas import Propuesta


class VersionPropuesta(models.Model):
    """Lo que decía una propuesta cada vez que se envió. No se cambia: comparar dos dice qué cambió y cuándo.

    `contenido`: titulo, resumen, descripcion, licencia, `valores` (lo contestado, por clave de pregunta) y `archivos`
    (nombre, bytes y SHA-256).
    """

    propuesta = models.ForeignKey(Propuesta, on_delete=models.CASCADE, related_name="versiones")
    numero = models.PositiveSmallIntegerField()
    contenido = models.JSONField()
    autor = models.ForeignKey(Participante, null=True, on_delete=models.PROTECT, related_name="+")
    en = models.DateTimeField()

    class Meta:
        verbose_name = _("versión de la propuesta")
        verbose_name_plural = _("versiones de las propuestas")
        default_permissions = []
        ordering = ["-numero"]
        constraints = [models.UniqueConstraint(fields=["propuesta", "numero"], name="version_propuesta_unica")]

    def __str__(self):
        return f"versión {self.numero} de la propuesta {self.propuesta_id}"


class SolicitudInformacion(models.Model):
    """Lo que la entidad pide completar: reabre sólo los campos nombrados, hasta una fecha.

    `campos`: nombres de campo de la propuesta o claves de pregunta del formulario.
    """

    propuesta = models.ForeignKey(Propuesta, on_delete=models.CASCADE, related_name="solicitudes")
    campos = models.JSONField()
    mensaje = models.TextField(_("qué se pide"))
    vence_en = models.DateTimeField(_("plazo"))
    pedida_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    pedida_en = models.DateTimeField()
    atendida_en = models.DateTimeField(null=True)
    anulada_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("solicitud de información")
        verbose_name_plural = _("solicitudes de información")
        default_permissions = []
        ordering = ["-pedida_en", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["propuesta"],
                condition=models.Q(atendida_en__isnull=True, anulada_en__isnull=True),
                name="solicitud_informacion_unica_abierta",
            ),
            models.CheckConstraint(
                condition=models.Q(atendida_en__isnull=True) | models.Q(anulada_en__isnull=True),
                name="solicitud_informacion_atendida_o_anulada",
            ),
        ]

    def __str__(self):
        return f"solicitud {self.pk} sobre la propuesta {self.propuesta_id}"
