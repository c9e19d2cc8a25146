from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participacion.ejercicios.models import Ejercicio

from ..evaluacion.enums import EstadoEvaluacion, EstadoJurado
from .propuestas import Propuesta
from .reglas import Criterio, Requisito


class Admision(models.Model):
    """La revisión de requisitos de una propuesta, requisito por requisito. El resultado está en la propuesta."""

    propuesta = models.OneToOneField(Propuesta, on_delete=models.CASCADE, related_name="admision")
    motivo = models.TextField(_("motivo"), blank=True, help_text=_("Obligatorio si no se admite; lo lee quien propuso."))
    revisada_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revisada_en = models.DateTimeField()

    class Meta:
        verbose_name = _("revisión de requisitos")
        verbose_name_plural = _("revisiones de requisitos")
        default_permissions = []

    def __str__(self):
        return f"admisión de la propuesta {self.propuesta_id}"


class CumplimientoRequisito(models.Model):
    admision = models.ForeignKey(Admision, on_delete=models.CASCADE, related_name="cumplimientos")
    requisito = models.ForeignKey(Requisito, on_delete=models.PROTECT, related_name="+")
    cumple = models.BooleanField()
    nota = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("cumplimiento de requisito")
        verbose_name_plural = _("cumplimientos de requisitos")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["admision", "requisito"], name="cumplimiento_unico")]

    def __str__(self):
        return f"requisito {self.requisito_id} en la admisión {self.admision_id}"


class Jurado(models.Model):
    """Una persona del jurado de un reto. Invitada por la gestión; evalúa si acepta."""

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="jurados")
    usuario = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="jurados",
        help_text=_("Vacío si suprimió sus datos: lo que evaluó cuenta."),
    )
    estado = models.CharField(max_length=20, choices=EstadoJurado, default=EstadoJurado.INVITADO)
    tope = models.PositiveSmallIntegerField(
        _("máximo de propuestas"), null=True, blank=True, help_text=_("Vacío: las que hagan falta.")
    )
    motivo = models.TextField(_("motivo"), blank=True, help_text=_("Por qué se le removió."))
    invitado_en = models.DateTimeField()
    recordado_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("jurado")
        verbose_name_plural = _("jurados")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["ejercicio", "usuario"], name="jurado_unico_por_reto")]

    def __str__(self):
        return f"jurado {self.pk}"


class Impedimento(models.Model):
    """Un conflicto de interés de un jurado con una propuesta: la declaró él, o la gestión."""

    jurado = models.ForeignKey(Jurado, on_delete=models.CASCADE, related_name="impedimentos")
    propuesta = models.ForeignKey(Propuesta, on_delete=models.CASCADE, related_name="impedimentos")
    motivo = models.TextField(_("motivo"))
    declarado_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    en = models.DateTimeField()

    class Meta:
        verbose_name = _("conflicto de interés")
        verbose_name_plural = _("conflictos de interés")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["jurado", "propuesta"], name="impedimento_unico")]

    def __str__(self):
        return f"impedimento {self.pk}"


class Evaluacion(models.Model):
    """Lo que un jurado dice de una propuesta. `total`: de 0 a 100, ponderado, congelado al enviarla."""

    propuesta = models.ForeignKey(Propuesta, on_delete=models.PROTECT, related_name="evaluaciones")
    jurado = models.ForeignKey(Jurado, on_delete=models.PROTECT, related_name="evaluaciones")
    estado = models.CharField(max_length=20, choices=EstadoEvaluacion, default=EstadoEvaluacion.ASIGNADA)
    comentario_proponente = models.TextField(_("comentario para quien propone"), blank=True)
    comentario_comite = models.TextField(_("comentario para el comité"), blank=True)
    motivo = models.TextField(_("motivo de la abstención"), blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    asignada_en = models.DateTimeField()
    enviada_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("evaluación")
        verbose_name_plural = _("evaluaciones")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["propuesta", "jurado"], name="evaluacion_unica_por_jurado"),
            models.CheckConstraint(
                condition=~models.Q(estado=EstadoEvaluacion.ENVIADA)
                | models.Q(total__isnull=False, enviada_en__isnull=False),
                name="evaluacion_enviada_con_total",
            ),
            models.CheckConstraint(
                condition=models.Q(total__isnull=True) | models.Q(total__gte=0, total__lte=100),
                name="evaluacion_total_entre_0_y_100",
            ),
        ]

    def __str__(self):
        return f"evaluación {self.pk}"


class Puntaje(models.Model):
    """La nota de un criterio, en la escala de ese criterio."""

    evaluacion = models.ForeignKey(Evaluacion, on_delete=models.CASCADE, related_name="puntajes")
    criterio = models.ForeignKey(Criterio, on_delete=models.PROTECT, related_name="puntajes")
    valor = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("puntaje")
        verbose_name_plural = _("puntajes")
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["evaluacion", "criterio"], name="puntaje_unico_por_criterio")]

    def __str__(self):
        return f"puntaje {self.pk}"


class Deliberacion(models.Model):
    """El acta de lo que deliberó el comité. Sólo se añaden: un disparador rechaza cambiarlas (migración 0004)."""

    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="deliberaciones")
    fecha = models.DateField(_("fecha"))
    asistentes = models.TextField(_("asistentes"))
    texto = models.TextField(_("lo deliberado"))
    por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    en = models.DateTimeField()

    class Meta:
        verbose_name = _("acta de deliberación")
        verbose_name_plural = _("actas de deliberación")
        default_permissions = []
        ordering = ["fecha", "pk"]

    def __str__(self):
        return f"acta {self.pk} del reto {self.ejercicio_id}"

    def delete(self, *args, **kwargs):
        raise TypeError("Un acta no se borra: añada otra que la aclare.")
