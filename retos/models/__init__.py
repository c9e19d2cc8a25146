from .convocatoria import PreguntaReto, Problema
from .decision import DecisionReto, Fallo, RespuestaOficial
from .equipos import Integrante, InvitacionEquipo, Union
from .evaluacion import Admision, CumplimientoRequisito, Deliberacion, Evaluacion, Impedimento, Jurado, Puntaje
from .paginas import RetoPage, RetosIndicePage
from .propuestas import Propuesta
from .reglas import Criterio, FaseReto, Prorroga, Requisito, Reto, VersionTerminos
from .seguimiento import CierreReto, HitoPlan, Implementacion, Novedad
from .versiones import SolicitudInformacion, VersionPropuesta

__all__ = [
    "Admision",
    "CierreReto",
    "Criterio",
    "CumplimientoRequisito",
    "DecisionReto",
    "Deliberacion",
    "Evaluacion",
    "Fallo",
    "FaseReto",
    "HitoPlan",
    "Impedimento",
    "Implementacion",
    "Integrante",
    "InvitacionEquipo",
    "Jurado",
    "Novedad",
    "PreguntaReto",
    "Problema",
    "Propuesta",
    "Prorroga",
    "Puntaje",
    "Requisito",
    "RespuestaOficial",
    "Reto",
    "RetoPage",
    "RetosIndicePage",
    "SolicitudInformacion",
    "Union",
    "VersionPropuesta",
    "VersionTerminos",
]
