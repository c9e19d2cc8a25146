"""El informe de resultados, sección por sección."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home.marco import ajustes_de, direccion_de

from ...models import Propuesta
from ..documento import Documento
from ..expediente import Expediente
from . import convocado, cumplido, elegido

SECCIONES = (
    convocado.reto, cumplido.cierre, convocado.fases, convocado.participantes, convocado.problemas, convocado.preguntas,
    convocado.conteos, elegido.apoyos, elegido.criterios, elegido.evaluacion, elegido.decision, elegido.respuestas,
    cumplido.compromisos, cumplido.satisfaccion,
)  # fmt: skip


def armar(e: Expediente, propuestas: list[Propuesta]) -> Documento:
    """El documento entero; `propuestas`, las que su lista muestra."""
    secciones = [*(seccion(e) for seccion in SECCIONES), cumplido.datos(e), elegido.propuestas(e, propuestas)]
    ajustes = ajustes_de(e.request)
    return Documento(
        titulo=_("Informe de resultados: %(reto)s") % {"reto": e.pagina.title},
        entidad=ajustes.nombre or ajustes.site.hostname,
        idioma=get_language(),
        fecha=e.hoy,
        preliminar=e.cierre is None,
        direccion=e.absoluta(f"{direccion_de(e.request, e.pagina)}informe/"),
        secciones=[seccion for seccion in secciones if seccion],
    )
