"""El contenido de demostración: un concejo, sus retos y quienes participan en ellos. Todo inventado, salvo el plan."""

from .carga import cargar
from .personas import CUENTAS

__all__ = ["CUENTAS", "cargar"]
