from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Participante, Usuario
from home.texto import limpiar_linea, limpiar_parrafos
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto
from participacion.avisos.actions import avisar
from participacion.ejercicios.actions import leer_reglas
from participacion.formularios.condiciones import Valores
from participacion.registro.actions import registrar_acto

from .. import contenido
from ..actions import texto_de_busqueda
from ..enums import EstadoPropuesta, Resultado
from ..envio import es_ciega, exigir_textos, velar
from ..models import Propuesta, Reto, SolicitudInformacion
from ..novedades import cuentas_del_equipo
from ..resultados import comprobar_sin_cerrar
from ..rules import es_del_equipo, gestiona
from .campos import campos_de, en_formulario
from .enums import ACTO_ANULADA, ACTO_ATENDIDA, ACTO_PEDIDA, AVISO, CONCURSAN
from .historia import anotar_version, cerrar_solicitudes

MENSAJE_MAXIMO = 2000
PLAZO_MAXIMO = timedelta(days=90)


def _bloquear(pk: int) -> Propuesta:
    return Propuesta.objects.select_for_update(of=["self"]).get(pk=pk)


def abierta_de(propuesta: Propuesta) -> SolicitudInformacion | None:
    """La que espera respuesta, aunque su plazo ya haya vencido."""
    return propuesta.solicitudes.filter(atendida_en__isnull=True, anulada_en__isnull=True).first()


@transaction.atomic
def pedir_informacion(
    *, propuesta: Propuesta, actor: Usuario, campos: Collection[str], mensaje: str, vence_en: datetime
) -> SolicitudInformacion:
    """Pide al equipo que complete esos campos antes de una fecha: los reabre sólo a ellos, sin cambiar su estado.

    `campos`: nombres de `campos.campos_de`. Lanza PermissionDenied si no gestiona retos en el sitio y ValidationError,
    por campo, si la propuesta no concursa (code="transicion"), el reto se cerró (code="cerrado"), ya hay otra sin
    responder (code="abierta") o algo falta.
    """
    propuesta = _bloquear(propuesta.pk)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    if not gestiona(actor, ejercicio.sitio):
        raise PermissionDenied
    comprobar_sin_cerrar(ejercicio)
    if propuesta.estado != EstadoPropuesta.PUBLICADA or propuesta.resultado not in CONCURSAN:
        raise ValidationError(
            _("Sólo se pide información de una propuesta que concursa: ésta está «%(estado)s, %(resultado)s».")
            % {"estado": propuesta.get_estado_display(), "resultado": Resultado(propuesta.resultado).label},
            code="transicion",
        )
    mensaje, errores = limpiar_parrafos(mensaje), {}
    if not campos or set(campos) - set(campos_de(propuesta)):
        errores["campos"] = _("Elija al menos uno de los campos de la propuesta.")
    if not mensaje or len(mensaje) > MENSAJE_MAXIMO:
        errores["mensaje"] = _("Escriba qué se pide, en hasta %(n)d caracteres.") % {"n": MENSAJE_MAXIMO}
    if not ahora < vence_en <= ahora + PLAZO_MAXIMO:
        errores["vence_en"] = _("El plazo debe ser posterior a hoy y de hasta %(n)d días.") % {"n": PLAZO_MAXIMO.days}
    if errores:
        raise ValidationError(errores)
    if (otra := abierta_de(propuesta)) and otra.vence_en > ahora:
        raise ValidationError(_("Ya se le pidió información y aún tiene plazo. Anule esa solicitud antes de hacer otra."), code="abierta")
    cerrar_solicitudes(propuesta, ahora)
    solicitud = SolicitudInformacion.objects.create(
        propuesta=propuesta, campos=sorted(campos), mensaje=mensaje, vence_en=vence_en, pedida_por=actor, pedida_en=ahora
    )
    registrar_acto(tipo=ACTO_PEDIDA, ejercicio=ejercicio, objeto=propuesta, ocurrido_en=ahora)
    log(instance=propuesta, action="retos.pedir_informacion", user=actor, data={"campos": sorted(campos)})
    for cuenta in cuentas_del_equipo(propuesta):
        avisar(tipo=AVISO, destinatario=cuenta, objeto=solicitud, sitio=ejercicio.sitio)
    return solicitud


@transaction.atomic
def anular_solicitud(*, solicitud: SolicitudInformacion, actor: Usuario) -> SolicitudInformacion:
    """Deja de pedir lo que aún no se respondió.

    Lanza PermissionDenied si no gestiona retos en el sitio y ValidationError (code="transicion") si ya se respondió o anuló.
    """
    propuesta = _bloquear(solicitud.propuesta_id)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    if not gestiona(actor, ejercicio.sitio):
        raise PermissionDenied
    solicitud = SolicitudInformacion.objects.get(pk=solicitud.pk)
    if solicitud.atendida_en or solicitud.anulada_en:
        raise ValidationError(_("Esa solicitud ya se respondió o ya no está abierta."), code="transicion")
    cerrar_solicitudes(propuesta, ahora)
    registrar_acto(tipo=ACTO_ANULADA, ejercicio=ejercicio, objeto=propuesta, ocurrido_en=ahora)
    log(instance=propuesta, action="retos.anular_solicitud", user=actor)
    solicitud.refresh_from_db()
    return solicitud


@transaction.atomic
def responder_solicitud(
    *,
    solicitud: SolicitudInformacion,
    actor: Usuario,
    participante: Participante,
    textos: dict[str, str],
    valores: Valores,
    adjuntos_nuevos: Iterable[Adjunto] = (),
    quitar: Collection[str] = (),
    confirma_identidad: bool = False,
) -> Propuesta:
    """Completa lo pedido y lo envía: nace otra versión. La puede responder cualquiera de su equipo.

    Decide el reloj de la base de datos, leído después del candado. Lanza PermissionDenied si no es de su equipo o toca
    un campo que no se pidió, y ValidationError si venció (code="plazo"), ya se respondió o anuló (code="transicion"), el
    reto se cerró (code="cerrado"), queda incompleta, o dice quién propone en una evaluación ciega.
    """
    propuesta = _bloquear(solicitud.propuesta_id)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    if not es_del_equipo.test(actor, propuesta):
        raise PermissionDenied
    solicitud = SolicitudInformacion.objects.get(pk=solicitud.pk)
    if solicitud.atendida_en or solicitud.anulada_en or propuesta.estado != EstadoPropuesta.PUBLICADA:
        raise ValidationError(_("Esta solicitud ya no está abierta: ya se respondió o la entidad la anuló."), code="transicion")
    if ahora >= solicitud.vence_en:
        raise ValidationError(_("El plazo para completar la información venció. No se cambió nada."), code="plazo")
    comprobar_sin_cerrar(ejercicio)
    adjuntos_nuevos, quitar = list(adjuntos_nuevos), list(quitar)
    tocados = {*textos, *valores, *(["archivo"] if adjuntos_nuevos or quitar else [])}
    if tocados - set(solicitud.campos):
        raise PermissionDenied
    for campo, texto in textos.items():
        setattr(propuesta, campo, limpiar_linea(texto) if campo == "titulo" else limpiar_parrafos(texto))
    # Licencia y términos son los del envío: completar lo que la entidad pide no obliga a elegirlos otra vez.
    exigir_textos(propuesta)
    propuesta.texto_busqueda = texto_de_busqueda(propuesta)
    propuesta.corregida_en = ahora
    propuesta.save()
    if valores:
        contenido.guardar_valores(propuesta, ejercicio, valores)
        contenido.enviar_valores(propuesta, ejercicio, ahora)
    adjuntos.quitar(objeto=propuesta, claves=quitar)
    try:
        adjuntos.agregar(adjuntos=adjuntos_nuevos, objeto=propuesta)
    except ValidationError as error:
        raise ValidationError({"archivo": error}) from error
    reto = Reto.objects.filter(ejercicio=ejercicio).first()
    if reto and es_ciega(reto):
        velar(propuesta, confirma_identidad=confirma_identidad, solo=en_formulario(propuesta, solicitud.campos))
    anotar_version(propuesta, quien=participante, ahora=ahora)
    SolicitudInformacion.objects.filter(pk=solicitud.pk).update(atendida_en=ahora)
    registrar_acto(
        tipo=ACTO_ATENDIDA,
        ejercicio=ejercicio,
        objeto=propuesta,
        participante=participante,
        organizacion=propuesta.organizacion,
        ocurrido_en=ahora,
    )
    log(instance=propuesta, action="retos.responder_solicitud", user=actor)
    return propuesta
