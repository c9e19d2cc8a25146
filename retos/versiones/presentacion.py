"""Lo que esta parte muestra en la página de una propuesta y en los correos."""

from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from participacion.ejercicios.models import Ejercicio

from ..models import SolicitudInformacion
from ..rules import es_del_equipo, lee_como_personal
from .actions import abierta_de
from .campos import rotulos_de


def en_propuesta(request, propuesta) -> dict:
    """A su equipo y al personal, las versiones y lo que se le pidió; a los demás basta `corregida_en`, sin consultas."""
    if not propuesta.referencia:
        return {}
    del_equipo = es_del_equipo.test(request.user, propuesta)
    if not (del_equipo or lee_como_personal.test(request.user, propuesta)):
        return {}
    solicitud = abierta_de(propuesta)
    if solicitud and solicitud.vence_en <= timezone.now():
        solicitud = None
    return {
        "ve_versiones": True,
        "solicitud": solicitud,
        "solicitud_campos": rotulos_de(propuesta, solicitud.campos) if solicitud else [],
    }


def por_responder(ejercicio: Ejercicio) -> int:
    """Cuántas solicitudes esperan respuesta del equipo."""
    abiertas = SolicitudInformacion.objects.filter(atendida_en__isnull=True, anulada_en__isnull=True, vence_en__gt=Now())
    return abiertas.filter(propuesta__ejercicio=ejercicio).count()


def para_correo(solicitud: SolicitudInformacion) -> dict:
    propuesta = solicitud.propuesta
    return {
        "solicitud": solicitud,
        "propuesta": propuesta,
        "reto": propuesta.ejercicio,
        "campos": rotulos_de(propuesta, solicitud.campos),
        "enlace": reverse("retos:informacion", args=[propuesta.pk]),
    }
