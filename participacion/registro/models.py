import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from cuentas.enums import NivelVerificacion, Sector, TipoActor, Zona
from participacion.ejercicios.enums import FaseCiclo
from participacion.ejercicios.models import Ejercicio

from .enums import ActorRegistro, Canal
from .querysets import ActoQuerySet


class Acto(models.Model):
    """Un hecho de la participación. Sólo se añade: corregir, retirar o suprimir es otro acto.

    No contiene datos personales: claves al azar y rasgos, congelados como eran en el momento del acto.
    Un disparador de la base de datos rechaza cambiarlo (véase la migración 0002).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitio = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    ejercicio = models.ForeignKey(Ejercicio, on_delete=models.PROTECT, related_name="actos")
    tipo = models.CharField(_("acto"), max_length=40)
    objeto_tipo = models.CharField(max_length=60, blank=True)
    objeto_id = models.BigIntegerField(null=True)
    estado = models.CharField(
        max_length=20, blank=True, help_text=_("El estado en que queda el objeto; vacío si el acto no lo cambia.")
    )

    participante = models.UUIDField(null=True, help_text=_("Clave del participante; vacía si no se conoce."))
    organizacion = models.UUIDField(null=True)
    organizacion_tipo = models.CharField(max_length=20, blank=True, choices=TipoActor)
    organizacion_sector = models.CharField(max_length=20, blank=True, choices=Sector)
    organizacion_verificada = models.BooleanField(null=True, help_text=_("Vacío: en nombre propio."))
    actor_tipo = models.CharField(max_length=20, choices=TipoActor.choices + ActorRegistro.choices)
    rango_edad = models.CharField(max_length=20, blank=True, help_text=_("Lo más preciso que declaró: véase `Perfil`."))
    area = models.CharField(max_length=60, blank=True, help_text=_("El nombre de su comuna o vereda."))
    zona = models.CharField(max_length=20, blank=True, choices=Zona)
    nivel_verificacion = models.PositiveSmallIntegerField(choices=NivelVerificacion, default=NivelVerificacion.NINGUNO)

    fase = models.CharField(max_length=20, blank=True, choices=FaseCiclo)
    canal = models.CharField(max_length=20, choices=Canal)
    idioma = models.CharField(max_length=10, blank=True)
    cantidad = models.IntegerField(default=1)
    puntos = models.PositiveSmallIntegerField(null=True, help_text=_("Lo que pesa un apoyo donde se ordena o se reparten puntos."))
    anula = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="anulado_por")
    ocurrido_en = models.DateTimeField(help_text=_("Cuándo cuenta."))
    registrado_en = models.DateTimeField(db_default=Now(), help_text=_("Reloj de la base de datos: lo que se sabía «a tal fecha»."))

    objects = ActoQuerySet.as_manager()

    class Meta:
        verbose_name = _("acto")
        verbose_name_plural = _("actos")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["sitio", "ocurrido_en", "tipo"], name="acto_periodo"),
            models.Index(fields=["objeto_tipo", "objeto_id", "tipo"], name="acto_objeto"),
            models.Index(fields=["ejercicio", "tipo"], name="acto_ejercicio"),
            models.Index(fields=["participante"], name="acto_participante"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(cantidad__gt=0), name="acto_cantidad_positiva"),
            models.CheckConstraint(
                condition=models.Q(organizacion__isnull=True) | ~models.Q(organizacion_tipo=""),
                name="acto_organizacion_con_tipo",
            ),
        ]

    def __str__(self):
        return f"{self.tipo} {self.uuid}"

    def delete(self, *args, **kwargs):
        raise TypeError("El registro de participación no se borra: anote otro acto.")


class Asistencia(models.Model):
    """Quién del personal registró un acto por otra persona, que vino a la oficina o lo envió en papel."""

    acto = models.OneToOneField(Acto, on_delete=models.PROTECT, related_name="asistencia")
    funcionario = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("asistencia")
        verbose_name_plural = _("asistencias")
        default_permissions = []

    def __str__(self):
        return f"asistencia en el acto {self.acto_id}"
