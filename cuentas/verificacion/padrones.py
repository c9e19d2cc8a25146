"""Cargar y retirar padrones. Uno vale entero o no vale: mientras se carga, nadie se verifica con él."""

import logging
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log
from wagtail.models import Site

from ..enums import TRANSICIONES_PADRON, EstadoPadron
from ..models import DocumentoPadron, Padron, Usuario
from . import espera

LOTE = 2000
# Espera antes de cada reintento si la base de datos no responde.
ESPERAS = [timedelta(minutes=m) for m in (1, 5, 30)]

registro = logging.getLogger(__name__)


def _pasar(padron: Padron, estado: str, **campos) -> None:
    """El único que cambia el estado de un padrón. Lanza ValidationError (code="transicion") si no se puede."""
    if estado not in TRANSICIONES_PADRON.get(padron.estado, ()):
        raise ValidationError(
            _("El padrón ya no admite ese cambio: está «%(estado)s».") % {"estado": padron.get_estado_display().lower()},
            code="transicion",
        )
    for campo, valor in {**campos, "estado": estado}.items():
        setattr(padron, campo, valor)
    padron.save(update_fields=[*campos, "estado"])


@transaction.atomic
def crear_padron(
    *, nombre: str, sitio: Site, sal: str, pide_fecha: bool, total: int, archivo: str, actor: Usuario
) -> Padron:
    """Deja un padrón recibido en la cola de carga. `archivo`: sus HMAC, en espera."""
    padron = Padron.objects.create(
        nombre=nombre, sitio=sitio, sal=sal, pide_fecha=pide_fecha, total=total, archivo=archivo, creado_por=actor
    )
    log(instance=padron, action="cuentas.crear_padron", user=actor)
    cargar_padron.enqueue(padron.pk)
    return padron


def cargar(padron_id: int) -> None:
    """Carga por lotes los HMAC en espera y, con el último, el padrón queda vigente. Repetirla continúa donde iba.

    Sirve aunque dos trabajadores la hagan a la vez: lo ya cargado no se repite. Lanza sqlite3.Error si falta lo que
    esperaba, y ValueError si no suma lo que se recibió.
    """
    padron = Padron.objects.filter(pk=padron_id, estado=EstadoPadron.CARGANDO).first()
    if padron is None:
        return
    cargados = 0
    for lote in espera.lotes(padron.archivo, LOTE):
        cargados += len(lote)
        if cargados <= padron.cargados:
            continue
        with transaction.atomic():
            DocumentoPadron.objects.bulk_create(
                [DocumentoPadron(padron=padron, hmac=hmac) for hmac in lote], ignore_conflicts=True
            )
            # Cancelada mientras tanto: el lote se deshace y no queda ninguna fila suelta.
            if not Padron.objects.filter(pk=padron.pk, estado=EstadoPadron.CARGANDO).update(cargados=cargados):
                transaction.set_rollback(True)
                return
    _estrenar(padron)


@transaction.atomic
def _estrenar(padron: Padron) -> None:
    padron = Padron.objects.select_for_update().get(pk=padron.pk)
    if padron.estado != EstadoPadron.CARGANDO:
        return
    if padron.documentos.count() != padron.total:
        raise ValueError("Los documentos cargados no son los que se recibieron")
    archivo = padron.archivo
    _pasar(padron, EstadoPadron.VIGENTE, vigente_en=Now(), archivo="")
    transaction.on_commit(lambda: espera.borrar(archivo))
    log(instance=padron, action="cuentas.padron_vigente", user=padron.creado_por)


@transaction.atomic
def detener(*, padron: Padron, actor: Usuario | None = None) -> None:
    """Abandona la carga y borra lo cargado. Lanza ValidationError si ya había terminado."""
    padron = Padron.objects.select_for_update().get(pk=padron.pk)
    archivo = padron.archivo
    _pasar(padron, EstadoPadron.FALLIDO, cargados=0, archivo="")
    padron.documentos.all().delete()
    transaction.on_commit(lambda: espera.borrar(archivo))
    log(instance=padron, action="cuentas.padron_fallido", user=actor)


@transaction.atomic
def retirar(*, padron: Padron, actor: Usuario) -> None:
    """Nadie más se verifica con él; las verificaciones ya hechas siguen hasta que el personal las anule.

    Lanza ValidationError si no estaba vigente.
    """
    padron = Padron.objects.select_for_update().get(pk=padron.pk)
    _pasar(padron, EstadoPadron.RETIRADO, retirado_en=Now())
    log(instance=padron, action="cuentas.retirar_padron", user=actor)


@task()
def cargar_padron(padron_id: int, intento: int = 0) -> None:
    """Carga un padrón. Si la base de datos falla lo reintenta; ante lo demás queda fallido y sin filas."""
    try:
        cargar(padron_id)
    except Exception as error:
        registro.error("Padrón %s: falló la carga (%s)", padron_id, type(error).__name__)
        if isinstance(error, (OperationalError, InterfaceError)) and intento < len(ESPERAS):
            cargar_padron.using(run_after=timezone.now() + ESPERAS[intento]).enqueue(padron_id, intento + 1)
        elif padron := Padron.objects.filter(pk=padron_id, estado=EstadoPadron.CARGANDO).first():
            detener(padron=padron)
