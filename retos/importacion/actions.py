from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from cuentas.models import Usuario
from home.texto import limpiar_linea, sin_tildes
from participacion.apoyos.actions import importar_apoyos
from participacion.ejercicios.actions import leer_reglas, numerar_bloque
from participacion.ejercicios.enums import TipoEjercicio
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto
from participacion.registro.enums import ActorRegistro, Canal

from ..actions import SERIE, texto_de_busqueda
from ..enums import ACTOS, EstadoPropuesta
from ..models import Propuesta
from ..resultados import comprobar_sin_cerrar
from .columnas import Campo, Columnas
from .conversion import Fila, Lote, Rechazo
from .informe import Informe, LineaInforme, Suerte

IMPORTADA = "propuesta_importada"
FUENTE_MAXIMA = Propuesta._meta.get_field("fuente").max_length
_POR_INSERCION = 500


def simular_importacion(*, ejercicio: Ejercicio, lote: Lote, fuente: str) -> Informe:
    """Lo que pasaría con cada línea si se importara ahora; no escribe nada ni toma candados."""
    fuente = _fuente(ejercicio, fuente)
    _reglas, ahora = leer_reglas(ejercicio.pk)
    lineas, _nuevas = _decidir(ejercicio, lote, fuente, ahora)
    return Informe(fuente, escrito=False, lineas=lineas)


@transaction.atomic
def importar_propuestas(
    *, ejercicio: Ejercicio, lote: Lote, fuente: str, actor: Usuario | None, omitir_malas: bool = False
) -> Informe:
    """Carga en el reto las líneas nuevas, con sus actos en el registro: todas o ninguna.

    Si alguna línea se rechaza no se carga ninguna, salvo con `omitir_malas`: un rechazo suele delatar una columna
    mal elegida, y lo ya cargado no se corrige importando otra vez, porque el registro no se reescribe.
    Repetir no cambia nada: lo que ya está se reconoce por reto, fuente e identificador, y si en el archivo cambió
    se informa sin tocarlo. Lanza ValidationError si el ejercicio no es un reto, ya rindió cuentas (code="cerrado") o la
    fuente no sirve de nombre.
    """
    # Dos importaciones del mismo reto van una tras otra. Sin la llave, para no frenar a quien envía mientras tanto.
    ejercicio = Ejercicio.objects.select_for_update(no_key=True).get(pk=ejercicio.pk)
    _reglas, ahora = leer_reglas(ejercicio.pk)
    fuente = _fuente(ejercicio, fuente)
    lineas, nuevas = _decidir(ejercicio, lote, fuente, ahora)
    informe = Informe(fuente, escrito=False, lineas=lineas)
    if informe.conteo(Suerte.RECHAZADA) and not omitir_malas:
        return informe
    if nuevas:
        referencias = _cargar(ejercicio, nuevas, fuente, ahora)
        lineas = [replace(linea, referencia=referencias.get(linea.linea, linea.referencia)) for linea in lineas]
        log(
            instance=ejercicio,
            action="retos.importar_propuestas",
            user=actor,
            data={"fuente": fuente, **{suerte.value: informe.conteo(suerte) for suerte in Suerte}},
        )
    return Informe(fuente, escrito=True, lineas=lineas)


def _fuente(ejercicio: Ejercicio, fuente: str) -> str:
    """El nombre de la fuente; si ya se usó escrito de otro modo, como se escribió: es parte de la identidad."""
    if ejercicio.tipo != TipoEjercicio.RETO:
        raise ValidationError(_("Sólo se importan propuestas a un reto."))
    comprobar_sin_cerrar(ejercicio)
    fuente = limpiar_linea(fuente)
    if not fuente or len(fuente) > FUENTE_MAXIMA:
        raise ValidationError(
            {"fuente": _("Escriba de qué plataforma vienen, en hasta %(n)s caracteres.") % {"n": FUENTE_MAXIMA}}
        )
    usadas = ejercicio.propuestas.exclude(fuente="").values_list("fuente", flat=True).distinct()
    return next((usada for usada in usadas if sin_tildes(usada) == sin_tildes(fuente)), fuente)


def _decidir(ejercicio: Ejercicio, lote: Lote, fuente: str, ahora: datetime) -> tuple[list[LineaInforme], list[Fila]]:
    """La suerte de cada línea y, de ellas, las que hay que cargar."""
    guardadas = {p.fuente_id: p for p in ejercicio.propuestas.filter(fuente=fuente).defer("texto_busqueda")}
    lineas, nuevas = [], []
    for fila in lote.lineas:
        suerte, motivo, referencia = _suerte(fila, guardadas.get(fila.fuente_id), lote.columnas, ahora)
        lineas.append(LineaInforme(fila.linea, fila.fuente_id, fila.titulo, suerte, motivo, referencia))
        if suerte == Suerte.IMPORTADA:
            nuevas.append(fila)
    return lineas, nuevas


def _suerte(
    fila: Fila | Rechazo, guardada: Propuesta | None, columnas: Columnas, ahora: datetime
) -> tuple[Suerte, str, str]:
    if isinstance(fila, Rechazo):
        return Suerte.RECHAZADA, fila.motivo, ""
    if fila.creada > ahora or (fila.retirada and fila.retirada > ahora):
        return Suerte.RECHAZADA, _("Su fecha está en el futuro."), ""
    if guardada is None:
        return Suerte.IMPORTADA, "", ""
    if cambios := _cambios(fila, guardada, columnas):
        return Suerte.DISTINTA, _("Cambió: %(que)s.") % {"que": ", ".join(cambios)}, guardada.referencia
    return Suerte.YA_ESTABA, "", guardada.referencia


def _cambios(fila: Fila, guardada: Propuesta, columnas: Columnas) -> list[str]:
    """En qué difiere de lo guardado. Una columna que esta vez no se importa no cuenta."""
    textos = (guardada.descripcion, guardada.descripcion_html)
    distinto = {
        Campo.TITULO: fila.titulo != guardada.titulo,
        Campo.FECHA: fila.creada != guardada.enviada_en,
        Campo.RESUMEN: fila.resumen_propio and fila.resumen != guardada.resumen,
        Campo.DESCRIPCION: (fila.descripcion, fila.descripcion_html) != textos,
        Campo.APOYOS: fila.apoyos != guardada.apoyos_importados,
        Campo.RETIRADA: fila.retirada is not None and guardada.estado != EstadoPropuesta.RETIRADA,
    }
    return [str(campo.label).lower() for campo, cambio in distinto.items() if cambio and campo in columnas]


def _cargar(ejercicio: Ejercicio, nuevas: list[Fila], fuente: str, ahora: datetime) -> dict[int, str]:
    """Crea propuestas y actos. Devuelve la referencia de cada línea.

    Se tienen por escritas en el idioma principal: el de quien importa no dice nada de ellas.
    """
    referencias = numerar_bloque(sitio=ejercicio.sitio, serie=SERIE, ahora=ahora, cantidad=len(nuevas))
    propuestas = [
        _propuesta(fila, ejercicio, fuente, referencia) for fila, referencia in zip(nuevas, referencias, strict=True)
    ]
    Propuesta.objects.bulk_create(propuestas, batch_size=_POR_INSERCION)
    with override(settings.LANGUAGE_CODE):
        for propuesta, fila in zip(propuestas, nuevas, strict=True):
            _anotar(propuesta, fila, ejercicio)
    return {fila.linea: propuesta.referencia for propuesta, fila in zip(propuestas, nuevas, strict=True)}


def _propuesta(fila: Fila, ejercicio: Ejercicio, fuente: str, referencia: str) -> Propuesta:
    propuesta = Propuesta(
        ejercicio=ejercicio,
        referencia=referencia,
        estado=EstadoPropuesta.RETIRADA if fila.retirada else EstadoPropuesta.PUBLICADA,
        actor_tipo=ActorRegistro.SIN_DATO,
        titulo=fila.titulo,
        resumen=fila.resumen,
        descripcion=fila.descripcion,
        descripcion_html=fila.descripcion_html,
        idioma=settings.LANGUAGE_CODE,
        enviada_en=fila.creada,
        publicada_en=fila.creada,
        apoyos_importados=fila.apoyos,
        fuente=fuente,
        fuente_id=fila.fuente_id,
    )
    propuesta.texto_busqueda = texto_de_busqueda(propuesta)
    return propuesta


def _anotar(propuesta: Propuesta, fila: Fila, ejercicio: Ejercicio) -> None:
    """Los actos de una propuesta importada: que se publicó allá, que se retiró si se retiró, y sus apoyos."""
    hechos = [(IMPORTADA, EstadoPropuesta.PUBLICADA, fila.creada)]
    if fila.retirada:
        tipo, _etiqueta, _de_participacion = ACTOS[EstadoPropuesta.RETIRADA]
        hechos.append((tipo, EstadoPropuesta.RETIRADA, fila.retirada))
    for tipo, estado, ocurrido_en in hechos:
        registrar_acto(
            tipo=tipo,
            ejercicio=ejercicio,
            objeto=propuesta,
            estado=estado,
            actor_tipo=ActorRegistro.SIN_DATO,
            canal=Canal.IMPORTACION,
            ocurrido_en=ocurrido_en,
        )
    if fila.apoyos:
        importar_apoyos(objeto=propuesta, cantidad=fila.apoyos, ocurrido_en=fila.creada)
