"""Las cifras de una encuesta que se publican con nombre, línea base y meta, y que los indicadores muestran."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Usuario
from participacion.formularios.enums import TipoPregunta
from participacion.registro.medidas import DECIMALES, CifraNombrada

from ..enums import CalculoMedida, DireccionMedida
from ..models import Encuesta, MedidaEncuesta
from ..resultados.consulta import ResultadoPregunta, resultados

_DE_ESCALA = {CalculoMedida.FAVORABLES, CalculoMedida.MEDIA, CalculoMedida.NPS}


def calcular(medida: MedidaEncuesta, resultado: ResultadoPregunta | None) -> float | None:
    """La cifra, de los mismos resultados que se publican. None si se oculta o si aún no hay respuestas bastantes."""
    if resultado is None or resultado.oculta or not resultado.distribuciones:
        return None
    distribucion = resultado.distribuciones[0]
    if medida.calculo in _DE_ESCALA:
        valor = getattr(distribucion, medida.calculo)
    else:
        elegidas = [casilla for casilla in distribucion.casillas if casilla.definida.clave in medida.casillas]
        if any(casilla.oculta for casilla in elegidas):
            return None
        valor = sum(casilla.porcentaje for casilla in elegidas)
    return None if valor is None else round(float(valor), DECIMALES)


def comprobar(medida: MedidaEncuesta, resultado: ResultadoPregunta) -> None:
    """Lanza ValidationError si el cálculo no corresponde a la pregunta."""
    vista = resultado.vista
    if medida.calculo in _DE_ESCALA and vista.tipo != TipoPregunta.ESCALA:
        raise ValidationError({"calculo": _("Sólo para preguntas de escala.")})
    if medida.calculo == CalculoMedida.NPS and not vista.es_nps:
        raise ValidationError({"calculo": _("Sólo para la escala de recomendación (NPS).")})
    if medida.calculo == CalculoMedida.OPCIONES:
        if vista.tipo == TipoPregunta.MATRIZ or not vista.casillas:
            raise ValidationError({"calculo": _("Esa pregunta no se contesta eligiendo de una lista.")})
        if not medida.casillas:
            raise ValidationError({"casillas": _("Elija al menos una opción.")})
        if set(medida.casillas) - {casilla.clave for casilla in vista.casillas}:
            raise ValidationError({"casillas": _("Elija opciones de esa pregunta.")})
        if vista.tipo == TipoPregunta.MULTIPLE and len(medida.casillas) > 1:
            raise ValidationError(
                {"casillas": _("En una pregunta de varias opciones elija sólo una: hay quien marcó dos y contaría dos veces.")}
            )


@transaction.atomic
def guardar_medida(*, medida: MedidaEncuesta, resultado: ResultadoPregunta, actor: Usuario) -> MedidaEncuesta:
    """Publica la medida en los indicadores, o la cambia. Lanza ValidationError si no corresponde o el nombre se repite."""
    if medida.calculo != CalculoMedida.OPCIONES:
        medida.casillas = []
    comprobar(medida, resultado)
    accion = "encuestas.cambiar_medida" if medida.pk else "encuestas.publicar_medida"
    try:
        with transaction.atomic():
            medida.save()
    except IntegrityError as error:
        raise ValidationError({"nombre": _("Esta encuesta ya tiene una medida con ese nombre.")}) from error
    log(instance=medida.ejercicio, action=accion, user=actor, data={"nombre": medida.nombre})
    return medida


@transaction.atomic
def quitar_medida(*, medida: MedidaEncuesta, actor: Usuario) -> None:
    """La medida deja de mostrarse en los indicadores."""
    log(instance=medida.ejercicio, action="encuestas.quitar_medida", user=actor, data={"nombre": medida.nombre})
    medida.delete()


def cifra(medida: MedidaEncuesta, resultado: ResultadoPregunta | None) -> CifraNombrada:
    puntos = medida.calculo in (CalculoMedida.MEDIA, CalculoMedida.NPS)
    return CifraNombrada(
        clave=f"encuesta-{medida.pk}",
        nombre=medida.nombre,
        unidad=medida.unidad or (_("puntos") if puntos else "%"),
        ejecutado=calcular(medida, resultado),
        linea_base=None if medida.linea_base is None else float(medida.linea_base),
        meta=None if medida.meta is None else float(medida.meta),
        aumentar=medida.direccion == DireccionMedida.AUMENTAR,
        detalle=_("Encuesta «%(encuesta)s», «%(pregunta)s»: %(calculo)s.")
        % {
            "encuesta": medida.ejercicio.titulo,
            "pregunta": medida.pregunta.texto,
            "calculo": medida.get_calculo_display().lower(),
        },
    )


def publicadas(sitio, desde, hasta, ejercicio=None) -> Iterable[CifraNombrada]:
    """La fuente que la sala inscribe en el registro: las de encuestas abiertas en algún momento de [desde, hasta)."""
    medidas = MedidaEncuesta.objects.filter(
        Q(ejercicio__cierre__isnull=True) | Q(ejercicio__cierre__gt=desde), ejercicio__sitio=sitio, ejercicio__apertura__lt=hasta
    ).select_related("ejercicio__encuesta", "pregunta")
    if ejercicio:
        medidas = medidas.filter(ejercicio=ejercicio)
    por_encuesta: dict[Encuesta, list[MedidaEncuesta]] = defaultdict(list)
    for medida in medidas:
        por_encuesta[medida.ejercicio.encuesta].append(medida)
    for encuesta, suyas in por_encuesta.items():
        hechos = resultados(encuesta).por_clave()
        for medida in suyas:
            yield cifra(medida, hechos.get(medida.pregunta.clave))
