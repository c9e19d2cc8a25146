"""El registro guarda la clave del participante y rasgos congelados: se entregan, y al suprimir quedan como estaban."""

from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import Copia, declarar, describir, nada
from cuentas.models import Participante

from .models import Acto, Asistencia


def _acto(acto: Acto) -> dict:
    campos = [
        "tipo", "objeto_tipo", "objeto_id", "estado", "organizacion_tipo", "rango_edad", "area", "zona",
        "nivel_verificacion", "canal", "ocurrido_en",
    ]  # fmt: skip
    return {"ejercicio": str(acto.ejercicio), **describir(acto, *campos)}


def copiar(participante: Participante) -> Copia:
    """Sus actos y, si fue del personal, los que registró por otras personas, sin decir por quién."""
    suyos = Acto.objects.filter(participante=participante.clave).select_related("ejercicio").order_by("pk")
    asistidos = Asistencia.objects.filter(funcionario__participante=participante).select_related("acto").order_by("pk")
    return Copia(
        {
            "actos": [_acto(acto) for acto in suyos],
            "asistencias": [describir(asistencia.acto, "tipo", "canal", "ocurrido_en") for asistencia in asistidos],
        }
    )


def declarar_fuente() -> None:
    declarar("registro", _("Actos de participación"), modelos=["registro.asistencia"], copiar=copiar, suprimir=nada)
