"""Ampliar el plazo de una fase que ya abrió: qué se admite, qué se anota y a quién se le cuenta."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.log_actions import log
from wagtail.models import Locale

from cuentas.models import Usuario
from participacion.avisos.actions import avisar
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto

from ..evaluacion.enums import EstadoJurado
from ..fases import Calendario, FaseProgramada, TipoFase, calendario_de
from ..models import Prorroga, RetoPage
from .enums import ACTO_PRORROGA

AVISO = "reto_prorrogado"
TANDA = 500


@dataclass(frozen=True)
class Ampliacion:
    tipo: TipoFase
    antes: datetime
    despues: datetime


def _misma(nueva: datetime | None, vieja: datetime | None) -> bool:
    """La página guarda milisegundos y el editor muestra minutos: la fecha que sólo perdió eso es la misma."""
    if nueva is None or vieja is None:
        return nueva is vieja
    vieja = vieja.replace(microsecond=0)
    return nueva.replace(microsecond=0) in (vieja, vieja.replace(second=0))


def ampliaciones(antes: Calendario, despues: Calendario, ahora: datetime) -> list[Ampliacion]:
    """Las fases que a esta hora están abiertas y pasan a terminar después."""
    nuevas = {fase.tipo: fase for fase in despues.fases}
    return [
        Ampliacion(fase.tipo, fase.termina, nuevas[fase.tipo].termina)
        for fase in antes.fases
        if fase.en(ahora) == Fase.ABIERTA
        and fase.tipo in nuevas
        and fase.termina
        and (termina := nuevas[fase.tipo].termina)
        and termina > fase.termina
        and not _misma(termina, fase.termina)
    ]


def faltas(antes: Calendario, despues: Calendario, ahora: datetime) -> list[tuple[TipoFase, str, str]]:
    """Lo que el calendario publicado ya no deja cambiar: (fase, «inicia» o «termina», qué pasa)."""
    nuevas = {fase.tipo: fase for fase in despues.fases}
    return [
        *(falta for fase in antes.fases if (falta := _falta(fase, nuevas.pop(fase.tipo, None), ahora))),
        *(
            (fase.tipo, "inicia", _("no se puede añadir una fase que ya habría empezado"))
            for fase in nuevas.values()
            if fase.inicia < ahora
        ),
    ]


def _falta(fase: FaseProgramada, nueva: FaseProgramada | None, ahora: datetime) -> tuple[TipoFase, str, str] | None:
    estado = fase.en(ahora)
    if estado == Fase.PROXIMA:
        return None
    if nueva is None:
        return fase.tipo, "inicia", _("ya empezó: no se puede quitar")
    if estado == Fase.CERRADA:
        iguales = _misma(nueva.inicia, fase.inicia) and _misma(nueva.termina, fase.termina)
        return None if iguales else (fase.tipo, "termina", _("ya terminó: sus fechas no se cambian"))
    if not _misma(nueva.inicia, fase.inicia):
        return fase.tipo, "inicia", _("ya empezó: su fecha de inicio no se cambia")
    # La que se publicó sin fin puede recibir uno: nadie contaba con una fecha.
    if fase.termina and not _misma(nueva.termina, fase.termina) and (nueva.termina is None or nueva.termina < fase.termina):
        return fase.tipo, "termina", _("ya empezó: su plazo se puede ampliar, no acortar")
    return None


@contextmanager
def publicando(pagina: RetoPage, revision, usuario: Usuario | None):
    """Publicar la página con el ejercicio bloqueado, y anotar después los plazos que amplió.

    Lo que se envía a la vez se decide antes o después de este candado, nunca a medias.
    """
    with transaction.atomic():
        suyo = Ejercicio.objects.select_for_update(of=["self"]).filter(
            sitio=pagina.get_site(), translation_key=pagina.translation_key
        )
        ejercicio = suyo.first() if pagina.locale_id == Locale.get_default().pk else None
        if ejercicio is None:
            yield
            return
        ejercicio, ahora = leer_reglas(ejercicio.pk)
        antes = calendario_de(ejercicio)
        yield
        # Programada para después, aquí no cambió nada: se anota cuando de verdad se publique.
        ejercicio = Ejercicio.objects.select_related("sitio").get(pk=ejercicio.pk)
        motivo = revision.as_object().motivo_prorroga.strip()
        for ampliacion in ampliaciones(antes, calendario_de(ejercicio), ahora):
            _prorrogar(ejercicio, ampliacion, motivo=motivo, por=usuario, ahora=ahora)


def _prorrogar(ejercicio: Ejercicio, ampliacion: Ampliacion, *, motivo: str, por: Usuario | None, ahora: datetime) -> None:
    prorroga = Prorroga.objects.create(
        ejercicio=ejercicio,
        fase=ampliacion.tipo,
        antes=ampliacion.antes,
        despues=ampliacion.despues,
        motivo=motivo,
        por=por,
        en=ahora,
    )
    registrar_acto(tipo=ACTO_PRORROGA, ejercicio=ejercicio, objeto=prorroga, ocurrido_en=ahora)
    datos = {"fase": ampliacion.tipo, "antes": ampliacion.antes.isoformat(), "despues": ampliacion.despues.isoformat()}
    log(instance=ejercicio, action="retos.prorrogar", user=por, data=datos | {"motivo": motivo})
    avisar_prorroga.enqueue(prorroga.pk, 0)


def interesados(prorroga: Prorroga):
    """Los equipos de las propuestas del reto, también las que aún son borradores, y el jurado si es su fase."""
    quienes = Q(participante__propuestas__ejercicio=prorroga.ejercicio_id) | Q(
        participante__equipos__propuesta__ejercicio=prorroga.ejercicio_id
    )
    if prorroga.fase == TipoFase.EVALUACION:
        quienes |= Q(jurados__ejercicio=prorroga.ejercicio_id, jurados__estado=EstadoJurado.ACEPTADO)
    return Usuario.objects.filter(quienes).distinct().order_by("pk")


@task()
def avisar_prorroga(prorroga_id: int, desde: int) -> None:
    """Pide el aviso de una prórroga a las siguientes personas; la tanda y la que sigue, o ninguna."""
    with transaction.atomic():
        prorroga = Prorroga.objects.select_related("ejercicio__sitio").filter(pk=prorroga_id).first()
        if prorroga is None:
            return
        tanda = list(interesados(prorroga).filter(pk__gt=desde)[:TANDA])
        for cuenta in tanda:
            avisar(tipo=AVISO, destinatario=cuenta, objeto=prorroga, sitio=prorroga.ejercicio.sitio)
        if len(tanda) == TANDA:
            avisar_prorroga.enqueue(prorroga_id, tanda[-1].pk)
