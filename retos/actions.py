from collections.abc import Collection, Iterable
from datetime import datetime
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
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.condiciones import Valores
from participacion.moderacion import actions as moderacion
from participacion.moderacion.enums import Decision
from participacion.registro.actions import registrar_acto, tipo_de_actor
from participacion.registro.enums import Canal

from . import contenido
from .enums import ACTOS, EDITABLES, TRANSICIONES, EstadoPropuesta, Quien
from .envio import comprobar_actor, comprobar_plazo, es_ciega, exigir_completa, velar
from .equipos.historia import avisar_que_no_sigue, cerrar_equipo
from .models import Propuesta, Reto
from .novedades import anunciar, como_contenido, cuentas_del_equipo
from .rules import asiste, es_autor, es_del_equipo
from .versiones.historia import anotar_version, cerrar_solicitudes

SERIE = "R"


def texto_de_busqueda(propuesta: Propuesta) -> str:
    return sin_tildes(f"{propuesta.titulo} {propuesta.resumen} {propuesta.descripcion}")


def _bloquear(propuesta: Propuesta) -> Propuesta:
    return Propuesta.objects.select_for_update(of=["self"]).get(pk=propuesta.pk)


def _comprobar_autor(
    propuesta: Propuesta, actor: Usuario, asistido_por: Usuario | None = None, *, regla=es_autor
) -> None:
    permitido = regla.test(actor, propuesta)
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
    cerrar_solicitudes(propuesta, ahora)
    cerrar_equipo(propuesta, ahora)
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
    licencia: str = "",
    terminos: int | None = None,
    organizacion: Organizacion | None = None,
    valores: Valores | None = None,
    adjuntos_nuevos: Iterable[Adjunto] = (),
    quitar: Collection[str] = (),
    sello: str | None = None,
    asistido_por: Usuario | None = None,
) -> Propuesta:
    """Crea o actualiza el borrador de un formulario; repetir el envío del mismo formulario no crea otro.

    Lo escribe su autor o alguien de su equipo, que no cambia en nombre de quién se presenta ni acepta los términos por
    él. `terminos`: el número de la versión que se aceptó. `quitar`: claves de los adjuntos que ya no van. `sello`: qué guardado (`Propuesta.sello`)
    tenía a la vista quien escribe; None, no importa.
    `asistido_por`: el actor, cuando es del personal y la recoge por `participante`, con o sin cuenta.
    Lanza PermissionDenied si el formulario es de otra persona y ValidationError si ya no se puede editar, si entretanto
    se guardó otra cosa (code="sello") o se borró (code="borrado"), si sobran archivos o si la persona suprimió sus datos
    (code="suprimido").
    """
    # Con el candado que toma la supresión: un borrador a medio guardar no nace después de ella.
    persona = Participante.objects.select_for_update(of=["self"], no_key=True).get(pk=participante.pk)
    if persona.suprimido:
        raise ValidationError(_("Se suprimieron los datos."), code="suprimido")
    propuesta, nueva = Propuesta.objects.select_for_update(of=["self"]).get_or_create(
        clave_envio=clave_envio,
        defaults={
            "ejercicio": ejercicio,
            "autor": participante,
            "asistida": asistido_por is not None,
            "titulo": "",
            "idioma": get_language() or "",
        },
    )
    _comprobar_autor(propuesta, actor, asistido_por, regla=es_del_equipo)
    es_suya = propuesta.autor_id == participante.pk
    if propuesta.ejercicio_id != ejercicio.pk or not (es_suya or es_del_equipo.test(actor, propuesta)):
        raise PermissionDenied
    if propuesta.estado not in EDITABLES:
        raise ValidationError(_("Esta propuesta ya fue enviada y no se puede cambiar."), code="enviada")
    cambios = {
        "titulo": limpiar_linea(titulo),
        "resumen": limpiar_parrafos(resumen),
        "descripcion": limpiar_parrafos(descripcion),
        "licencia": licencia,
    }
    if nueva and sello:
        raise ValidationError(
            _("Este borrador ya no existe: se borró mientras lo escribía. Copie su texto si quiere empezar otra propuesta."),
            code="borrado",
        )
    if not nueva and sello is not None and sello != propuesta.sello:
        _comprobar_que_nadie_guardo(propuesta, cambios, valores)
    if es_suya:
        _comprobar_organizacion(participante, organizacion)
        propuesta.organizacion = organizacion
        if terminos is not None:
            propuesta.terminos = ejercicio.terminos.filter(numero=terminos).first() or propuesta.terminos
    for campo, valor in cambios.items():
        setattr(propuesta, campo, valor)
    propuesta.texto_busqueda = texto_de_busqueda(propuesta)
    propuesta.save()
    if valores is not None:
        contenido.guardar_valores(propuesta, ejercicio, valores)
    adjuntos.quitar(objeto=propuesta, claves=quitar)
    try:
        adjuntos.agregar(adjuntos=adjuntos_nuevos, objeto=propuesta)
    except ValidationError as error:
        raise ValidationError({"archivo": error}) from error
    return propuesta


def _comprobar_que_nadie_guardo(propuesta: Propuesta, cambios: dict, valores: Valores | None) -> None:
    """Otra ventana, u otra persona del equipo, guardó después de que ésta empezó: si dice otra cosa, no se le pasa por encima."""
    guardado = contenido.valores_de(propuesta)
    igual = all(getattr(propuesta, campo) == valor for campo, valor in cambios.items())
    if igual and all(guardado.get(clave) == valor for clave, valor in (valores or {}).items()):
        return
    raise ValidationError(
        _(
            "Este borrador se guardó a las %(hora)s desde otra ventana o lo guardó otra persona del equipo. Lo que escribió "
            "sigue aquí, sin guardar: compare y, si vuelve a guardar, quedará lo de esta ventana."
        ),
        code="sello",
        params={"hora": formats.time_format(timezone.localtime(propuesta.actualizada_en), "H:i"), "sello": propuesta.sello},
    )


@transaction.atomic
def enviar_propuesta(
    *,
    propuesta: Propuesta,
    actor: Usuario,
    canal: Canal = Canal.WEB,
    confirma_identidad: bool = False,
    asistido_por: Usuario | None = None,
) -> Propuesta:
    """Envía un borrador, o una propuesta devuelta y corregida, a moderación. Le da referencia la primera vez.

    `confirma_identidad`: quien propone vio que su texto lo nombra y dice que no lo identifica (evaluación ciega).
    `asistido_por`: el actor, cuando es del personal y la envía por su autor; sólo vale en lo que el personal recogió.
    Decide el reloj de la base de datos, leído después del candado. Lanza PermissionDenied si no es suya y
    ValidationError por plazo (code="plazo"), requisitos (code="requisitos"), datos incompletos, formulario incompleto
    (code="incompleta"), actor no admitido, texto que la identifica (`identidad.es_aviso`) o estado (code="transicion").
    """
    propuesta = _bloquear(propuesta)
    _comprobar_autor(propuesta, actor, asistido_por)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    if propuesta.estado in EDITABLES:
        comprobar_plazo(propuesta, ejercicio, ahora)
        requisitos.comprobar(propuesta.autor, ejercicio.sitio, ejercicio.nivel_minimo)
    _comprobar_organizacion(propuesta.autor, propuesta.organizacion)
    reto = Reto.objects.filter(ejercicio=ejercicio).first()
    exigir_completa(propuesta, ejercicio, reto)
    propuesta.actor_tipo = tipo_de_actor(propuesta.organizacion)
    comprobar_actor(propuesta, ejercicio)
    if propuesta.estado in EDITABLES:
        contenido.enviar_valores(propuesta, ejercicio, ahora)
    if es_ciega(reto):
        velar(propuesta, confirma_identidad=confirma_identidad)
        propuesta.anonima = True
    propuesta.referencia = propuesta.referencia or numerar(sitio=ejercicio.sitio, serie=SERIE, ahora=ahora)
    if propuesta.enviada_en:
        propuesta.corregida_en = ahora
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
    anotar_version(propuesta, quien=propuesta.autor, ahora=ahora)
    moderacion.poner_en_cola(
        objeto=propuesta, ejercicio=ejercicio, titulo=propuesta.titulo, remitente=propuesta.actor_tipo, ahora=ahora
    )
    avisar(
        tipo="propuesta_recibida", destinatario=propuesta.autor.cuenta, objeto=propuesta, sitio=ejercicio.sitio
    )
    return propuesta


def revelar(ejercicio: Ejercicio) -> int:
    """Al publicarse la decisión se sabe de quién es cada propuesta. Se llama en esa transacción; devuelve cuántas."""
    return Propuesta.objects.filter(ejercicio=ejercicio, anonima=True).update(anonima=False)


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
    era_publica = propuesta.es_publica
    _cambiar_estado(
        propuesta, EstadoPropuesta.RETIRADA, quien=Quien.AUTOR, usuario=actor, ahora=ahora, ejercicio=ejercicio
    )
    moderacion.sacar_de_cola(objeto=propuesta)
    if era_publica:
        with como_contenido():
            titulo = _("Retirada por su autor")
        anunciar(propuesta=propuesta, titulo=titulo, por=actor, ahora=ahora, sitio=ejercicio.sitio)
    else:
        avisar_que_no_sigue(propuesta)
    return propuesta


def fusionar(*, propuesta: Propuesta, destino: Propuesta, actor: Usuario, ejercicio: Ejercicio, ahora: datetime) -> None:
    """Con las dos bloqueadas, la propuesta pasa a ser parte de `destino`. Que sus autores lo quieren lo dice `equipos.uniones`.

    Lanza ValidationError (code="transicion") si su estado no lo permite.
    """
    propuesta.fusionada_en = destino
    _cambiar_estado(
        propuesta, EstadoPropuesta.FUSIONADA, quien=Quien.AUTOR, usuario=actor, ahora=ahora, ejercicio=ejercicio
    )


@transaction.atomic
def borrar_borrador(*, propuesta: Propuesta, actor: Usuario) -> None:
    """Borra un borrador que nunca se envió. Lanza PermissionDenied si no es suyo y ValidationError si ya se envió."""
    propuesta = _bloquear(propuesta)
    _comprobar_autor(propuesta, actor)
    if propuesta.estado != EstadoPropuesta.BORRADOR:
        raise ValidationError(_("Sólo se borra un borrador; lo enviado se retira."), code="transicion")
    borrar_con_lo_suyo(propuesta)


def borrar_con_lo_suyo(propuesta: Propuesta) -> None:
    """Borra un borrador, sus archivos y lo que contestó, y se lo dice a su equipo. Con el candado tomado."""
    avisar_que_no_sigue(propuesta)
    adjuntos.quitar(objeto=propuesta)
    respuesta = propuesta.respuesta
    propuesta.delete()
    if respuesta:
        adjuntos.quitar(objeto=respuesta)
        respuesta.delete()


# Qué estado y qué aviso trae cada decisión de la moderación.
_TRAS_DECISION = {
    Decision.APROBADA: (EstadoPropuesta.PUBLICADA, "propuesta_publicada"),
    Decision.DEVUELTA: (EstadoPropuesta.DEVUELTA, "propuesta_devuelta"),
    Decision.RECHAZADA: (EstadoPropuesta.RECHAZADA, "propuesta_rechazada"),
}


@transaction.atomic
def aplicar_decision(propuesta: Propuesta, decision: Decision, motivo: str, moderador: Usuario) -> None:
    """Lleva la propuesta al estado que resolvió la moderación y avisa a su equipo. Lo llama `moderacion.decidir`."""
    propuesta = _bloquear(propuesta)
    ejercicio, ahora = leer_reglas(propuesta.ejercicio_id)
    estado, aviso = _TRAS_DECISION[decision]
    if estado == EstadoPropuesta.PUBLICADA:
        propuesta.publicada_en = ahora
        if propuesta.anonima and not es_ciega(Reto.objects.get(ejercicio=ejercicio)):
            propuesta.anonima = False  # se envió mientras la decisión se publicaba: ya se sabe de quién es cada una
    elif estado == EstadoPropuesta.DEVUELTA:
        propuesta.devuelta_en = ahora
    _cambiar_estado(propuesta, estado, quien=Quien.MODERACION, usuario=moderador, ahora=ahora, ejercicio=ejercicio)
    for cuenta in cuentas_del_equipo(propuesta):
        avisar(tipo=aviso, destinatario=cuenta, objeto=propuesta, sitio=ejercicio.sitio)
