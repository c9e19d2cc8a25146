from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cuentas import requisitos
from cuentas.models import Organizacion, Participante, Usuario
from cuentas.rules import puede_actuar_por, puede_asistir
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


def _comprobar_en_nombre(objeto, participante: Participante, organizacion: Organizacion) -> None:
    nombre = {"nombre": organizacion.nombre}
    if not puede_actuar_por(participante, organizacion):
        raise ValidationError(_("Ya no puede actuar en nombre de %(nombre)s.") % nombre, code="organizacion")
    if Apoyo.objects.de(objeto).filter(organizacion=organizacion).exists():
        raise ValidationError(
            _("%(nombre)s ya dio su apoyo. Usted puede apoyar en su propio nombre.") % nombre,
            code="organizacion_ya_apoyo",
        )


@transaction.atomic
def apoyar(
    *,
    objeto,
    participante: Participante,
    organizacion: Organizacion | None = None,
    canal: Canal = Canal.WEB,
    asistido_por: Usuario | None = None,
) -> bool:
    """Apoya una vez, en nombre propio o de una organización. Repetir no cambia nada y devuelve False.

    Una persona apoya una sola vez, en el nombre que sea; una organización, también, la apoye quien la apoye.
    Lanza PermissionDenied si `asistido_por` no puede asistir aquí o se asiste a sí mismo, y ValidationError si el ejercicio está cerrado,
    el objeto no se puede apoyar, falta un requisito (code="requisitos"), ya apoyó en otro nombre
    (code="en_otro_nombre"), no actúa por la organización (code="organizacion") o ésta ya apoyó
    (code="organizacion_ya_apoyo").
    """
    objeto = _bloquear(objeto)
    ejercicio, ahora = _comprobar(objeto)
    if asistido_por is not None and (
        not puede_asistir(asistido_por, ejercicio.sitio) or participante.cuenta_id == asistido_por.pk
    ):
        raise PermissionDenied
    requisitos.comprobar(participante, ejercicio.sitio, ejercicio.nivel_minimo)
    if dado := Apoyo.objects.de(objeto).filter(participante=participante).first():
        if dado.organizacion_id == (organizacion and organizacion.pk):
            return False
        raise ValidationError(
            _("Ya dio su apoyo, y se da una sola vez. Para darlo en otro nombre, retire antes el que dio."),
            code="en_otro_nombre",
        )
    if organizacion is not None:
        _comprobar_en_nombre(objeto, participante, organizacion)
    acto = registrar_acto(
        tipo=APOYO,
        ejercicio=ejercicio,
        objeto=objeto,
        participante=participante,
        organizacion=organizacion,
        canal=canal,
        asistido_por=asistido_por,
        ocurrido_en=ahora,
    )
    Apoyo.objects.create(
        objeto_tipo=objeto._meta.label_lower,
        objeto_id=objeto.pk,
        ejercicio=ejercicio,
        participante=participante,
        organizacion=organizacion,
        acto=acto,
    )
    type(objeto).objects.filter(pk=objeto.pk).update(apoyos=F("apoyos") + 1)
    return True


@transaction.atomic
def retirar_apoyo(*, objeto, participante: Participante) -> bool:
    """Retira el apoyo que dio esta persona; si no lo había, devuelve False. Lanza ValidationError si el ejercicio ya cerró.

    El que dio en nombre de una organización también lo retira sólo ella, aunque ya no sea su integrante.
    """
    objeto = _bloquear(objeto)
    ejercicio, ahora = _comprobar(objeto)
    apoyo = Apoyo.objects.de(objeto).filter(participante=participante).select_related("acto", "organizacion").first()
    if apoyo is None:
        return False
    registrar_acto(
        tipo=RETIRO,
        ejercicio=ejercicio,
        objeto=objeto,
        participante=participante,
        organizacion=apoyo.organizacion,
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
