from django.db import models
from django.utils.translation import gettext_lazy as _

from cuentas.enums import OpcionDiferencial
from participacion.ejercicios.models import Ejercicio
from participacion.registro.models import Acto


class Indicador(Acto):
    """Una lectura del registro. Existe porque en Django todo permiso es de un modelo; no tiene tabla propia."""

    class Meta:
        proxy = True
        verbose_name = _("indicador")
        verbose_name_plural = _("indicadores")
        default_permissions = []
        permissions = [("ver_indicadores", _("Puede ver y descargar los indicadores"))]


class ConteoSuprimido(models.Model):
    """Cuántas personas de una opción diferencial participaron en un ejercicio y después suprimieron sus datos.

    No dice quiénes ni cuándo: existe para que suprimir no cambie lo publicado.
    """

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="+")
    opcion = models.CharField(max_length=30, choices=OpcionDiferencial)
    cantidad = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("conteo de respuestas suprimidas")
        verbose_name_plural = _("conteos de respuestas suprimidas")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["ejercicio", "opcion"], name="conteo_suprimido_unico")]

    def __str__(self):
        return f"conteo de {self.opcion} en el ejercicio {self.ejercicio_id}"
