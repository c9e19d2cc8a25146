from .paginas import RetoPage, RetosIndicePage
from .propuestas import Propuesta

__all__ = ["Propuesta", "RetoPage", "RetosIndicePage"]
