"""Un apoyo es una clave y un objeto: se entrega, y al suprimir queda para que los conteos no cambien."""

from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import Copia, declarar, describir_todas, nada
from cuentas.models import Participante

from .models import Apoyo


def copiar(participante: Participante) -> Copia:
    apoyos = Apoyo.objects.filter(participante=participante).select_related("ejercicio", "organizacion").order_by("pk")
    return Copia(describir_todas(apoyos, "ejercicio", "objeto_tipo", "objeto_id", "organizacion"))


def declarar_fuente() -> None:
    declarar("apoyos", _("Apoyos"), modelos=["apoyos.apoyo"], copiar=copiar, suprimir=nada)
