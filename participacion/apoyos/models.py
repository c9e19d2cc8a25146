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
    posicion = models.PositiveSmallIntegerField(null=True, help_text=_("Donde se ordenan las preferidas: 1 es la primera."))
    puntos = models.PositiveSmallIntegerField(null=True, help_text=_("Donde se reparten puntos, o los que vale su puesto."))
    quiere_avisos = models.BooleanField(default=False, help_text=_("Pidió que le cuenten qué pasa con lo que apoyó."))

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
            models.UniqueConstraint(
                fields=["ejercicio", "objeto_tipo", "participante", "posicion"],
                condition=models.Q(posicion__isnull=False),
                name="apoyo_posicion_unica",
            ),
        ]

    def __str__(self):
        return f"apoyo a {self.objeto_tipo} {self.objeto_id}"


class Papeleta(models.Model):
    """Cuánto ha usado una persona del apoyo que puede dar en un ejercicio con límite. Impide pasarse a la vez por dos lados."""

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="papeletas")
    objeto_tipo = models.CharField(max_length=60)
    participante = models.ForeignKey(Participante, on_delete=models.PROTECT, related_name="papeletas")
    usados = models.PositiveSmallIntegerField(default=0, help_text=_("Apoyos, o puntos donde se reparten puntos."))
    maximo = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("papeleta")
        verbose_name_plural = _("papeletas")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["ejercicio", "objeto_tipo", "participante"], name="papeleta_unica"),
            models.CheckConstraint(condition=models.Q(usados__lte=models.F("maximo")), name="papeleta_sin_pasarse"),
        ]

    def __str__(self):
        return f"papeleta {self.pk}"


class Apoyable(models.Model):
    """Lo que se puede apoyar lleva su conteo, copia del registro."""

    apoyos = models.PositiveIntegerField(_("apoyos"), default=0, editable=False)
    puntos = models.PositiveIntegerField(_("puntos"), default=0, editable=False)
    apoyos_importados = models.PositiveIntegerField(
        _("apoyos importados"), default=0, editable=False, help_text=_("Recibidos en otra plataforma; se muestran aparte.")
    )

    class Meta:
        abstract = True
