from django.db import models
from django.utils.translation import gettext_lazy as _

from cuentas.models import Organizacion, Participante
from participacion.ejercicios.models import Ejercicio, ReferenciaObjeto
from participacion.registro.models import Acto


class Apoyo(ReferenciaObjeto):
    """Un apoyo vigente. Retirarlo borra la fila; los dos actos quedan en el registro."""

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="apoyos")
    participante = models.ForeignKey(Participante, on_delete=models.PROTECT, related_name="apoyos")
    organizacion = models.ForeignKey(
        Organizacion,
        null=True,
        on_delete=models.PROTECT,
        related_name="apoyos",
        help_text=_("En nombre de quién, si no es el propio."),
    )
    acto = models.OneToOneField(Acto, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("apoyo")
        verbose_name_plural = _("apoyos")
        constraints = [
            models.UniqueConstraint(fields=["objeto_tipo", "objeto_id", "participante"], name="apoyo_unico_por_persona"),
            models.UniqueConstraint(
                fields=["objeto_tipo", "objeto_id", "organizacion"],
                condition=models.Q(organizacion__isnull=False),
                name="apoyo_unico_por_organizacion",
            ),
        ]

    def __str__(self):
        return f"apoyo a {self.objeto_tipo} {self.objeto_id}"


class Apoyable(models.Model):
    """Lo que se puede apoyar lleva su conteo, copia del registro."""

    apoyos = models.PositiveIntegerField(_("apoyos"), default=0, editable=False)
    apoyos_importados = models.PositiveIntegerField(
        _("apoyos importados"), default=0, editable=False, help_text=_("Recibidos en otra plataforma; se muestran aparte.")
    )

    class Meta:
        abstract = True
