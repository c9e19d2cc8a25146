"""Lo que dicen los correos sobre un equipo."""

from allauth.account.adapter import get_adapter
from django.urls import reverse

from participacion.ejercicios.models import Ejercicio

from ..models import Integrante, InvitacionEquipo, Propuesta, Union
from .invitaciones import DIAS


def escribir_invitacion(request, invitacion: InvitacionEquipo, codigo: str) -> bool:
    """Envía el enlace, en el idioma de quien invita: el de la otra persona no se conoce. Dice si se pudo.

    Sale después de guardar y no como aviso: el código no se guarda. No dice de qué trata: el correo puede estar mal escrito.
    """
    contexto = {
        "quien": request.user.get_full_name(),
        "reto": invitacion.propuesta.ejercicio.titulo,
        "organizacion": invitacion.organizacion and invitacion.organizacion.nombre,
        "dias": DIAS,
        "enlace": request.build_absolute_uri(reverse("retos:invitacion_equipo", args=[codigo])),
    }
    try:
        get_adapter().enviar("retos/equipos/correo/invitacion", invitacion.correo, contexto)
    except OSError:
        return False
    return True


def _de(propuesta: Propuesta) -> dict:
    return {"propuesta": propuesta, "reto": propuesta.ejercicio}


def de_integrante(integrante: Integrante) -> dict:
    propuesta = integrante.propuesta
    return _de(propuesta) | {"integrante": integrante, "enlace": reverse("retos:equipo", args=[propuesta.pk])}


def de_equipo(propuesta: Propuesta) -> dict:
    return _de(propuesta) | {"enlace": reverse("retos:equipo", args=[propuesta.pk])}


def de_union(union: Union) -> dict:
    return _de(union.destino) | {"union": union, "enlace": reverse("retos:union", args=[union.pk])}


def de_reto(ejercicio: Ejercicio) -> dict:
    return {"reto": ejercicio, "enlace": reverse("retos:mis_propuestas")}
