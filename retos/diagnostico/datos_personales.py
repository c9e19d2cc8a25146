"""Los problemas que una persona contó: cómo se le entregan y qué queda de ellos al suprimir sus datos."""

from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import SUPRIMIDO, Copia, declarar, describir
from cuentas.models import Participante
from participacion.moderacion import datos_personales as moderacion

from ..models import Problema
from . import actions

_CAMPOS = ("ejercicio", "estado", "organizacion", "titulo", "descripcion", "enviado_en", "publicado_en", "apoyos")


def _de(participante: Participante):
    return Problema.objects.filter(autor=participante).order_by("pk")


def copiar(participante: Participante) -> Copia:
    problemas = _de(participante).select_related("ejercicio", "organizacion")
    return Copia([describir(p, *_CAMPOS) | {"moderación": moderacion.de_objeto(p)} for p in problemas])


def suprimir(participante: Participante) -> None:
    """Lo público queda, sin nombre: se apoyó. Lo demás se retira y pierde su texto."""
    for problema in _de(participante).select_for_update(of=["self"]):
        if problema.es_publico:
            moderacion.olvidar(objeto=problema, titulo=problema.titulo)
            continue
        if problema.es_retirable:
            actions.retirar(problema=problema, actor=None)
        Problema.objects.filter(pk=problema.pk).update(titulo=SUPRIMIDO, descripcion="")
        moderacion.olvidar(objeto=problema, titulo=SUPRIMIDO)


def declarar_fuente() -> None:
    declarar("retos.problemas", _("Problemas"), modelos=["retos.problema"], copiar=copiar, suprimir=suprimir)
