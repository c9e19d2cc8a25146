"""Los equipos de una persona: cómo se le entregan y qué queda de ellos al suprimir sus datos."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cuentas import retencion
from cuentas.datos_personales import Copia, declarar, describir_todas
from cuentas.models import Participante
from participacion.ejercicios.actions import leer_reglas

from ..models import Integrante, InvitacionEquipo, Union
from . import historia, integrantes
from .condiciones import bloquear_propuestas
from .enums import EstadoUnion, Parte


def _invitaciones_a(participante: Participante):
    """Las que llegaron a un correo suyo confirmado."""
    correos = EmailAddress.objects.filter(user__participante=participante, verified=True)
    recibidas = Q()
    for correo in correos.values_list("email", flat=True):
        recibidas |= Q(correo__iexact=correo)
    return InvitacionEquipo.objects.filter(recibidas) if recibidas else InvitacionEquipo.objects.none()


def copiar(participante: Participante) -> Copia:
    invitaciones = ("propuesta", "correo", "organizacion", "creada_en", "vence_en", "usada_en")
    enviadas = InvitacionEquipo.objects.filter(propuesta__autor=participante)
    uniones = Union.objects.filter(pide=participante).select_related("destino", "origen", "organizacion")
    return Copia(
        {
            "equipos": describir_todas(
                participante.equipos.select_related("propuesta", "organizacion"), "propuesta", "organizacion", "desde"
            ),
            "peticiones": describir_todas(
                uniones.order_by("pk"), "tipo", "estado", "destino", "origen", "organizacion", "mensaje", "pedida_en", "resuelta_en"
            ),
            "invitaciones enviadas": describir_todas(enviadas.select_related("propuesta", "organizacion"), *invitaciones),
            "invitaciones recibidas": describir_todas(
                _invitaciones_a(participante).select_related("propuesta", "organizacion"), *invitaciones
            ),
        }
    )


def suprimir(participante: Participante) -> None:
    """Deja los equipos de lo que no es público; en lo público queda su puesto, sin nombre. Lo que pidió se retira y
    pierde el mensaje; lo que le pidieron se niega."""
    suyos = Integrante.objects.filter(participante=participante)
    uniones = Union.objects.filter(pide=participante)
    # Lo que le pidieron a lo suyo ya no tiene quién lo conteste.
    recibidas = Union.objects.filter(destino__autor=participante, estado=EstadoUnion.PEDIDA)
    esperan = (uniones.filter(estado=EstadoUnion.PEDIDA) | recibidas).values_list("destino", "origen")
    # De una vez y en orden, también las suyas, que se suprimen después: quien decide o cierra un reto las bloquea todas.
    bloquear_propuestas(
        *participante.propuestas.values_list("pk", flat=True),
        *suyos.values_list("propuesta", flat=True),
        *(pk for par in esperan for pk in par),
    )
    for integrante in suyos.select_related("propuesta", "participante", "organizacion").order_by("pk"):
        if not integrante.propuesta.es_publica:
            ejercicio, ahora = leer_reglas(integrante.propuesta.ejercicio_id)
            integrantes.sacar(integrante, usuario=None, ejercicio=ejercicio, ahora=ahora)
    for union in uniones.filter(estado=EstadoUnion.PEDIDA).select_related("destino").order_by("pk"):
        _ejercicio, ahora = leer_reglas(union.destino.ejercicio_id)
        historia.cambiar_union(union, EstadoUnion.RETIRADA, parte=Parte.PIDE, usuario=None, ahora=ahora)
    for union in recibidas.select_related("destino").order_by("pk"):
        _ejercicio, ahora = leer_reglas(union.destino.ejercicio_id)
        historia.cambiar_union(union, EstadoUnion.RECHAZADA, parte=Parte.RECIBE, usuario=None, ahora=ahora)
    uniones.update(mensaje="")
    _invitaciones_a(participante).delete()
    InvitacionEquipo.objects.filter(propuesta__autor=participante).delete()


def ya_no_sirven(limite: datetime):
    """Usadas, anuladas o vencidas antes de `limite`."""
    return InvitacionEquipo.objects.filter(Q(usada_en__lt=limite) | Q(anulada_en__lt=limite) | Q(vence_en__lt=limite))


def declarar_fuente() -> None:
    declarar(
        "retos.equipos",
        _("Equipos de propuestas"),
        modelos=["retos.integrante", "retos.invitacionequipo", "retos.union"],
        copiar=copiar,
        suprimir=suprimir,
    )
    retencion.declarar(
        "invitaciones_equipo",
        _("Invitaciones a equipos usadas, anuladas o vencidas"),
        dias=90,
        hace=_("se borran"),
        buscar=ya_no_sirven,
        aplicar=retencion.borrar,
    )
