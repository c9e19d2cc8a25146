from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas import requisitos
from cuentas.models import Organizacion, Participante, Usuario
from cuentas.rules import puede_actuar_por
from home.texto import limpiar_linea, limpiar_parrafos, sin_tildes
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto
from participacion.avisos.actions import avisar
from participacion.ejercicios.actions import leer_reglas, numerar
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio, calcular_fase
from participacion.moderacion import actions as moderacion
from participacion.moderacion.enums import Decision
from participacion.registro.actions import registrar_acto, tipo_de_actor
from participacion.registro.enums import Canal

from .enums import ACTOS, EDITABLES, TRANSICIONES, EstadoPropuesta, Quien
from .models import Propuesta
from .rules import asiste, es_autor

SERIE = "R"


def texto_de_busqueda(propuesta: Propuesta) -> str:
    return sin_tildes(f"{propuesta.titulo} {propuesta.resumen} {propuesta.descripcion}")


def _bloquear(propuesta: Propuesta) -> Propuesta:
    return Propuesta.objects.select_for_update(of=["self"]).get(pk=propuesta.pk)


def _comprobar_autor(propuesta: Propuesta, actor: Usuario, asistido_por: Usuario | None = None) -> None:
    permitido = es_autor.test(actor, propuesta)
    if asistido_por is not None:
        permitido = actor == asistido_por and asiste.test(actor, propuesta)
    if not permitido:
        raise PermissionDenied


def _comprobar_organizacion(participante: Participante, organizacion: Organizacion | None) -> None:
    if organizacion is not None and not puede_actuar_por(participante, organizacion):
        raise ValidationError({"organizacion": _("Ya no puede actuar en nombre de esa organización.")})


def _cambiar_estado(
    propuesta: Propuesta,
    hacia: str,
    *,
    quien: str,
    usuario: Usuario | None,
    ahora: datetime,
    ejercicio: Ejercicio,
    canal: Canal = Canal.WEB,
    asistido_por: Usuario | None = None,
) -> None:
    """El único lugar que cambia el estado: comprueba la tabla y anota historial y acto.

    Lanza ValidationError si la tabla no permite el cambio.
    """
    if TRANSICIONES.get((propuesta.estado, hacia)) != quien:
        raise ValidationError(
            _("No se puede: la propuesta está «%(estado)s».") % {"estado": propuesta.get_estado_display()},
            code="transicion",
        )
    desde, propuesta.estado = propuesta.estado, hacia
    propuesta.save()
    tipo, _etiqueta, de_participante = ACTOS[hacia]
    es_autor = quien == Quien.AUTOR
    registrar_acto(
        tipo=tipo,
        ejercicio=ejercicio,
        objeto=propuesta,
        estado=hacia,
        participante=propuesta.autor if es_autor else None,
        organizacion=propuesta.organizacion if es_autor else None,
        canal=canal,
        asistido_por=asistido_por,
        ocurrido_en=ahora,
    )
    log(instance=propuesta, action="retos.cambiar_estado", user=usuario, data={"desde": desde, "hacia": hacia})


@transaction.atomic
def guardar_borrador(
    *,
    actor: Usuario,
    participante: Participante,
    ejercicio: Ejercicio,
    clave_envio: UUID,
    titulo: str,
    resumen: str = "",
    descripcion: str = "",
    organizacion: Organizacion | None = None,
    adjunto: Adjunto | None = None,
    asistido_por: Usuario | None = None,
) -> Propuesta:
    """Crea o actualiza el borrador de un formulario; repetir el envío del mismo formulario no crea otro.

    `asistido_por`: el actor, cuando es del personal y la recoge por `participante`, con o sin cuenta.
    Lanza PermissionDenied si el formulario es de otra persona y ValidationError si ya no se puede editar o si la
    persona suprimió sus datos (code="suprimido").
    """
    # Con el candado que toma la supresión: un borrador a medio guardar no nace después de ella.
    persona = Participante.objects.select_for_update(of=["self"], no_key=True).get(pk=participante.pk)
    if persona.suprimido:
        raise ValidationError(_("Se suprimieron los datos."), code="suprimido")
    propuesta, _nueva = Propuesta.objects.select_for_update(of=["self"]).get_or_create(
        clave_envio=clave_envio,
        defaults={
            "ejercicio": ejercicio,
            "autor": participante,
            "asistida": asistido_por is not None,
            "titulo": "",
            "idioma": get_language() or "",
        },
    )
    _comprobar_autor(propuesta, actor, asistido_por)
    if (propuesta.ejercicio_id, propuesta.autor_id) != (ejercicio.pk, participante.pk):
        raise PermissionDenied
    if propuesta.estado not in EDITABLES:
        raise ValidationError(_("Esta propuesta ya fue enviada y no se puede cambiar."), code="enviada")
    _comprobar_organizacion(participante, organizacion)
    propuesta.titulo = limpiar_linea(titulo)
    propuesta.resumen = limpiar_parrafos(resumen)
    propuesta.descripcion = limpiar_parrafos(descripcion)
    propuesta.organizacion = organizacion
    propuesta.texto_busqueda = texto_de_busqueda(propuesta)
    propuesta.save()
    adjuntos.poner(adjunto=adjunto, objeto=propuesta)
    return propuesta


def limite_de_envio(propuesta: Propuesta, ejercicio: Ejercicio) -> datetime | None:
    """Hasta cuándo se puede enviar, sin incluir ese instante; None si el ejercicio no tiene cierre.

    Quien recibió una devolución tiene además los días de corrección, aunque el ejercicio ya haya cerrado.
    """
    if ejercicio.cierre is None:
        return None
    if propuesta.estado == EstadoPropuesta.DEVUELTA and propuesta.devuelta_en:
        return max(ejercicio.cierre, propuesta.devuelta_en + timedelta(days=ejercicio.dias_correccion))
    return ejercicio.cierre


def _comprobar_plazo(propuesta: Propuesta, ejercicio: Ejercicio, ahora: datetime) -> None:
    if not ejercicio.publicado:
        raise ValidationError(_("Este reto ya no recibe propuestas; su texto queda como borrador."), code="plazo")
    fase = calcular_fase(ejercicio.apertura, limite_de_envio(propuesta, ejercicio), ahora)
    if fase == Fase.PROXIMA:
        raise ValidationError(_("Este reto aún no recibe propuestas; su texto queda como borrador."), code="plazo")
    if fase == Fase.CERRADA:
        limite = formats.date_format(
            timezone.localtime(limite_de_envio(propuesta, ejercicio)), "DATETIME_FORMAT", use_l10n=True
        )
        raise ValidationError(
            _("El plazo venció: %(limite)s (hora de Colombia). Su texto queda guardado como borrador.")
            % {"limite": limite},
            code="plazo",
        )


@transaction.atomic
def enviar_propuesta(
    *, propuesta: Propuesta, actor: Usuario, canal: Canal = Canal.WEB, asistido_por: Usuario | None = None
) -> Propuesta:
    """Envía un borrador, o una propuesta devuelta y corregida, a moderación. Le da referencia la primera vez.

    `asistido_por`: el actor, cuando es del personal y la envía por su autor; sólo vale en lo que el personal recogió.
    Decide el reloj de la base de datos, leído después del candado. Lanza PermissionDenied si no es suya y
    ValidationError por plazo (code="plazo"), requisitos (code="requisitos"), datos incompletos, actor no admitido
    o estado (code="transicion").
    """
    propuesta = _bloquear(propuesta)
    _comprobar_autor(propuesta, actor, asistido_por)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    if propuesta.estado in EDITABLES:
        _comprobar_plazo(propuesta, ejercicio, ahora)
        requisitos.comprobar(propuesta.autor, ejercicio.sitio, ejercicio.nivel_minimo)
    _comprobar_organizacion(propuesta.autor, propuesta.organizacion)
    faltan = {
        campo: _("Este campo es obligatorio para enviar.")
        for campo in ("titulo", "resumen", "descripcion")
        if not getattr(propuesta, campo)
    }
    if faltan:
        raise ValidationError(faltan)
    propuesta.actor_tipo = tipo_de_actor(propuesta.organizacion)
    if not ejercicio.admite(propuesta.actor_tipo):
        raise ValidationError(
            {
                "organizacion": _("Este reto recibe propuestas sólo de: %(actores)s.")
                % {"actores": ", ".join(str(etiqueta) for etiqueta in ejercicio.actores_etiquetas)}
            }
        )
    if not ejercicio.admite_organizacion(propuesta.organizacion):
        raise ValidationError(
            {"organizacion": _("Este reto pide que la entidad haya verificado la organización. Pida su verificación.")}
        )
    propuesta.referencia = propuesta.referencia or numerar(sitio=ejercicio.sitio, serie=SERIE, ahora=ahora)
    propuesta.enviada_en = propuesta.enviada_en or ahora
    _cambiar_estado(
        propuesta,
        EstadoPropuesta.ENVIADA,
        quien=Quien.AUTOR,
        usuario=actor,
        ahora=ahora,
        ejercicio=ejercicio,
        canal=canal,
        asistido_por=asistido_por,
    )
    moderacion.poner_en_cola(
        objeto=propuesta, ejercicio=ejercicio, titulo=propuesta.titulo, remitente=propuesta.actor_tipo, ahora=ahora
    )
    avisar(
        tipo="propuesta_recibida", destinatario=propuesta.autor.cuenta, objeto=propuesta, sitio=ejercicio.sitio
    )
    return propuesta


@transaction.atomic
def retirar_propuesta(*, propuesta: Propuesta, actor: Usuario) -> Propuesta:
    """El autor retira su propuesta. Si ya era pública queda a la vista como retirada, sin su archivo.

    Lanza PermissionDenied si no es suya y ValidationError si su estado no lo permite.
    """
    propuesta = _bloquear(propuesta)
    _comprobar_autor(propuesta, actor)
    return retirar(propuesta=propuesta, actor=actor)


@transaction.atomic
def retirar(*, propuesta: Propuesta, actor: Usuario | None) -> Propuesta:
    """Retira como si lo pidiera su autor, sin preguntar quién: al suprimir sus datos no hay cuenta que lo pida.

    Lanza ValidationError si su estado no lo permite.
    """
    propuesta = _bloquear(propuesta)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    _cambiar_estado(
        propuesta, EstadoPropuesta.RETIRADA, quien=Quien.AUTOR, usuario=actor, ahora=ahora, ejercicio=ejercicio
    )
    moderacion.sacar_de_cola(objeto=propuesta)
    return propuesta


@transaction.atomic
def borrar_borrador(*, propuesta: Propuesta, actor: Usuario) -> None:
    """Borra un borrador que nunca se envió. Lanza PermissionDenied si no es suyo y ValidationError si ya se envió."""
    propuesta = _bloquear(propuesta)
    _comprobar_autor(propuesta, actor)
    if propuesta.estado != EstadoPropuesta.BORRADOR:
        raise ValidationError(_("Sólo se borra un borrador; lo enviado se retira."), code="transicion")
    adjuntos.poner(adjunto=None, objeto=propuesta)
    propuesta.delete()


# Qué estado y qué aviso trae cada decisión de la moderación.
_TRAS_DECISION = {
    Decision.APROBADA: (EstadoPropuesta.PUBLICADA, "propuesta_publicada"),
    Decision.DEVUELTA: (EstadoPropuesta.DEVUELTA, "propuesta_devuelta"),
    Decision.RECHAZADA: (EstadoPropuesta.RECHAZADA, "propuesta_rechazada"),
}


@transaction.atomic
def aplicar_decision(propuesta: Propuesta, decision: Decision, motivo: str, moderador: Usuario) -> None:
    """Lleva la propuesta al estado que resolvió la moderación y avisa a su autor. Lo llama `moderacion.decidir`."""
    propuesta = _bloquear(propuesta)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    estado, aviso = _TRAS_DECISION[decision]
    if estado == EstadoPropuesta.PUBLICADA:
        propuesta.publicada_en = ahora
    elif estado == EstadoPropuesta.DEVUELTA:
        propuesta.devuelta_en = ahora
    _cambiar_estado(propuesta, estado, quien=Quien.MODERACION, usuario=moderador, ahora=ahora, ejercicio=ejercicio)
    avisar(
        tipo=aviso,
        destinatario=propuesta.autor.cuenta if propuesta.autor else None,
        objeto=propuesta,
        sitio=ejercicio.sitio,
    )
