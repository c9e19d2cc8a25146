from django.db import models
from django.utils.translation import gettext_lazy as _


class TipoEjercicio(models.TextChoices):
    RETO = "reto", _("Reto")
    ENCUESTA = "encuesta", _("Encuesta")
    FORO = "foro", _("Foro")


class Fase(models.TextChoices):
    """Dónde está un ejercicio en su calendario. Se calcula de las fechas; no se guarda."""

    PROXIMA = "proxima", _("Abre pronto")
    ABIERTA = "abierta", _("Abierto")
    CERRADA = "cerrada", _("Cerrado")


class FaseCiclo(models.TextChoices):
    """Fases del ciclo de la gestión en que se participa (FURAG PCI203)."""

    DIAGNOSTICO = "diagnostico", _("Diagnóstico")
    FORMULACION = "formulacion", _("Formulación")
    IMPLEMENTACION = "implementacion", _("Implementación")
    EVALUACION = "evaluacion", _("Evaluación y seguimiento")


class GradoIncidencia(models.TextChoices):
    """Cuánto pesa lo que dice la ciudadanía (FURAG PCI216)."""

    INFORMADA = "informada", _("Fue informada")
    CONSULTADA = "consultada", _("Fue consultada")
    COPRODUCTORA = "coproductora", _("Coprodujo (trabajo conjunto)")
    INCIDIO = "incidio", _("Incidió en la decisión")
    VIGILO = "vigilo", _("Vigiló la gestión")
