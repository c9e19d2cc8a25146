"""Lo que esta parte muestra en la página de una propuesta o de su reto."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from home.marco import direccion_de
from participacion.apoyos.enums import ModoApoyo
from participacion.apoyos.models import Apoyo, Papeleta
from participacion.apoyos.querysets import organizaciones_de

from .. import fases
from ..acceso import reto_de
from ..models import Propuesta
from .rules import conteos_visibles, reglas_de


def del_ejercicio(ejercicio) -> dict:
    """Si ahora se apoya, cómo, y si se puede decir cuánto."""
    ahora, aviso = timezone.now(), ""
    try:
        fases.comprobar(ejercicio, fases.Accion.APOYAR, ahora)
    except ValidationError as error:
        (aviso,) = error.messages
    reglas = reglas_de(ejercicio)
    return {
        "apoyo_abierto": not aviso,
        "apoyo_aviso": aviso,
        "reglas_apoyo": reglas,
        "con_papeleta": reglas.modo != ModoApoyo.SIMPLE,
        "conteos_visibles": conteos_visibles(ejercicio, ahora),
    }


def quedan(ejercicio, reglas, participante) -> int | None:
    """Cuánto le queda por dar a una persona: apoyos o puntos. None: sin límite."""
    if reglas.maximo is None:
        return None
    suya = Papeleta.objects.filter(
        ejercicio=ejercicio, objeto_tipo=Propuesta._meta.label_lower, participante=participante
    )
    return reglas.maximo - (suya.values_list("usados", flat=True).first() or 0)


def en_propuesta(request, propuesta) -> dict:
    """El recuadro de apoyar (`retos/_apoyo.html`)."""
    if not propuesta.es_publica:
        return {}
    contexto = del_ejercicio(propuesta.ejercicio)
    if not request.user.is_authenticated:
        return contexto
    reglas = contexto["reglas_apoyo"]
    if reglas.maximo:
        contexto["quedan"] = quedan(propuesta.ejercicio, reglas, getattr(request.user, "participante", None))
    propios = Apoyo.objects.de(propuesta).filter(participante__cuenta=request.user)
    campos = ("organizacion__nombre", "posicion", "puntos", "quiere_avisos")
    if apoyo := propios.select_related("organizacion").only(*campos).first():
        contexto["apoyo"] = apoyo
    elif not contexto["con_papeleta"]:
        contexto["organizaciones"] = organizaciones_de(request.user, propuesta)
    if contexto["con_papeleta"] and (reto := reto_de(request, propuesta)):
        contexto["url_mi_voto"] = f"{direccion_de(request, reto)}mi-voto/"
    return contexto


def en_reto(request, pagina, ejercicio) -> dict:
    contexto = del_ejercicio(ejercicio)
    return contexto | {"url_mi_voto": f"{direccion_de(request, pagina)}mi-voto/"}
