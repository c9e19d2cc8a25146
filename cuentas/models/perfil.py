from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from ..enums import (
    EstadoAutorizacion,
    GrupoEdad,
    MedioAutorizacion,
    OpcionDiferencial,
    RangoDeclarado,
    TipoTerritorio,
    Zona,
)
from ..querysets import AutorizacionAcudienteQuerySet
from .cuentas import Participante
from .soportes import Soporte


class Territorio(models.Model):
    """Una comuna, corregimiento o vereda del municipio de la entidad: la lista de la que se elige."""

    sitio = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("sitio"))
    nombre = models.CharField(_("nombre"), max_length=60)
    tipo = models.CharField(_("tipo"), max_length=20, choices=TipoTerritorio)
    zona = models.CharField(_("zona"), max_length=10, choices=Zona)
    orden = models.PositiveSmallIntegerField(_("orden"), default=0)

    class Meta:
        verbose_name = _("comuna o vereda")
        verbose_name_plural = _("comunas y veredas")
        ordering = ["sitio", "orden", "nombre"]
        constraints = [
            models.UniqueConstraint(
                fields=["sitio", "nombre"],
                name="territorio_unico",
                violation_error_message=_("Ya hay una comuna o vereda con ese nombre."),
            )
        ]

    def __str__(self):
        return self.nombre


class Perfil(models.Model):
    """Lo poco que una persona declara de sí. Los actos copian de aquí rango de edad, territorio y zona."""

    participante = models.OneToOneField(Participante, on_delete=models.CASCADE, related_name="perfil")
    rango_declarado = models.CharField(_("edad"), max_length=10, choices=RangoDeclarado)
    grupo_edad = models.CharField(_("grupo de edad"), max_length=10, choices=GrupoEdad, blank=True)
    municipio = models.CharField(_("municipio"), max_length=100, blank=True)
    territorio = models.ForeignKey(
        Territorio, verbose_name=_("comuna o vereda"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    zona = models.CharField(_("zona"), max_length=10, choices=Zona, blank=True)
    actualizado_en = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("perfil")
        verbose_name_plural = _("perfiles")

    def __str__(self):
        return f"perfil {self.pk}"

    @property
    def rango_edad(self) -> str:
        """Lo más preciso que declaró."""
        return self.grupo_edad or self.rango_declarado


class RespuestaDiferencial(models.Model):
    """Una respuesta, voluntaria y sensible, a las preguntas de enfoque diferencial (Ley 1581 de 2012, art. 5 y 6).

    Sólo se lee para contar. Se borra al revocar la autorización o suprimir los datos.
    """

    participante = models.ForeignKey(Participante, on_delete=models.CASCADE, related_name="respuestas_diferenciales")
    opcion = models.CharField(max_length=30, choices=OpcionDiferencial)

    class Meta:
        verbose_name = _("respuesta de enfoque diferencial")
        verbose_name_plural = _("respuestas de enfoque diferencial")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["participante", "opcion"], name="respuesta_diferencial_unica")
        ]

    def __str__(self):
        return f"respuesta diferencial {self.pk}"


class AutorizacionAcudiente(models.Model):
    """La autorización de quien representa a una persona de 14 a 17 años (Decreto 1377 de 2013, art. 12).

    Se firma con el enlace que llega al correo del acudiente, o en papel, y entonces la revisa el personal.
    """

    participante = models.ForeignKey(Participante, on_delete=models.CASCADE, related_name="autorizaciones")
    medio = models.CharField(_("medio"), max_length=20, choices=MedioAutorizacion)
    estado = models.CharField(_("estado"), max_length=20, choices=EstadoAutorizacion)
    nombre = models.CharField(_("nombre del acudiente"), max_length=200)
    parentesco = models.CharField(_("parentesco o calidad"), max_length=60, blank=True)
    documento = models.CharField(_("documento del acudiente"), max_length=40, blank=True)
    correo = models.EmailField(_("correo del acudiente"), blank=True)
    huella = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    texto_hash = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 del texto que firmó."))
    finalidades = models.JSONField(default=list, help_text=_("Para cuáles autoriza el tratamiento de los datos."))
    soporte = models.ForeignKey(Soporte, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pedida_en = models.DateTimeField(auto_now_add=True)
    vence_en = models.DateTimeField(help_text=_("Hasta cuándo se puede firmar o revisar."))
    firmada_en = models.DateTimeField(null=True, blank=True)
    revisada_por = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revisada_en = models.DateTimeField(null=True, blank=True)
    motivo = models.TextField(_("motivo"), max_length=1000, blank=True)

    objects = AutorizacionAcudienteQuerySet.as_manager()

    class Meta:
        verbose_name = _("autorización de acudiente")
        verbose_name_plural = _("autorizaciones de acudientes")
        ordering = ["-pedida_en", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participante"],
                condition=models.Q(estado=EstadoAutorizacion.VIGENTE),
                name="autorizacion_vigente_unica",
            ),
            models.CheckConstraint(
                condition=~models.Q(estado=EstadoAutorizacion.VIGENTE) | models.Q(firmada_en__isnull=False),
                name="autorizacion_vigente_firmada",
            ),
        ]

    def __str__(self):
        return f"autorización {self.pk} de {self.participante}"
