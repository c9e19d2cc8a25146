from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ..enums import EstadoSolicitud, TipoSolicitud
from .cuentas import Participante


class SolicitudDatos(models.Model):
    """Una consulta o un reclamo sobre datos personales (Ley 1581 de 2012, art. 14 y 15), con su plazo en días hábiles.

    Al suprimir los datos de la persona quedan el número, el tipo y las fechas, sin quién ni qué escribió.
    """

    sitio = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    participante = models.ForeignKey(
        Participante, null=True, blank=True, on_delete=models.SET_NULL, related_name="solicitudes"
    )
    tipo = models.CharField(_("qué pide"), max_length=20, choices=TipoSolicitud)
    texto = models.TextField(_("su solicitud"), max_length=5000, blank=True)
    contacto = models.CharField(
        _("a quién y dónde responder"), max_length=300, blank=True, help_text=_("Sólo de quien la presenta sin cuenta.")
    )
    estado = models.CharField(_("estado"), max_length=20, choices=EstadoSolicitud, default=EstadoSolicitud.ABIERTA)
    recibida_en = models.DateTimeField(_("recibida"))
    vence_el = models.DateField(_("vence"), help_text=_("El último día hábil para responder."))
    prorrogada_en = models.DateTimeField(null=True, blank=True)
    motivo_prorroga = models.TextField(_("motivo de la prórroga"), max_length=1000, blank=True)
    respuesta = models.TextField(_("respuesta"), max_length=5000, blank=True)
    resuelta_en = models.DateTimeField(null=True, blank=True)
    atendida_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("solicitud sobre datos personales")
        verbose_name_plural = _("solicitudes sobre datos personales")
        default_permissions = []
        ordering = ["vence_el", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(estado=EstadoSolicitud.RESUELTA) | models.Q(resuelta_en__isnull=False),
                name="solicitud_resuelta_con_fecha",
            )
        ]

    def __str__(self):
        return self.numero

    @property
    def numero(self) -> str:
        return f"D-{timezone.localtime(self.recibida_en):%Y}-{self.pk:05d}"


class ConstanciaSupresion(models.Model):
    """Lo único que queda de quien pidió suprimir sus datos: número, fecha y HMAC de su correo, para poder probarlo."""

    correo_hmac = models.CharField(max_length=64, blank=True, help_text=_("Vacío: no tenía correo."))
    fecha = models.DateField(auto_now_add=True, help_text=_("Sin hora: con ella se sabría qué actos eran de esa persona."))

    class Meta:
        verbose_name = _("constancia de supresión")
        verbose_name_plural = _("constancias de supresión")
        default_permissions = []

    def __str__(self):
        return self.numero

    @property
    def numero(self) -> str:
        return f"S-{self.fecha:%Y}-{self.pk:05d}"


class DiaNoHabil(models.Model):
    """Un día en que la entidad no atiende y que no está en el calendario nacional de festivos."""

    sitio = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("sitio"))
    fecha = models.DateField(_("fecha"))
    motivo = models.CharField(_("motivo"), max_length=120, help_text=_("El acto administrativo que lo dispone."))

    class Meta:
        verbose_name = _("día no hábil")
        verbose_name_plural = _("días no hábiles")
        ordering = ["-fecha"]
        constraints = [models.UniqueConstraint(fields=["sitio", "fecha"], name="dia_no_habil_unico")]

    def __str__(self):
        return f"{self.fecha:%Y-%m-%d}"
