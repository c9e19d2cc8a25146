"""Una entrada guarda copia del título y el motivo que se escribió sobre alguien: los suprime la sala dueña del objeto."""

from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import SUPRIMIDO, Copia, declarar, describir, describir_todas, nada
from cuentas.models import Participante

from .models import Entrada


def de_objeto(objeto) -> list[dict]:
    """Lo que la moderación decidió sobre un objeto, para su autor."""
    return describir_todas(Entrada.objects.de(objeto).decididas(), "recibida_en", "decision", "motivo", "decidida_en")


def olvidar(*, objeto, titulo: str) -> None:
    """Deja `titulo` en todas las entradas del objeto y quita los motivos."""
    entradas = Entrada.objects.de(objeto)
    entradas.update(titulo=titulo)
    entradas.exclude(motivo="").update(motivo=SUPRIMIDO)


def copiar(participante: Participante) -> Copia:
    """Lo que decidió como moderador: la fecha y la decisión, no lo de otra persona."""
    suyas = Entrada.objects.filter(decidida_por__participante=participante).order_by("pk")
    return Copia([describir(entrada, "objeto_tipo", "objeto_id", "decision", "decidida_en") for entrada in suyas])


def declarar_fuente() -> None:
    declarar("moderacion", _("Decisiones de moderación"), modelos=["moderacion.entrada"], copiar=copiar, suprimir=nada)
