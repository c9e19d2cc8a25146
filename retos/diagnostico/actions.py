"""Contar un problema en el diagnóstico de un reto, moderarlo y retirarlo. Se prioriza apoyándolo."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas import requisitos
from cuentas.models import Organizacion, Participante, Usuario
from cuentas.rules import puede_actuar_por
from home.texto import limpiar_linea, limpiar_parrafos
from participacion.avisos.actions import avisar
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.moderacion import actions as moderacion
from participacion.moderacion.enums import Decision
from participacion.registro.actions import registrar_acto, tipo_de_actor

from .. import fases
from ..models import Problema
from .enums import ACTOS_PROBLEMA, TRANSICIONES_PROBLEMA, EstadoProblema
from .rules import es_autor

AVISO = "problema_moderado"
MAXIMO_DIARIO = 10


def _bloquear(problema: Problema) -> Problema:
    return Problema.objects.select_for_update(of=["self"]).get(pk=problema.pk)


@transaction.atomic
def contar_problema(
    *,
    ejercicio: Ejercicio,
    participante: Participante,
    titulo: str,
    descripcion: str,
    clave_envio: UUID,
    organizacion: Organizacion | None = None,
) -> Problema:
    """Recibe un problema y lo pone a esperar moderación; repetir el envío del mismo formulario no lo duplica.

    Lanza PermissionDenied si el formulario es de otra persona y ValidationError por plazo (code="plazo"), requisitos
    (code="requisitos"), datos incompletos, actor no admitido, si cuenta demasiados (code="demasiados") o si suprimió
    sus datos (code="suprimido").
    """
    # Con el candado que toma la supresión: un problema a medio enviar no nace después de ella.
    persona = Participante.objects.select_for_update(of=["self"], no_key=True).get(pk=participante.pk)
    if persona.suprimido:
        raise ValidationError(_("Se suprimieron los datos."), code="suprimido")
    if hecho := Problema.objects.filter(clave_envio=clave_envio).first():
        if (hecho.ejercicio_id, hecho.autor_id) != (ejercicio.pk, persona.pk):
            raise PermissionDenied
        return hecho
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    fases.comprobar(ejercicio, fases.Accion.POSTULAR, ahora)
    requisitos.comprobar(persona, ejercicio.sitio, ejercicio.nivel_minimo)
    textos = _textos(titulo, descripcion)
    _comprobar_actor(ejercicio, persona, organizacion)
    recientes = Problema.objects.filter(ejercicio=ejercicio, autor=persona, enviado_en__gt=ahora - timedelta(days=1))
    if recientes.count() >= MAXIMO_DIARIO:
        raise ValidationError(
            _("Ya contó %(n)s problemas en las últimas 24 horas. Vuelva mañana.") % {"n": MAXIMO_DIARIO}, code="demasiados"
        )
    problema = Problema.objects.create(
        ejercicio=ejercicio,
        clave_envio=clave_envio,
        autor=persona,
        organizacion=organizacion,
        actor_tipo=tipo_de_actor(organizacion),
        idioma=get_language() or "",
        enviado_en=ahora,
        **textos,
    )
    _anotar(problema, EstadoProblema.ENVIADO, ejercicio, ahora, del_autor=True)
    moderacion.poner_en_cola(
        objeto=problema, ejercicio=ejercicio, titulo=problema.titulo, remitente=problema.actor_tipo, ahora=ahora
    )
    return problema


def _textos(titulo: str, descripcion: str) -> dict[str, str]:
    textos = {"titulo": limpiar_linea(titulo), "descripcion": limpiar_parrafos(descripcion)}
    maximos = {"titulo": Problema.TITULO_MAXIMO, "descripcion": Problema.DESCRIPCION_MAXIMA}
    faltas = {campo: _("Este campo es obligatorio.") for campo, texto in textos.items() if not texto}
    faltas |= {
        campo: _("Puede tener hasta %(n)s caracteres.") % {"n": maximos[campo]}
        for campo, texto in textos.items()
        if len(texto) > maximos[campo]
    }
    if faltas:
        raise ValidationError(faltas)
    return textos


def _comprobar_actor(ejercicio: Ejercicio, persona: Participante, organizacion: Organizacion | None) -> None:
    if organizacion is not None and not puede_actuar_por(persona, organizacion):
        raise ValidationError({"organizacion": _("Ya no puede actuar en nombre de esa organización.")})
    if not ejercicio.admite(tipo_de_actor(organizacion)):
        quienes = ", ".join(str(etiqueta) for etiqueta in ejercicio.actores_etiquetas)
        raise ValidationError({"organizacion": _("En este reto participan sólo: %(actores)s.") % {"actores": quienes}})
    if not ejercicio.admite_organizacion(organizacion):
        raise ValidationError({"organizacion": _("La entidad aún no ha verificado esa organización. Pida su verificación.")})


def _anotar(problema: Problema, estado: str, ejercicio: Ejercicio, ahora: datetime, *, del_autor: bool) -> None:
    tipo, _etiqueta, _participacion = ACTOS_PROBLEMA[estado]
    registrar_acto(
        tipo=tipo,
        ejercicio=ejercicio,
        objeto=problema,
        estado=estado,
        participante=problema.autor if del_autor else None,
        organizacion=problema.organizacion if del_autor else None,
        ocurrido_en=ahora,
    )


def _cambiar_estado(
    problema: Problema, hacia: str, *, quien: str, usuario: Usuario | None, ahora: datetime, ejercicio: Ejercicio
) -> None:
    """El único lugar que cambia el estado. Lanza ValidationError (code="transicion") si la tabla no lo permite."""
    if TRANSICIONES_PROBLEMA.get((problema.estado, hacia)) != quien:
        raise ValidationError(
            _("No se puede: el problema está «%(estado)s».") % {"estado": problema.get_estado_display()}, code="transicion"
        )
    desde, problema.estado = problema.estado, hacia
    problema.save()
    _anotar(problema, hacia, ejercicio, ahora, del_autor=quien == "autor")
    log(instance=problema, action="retos.cambiar_problema", user=usuario, data={"desde": desde, "hacia": hacia})


@transaction.atomic
def aplicar_decision(problema: Problema, decision: Decision, motivo: str, moderador: Usuario) -> None:
    """Lo publica o no, y avisa a su autor. Lo llama `moderacion.decidir`."""
    problema = _bloquear(problema)
    ejercicio, ahora = leer_reglas(problema.ejercicio_id)
    hacia = EstadoProblema.RECHAZADO
    if decision == Decision.APROBADA:
        hacia, problema.publicado_en = EstadoProblema.PUBLICADO, ahora
    _cambiar_estado(problema, hacia, quien="moderacion", usuario=moderador, ahora=ahora, ejercicio=ejercicio)
    avisar(tipo=AVISO, destinatario=problema.autor.cuenta, objeto=problema, sitio=ejercicio.sitio)


@transaction.atomic
def retirar_problema(*, problema: Problema, actor: Usuario) -> Problema:
    """Su autor lo retira. Si ya era público queda a la vista como retirado.

    Lanza PermissionDenied si no es suyo y ValidationError si su estado no lo permite.
    """
    problema = _bloquear(problema)
    if not es_autor.test(actor, problema):
        raise PermissionDenied
    return retirar(problema=problema, actor=actor)


@transaction.atomic
def retirar(*, problema: Problema, actor: Usuario | None) -> Problema:
    """Retira como si lo pidiera su autor, sin preguntar quién: al suprimir sus datos no hay cuenta que lo pida."""
    problema = _bloquear(problema)
    ejercicio, ahora = leer_reglas(problema.ejercicio_id)
    _cambiar_estado(problema, EstadoProblema.RETIRADO, quien="autor", usuario=actor, ahora=ahora, ejercicio=ejercicio)
    moderacion.sacar_de_cola(objeto=problema)
    return problema
