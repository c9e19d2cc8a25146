from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participacion.ejercicios.models import Ejercicio

from ..seguimiento.enums import Beneficio, EstadoHito, ProblemaResuelto, TipoAlianza
from .propuestas import Propuesta


class Implementacion(models.Model):
    """El plan de trabajo de una propuesta elegida (Menú Participa 6.2.4.e), su prototipo (6.2.4.f) y qué logró."""

    propuesta = models.OneToOneField(Propuesta, on_delete=models.PROTECT, related_name="implementacion")
    responsable = models.CharField(_("responsable en la entidad"), max_length=200)
    presupuesto = models.DecimalField(
        _("presupuesto (COP)"), max_digits=15, decimal_places=2, null=True, blank=True, help_text=_("Techo del plan: los hitos no lo pasan.")
    )
    prototipo = models.TextField(_("prototipo o desarrollo"), blank=True)
    prototipo_enlace = models.URLField(_("dónde se ve el prototipo"), blank=True)
    beneficiarios = models.PositiveIntegerField(_("personas beneficiadas"), null=True, blank=True)
    problema_resuelto = models.CharField(_("¿resolvió el problema?"), max_length=20, choices=ProblemaResuelto, blank=True)
    explicacion = models.TextField(_("qué se logró y cómo se sabe"), blank=True)
    beneficios = models.JSONField(_("beneficios"), default=list, blank=True)
    alianzas = models.JSONField(_("alianzas"), default=list, blank=True)
    creada_en = models.DateTimeField(auto_now_add=True)
    actualizada_en = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("implementación")
        verbose_name_plural = _("implementaciones")
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                condition=models.Q(problema_resuelto="") | ~models.Q(explicacion=""), name="implementacion_resultado_explicado"
            )
        ]

    def __str__(self):
        return f"implementación de la propuesta {self.propuesta_id}"

    @property
    def beneficios_etiquetas(self) -> list[str]:
        return [Beneficio(clave).label for clave in self.beneficios]

    @property
    def alianzas_etiquetas(self) -> list[tuple[str, str, str]]:
        """De cada una, con quién, para qué y qué se ganó."""
        return [(a["con"], TipoAlianza(a["tipo"]).label, a["beneficio"]) for a in self.alianzas]


class HitoPlan(models.Model):
    """Un paso del plan de trabajo."""

    implementacion = models.ForeignKey(Implementacion, on_delete=models.CASCADE, related_name="hitos")
    nombre = models.CharField(_("hito"), max_length=200)
    responsable = models.CharField(_("responsable"), max_length=200)
    inicia = models.DateField(_("inicia"))
    vence = models.DateField(_("vence"))
    presupuesto = models.DecimalField(_("presupuesto (COP)"), max_digits=15, decimal_places=2, null=True, blank=True)
    avance = models.PositiveSmallIntegerField(_("avance (%)"), default=0)
    estado = models.CharField(max_length=20, choices=EstadoHito, default=EstadoHito.PENDIENTE)
    motivo = models.TextField(_("motivo de la cancelación"), blank=True)
    cumplido_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("hito del plan")
        verbose_name_plural = _("hitos de los planes")
        default_permissions = []
        ordering = ["inicia", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(avance__lte=100), name="hito_avance_hasta_100"),
            models.CheckConstraint(condition=models.Q(vence__gte=models.F("inicia")), name="hito_vence_tras_iniciar"),
            models.CheckConstraint(
                condition=models.Q(estado=EstadoHito.CUMPLIDO, avance=100, cumplido_en__isnull=False)
                | (~models.Q(estado=EstadoHito.CUMPLIDO) & models.Q(cumplido_en__isnull=True)),
                name="hito_cumplido_al_100_con_fecha",
            ),
            models.CheckConstraint(
                condition=~models.Q(estado=EstadoHito.CANCELADO) | ~models.Q(motivo=""), name="hito_cancelado_con_motivo"
            ),
            models.CheckConstraint(
                condition=models.Q(presupuesto__isnull=True) | models.Q(presupuesto__gte=0), name="hito_presupuesto_no_negativo"
            ),
        ]

    def __str__(self):
        return self.nombre


class Novedad(models.Model):
    """Una entrada de la línea de tiempo pública de una propuesta. Sólo se añaden.

    Cada cambio de estado o de resultado pone la suya; la gestión añade las demás, con evidencia si la hay (adjuntos).
    """

    propuesta = models.ForeignKey(Propuesta, on_delete=models.CASCADE, related_name="novedades")
    hito = models.ForeignKey(HitoPlan, null=True, blank=True, on_delete=models.SET_NULL, related_name="novedades")
    titulo = models.CharField(_("título"), max_length=200)
    texto = models.TextField(_("qué pasó"), blank=True)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    en = models.DateTimeField()

    class Meta:
        verbose_name = _("novedad")
        verbose_name_plural = _("novedades")
        default_permissions = []
        ordering = ["-en", "-pk"]
        indexes = [models.Index(fields=["propuesta", "-en", "-id"], name="novedad_recientes")]

    def __str__(self):
        return f"novedad {self.pk} de la propuesta {self.propuesta_id}"


class CierreReto(models.Model):
    """El reto terminó y rindió cuentas. Si quedó algo sin responder, por qué se cerró así."""

    ejercicio = models.OneToOneField(Ejercicio, on_delete=models.PROTECT, related_name="cierre_reto")
    conclusiones = models.TextField(_("conclusiones"))
    sin_responder = models.PositiveIntegerField(default=0)
    excepcion = models.TextField(_("por qué se cierra con propuestas sin respuesta"), blank=True)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    en = models.DateTimeField()

    class Meta:
        verbose_name = _("cierre del reto")
        verbose_name_plural = _("cierres de los retos")
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sin_responder=0) | ~models.Q(excepcion=""), name="cierre_reto_con_excepcion"
            )
        ]

    def __str__(self):
        return f"cierre del reto {self.ejercicio_id}"
