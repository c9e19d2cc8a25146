from django.utils.translation import gettext_lazy as _

from ..enums import Resultado

# Mientras está en uno de éstos, la entidad puede pedir que se complete.
CONCURSAN = (Resultado.EN_ESTUDIO, Resultado.ADMITIDA, Resultado.NO_ADMITIDA)

ACTO_PEDIDA, ACTO_ATENDIDA, ACTO_ANULADA = "informacion_pedida", "informacion_completada", "informacion_anulada"
# Completarla es parte de la misma participación: no cuenta otra vez.
ACTOS = {
    ACTO_PEDIDA: _("Información pedida"),
    ACTO_ATENDIDA: _("Información completada"),
    ACTO_ANULADA: _("Solicitud de información anulada"),
}
AVISO = "propuesta_informacion"
