"""La línea de tiempo pública de una propuesta, y a quién se le cuenta: su equipo y quienes la apoyaron y lo pidieron.

Cada persona recibe un solo aviso de cada novedad, aunque sea del equipo y la haya apoyado, y aunque la tarea se repita
porque murió el trabajador que la hacía.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django_tasks import task
from wagtail.models import Site

from cuentas.models import Usuario
from participacion.apoyos.models import Apoyo
from participacion.avisos.actions import avisar
from participacion.avisos.models import Aviso

from .models import HitoPlan, Novedad, Propuesta

AVISO = "propuesta_novedad"
TANDA = 500
NOVEDADES_POR_TAREA = 100


def como_contenido():
    """Para lo que la línea de tiempo dirá: es contenido, en español la cause o la lea quien sea."""
    return translation.override(settings.LANGUAGE_CODE)


@transaction.atomic
def anunciar(
    *,
    propuesta: Propuesta,
    titulo: str,
    texto: str = "",
    hito: HitoPlan | None = None,
    por: Usuario | None,
    ahora: datetime,
    sitio: Site,
    al_equipo: bool = True,
) -> Novedad:
    """Pone una novedad y deja pedidos sus avisos. Se llama dentro de la transacción del hecho.

    `al_equipo`: falso si su equipo ya recibe otro aviso por el mismo hecho. Los de quienes apoyaron salen por tandas,
    en el trabajador: pueden ser miles.
    """
    novedad = Novedad.objects.create(propuesta=propuesta, titulo=titulo, texto=texto, hito=hito, por=por, en=ahora)
    if al_equipo:
        for cuenta in cuentas_del_equipo(propuesta):
            avisar(tipo=AVISO, destinatario=cuenta, objeto=novedad, sitio=sitio)
    avisar_a_quienes_apoyaron.enqueue(novedad.pk, 0)
    return novedad


@transaction.atomic
def anunciar_varias(novedades: Iterable[Novedad]) -> list[Novedad]:
    """Como `anunciar`, para cientos a la vez: también los avisos al equipo los pide el trabajador."""
    puestas = Novedad.objects.bulk_create(novedades)
    for inicio in range(0, len(puestas), NOVEDADES_POR_TAREA):
        avisar_de_novedades.enqueue([novedad.pk for novedad in puestas[inicio : inicio + NOVEDADES_POR_TAREA]])
    return puestas


def cuentas_del_equipo(propuesta: Propuesta) -> list[Usuario]:
    """Las cuentas de su autor y de sus integrantes; quien suprimió la suya ya no está."""
    ids = [propuesta.autor_id, *propuesta.integrantes.values_list("participante_id", flat=True)]
    return list(Usuario.objects.filter(participante__in=[pk for pk in ids if pk]).order_by("pk"))


def apoyos_que_quieren_saber(propuesta: Propuesta):
    """Los apoyos cuya persona pidió que le cuenten y tiene cuenta."""
    return Apoyo.objects.de(propuesta).filter(quiere_avisos=True, participante__cuenta__isnull=False)


def _avisar_una_vez(novedad: Novedad, cuentas: list[Usuario]) -> None:
    """Con la novedad bloqueada: dos trabajadores con la misma tarea no avisan dos veces."""
    avisadas = set(Aviso.objects.de(novedad).filter(destinatario__in=cuentas).values_list("destinatario_id", flat=True))
    for cuenta in cuentas:
        if cuenta.pk not in avisadas:
            avisar(tipo=AVISO, destinatario=cuenta, objeto=novedad, sitio=novedad.propuesta.ejercicio.sitio)


def _bloquear(ids: list[int]) -> list[Novedad]:
    novedades = Novedad.objects.select_related("propuesta__ejercicio__sitio")
    return list(novedades.select_for_update(of=["self"]).filter(pk__in=ids).order_by("pk"))


@task()
def avisar_de_novedades(ids: list[int]) -> None:
    """Avisa de cada novedad al equipo de su propuesta y deja pedido el reparto a quienes la apoyaron."""
    with transaction.atomic():
        for novedad in _bloquear(ids):
            _avisar_una_vez(novedad, cuentas_del_equipo(novedad.propuesta))
            if apoyos_que_quieren_saber(novedad.propuesta).exists():
                avisar_a_quienes_apoyaron.enqueue(novedad.pk, 0)


@task()
def avisar_a_quienes_apoyaron(novedad_id: int, desde: int) -> None:
    """Pide el aviso de una novedad para los siguientes apoyos cuya persona quiere saber; la tanda y la que sigue, o ninguna."""
    with transaction.atomic():
        for novedad in _bloquear([novedad_id]):
            apoyos = apoyos_que_quieren_saber(novedad.propuesta).filter(pk__gt=desde)
            tanda = list(apoyos.select_related("participante__cuenta").order_by("pk")[:TANDA])
            equipo = {cuenta.pk for cuenta in cuentas_del_equipo(novedad.propuesta)}
            cuentas = [apoyo.participante.cuenta for apoyo in tanda]
            _avisar_una_vez(novedad, [cuenta for cuenta in cuentas if cuenta.pk not in equipo])
            if len(tanda) == TANDA:
                avisar_a_quienes_apoyaron.enqueue(novedad_id, tanda[-1].pk)
