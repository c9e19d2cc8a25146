"""«Sellado hasta el cierre»: mientras la convocatoria recibe, nadie fuera de su equipo lee una propuesta.

Lo dice el calendario publicado, con el reloj de la base de datos: ampliar el plazo amplía el sello.
"""

from django.db.models import Q
from django.db.models.functions import Now

from participacion.ejercicios.models import Ejercicio


def bajo_sello(ejercicio: str = "") -> Q:
    """La condición para filas que llegan al ejercicio por ese camino («ejercicio__»). Sin cierre, no se abre nunca."""
    sin_cerrar = Q(**{f"{ejercicio}cierre__isnull": True}) | Q(**{f"{ejercicio}cierre__gt": Now()})
    return Q(**{f"{ejercicio}reto__sellado": True}) & sin_cerrar


def esta_sellado(ejercicio_id: int) -> bool:
    return Ejercicio.objects.filter(bajo_sello(), pk=ejercicio_id).exists()
