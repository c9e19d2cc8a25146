from .analisis import Exportacion, MedidaEncuesta, PesoPoblacion, Tema
from .encuestas import Anulacion, Codigo, Conteo, Cupo, Encuesta, LoteCodigos, Participacion, Sobre
from .paginas import EncuestaPage

__all__ = [
    "Anulacion",
    "Codigo",
    "Conteo",
    "Cupo",
    "Encuesta",
    "EncuestaPage",
    "Exportacion",
    "LoteCodigos",
    "MedidaEncuesta",
    "Participacion",
    "PesoPoblacion",
    "Sobre",
    "Tema",
]
