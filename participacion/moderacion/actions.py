from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Usuario
from home.texto import limpiar_parrafos
from participacion.ejercicios.models import Ejercicio
from participacion.ejercicios.querysets import bloquear

from .enums import CON_MOTIVO, Decision
from .models import Entrada
from .moderables import MODERABLES
from .rules import puede_moderar

MOTIVO_MAXIMO = 2000


@transaction.atomic
def poner_en_cola(*, objeto, ejercicio: Ejercicio, titulo: str, remitente: str, ahora: datetime) -> Entrada:
    """Pone un objeto a esperar moderación. Lanza IntegrityError si ya estaba esperando."""
    return Entrada.objects.create(
        objeto_tipo=objeto._meta.label_lower,
        objeto_id=objeto.pk,
        sitio_id=ejercicio.sitio_id,
        ejercicio=ejercicio,
        titulo=titulo,
        remitente=remitente,
        recibida_en=ahora,
    )


@transaction.atomic
def sacar_de_cola(*, objeto) -> None:
    """El autor retira lo que esperaba moderación; si no esperaba, no pasa nada."""
    Entrada.objects.de(objeto).pendientes().update(decision=Decision.RETIRADA, decidida_en=Now())


@transaction.atomic
def decidir(*, entrada_id: int, decision: str, motivo: str = "", moderador: Usuario) -> Entrada:
    """Resuelve una entrada y aplica la decisión a su objeto: una sola transacción, una sola vez.

    Lanza PermissionDenied si no modera en ese sitio y ValidationError si falta el motivo o ya estaba decidida.
    """
    # Primero el objeto y después la entrada, como hace su autor al retirarlo: al revés se bloquearían uno al otro.
    bloquear(*Entrada.objects.values_list("objeto_tipo", "objeto_id").get(pk=entrada_id))
    entrada = Entrada.objects.select_for_update(of=["self"]).select_related("sitio", "ejercicio").get(pk=entrada_id)
    if not puede_moderar(moderador, entrada):
        raise PermissionDenied
    if not Entrada.objects.visibles().filter(pk=entrada.pk).exists():
        raise ValidationError(_("Todavía no se puede leer ni decidir: está sellada."), code="reservada")
    moderable = MODERABLES[entrada.objeto_tipo]
    if decision not in moderable.decisiones:
        raise ValidationError({"decision": _("Elija una decisión de la lista.")})
    motivo = limpiar_parrafos(motivo)
    if decision in CON_MOTIVO and not motivo:
        raise ValidationError({"motivo": _("Escriba el motivo: es lo que leerá quien envió.")})
    if len(motivo) > MOTIVO_MAXIMO:
        raise ValidationError({"motivo": _("El motivo puede tener hasta %(n)s caracteres.") % {"n": MOTIVO_MAXIMO}})
    if entrada.decision:
        raise ValidationError(
            _("Esta entrada ya fue decidida: %(decision)s.") % {"decision": entrada.get_decision_display()},
            code="decidida",
        )
    if moderable.es_de(moderador, entrada.objeto):
        raise ValidationError(_("Usted la envió: debe decidirla otra persona."), code="propia")
    entrada.decision, entrada.motivo, entrada.decidida_por = decision, motivo, moderador
    entrada.decidida_en = Now()
    entrada.save(update_fields=["decision", "motivo", "decidida_por", "decidida_en"])
    entrada.refresh_from_db(fields=["decidida_en"])
    moderable.aplicar(entrada.objeto, Decision(decision), motivo, moderador)
    log(instance=entrada, action="moderacion.decidir", user=moderador, data={"decision": decision})
    return entrada
