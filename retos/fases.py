"""El calendario de un reto: qué fases tiene, y qué se puede hacer en cada una.

Una fase se calcula de sus fechas y no se guarda. Los plazos se muestran en hora de Bogotá; los decide el reloj de la
base de datos (`participacion.ejercicios.actions.leer_reglas`). El intervalo es semiabierto, como el del ejercicio.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio, calcular_fase


class TipoFase(models.TextChoices):
    """Las fases de un reto, en su orden. Todas se pueden omitir menos la convocatoria, que es el plazo del ejercicio."""

    DIAGNOSTICO = "diagnostico", gettext_lazy("Diagnóstico")
    CONVOCATORIA = "convocatoria", gettext_lazy("Convocatoria")
    ADMISIBILIDAD = "admisibilidad", gettext_lazy("Revisión de requisitos")
    APOYO = "apoyo", gettext_lazy("Apoyo ciudadano")
    EVALUACION = "evaluacion", gettext_lazy("Evaluación del jurado")
    DECISION = "decision", gettext_lazy("Decisión")
    IMPLEMENTACION = "implementacion", gettext_lazy("Implementación")
    PROTOTIPO = "prototipo", gettext_lazy("Prototipo")
    CIERRE = "cierre", gettext_lazy("Informe de cierre")


class Accion(models.TextChoices):
    """Lo que el calendario permite o no. El nombre es lo que se le dice a quien llega fuera de plazo."""

    POSTULAR = "postular", gettext_lazy("contar un problema")
    PRIORIZAR = "priorizar", gettext_lazy("priorizar los problemas")
    PREGUNTAR = "preguntar", gettext_lazy("hacer preguntas")
    PROPONER = "proponer", gettext_lazy("enviar propuestas")
    APOYAR = "apoyar", gettext_lazy("apoyar propuestas")
    ADMITIR = "admitir", gettext_lazy("revisar los requisitos")
    EVALUAR = "evaluar", gettext_lazy("evaluar")
    DECIDIR = "decidir", gettext_lazy("decidir")
    AVANZAR = "avanzar", gettext_lazy("anotar avances")


F, A = TipoFase, Accion

# En qué fases cabe cada acción. Si el reto tiene alguna de ellas, manda la primera lista que acierte; si no tiene
# ninguna, la siguiente. Vacía: sin esa fase no se hace.
EN_FASES: dict[str, tuple[tuple[str, ...], ...]] = {
    A.POSTULAR: ((F.DIAGNOSTICO,),),
    A.PRIORIZAR: ((F.DIAGNOSTICO,),),
    A.PREGUNTAR: ((F.CONVOCATORIA,),),
    A.PROPONER: ((F.CONVOCATORIA,),),
    A.APOYAR: ((F.APOYO,), (F.CONVOCATORIA,)),
    A.ADMITIR: ((F.ADMISIBILIDAD,),),
    A.EVALUAR: ((F.EVALUACION,),),
    A.DECIDIR: ((F.DECISION,),),
    A.AVANZAR: ((F.IMPLEMENTACION, F.PROTOTIPO, F.CIERRE),),
}
# Sin fase propia, estas dos se pueden desde que cierra la convocatoria: un reto sencillo también se responde.
TRAS_LA_CONVOCATORIA = (A.DECIDIR, A.AVANZAR)
ORDEN = {tipo: puesto for puesto, tipo in enumerate(F)}

del F, A


@dataclass(frozen=True)
class FaseProgramada:
    """Una fase con sus fechas; `termina` None: sin fin."""

    tipo: TipoFase
    inicia: datetime
    termina: datetime | None

    def en(self, ahora: datetime) -> Fase:
        return calcular_fase(self.inicia, self.termina, ahora)

    @property
    def fase(self) -> Fase:
        """Según el reloj de esta máquina: para mostrar."""
        return self.en(timezone.now())


@dataclass(frozen=True)
class Calendario:
    """Las fases de un reto, en orden."""

    fases: tuple[FaseProgramada, ...]

    def de(self, *tipos: str) -> list[FaseProgramada]:
        return [fase for fase in self.fases if fase.tipo in tipos]

    def fases_de(self, accion: str) -> list[FaseProgramada]:
        """Las fases del reto en que cabe la acción; vacía si en este reto no se hace."""
        for tipos in EN_FASES[accion]:
            if fases := self.de(*tipos):
                return fases
        if accion in TRAS_LA_CONVOCATORIA:
            (convocatoria,) = self.de(TipoFase.CONVOCATORIA)
            return [FaseProgramada(convocatoria.tipo, convocatoria.termina or convocatoria.inicia, None)]
        return []

    def permite(self, accion: str, ahora: datetime) -> bool:
        return any(fase.en(ahora) == Fase.ABIERTA for fase in self.fases_de(accion))

    def actual(self, ahora: datetime) -> FaseProgramada | None:
        """La fase que corre; None antes, entre dos o después."""
        return next((fase for fase in self.fases if fase.en(ahora) == Fase.ABIERTA), None)

    def siguiente(self, ahora: datetime) -> FaseProgramada | None:
        """La primera que todavía no empieza."""
        return next((fase for fase in self.fases if fase.inicia > ahora), None)


def armar(ejercicio, fases) -> Calendario:
    """El calendario de unas reglas (página o ejercicio) y sus fases propias: objetos con `tipo`, `inicia` y `termina`."""
    propias = [FaseProgramada(TipoFase(fase.tipo), fase.inicia, fase.termina) for fase in fases]
    convocatoria = FaseProgramada(TipoFase.CONVOCATORIA, ejercicio.apertura, ejercicio.cierre)
    return Calendario(tuple(sorted([convocatoria, *propias], key=lambda fase: ORDEN[fase.tipo])))


def calendario_de(ejercicio: Ejercicio) -> Calendario:
    """El calendario publicado. Una consulta; en una acción se lee después del candado."""
    return armar(ejercicio, ejercicio.fases.all())


def _hora(momento: datetime) -> str:
    return formats.date_format(timezone.localtime(momento), "DATETIME_FORMAT", use_l10n=True)


def comprobar(ejercicio: Ejercicio, accion: str, ahora: datetime) -> None:
    """Lanza ValidationError (code="plazo") si a esta hora el reto no permite la acción, y dice cuándo la permite."""
    que = {"que": Accion(accion).label}
    if not ejercicio.publicado:
        raise ValidationError(_("Este reto no está publicado: no se puede %(que)s.") % que, code="plazo")
    fases = calendario_de(ejercicio).fases_de(accion)
    if not fases:
        raise ValidationError(_("En este reto no hay una fase para %(que)s.") % que, code="plazo")
    estados = [fase.en(ahora) for fase in fases]
    if Fase.ABIERTA in estados:
        return
    if Fase.PROXIMA in estados:
        proxima = fases[estados.index(Fase.PROXIMA)]
        raise ValidationError(
            _("Todavía no se puede %(que)s: se abre el %(hora)s (hora de Colombia).")
            % {**que, "hora": _hora(proxima.inicia)},
            code="plazo",
        )
    raise ValidationError(
        _("Ya no se puede %(que)s: se cerró el %(hora)s (hora de Colombia).") % {**que, "hora": _hora(fases[-1].termina)},
        code="plazo",
    )
