from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cuentas import requisitos
from cuentas.models import Participante
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio, calcular_fase
from participacion.registro.actions import registrar_acto
from participacion.registro.enums import ActorRegistro, Canal
from participacion.registro.models import Acto

from .apoyables import APOYABLES
from .models import Apoyo

APOYO, RETIRO, IMPORTADOS = "apoyo", "apoyo_retirado", "apoyos_importados"


def _bloquear(objeto):
    """Candado sobre la fila apoyada: serializa sus apoyos y protege el conteo."""
    return type(objeto).objects.select_for_update(of=["self"]).get(pk=objeto.pk)


def _comprobar(objeto) -> tuple[Ejercicio, datetime]:
    ejercicio, ahora = leer_reglas(objeto.ejercicio_id)
    if not ejercicio.publicado or calcular_fase(ejercicio.apertura, ejercicio.cierre, ahora) != Fase.ABIERTA:
        raise ValidationError(_("Ya no se reciben apoyos: el ejercicio está cerrado."), code="cerrado")
    if not APOYABLES[objeto._meta.label_lower](objeto):
        raise ValidationError(_("No se puede apoyar: no está publicada."), code="estado")
    return ejercicio, ahora


@transaction.atomic
def apoyar(*, objeto, participante: Participante) -> bool:
    """Apoya una vez. Repetir no cambia nada y devuelve False.

    El apoyo es de la persona: nadie apoya dos veces, tampoco en nombre de su organización.
    Lanza ValidationError si el ejercicio está cerrado o el objeto no se puede apoyar.
    """
    objeto = _bloquear(objeto)
    ejercicio, ahora = _comprobar(objeto)
    requisitos.comprobar(participante, ejercicio.sitio, ejercicio.nivel_minimo)
    if Apoyo.objects.de(objeto).filter(participante=participante).exists():
        return False
    acto = registrar_acto(
        tipo=APOYO, ejercicio=ejercicio, objeto=objeto, participante=participante, ocurrido_en=ahora
    )
    Apoyo.objects.create(
        objeto_tipo=objeto._meta.label_lower,
        objeto_id=objeto.pk,
        ejercicio=ejercicio,
        participante=participante,
        acto=acto,
    )
    type(objeto).objects.filter(pk=objeto.pk).update(apoyos=F("apoyos") + 1)
    return True


@transaction.atomic
def retirar_apoyo(*, objeto, participante: Participante) -> bool:
    """Retira el apoyo; si no lo había, devuelve False. Lanza ValidationError si el ejercicio ya cerró."""
    objeto = _bloquear(objeto)
    ejercicio, ahora = _comprobar(objeto)
    apoyo = Apoyo.objects.de(objeto).filter(participante=participante).select_related("acto").first()
    if apoyo is None:
        return False
    registrar_acto(
        tipo=RETIRO,
        ejercicio=ejercicio,
        objeto=objeto,
        participante=participante,
        anula=apoyo.acto,
        ocurrido_en=ahora,
    )
    apoyo.delete()
    type(objeto).objects.filter(pk=objeto.pk).update(apoyos=F("apoyos") - 1)
    return True


def importar_apoyos(*, objeto, cantidad: int, ocurrido_en: datetime) -> Acto:
    """Anota en un solo acto los apoyos que el objeto traía de otra plataforma."""
    return registrar_acto(
        tipo=IMPORTADOS,
        ejercicio=objeto.ejercicio,
        objeto=objeto,
        actor_tipo=ActorRegistro.SIN_DATO,
        canal=Canal.IMPORTACION,
        cantidad=cantidad,
        ocurrido_en=ocurrido_en,
    )
