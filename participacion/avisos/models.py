from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from participacion.ejercicios.models import ReferenciaObjeto


class Aviso(ReferenciaObjeto):
    """Un mensaje que se le debe a una persona: se crea con el hecho y se envía después, una vez."""

    sitio = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    destinatario = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="avisos")
    tipo = models.CharField(max_length=40)
    idioma = models.CharField(max_length=10)
    creado_en = models.DateTimeField(auto_now_add=True)
    enviado_en = models.DateTimeField(null=True, blank=True)
    intentos = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("aviso")
        verbose_name_plural = _("avisos")
        indexes = [models.Index(fields=["destinatario", "-creado_en"], name="aviso_destinatario")]

    def __str__(self):
        return f"aviso {self.pk} ({self.tipo})"
