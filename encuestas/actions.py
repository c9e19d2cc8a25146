from copy import copy
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas import requisitos
from cuentas.models import Organizacion, Participante, Usuario
from cuentas.rules import puede_actuar_por
from participacion.ejercicios.actions import leer_reglas, numerar
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio, calcular_fase
from participacion.formularios.actions import congelar, escribir_valores, publicar_formulario
from participacion.formularios.condiciones import Valores
from participacion.formularios.enums import EstadoRespuesta
from participacion.formularios.models import Respuesta, VersionFormulario
from participacion.registro.actions import registrar_acto, tipo_de_actor
from participacion.registro.enums import ActorRegistro, Canal
from participacion.registro.models import Acto

from . import conteos
from .cupos import cambiar_cupos
from .enums import ACTO_ANULADA, ACTO_RESPUESTA, SERIE, Modo
from .models import Anulacion, Codigo, Encuesta, EncuestaPage
from .publicacion import errores_en_uso, publicar_cupos


@transaction.atomic
def publicar_encuesta(*, pagina: EncuestaPage, ejercicio: Ejercicio) -> Encuesta:
    """Guarda las reglas propias de la encuesta, su formulario y sus cupos, como la página en español los acaba de publicar.

    Lanza ValidationError si cambia algo que sus respuestas ya no permiten.
    """
    Ejercicio.objects.select_for_update(of=["self"]).get(pk=ejercicio.pk)
    if errores := errores_en_uso(pagina, ejercicio):
        raise ValidationError(errores)
    linea_base = None
    if pagina.linea_base:
        linea_base = Ejercicio.objects.filter(
            sitio=ejercicio.sitio, translation_key=pagina.linea_base.translation_key
        ).first()
    reglas = {campo: getattr(pagina, campo) for campo in Encuesta.CAMPOS_ENCUESTA}
    encuesta, _nueva = Encuesta.objects.update_or_create(
        ejercicio=ejercicio, defaults={**reglas, "linea_base": linea_base}
    )
    if pagina.formulario:
        publicar_formulario(ejercicio=ejercicio, formulario=pagina.construir_formulario())
    ejercicio.encuesta = encuesta
    publicar_cupos(pagina=pagina, ejercicio=ejercicio)
    return encuesta


def comprobar_abierta(ejercicio: Ejercicio, ahora: datetime) -> None:
    """Lanza ValidationError (code="cerrada") si no recibe respuestas en `ahora`, hora de la base de datos."""
    fase = calcular_fase(ejercicio.apertura, ejercicio.cierre, ahora)
    if not ejercicio.publicado or fase == Fase.CERRADA:
        raise ValidationError(_("Esta encuesta ya cerró y no recibe respuestas."), code="cerrada")
    if fase == Fase.PROXIMA:
        raise ValidationError(_("Esta encuesta aún no abre."), code="cerrada")


def comprobar_quien(
    encuesta: Encuesta,
    participante: Participante | None,
    organizacion: Organizacion | None,
    codigo: Codigo | None,
    *,
    del_personal: bool = False,
) -> None:
    """Si esta persona puede responder así. Lanza ValidationError con lo que falta o no corresponde.

    `del_personal`: lo transcribe el personal de un papel, que puede no decir de quién es.
    """
    ejercicio = encuesta.ejercicio
    if del_personal and participante is None and codigo is None:
        return
    if encuesta.modo == Modo.CODIGO:
        if codigo is None or codigo.ejercicio_id != ejercicio.pk or codigo.lote.anulado_en:
            raise ValidationError(_("Ese código no sirve para esta encuesta."), code="codigo")
        return
    if encuesta.modo == Modo.ANONIMA:
        return
    requisitos.comprobar(participante, ejercicio.sitio, ejercicio.nivel_minimo)
    if organizacion is not None and not puede_actuar_por(participante, organizacion):
        raise ValidationError(_("Ya no puede actuar en nombre de esa organización."), code="organizacion")
    if not ejercicio.admite_organizacion(organizacion):
        raise ValidationError(_("La entidad aún no ha verificado esa organización."), code="organizacion")
    if not ejercicio.admite(tipo_de_actor(organizacion)):
        raise ValidationError(
            _("Esta encuesta es sólo para: %(actores)s.")
            % {"actores": ", ".join(str(etiqueta) for etiqueta in ejercicio.actores_etiquetas)},
            code="actor",
        )


def empezar(
    *,
    encuesta: Encuesta,
    version: VersionFormulario,
    clave: UUID,
    participante: Participante | None = None,
    codigo: Codigo | None = None,
) -> Respuesta:
    """La respuesta en curso de esta persona, código o formulario; nace la primera vez, con la versión que se le mostró.

    Dos pestañas, dos clics o un reintento llegan a la misma.
    """
    propia = {"ejercicio": encuesta.ejercicio, "version": version, "idioma": get_language() or ""}
    for _intento in range(2):
        hecha = _en_curso(encuesta, clave, participante, codigo)
        if hecha is not None:
            return hecha
        try:
            with transaction.atomic():
                respuesta = Respuesta.objects.create(clave=clave, participante=participante, **propia)
                if codigo is not None and not Codigo.objects.filter(pk=codigo.pk, respuesta=None).update(respuesta=respuesta):
                    raise IntegrityError("El código ya tiene su respuesta")
                return respuesta
        except IntegrityError:
            continue  # otra pestaña la creó entretanto: se lee en la segunda vuelta
    raise ValidationError(_("No pudimos abrir su respuesta. Inténtelo otra vez."), code="clave")


def _en_curso(encuesta, clave, participante, codigo) -> Respuesta | None:
    vivas = Respuesta.objects.filter(ejercicio=encuesta.ejercicio).exclude(estado=EstadoRespuesta.ANULADA)
    if participante is not None:
        return vivas.filter(participante=participante).first()
    if codigo is not None:
        return vivas.filter(codigo=codigo).first()
    return vivas.filter(clave=clave, participante=None, codigo=None).first()


@transaction.atomic
def enviar_respuesta(
    *,
    respuesta: Respuesta,
    valores: Valores,
    organizacion: Organizacion | None = None,
    canal: str = Canal.WEB,
    asistido_por: Usuario | None = None,
) -> tuple[Respuesta, bool]:
    """Envía la respuesta, o la corrige si ya se envió y la encuesta lo permite. Devuelve la fila y si algo cambió.

    Repetir un envío no cambia nada. Decide el reloj de la base de datos, leído tras el candado. Lanza ValidationError:
    cerrada, codigo, requisitos, organizacion, actor, cupo, repetida o incompleta (con `params["faltan"]`).
    """
    respuesta = Respuesta.objects.select_for_update(of=["self"]).get(pk=respuesta.pk)
    ejercicio, ahora = leer_reglas(respuesta.ejercicio_id)
    if respuesta.estado == EstadoRespuesta.ANULADA:
        raise ValidationError(_("La entidad anuló esta respuesta. Puede responder otra vez."), code="anulada")
    encuesta = ejercicio.encuesta
    if respuesta.estado == EstadoRespuesta.ENVIADA and not encuesta.permite_editar:
        return respuesta, False
    comprobar_abierta(ejercicio, ahora)
    codigo = Codigo.objects.select_related("lote").filter(respuesta=respuesta).first()
    comprobar_quien(encuesta, respuesta.participante, organizacion, codigo, del_personal=asistido_por is not None)
    corrige = respuesta.estado == EstadoRespuesta.ENVIADA
    antes, anteriores = copy(respuesta), list(respuesta.valores.select_related("pregunta")) if corrige else []
    respuesta.organizacion = organizacion
    respuesta.canal = canal
    respuesta.referencia = respuesta.referencia or numerar(sitio=ejercicio.sitio, serie=SERIE, ahora=ahora)
    try:
        with transaction.atomic():
            congelar(respuesta=respuesta, ahora=ahora)
    except IntegrityError as error:
        raise ValidationError(_("Su organización ya respondió esta encuesta."), code="repetida") from error
    escribir_valores(respuesta=respuesta, formulario=respuesta.version.formulario(), valores=valores)
    escritos = list(respuesta.valores.select_related("pregunta"))
    # Cupos y después conteos, siempre: dos que corrigen a la vez se esperan y no se traban.
    cambiar_cupos(
        ejercicio,
        liberar=(antes.actor_tipo, _opciones_de(anteriores)) if corrige else None,
        tomar=(respuesta.actor_tipo, _opciones_de(escritos)),
    )
    conteos.cambiar([(antes, anteriores, -1)] * corrige + [(respuesta, escritos, 1)])
    if codigo is not None and codigo.usado_el is None:
        Codigo.objects.filter(pk=codigo.pk).update(usado_el=ahora.date())
    if not corrige:
        registrar_acto(
            tipo=ACTO_RESPUESTA,
            ejercicio=ejercicio,
            objeto=respuesta,
            participante=respuesta.participante,
            organizacion=organizacion,
            actor_tipo=None if respuesta.participante else ActorRegistro.SIN_DATO,
            canal=canal,
            asistido_por=asistido_por,
            ocurrido_en=ahora,
        )
    return respuesta, True


@transaction.atomic
def anular_respuesta(*, respuesta: Respuesta, motivo: str, actor: Usuario) -> None:
    """Deja de contar una respuesta enviada y devuelve sus cupos y su código: quien la dio puede responder otra vez.

    Lanza ValidationError (code="estado") si no está enviada, o (code="secreta") si no se sabe de quién es cada una.
    """
    respuesta = Respuesta.objects.select_for_update(of=["self"]).get(pk=respuesta.pk)
    ejercicio, ahora = leer_reglas(respuesta.ejercicio_id)
    if ejercicio.encuesta.secreta:
        raise ValidationError(_("Una respuesta secreta no se puede anular: no se sabe cuál es de quién."), code="secreta")
    if respuesta.estado != EstadoRespuesta.ENVIADA:
        raise ValidationError(_("Sólo se anula una respuesta enviada que siga en pie."), code="estado")
    valores = list(respuesta.valores.select_related("pregunta"))
    respuesta.estado, respuesta.parcial = EstadoRespuesta.ANULADA, {}
    respuesta.save(update_fields=["estado", "parcial", "actualizada_en"])
    cambiar_cupos(ejercicio, liberar=(respuesta.actor_tipo, _opciones_de(valores)))
    conteos.sumar(respuesta, valores, signo=-1)
    Codigo.objects.filter(respuesta=respuesta).update(respuesta=None, usado_el=None)
    Anulacion.objects.create(respuesta=respuesta, motivo=motivo, por=actor)
    registrar_acto(
        tipo=ACTO_ANULADA,
        ejercicio=ejercicio,
        objeto=respuesta,
        anula=Acto.objects.filter(
            tipo=ACTO_RESPUESTA, objeto_tipo=respuesta._meta.label_lower, objeto_id=respuesta.pk
        ).first(),
        ocurrido_en=ahora,
    )
    log(instance=respuesta, action="encuestas.anular_respuesta", user=actor)


def _opciones_de(valores) -> set[int]:
    return {valor.opcion_id for valor in valores if valor.opcion_id}
