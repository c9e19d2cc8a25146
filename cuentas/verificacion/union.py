"""Unir a quien participó sin cuenta (asistida o en papel) con la cuenta que abrió después: una persona, un participante.

Las salas de arriba dicen, al arrancar, si una persona ya dejó huella en ellas.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ..models import Participante, Perfil

_PREGUNTAS: list[Callable[[Participante], bool]] = []


def declarar_huella(pregunta: Callable[[Participante], bool]) -> None:
    """`pregunta(participante)`: si tiene algo que lo nombra sin una llave foránea, como un acto del registro."""
    _PREGUNTAS.append(pregunta)


def _relaciones(*, propias: bool):
    # También las que se declaran con `related_name="+"`: `related_objects` las calla.
    inversas = (r for r in Participante._meta.get_fields(include_hidden=True) if r.auto_created and not r.concrete)
    for relacion in inversas:
        if (relacion.related_model._meta.app_label == Participante._meta.app_label) is propias:
            yield relacion.related_model._base_manager, relacion.field.name


def tiene_actividad(participante: Participante) -> bool:
    """Si alguna sala de arriba guarda algo suyo: un acto, una propuesta, un borrador, un archivo."""
    return any(pregunta(participante) for pregunta in _PREGUNTAS) or any(
        filas.filter(**{campo: participante}).exists() for filas, campo in _relaciones(propias=False)
    )


def unir(*, participante: Participante, con: Participante) -> None:
    """Pasa la cuenta de `participante`, con lo que la persona declaró y autorizó, a `con`, que conserva su clave y sus actos.

    Corre dentro de una transacción, con los dos bloqueados. Lanza ValidationError (code="con_actividad") si la cuenta
    ya participó: sumar dos historias cambiaría lo que se contó.
    """
    if tiene_actividad(participante):
        raise ValidationError(
            _(
                "Con ese documento ya se participó en la oficina, y esta cuenta también tiene participaciones o borradores "
                "propios. Las dos historias quedan aparte: no se pueden unir sin cambiar lo que ya se contó."
            ),
            code="con_actividad",
        )
    if Perfil.objects.filter(participante=participante).exists():
        Perfil.objects.filter(participante=con).delete()
    for filas, campo in _relaciones(propias=True):
        for fila in filas.filter(**{campo: participante}):
            setattr(fila, campo, con)
            try:
                with transaction.atomic():
                    fila.save(update_fields=[campo])
            except IntegrityError:
                fila.delete()  # la otra ya decía lo mismo
    cuenta, participante.cuenta, participante.nivel = participante.cuenta, None, 0
    participante.save(update_fields=["cuenta", "nivel"])
    con.cuenta, con.nombre = cuenta, ""
    con.save(update_fields=["cuenta", "nombre"])
