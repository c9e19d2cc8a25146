from django.db import models
from django.utils.translation import gettext_lazy as _


class TipoActor(models.TextChoices):
    """Quién participa. Los valores son los que cuentan los indicadores y las preguntas FURAG PCI202 y GDI202."""

    CIUDADANIA = "ciudadania", _("Ciudadanía")
    UNIVERSIDAD = "universidad", _("Universidad")
    EMPRESA = "empresa", _("Empresa")
    ORGANIZACION = "organizacion", _("Organización social")
    VEEDURIA = "veeduria", _("Veeduría")
    ENTIDAD = "entidad", _("Entidad pública")


# Una persona que actúa en su propio nombre es ciudadanía; los demás tipos los aporta su organización.
TIPOS_ORGANIZACION = [(t.value, t.label) for t in TipoActor if t is not TipoActor.CIUDADANIA]


class Sector(models.TextChoices):
    PUBLICO = "publico", _("Público")
    PRIVADO = "privado", _("Privado")
    SOLIDARIO = "solidario", _("Solidario o sin ánimo de lucro")
    MIXTO = "mixto", _("Mixto")


class RolMembresia(models.TextChoices):
    REPRESENTANTE = "representante", _("Representante")
    INTEGRANTE = "integrante", _("Integrante")


class NivelVerificacion(models.IntegerChoices):
    """Cuánto se sabe de que la persona es quien dice ser."""

    NINGUNO = 0, _("Sin verificar")
    CORREO = 1, _("Correo confirmado")
    REGISTRO = 2, _("En el registro de la entidad")
    PRESENCIAL = 3, _("Verificada en persona")


class RolPersonal(models.TextChoices):
    """Los roles del personal; cada uno es un grupo de Wagtail del mismo nombre, creado por migración."""

    EDITOR = "editor", _("Edición")
    MODERACION = "moderacion", _("Moderación")
    ANALITICA = "analitica", _("Analítica")
    ADMINISTRACION = "administracion", _("Administración")
