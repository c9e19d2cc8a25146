"""El único lugar que cambia el resultado de una propuesta (`enums.Resultado`)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Usuario
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto

from . import fases
from .enums import ACTOS_RESULTADO, TRANSICIONES_RESULTADO, EstadoPropuesta, Resultado
from .models import CierreReto, Novedad, Propuesta
from .novedades import anunciar, anunciar_varias, como_contenido


@dataclass(frozen=True)
class Cambio:
    """A qué resultado pasa una propuesta, y con qué motivo público."""

    propuesta: Propuesta
    hacia: str
    motivo: str = ""


def comprobar_sin_cerrar(ejercicio: Ejercicio) -> None:
    """Lanza ValidationError (code="cerrado") si el reto ya rindió cuentas: después sólo se anotan avances."""
    if CierreReto.objects.filter(ejercicio=ejercicio).exists():
        raise ValidationError(_("Este reto ya se cerró: sólo se pueden anotar avances."), code="cerrado")


def _accion_de(propuesta: Propuesta, hacia: str) -> str:
    """La acción del calendario que el cambio pide. Lanza ValidationError (code="transicion") si la tabla no lo permite."""
    if propuesta.estado != EstadoPropuesta.PUBLICADA:
        raise ValidationError(
            _("%(propuesta)s no se puede: está «%(estado)s».")
            % {"propuesta": propuesta, "estado": propuesta.get_estado_display()},
            code="transicion",
        )
    accion = TRANSICIONES_RESULTADO.get((propuesta.resultado, hacia))
    if accion is None:
        raise ValidationError(
            _("%(propuesta)s no puede pasar de «%(desde)s» a «%(hacia)s».")
            % {"propuesta": propuesta, "desde": propuesta.get_resultado_display(), "hacia": Resultado(hacia).label},
            code="transicion",
        )
    return accion


def titulo_de(resultado: str) -> str:
    """Como lo dice la línea de tiempo."""
    with como_contenido():
        return str(Resultado(resultado).label)


def _cambiar(cambios: list[Cambio], *, usuario: Usuario | None, ahora: datetime, ejercicio: Ejercicio) -> None:
    for accion in {_accion_de(cambio.propuesta, cambio.hacia) for cambio in cambios}:
        fases.comprobar(ejercicio, accion, ahora)
    comprobar_sin_cerrar(ejercicio)
    por_resultado = defaultdict(list)
    for cambio in cambios:
        por_resultado[cambio.hacia].append(cambio.propuesta.pk)
    for hacia, ids in por_resultado.items():
        Propuesta.objects.filter(pk__in=ids).update(resultado=hacia, actualizada_en=timezone.now())
    for cambio in cambios:
        propuesta = cambio.propuesta
        desde, propuesta.resultado = propuesta.resultado, cambio.hacia
        tipo, _etiqueta = ACTOS_RESULTADO[cambio.hacia]
        registrar_acto(tipo=tipo, ejercicio=ejercicio, objeto=propuesta, ocurrido_en=ahora)
        log(
            instance=propuesta,
            action="retos.cambiar_resultado",
            user=usuario,
            data={"desde": desde, "hacia": cambio.hacia},
        )


def cambiar_resultado(
    propuesta: Propuesta,
    hacia: str,
    *,
    usuario: Usuario | None,
    ahora: datetime,
    ejercicio: Ejercicio,
    motivo: str = "",
) -> None:
    """Con la propuesta bloqueada: comprueba tabla y calendario, y anota historial, acto, novedad y avisos.

    Lanza ValidationError si la propuesta ya no concursa o la tabla no lo permite (code="transicion"), si el
    calendario no lo permite a esta hora (code="plazo") o si el reto ya se cerró (code="cerrado").
    """
    _cambiar([Cambio(propuesta, hacia)], usuario=usuario, ahora=ahora, ejercicio=ejercicio)
    anunciar(
        propuesta=propuesta, titulo=titulo_de(hacia), texto=motivo, por=usuario, ahora=ahora, sitio=ejercicio.sitio
    )


def cambiar_resultados(
    cambios: list[Cambio], *, usuario: Usuario | None, ahora: datetime, ejercicio: Ejercicio
) -> None:
    """Como `cambiar_resultado`, para los cientos de una decisión: todos o ninguno, y los avisos en el trabajador."""
    _cambiar(cambios, usuario=usuario, ahora=ahora, ejercicio=ejercicio)
    anunciar_varias(
        Novedad(propuesta=cambio.propuesta, titulo=titulo_de(cambio.hacia), texto=cambio.motivo, por=usuario, en=ahora)
        for cambio in cambios
    )
