"""Lo que se comprueba de una propuesta antes de recibirla. Se llama con ella bloqueada y la hora leída después."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from participacion.adjuntos import actions as adjuntos
from participacion.ejercicios.enums import Fase
from participacion.ejercicios.models import Ejercicio, calcular_fase

from . import contenido, identidad
from .decision.enums import EstadoDecision
from .enums import EstadoPropuesta
from .models import DecisionReto, Propuesta, Reto


def limite_de_envio(propuesta: Propuesta, ejercicio: Ejercicio) -> datetime | None:
    """Hasta cuándo se puede enviar, sin incluir ese instante; None si el ejercicio no tiene cierre.

    Quien recibió una devolución tiene además los días de corrección, aunque el ejercicio ya haya cerrado.
    """
    if ejercicio.cierre is None:
        return None
    if propuesta.estado == EstadoPropuesta.DEVUELTA and propuesta.devuelta_en:
        return max(ejercicio.cierre, propuesta.devuelta_en + timedelta(days=ejercicio.dias_correccion))
    return ejercicio.cierre


def comprobar_plazo(propuesta: Propuesta, ejercicio: Ejercicio, ahora: datetime) -> None:
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


def _textos_que_faltan(propuesta: Propuesta) -> dict[str, str]:
    return {campo: _("Este campo es obligatorio para enviar.") for campo in contenido.TEXTOS if not getattr(propuesta, campo)}


def exigir_textos(propuesta: Propuesta) -> None:
    """Lanza ValidationError, por campo, si le falta título, resumen o descripción."""
    if faltan := _textos_que_faltan(propuesta):
        raise ValidationError(faltan)


def exigir_completa(propuesta: Propuesta, ejercicio: Ejercicio, reto: Reto | None) -> None:
    """Lanza ValidationError, por campo, si le falta texto, licencia entre las del reto o los términos que hoy rigen."""
    faltan = _textos_que_faltan(propuesta)
    if reto and reto.licencias and propuesta.licencia not in reto.licencias:
        faltan["licencia"] = _("Elija con qué derechos la entrega.")
    terminos = ejercicio.terminos.first()
    if terminos and propuesta.terminos_id != terminos.pk:
        faltan["terminos"] = _("Lea y acepte los términos de participación, versión %(n)s.") % {"n": terminos.numero}
    if faltan:
        raise ValidationError(faltan)


def velar(propuesta: Propuesta, *, confirma_identidad: bool, solo: Collection[str] | None = None) -> None:
    """En una evaluación ciega: los archivos dejan de decir quién los hizo, y el texto tampoco debe decirlo.

    `solo`: los campos del formulario cuyo texto se mira; sin él, todos.

    Lanza ValidationError si un archivo no se deja limpiar o, sin `confirma_identidad`, si algo escrito nombra a quien propone.
    """
    for adjunto in contenido.archivos_de(propuesta):
        try:
            adjuntos.quitar_metadatos(adjunto=adjunto)
        except ValidationError as error:
            raise ValidationError({"archivo": [f"«{adjunto.nombre}»: {texto}" for texto in error.messages]}) from error
    if not confirma_identidad:
        textos = contenido.textos_de(propuesta)
        identidad.comprobar(propuesta, {campo: texto for campo, texto in textos.items() if solo is None or campo in solo})


def comprobar_actor(propuesta: Propuesta, ejercicio: Ejercicio) -> None:
    """Lanza ValidationError si el reto no recibe propuestas de ese tipo de actor o pide verificar la organización."""
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


def es_ciega(reto: Reto | None) -> bool:
    """Si hoy se esconde de quién es cada propuesta: la evaluación es ciega y la decisión no se ha publicado.

    None: el reto no se ha vuelto a publicar desde que tiene estas reglas.
    """
    if reto is None:
        return False
    publicada = DecisionReto.objects.filter(ejercicio=reto.ejercicio_id, estado=EstadoDecision.PUBLICADA)
    return reto.evaluacion_ciega and not publicada.exists()
