from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cuentas.models import Organizacion, Participante
from cuentas.querysets import InvitacionQuerySet

from ..equipos.enums import EstadoUnion, TipoUnion
from .propuestas import Propuesta


class Integrante(models.Model):
    """Alguien que, además de su autor, escribe una propuesta. La envía y la retira sólo su autor."""

    propuesta = models.ForeignKey(Propuesta, on_delete=models.CASCADE, related_name="integrantes")
    participante = models.ForeignKey(Participante, on_delete=models.PROTECT, related_name="equipos")
    organizacion = models.ForeignKey(
        Organizacion, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text=_("En nombre de quién.")
    )
    desde = models.DateTimeField()

    class Meta:
        verbose_name = _("integrante del equipo")
        verbose_name_plural = _("integrantes de los equipos")
        default_permissions = []
        ordering = ["desde", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["propuesta", "participante"], name="integrante_unico_por_propuesta")
        ]

    def __str__(self):
        return f"integrante {self.pk} de la propuesta {self.propuesta_id}"


class InvitacionEquipo(models.Model):
    """Una invitación a escribir una propuesta: a un correo, de un solo uso y con vencimiento.

    `organizacion`: cuando se invita a alguien a sumarse en nombre de ella; la acepta quien pueda actuar por ella.
    """

    propuesta = models.ForeignKey(Propuesta, on_delete=models.CASCADE, related_name="invitaciones")
    correo = models.EmailField(_("correo electrónico"))
    organizacion = models.ForeignKey(Organizacion, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    huella = models.CharField(max_length=64, unique=True, editable=False, help_text=_("SHA-256 del código del enlace."))
    creada_en = models.DateTimeField(auto_now_add=True)
    vence_en = models.DateTimeField()
    usada_en = models.DateTimeField(null=True, blank=True)
    anulada_en = models.DateTimeField(null=True, blank=True)

    objects = InvitacionQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitación al equipo")
        verbose_name_plural = _("invitaciones a los equipos")
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                condition=models.Q(usada_en__isnull=True) | models.Q(anulada_en__isnull=True),
                name="invitacion_equipo_usada_o_anulada",
            ),
            models.UniqueConstraint(
                fields=["propuesta", "correo"],
                condition=models.Q(usada_en__isnull=True, anulada_en__isnull=True),
                name="invitacion_equipo_vigente_unica",
            ),
        ]

    def __str__(self):
        return f"invitación {self.pk} a la propuesta {self.propuesta_id}"

    @property
    def vencida(self) -> bool:
        """Para mostrar; si se puede aceptar lo decide el reloj de la base de datos."""
        return self.vence_en <= timezone.now()


class Union(models.Model):
    """Alguien pide sumarse a una propuesta (adhesión) o fusionar la suya con ella. Vale cuando los dos consienten."""

    tipo = models.CharField(max_length=20, choices=TipoUnion)
    estado = models.CharField(max_length=20, choices=EstadoUnion, default=EstadoUnion.PEDIDA)
    destino = models.ForeignKey(Propuesta, on_delete=models.CASCADE, related_name="uniones_recibidas")
    origen = models.ForeignKey(
        Propuesta, null=True, blank=True, on_delete=models.CASCADE, related_name="uniones_pedidas"
    )
    pide = models.ForeignKey(Participante, on_delete=models.PROTECT, related_name="uniones_pedidas")
    organizacion = models.ForeignKey(Organizacion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mensaje = models.TextField(_("mensaje"), blank=True)
    pedida_en = models.DateTimeField()
    resuelta_en = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("unión de propuestas")
        verbose_name_plural = _("uniones de propuestas")
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tipo=TipoUnion.ADHESION, origen__isnull=True)
                | models.Q(tipo=TipoUnion.FUSION, origen__isnull=False),
                name="union_con_origen_si_fusion",
            ),
            models.CheckConstraint(
                condition=models.Q(origen__isnull=True) | ~models.Q(origen=models.F("destino")), name="union_de_dos"
            ),
            models.UniqueConstraint(
                fields=["destino", "pide"], condition=models.Q(estado=EstadoUnion.PEDIDA), name="union_pedida_unica"
            ),
        ]

    def __str__(self):
        return f"unión {self.pk} con la propuesta {self.destino_id}"
