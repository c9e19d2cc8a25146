"""Lo que pasa con una propuesta elegida: su plan, sus hitos, sus avances y lo que logró."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import formats
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Usuario
from participacion.adjuntos import actions as adjuntos
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio

from .. import fases
from ..enums import ELEGIDAS, EstadoPropuesta, Resultado
from ..models import CierreReto, HitoPlan, Implementacion, Novedad, Propuesta
from ..novedades import anunciar, como_contenido
from ..resultados import cambiar_resultado, comprobar_sin_cerrar
from .enums import TRANSICIONES_HITO, EstadoHito
from .pesos import en_pesos

# Mientras se prepara o se ejecuta; terminada, el plan ya no cambia.
CON_PLAN = (Resultado.ELEGIDA, Resultado.EN_IMPLEMENTACION)
TERMINADOS = (EstadoHito.CUMPLIDO, EstadoHito.CANCELADO)


def _bloquear(propuesta_id: int) -> tuple[Propuesta, Ejercicio, datetime]:
    """La propuesta con su candado, que guarda también su plan y sus hitos, y las reglas leídas después."""
    propuesta = Propuesta.objects.select_for_update(of=["self"]).get(pk=propuesta_id)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    return propuesta, ejercicio, ahora


def _comprobar_plan(propuesta: Propuesta, ejercicio: Ejercicio, ahora: datetime) -> None:
    comprobar_sin_cerrar(ejercicio)
    fases.comprobar(ejercicio, fases.Accion.AVANZAR, ahora)
    if propuesta.estado != EstadoPropuesta.PUBLICADA or propuesta.resultado not in CON_PLAN:
        raise ValidationError(
            _("El plan es de una propuesta elegida o en implementación, y %(propuesta)s está «%(resultado)s».")
            % {
                "propuesta": propuesta,
                "resultado": propuesta.get_resultado_display()
                if propuesta.estado == EstadoPropuesta.PUBLICADA
                else propuesta.get_estado_display(),
            },
            code="resultado",
        )


def _comprobar_presupuesto(implementacion: Implementacion, *, campo: str) -> None:
    """Con la propuesta bloqueada y lo escrito ya guardado: la suma de los hitos no pasa del techo del plan."""
    if implementacion.presupuesto is None:
        return
    hitos = implementacion.hitos.exclude(estado=EstadoHito.CANCELADO)
    suma = hitos.aggregate(suma=Sum("presupuesto"))["suma"] or Decimal(0)
    if suma > implementacion.presupuesto:
        raise ValidationError(
            {
                campo: _("Los hitos suman %(suma)s y el plan tiene %(techo)s.")
                % {"suma": en_pesos(suma), "techo": en_pesos(implementacion.presupuesto)}
            },
            code="presupuesto",
        )


def _contar(
    propuesta: Propuesta, titulo: str, texto: str, *, actor: Usuario, ahora: datetime, ejercicio: Ejercicio, hito=None
) -> None:
    """Lo dice en la línea de tiempo, si la implementación ya empezó: lo que se planea antes se ve cuando empieza."""
    if propuesta.resultado == Resultado.EN_IMPLEMENTACION:
        anunciar(
            propuesta=propuesta, titulo=titulo, texto=texto, hito=hito, por=actor, ahora=ahora, sitio=ejercicio.sitio
        )


@transaction.atomic
def guardar_plan(
    *, propuesta: Propuesta, actor: Usuario, responsable: str, presupuesto: Decimal | None
) -> Implementacion:
    """Crea el plan de una propuesta elegida, o cambia su responsable y su techo.

    Lanza ValidationError si no está elegida, el calendario no lo permite, el reto se cerró o los hitos pasan del techo.
    """
    propuesta, ejercicio, ahora = _bloquear(propuesta.pk)
    _comprobar_plan(propuesta, ejercicio, ahora)
    implementacion, nueva = Implementacion.objects.update_or_create(
        propuesta=propuesta, defaults={"responsable": responsable, "presupuesto": presupuesto}
    )
    _comprobar_presupuesto(implementacion, campo="presupuesto")
    log(instance=implementacion, action="retos.guardar_plan", user=actor)
    if not nueva:
        with como_contenido():
            titulo = _("Cambió el plan de trabajo")
        _contar(propuesta, titulo, "", actor=actor, ahora=ahora, ejercicio=ejercicio)
    return implementacion


@transaction.atomic
def guardar_hito(
    *,
    implementacion: Implementacion,
    actor: Usuario,
    nombre: str,
    responsable: str,
    inicia: date,
    vence: date,
    presupuesto: Decimal | None,
    hito: HitoPlan | None = None,
) -> HitoPlan:
    """Añade un hito al plan, o cambia lo previsto de uno. Las fechas los ordenan.

    Lanza ValidationError como `guardar_plan`, y si vence antes de iniciar o el hito ya terminó (code="terminado").
    """
    propuesta, ejercicio, ahora = _bloquear(implementacion.propuesta_id)
    _comprobar_plan(propuesta, ejercicio, ahora)
    if vence < inicia:
        raise ValidationError({"vence": _("Vence antes de iniciar.")})
    nuevo = hito is None
    hito = HitoPlan(implementacion=implementacion) if nuevo else HitoPlan.objects.get(pk=hito.pk)
    if hito.estado in TERMINADOS:
        raise ValidationError(
            _("El hito está «%(estado)s»: reábralo para cambiarlo.") % {"estado": hito.get_estado_display()}, code="terminado"
        )
    antes = (hito.inicia, hito.vence)
    hito.nombre, hito.responsable = nombre, responsable
    hito.inicia, hito.vence, hito.presupuesto = inicia, vence, presupuesto
    hito.save()
    _comprobar_presupuesto(Implementacion.objects.get(pk=implementacion.pk), campo="presupuesto")
    log(instance=hito, action="retos.guardar_hito", user=actor)
    with como_contenido():
        fechas = {"inicia": formats.date_format(inicia), "vence": formats.date_format(vence)}
        texto = "" if antes == (inicia, vence) else _("Del %(inicia)s al %(vence)s.") % fechas
        titulo = (_("Nuevo hito: %(hito)s") if nuevo else _("Cambió el hito: %(hito)s")) % {"hito": hito}
    _contar(propuesta, titulo[:200], texto, hito=hito, actor=actor, ahora=ahora, ejercicio=ejercicio)
    return hito


@transaction.atomic
def mover_hito(*, hito: HitoPlan, hacia: str, actor: Usuario, motivo: str = "") -> HitoPlan:
    """Cambia el estado de un hito. Cumplirlo lo lleva al 100 %; cancelarlo pide motivo.

    Lanza ValidationError si la tabla no lo permite (code="transicion"), si la implementación no ha empezado o ya
    terminó, si falta el motivo, o si al revivirlo los hitos pasan del techo del plan.
    """
    propuesta, ejercicio, ahora = _bloquear(hito.implementacion.propuesta_id)
    _comprobar_plan(propuesta, ejercicio, ahora)
    hito = HitoPlan.objects.select_related("implementacion").get(pk=hito.pk)
    if (hito.estado, hacia) not in TRANSICIONES_HITO:
        raise ValidationError(
            _("El hito está «%(desde)s» y no puede pasar a «%(hacia)s».")
            % {"desde": hito.get_estado_display(), "hacia": EstadoHito(hacia).label},
            code="transicion",
        )
    if hacia in (EstadoHito.EN_CURSO, EstadoHito.CUMPLIDO) and propuesta.resultado != Resultado.EN_IMPLEMENTACION:
        raise ValidationError(_("Empiece antes la implementación de la propuesta."), code="resultado")
    if hacia == EstadoHito.CANCELADO and not motivo:
        raise ValidationError({"motivo": _("Escriba por qué se cancela.")})
    desde, hito.estado = hito.estado, hacia
    hito.motivo = motivo if hacia == EstadoHito.CANCELADO else ""
    hito.cumplido_en = ahora if hacia == EstadoHito.CUMPLIDO else None
    hito.avance = {EstadoHito.CUMPLIDO: 100, EstadoHito.PENDIENTE: 0}.get(hacia, hito.avance)
    hito.save()
    _comprobar_presupuesto(hito.implementacion, campo="motivo")
    log(instance=hito, action="retos.mover_hito", user=actor, data={"desde": desde, "hacia": hacia})
    with como_contenido():
        titulo = f"{hito.get_estado_display()}: {hito}"
    _contar(propuesta, titulo[:200], motivo, hito=hito, actor=actor, ahora=ahora, ejercicio=ejercicio)
    return hito


@transaction.atomic
def anotar(
    *,
    propuesta: Propuesta,
    actor: Usuario,
    titulo: str,
    texto: str = "",
    hito: HitoPlan | None = None,
    avance: int | None = None,
    archivos: list[UploadedFile] = (),
) -> Novedad:
    """Pone una novedad con su evidencia, y el avance de un hito en curso si se da. Es lo único que cabe tras el cierre.

    Lanza ValidationError si la propuesta nunca se eligió, el calendario no lo permite, el hito no está en curso o el
    reto se cerró y se quiere cambiar un avance, o un archivo no se acepta.
    """
    propuesta, ejercicio, ahora = _bloquear(propuesta.pk)
    if not propuesta.es_publica or propuesta.resultado not in ELEGIDAS:
        raise ValidationError(_("Sólo de una propuesta elegida se anotan avances."), code="resultado")
    cerrado = CierreReto.objects.filter(ejercicio=ejercicio).exists()
    if avance is not None:
        _comprobar_plan(propuesta, ejercicio, ahora)
        hito = HitoPlan.objects.get(pk=hito.pk, implementacion__propuesta=propuesta)
        if hito.estado != EstadoHito.EN_CURSO:
            raise ValidationError({"avance": _("El hito no está en curso.")})
        if not 0 <= avance <= 100:
            raise ValidationError({"avance": _("El avance va de 0 a 100.")})
        hito.avance = avance
        hito.save(update_fields=["avance"])
    elif not cerrado:
        fases.comprobar(ejercicio, fases.Accion.AVANZAR, ahora)
    novedad = anunciar(
        propuesta=propuesta, titulo=titulo, texto=texto, hito=hito, por=actor, ahora=ahora, sitio=ejercicio.sitio
    )
    guardados = [adjuntos.guardar(archivo=archivo, participante=None) for archivo in archivos]
    adjuntos.agregar(adjuntos=guardados, objeto=novedad)
    log(instance=propuesta, action="retos.anotar_avance", user=actor, data={"novedad": novedad.pk})
    return novedad


@transaction.atomic
def guardar_logro(
    *,
    propuesta: Propuesta,
    actor: Usuario,
    prototipo: str,
    prototipo_enlace: str,
    beneficiarios: int | None,
    problema_resuelto: str,
    explicacion: str,
    beneficios: list[str],
    alianzas: list[dict],
) -> Implementacion:
    """Anota el prototipo y lo que se logró (FURAG GDI204 a GDI209).

    Lanza ValidationError como `guardar_plan`, si no hay plan, o si se dice si resolvió el problema sin explicarlo.
    """
    propuesta, ejercicio, ahora = _bloquear(propuesta.pk)
    _comprobar_plan(propuesta, ejercicio, ahora)
    implementacion = Implementacion.objects.filter(propuesta=propuesta).first()
    if implementacion is None:
        raise ValidationError(_("Escriba antes el plan de trabajo."), code="plan")
    if problema_resuelto and not explicacion:
        raise ValidationError({"explicacion": _("Explique qué se logró y cómo se sabe.")})
    antes = implementacion.problema_resuelto
    implementacion.prototipo, implementacion.prototipo_enlace = prototipo, prototipo_enlace
    implementacion.beneficiarios, implementacion.explicacion = beneficiarios, explicacion
    implementacion.problema_resuelto = problema_resuelto
    implementacion.beneficios, implementacion.alianzas = beneficios, alianzas
    implementacion.save()
    log(instance=implementacion, action="retos.guardar_logro", user=actor)
    if problema_resuelto and problema_resuelto != antes:
        with como_contenido():
            titulo = _("¿Resolvió el problema? %(cuanto)s") % {"cuanto": implementacion.get_problema_resuelto_display()}
        _contar(propuesta, titulo, explicacion, actor=actor, ahora=ahora, ejercicio=ejercicio)
    return implementacion


@transaction.atomic
def mover_propuesta(*, propuesta: Propuesta, hacia: str, actor: Usuario, motivo: str = "") -> Propuesta:
    """Empieza una implementación, la da por terminada, o dice que no se hará.

    Lanza ValidationError si la tabla o el calendario no lo permiten, si no hay plan con hitos para empezar, si para
    terminar queda algún hito abierto o no se ha dicho si resolvió el problema, o si no se hará y no se dice por qué.
    """
    propuesta, ejercicio, ahora = _bloquear(propuesta.pk)
    implementacion = Implementacion.objects.filter(propuesta=propuesta).first()
    vivos = implementacion.hitos.exclude(estado=EstadoHito.CANCELADO) if implementacion else HitoPlan.objects.none()
    if hacia == Resultado.EN_IMPLEMENTACION and not vivos.exists():
        raise ValidationError(_("Para empezar, escriba el plan de trabajo con al menos un hito."), code="plan")
    if hacia == Resultado.IMPLEMENTADA and propuesta.resultado == Resultado.EN_IMPLEMENTACION:
        if vivos.exclude(estado=EstadoHito.CUMPLIDO).exists():
            raise ValidationError(_("Quedan hitos por cumplir o cancelar."), code="hitos")
        if not implementacion.problema_resuelto:
            raise ValidationError(_("Diga antes, en «Lo que se logró», si resolvió el problema."), code="logro")
    if hacia == Resultado.NO_IMPLEMENTADA and not motivo:
        raise ValidationError({"motivo": _("Escriba por qué no se implementará.")})
    cambiar_resultado(propuesta, hacia, usuario=actor, ahora=ahora, ejercicio=ejercicio, motivo=motivo)
    return propuesta
