"""La revisión de requisitos: qué propuestas pasan a evaluación."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Usuario
from home.texto import limpiar_linea, limpiar_parrafos
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio

from ...enums import EstadoPropuesta, Resultado
from ...fases import Accion, comprobar
from ...models import Admision, CumplimientoRequisito, Propuesta, Requisito, SolicitudInformacion
from ...resultados import cambiar_resultado
from ...versiones.actions import pedir_informacion
from ...versiones.historia import cerrar_solicitudes

# De cada requisito, por su `pk`: si lo cumple (None: sin revisar) y una nota para quien revisa.
Revision = Mapping[int, tuple[bool | None, str]]
REVISABLES = (Resultado.EN_ESTUDIO, Resultado.ADMITIDA, Resultado.NO_ADMITIDA)


def _tomar(propuesta: Propuesta) -> tuple[Propuesta, Ejercicio, datetime]:
    propuesta = Propuesta.objects.select_for_update(of=["self"]).get(pk=propuesta.pk)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    comprobar(ejercicio, Accion.ADMITIR, ahora)
    if propuesta.estado != EstadoPropuesta.PUBLICADA or propuesta.resultado not in REVISABLES:
        raise ValidationError(_("Esta propuesta ya no está en revisión de requisitos."), code="transicion")
    return propuesta, ejercicio, ahora


def _anotar(
    propuesta: Propuesta, ejercicio: Ejercicio, *, actor: Usuario, ahora: datetime, revision: Revision, motivo: str = ""
) -> dict[Requisito, bool | None]:
    """Guarda requisito por requisito lo revisado. Devuelve lo que quedó de cada uno."""
    requisitos = list(ejercicio.requisitos.all())
    if ajenos := set(revision) - {requisito.pk for requisito in requisitos}:
        raise ValidationError(_("Hay requisitos que no son de este reto (%(n)s).") % {"n": len(ajenos)}, code="ajeno")
    admision, _nueva = Admision.objects.update_or_create(
        propuesta=propuesta, defaults={"motivo": motivo, "revisada_por": actor, "revisada_en": ahora}
    )
    dicho = {}
    for requisito in requisitos:
        cumple, nota = revision.get(requisito.pk, (None, ""))
        dicho[requisito] = cumple
        filas = CumplimientoRequisito.objects.filter(admision=admision, requisito=requisito)
        if cumple is None:
            filas.delete()
        else:
            CumplimientoRequisito.objects.update_or_create(
                admision=admision, requisito=requisito, defaults={"cumple": cumple, "nota": limpiar_linea(nota)}
            )
    return dicho


@transaction.atomic
def anotar_revision(*, propuesta: Propuesta, actor: Usuario, revision: Revision) -> None:
    """Guarda lo revisado sin decidir todavía."""
    propuesta, ejercicio, ahora = _tomar(propuesta)
    _anotar(propuesta, ejercicio, actor=actor, ahora=ahora, revision=revision)
    log(instance=propuesta, action="retos.revisar_requisitos", user=actor)


@transaction.atomic
def admitir(*, propuesta: Propuesta, actor: Usuario, revision: Revision) -> None:
    """La pasa a evaluación. Lanza ValidationError si algún requisito no se cumple o está sin revisar."""
    propuesta, ejercicio, ahora = _tomar(propuesta)
    dicho = _anotar(propuesta, ejercicio, actor=actor, ahora=ahora, revision=revision)
    if not all(dicho.values()):
        raise ValidationError(_("Sólo se admite si cumple todos los requisitos: márquelos todos."), code="requisitos")
    cambiar_resultado(propuesta, Resultado.ADMITIDA, usuario=actor, ahora=ahora, ejercicio=ejercicio)
    cerrar_solicitudes(propuesta, ahora)


@transaction.atomic
def no_admitir(*, propuesta: Propuesta, actor: Usuario, revision: Revision, motivo: str) -> None:
    """La deja fuera, con el motivo que lee quien propuso y cualquiera.

    Lanza ValidationError sin motivo, o si el reto tiene requisitos y ninguno quedó marcado como incumplido.
    """
    propuesta, ejercicio, ahora = _tomar(propuesta)
    motivo = limpiar_parrafos(motivo)
    if not motivo:
        raise ValidationError({"motivo": _("Escriba por qué no se admite: lo lee quien la propuso, y es público.")})
    dicho = _anotar(propuesta, ejercicio, actor=actor, ahora=ahora, revision=revision, motivo=motivo)
    if dicho and False not in dicho.values():
        raise ValidationError(_("Marque qué requisito no cumple."), code="requisitos")
    cambiar_resultado(
        propuesta, Resultado.NO_ADMITIDA, usuario=actor, ahora=ahora, ejercicio=ejercicio, motivo=motivo
    )
    cerrar_solicitudes(propuesta, ahora)


@transaction.atomic
def pedir_completar(
    *,
    propuesta: Propuesta,
    actor: Usuario,
    revision: Revision,
    campos: list[str],
    mensaje: str,
    vence_en: datetime | None,
) -> SolicitudInformacion:
    """Pide a quien propuso que complete lo que falta. Lanza ValidationError si no falta nada o si algo no es subsanable."""
    propuesta, ejercicio, ahora = _tomar(propuesta)
    faltan = {
        campo: _("Este campo es obligatorio para pedir que la complete.")
        for campo, valor in (("campos", campos), ("mensaje", limpiar_parrafos(mensaje)), ("vence_en", vence_en))
        if not valor
    }
    if faltan:
        raise ValidationError(faltan)
    dicho = _anotar(propuesta, ejercicio, actor=actor, ahora=ahora, revision=revision)
    fallan = [requisito for requisito, cumple in dicho.items() if cumple is False]
    if dicho and not fallan:
        raise ValidationError(_("Marque qué requisito no cumple."), code="requisitos")
    if firmes := [requisito.texto for requisito in fallan if not requisito.subsanable]:
        raise ValidationError(
            _("No se puede pedir que complete: no se subsana «%(requisito)s».") % {"requisito": firmes[0]},
            code="subsanable",
        )
    if propuesta.resultado != Resultado.EN_ESTUDIO:
        raise ValidationError(_("Esta propuesta ya se decidió; para reabrirla, cambie la decisión."), code="transicion")
    return pedir_informacion(propuesta=propuesta, actor=actor, campos=campos, mensaje=mensaje, vence_en=vence_en)


def listas_para_admitir(ejercicio: Ejercicio):
    """Las que cumplen todos los requisitos y no tienen decisión ni esperan que se complete algo."""
    propuestas = ejercicio.propuestas.publicadas().filter(resultado=Resultado.EN_ESTUDIO)
    abiertas = SolicitudInformacion.objects.filter(atendida_en__isnull=True, anulada_en__isnull=True)
    propuestas = propuestas.exclude(pk__in=abiertas.values("propuesta"))
    for requisito in ejercicio.requisitos.all():
        cumplidas = CumplimientoRequisito.objects.filter(requisito=requisito, cumple=True)
        propuestas = propuestas.filter(pk__in=cumplidas.values("admision__propuesta"))
    return propuestas.order_by("pk")


@transaction.atomic
def admitir_las_que_cumplen(*, ejercicio: Ejercicio, actor: Usuario, propuestas: Iterable[int]) -> int:
    """Admite, de las dadas, las que siguen listas al tomarlas; devuelve cuántas."""
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    comprobar(ejercicio, Accion.ADMITIR, ahora)
    admitidas, elegidas = 0, Propuesta.objects.filter(ejercicio=ejercicio, pk__in=set(propuestas))
    # El candado primero, aparte: lo que otra persona marcó mientras se esperaba sólo lo ve otra consulta.
    tomadas = [propuesta.pk for propuesta in elegidas.select_for_update(of=["self"]).order_by("pk")]
    for propuesta in listas_para_admitir(ejercicio).filter(pk__in=tomadas):
        cambiar_resultado(propuesta, Resultado.ADMITIDA, usuario=actor, ahora=ahora, ejercicio=ejercicio)
        admitidas += 1
    return admitidas
