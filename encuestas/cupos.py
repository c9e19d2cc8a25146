"""Los lugares de cada cupo: quién gasta uno y quién llegó cuando estaba lleno."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from participacion.ejercicios.models import Ejercicio

from .models import Cupo


def _gasta(cupo: Cupo, quien: tuple[str, set[int]] | None) -> bool:
    """Si una respuesta de ese tipo de actor, con esas opciones, ocupa un lugar del cupo."""
    if quien is None:
        return False
    actor_tipo, opciones = quien
    return cupo.actor_tipo in ("", actor_tipo) and (cupo.opcion_id is None or cupo.opcion_id in opciones)


def cambiar_cupos(
    ejercicio: Ejercicio, *, liberar: tuple[str, set[int]] | None = None, tomar: tuple[str, set[int]] | None = None
) -> None:
    """Devuelve y gasta los lugares de una respuesta: (tipo de actor, opciones elegidas), antes y ahora.

    Lanza ValidationError (code="cupo") si alguno de los que gasta está lleno. Cada cupo se toca una vez y siempre en el
    mismo orden: dos que corrigen en sentidos contrarios se esperan y no se traban.
    """
    for cupo in Cupo.objects.filter(ejercicio=ejercicio).order_by("pk"):
        cambio = _gasta(cupo, tomar) - _gasta(cupo, liberar)
        if cambio < 0:
            Cupo.objects.filter(pk=cupo.pk, usados__gt=0).update(usados=F("usados") - 1)
        elif cambio > 0 and not Cupo.objects.filter(pk=cupo.pk, usados__lt=F("limite")).update(usados=F("usados") + 1):
            raise ValidationError(mensaje_de(cupo), code="cupo")


def mensaje_de(cupo: Cupo) -> str:
    """Lo que lee quien llega cuando el cupo está lleno."""
    return cupo.mensaje or _("Gracias por su interés. Ya se completaron las respuestas que esta encuesta recibe de personas como usted o con esa respuesta.")


def lleno_para(ejercicio: Ejercicio, actores: set[str]) -> Cupo | None:
    """Un cupo lleno que cierra la puerta a cualquiera que responda como alguno de estos tipos de actor; None si pasan.

    No cuentan los de una opción: aún no se sabe qué elegirá.
    """
    llenos = list(Cupo.objects.filter(ejercicio=ejercicio, opcion=None, usados__gte=F("limite")).order_by("pk"))
    de_cada_uno = [next((cupo for cupo in llenos if cupo.actor_tipo in ("", actor)), None) for actor in sorted(actores)]
    return de_cada_uno[0] if de_cada_uno and all(de_cada_uno) else None
