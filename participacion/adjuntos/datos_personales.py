"""Los archivos sueltos. Los que pertenecen a un objeto los entrega y los suprime la sala dueña del objeto."""

from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import Copia, declarar, describir_todas
from cuentas.models import Participante

from .models import Adjunto

CAMPOS = ["nombre", "tipo_mime", "tamano", "creado_en"]


def _sueltos(participante: Participante):
    return Adjunto.objects.filter(subido_por=participante, objeto_tipo="").order_by("pk")


def copiar(participante: Participante) -> Copia:
    sueltos = _sueltos(participante)
    return Copia(describir_todas(sueltos, *CAMPOS), [(adjunto.nombre, adjunto.archivo) for adjunto in sueltos])


def suprimir(participante: Participante) -> None:
    for adjunto in _sueltos(participante):
        adjunto.borrar()


def olvidar_nombres(*, objeto) -> None:
    """A los archivos que siguen a la vista se les quita el nombre que les puso su autor: suele decir quién es."""
    for adjunto in Adjunto.objects.de(objeto):
        adjunto.nombre = f"anexo.{adjunto.nombre.rpartition('.')[2]}"
        adjunto.save(update_fields=["nombre"])


def declarar_fuente() -> None:
    declarar("adjuntos", _("Archivos sin enviar"), modelos=["adjuntos.adjunto"], copiar=copiar, suprimir=suprimir)
