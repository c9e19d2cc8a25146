"""Lo que la entidad le respondió a una persona, en la copia de sus datos."""

from django.utils.translation import gettext_lazy as _

from cuentas.datos_personales import Copia, declarar, nada
from cuentas.models import Participante

from ..models import Novedad, RespuestaOficial


def copiar(participante: Participante) -> Copia:
    respuestas = RespuestaOficial.objects.filter(propuesta__autor=participante).select_related("propuesta").order_by("pk")
    novedades = Novedad.objects.filter(propuesta__autor=participante).select_related("propuesta").order_by("pk")
    return Copia(
        {
            str(_("respuestas oficiales")): [
                {str(_("propuesta")): str(r.propuesta), str(_("respuesta")): r.texto, str(_("fecha")): r.publicada_en}
                for r in respuestas
            ],
            str(_("novedades")): [
                {str(_("propuesta")): str(n.propuesta), str(_("título")): n.titulo, str(_("qué pasó")): n.texto, str(_("fecha")): n.en}
                for n in novedades
            ],
        }
    )


def declarar_fuente() -> None:
    """Lo que la entidad contestó y contó es suyo y es público: no se suprime con los datos de quien propuso."""
    declarar(
        "retos_decision",
        _("Respuestas de la entidad"),
        modelos=["retos.respuestaoficial", "retos.novedad"],
        copiar=copiar,
        suprimir=nada,
    )
