"""Qué decía una propuesta cada vez que se envió, y qué se le había pedido. Se llama con la propuesta bloqueada."""

from datetime import datetime

from cuentas.models import Participante

from ..contenido import en_version
from ..models import Propuesta, VersionPropuesta


def anotar_version(propuesta: Propuesta, *, quien: Participante | None, ahora: datetime) -> VersionPropuesta:
    """Congela lo que se acaba de enviar."""
    ultima = propuesta.versiones.first()
    return VersionPropuesta.objects.create(
        propuesta=propuesta,
        numero=ultima.numero + 1 if ultima else 1,
        contenido=en_version(propuesta),
        autor=quien,
        en=ahora,
    )


def cerrar_solicitudes(propuesta: Propuesta, ahora: datetime) -> int:
    """Lo que se pedía completar deja de pedirse: venció, o la propuesta dejó de estar publicada."""
    abiertas = propuesta.solicitudes.filter(atendida_en__isnull=True, anulada_en__isnull=True)
    return abiertas.update(anulada_en=ahora)
