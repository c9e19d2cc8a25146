"""Un apoyo es una clave y un objeto: se entrega, y al suprimir queda para que los conteos no cambien."""

from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import Copia, declarar, describir_todas
from cuentas.models import Participante

from .models import Apoyo

_CAMPOS = ["ejercicio", "objeto_tipo", "objeto_id", "organizacion", "posicion", "puntos", "quiere_avisos"]


def copiar(participante: Participante) -> Copia:
    apoyos = Apoyo.objects.filter(participante=participante).select_related("ejercicio", "organizacion").order_by("pk")
    return Copia(describir_todas(apoyos, *_CAMPOS))


def suprimir(participante: Participante) -> None:
    """Lo dado queda, sin nadie detrás; lo que se le debía contar, no."""
    Apoyo.objects.filter(participante=participante).update(quiere_avisos=False)


def declarar_fuente() -> None:
    # La papeleta no dice nada que no digan sus apoyos: cuántos son.
    declarar("apoyos", _("Apoyos"), modelos=["apoyos.apoyo", "apoyos.papeleta"], copiar=copiar, suprimir=suprimir)
