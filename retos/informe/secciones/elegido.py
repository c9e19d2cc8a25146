"""Qué se apoyó, cómo se evaluó, qué se decidió y qué se respondió."""

from django.utils.translation import gettext as _

from participacion.apoyos.enums import ModoApoyo

from ...decision.consultas import en_orden, fallos_publicados
from ...decision.enums import TipoDecision
from ...enums import EstadoPropuesta
from ...models import Propuesta
from ..celdas import celdas, encabezados, escrita, fecha, ficha_de, hora, numero
from ..datos import registros_de
from ..documento import Barra, Barras, Celda, Columna, Parrafos, Seccion, Tabla
from ..expediente import Expediente

BARRAS = 10


def apoyos(e: Expediente) -> Seccion | None:
    titulo = _("Apoyos por propuesta")
    if not e.apoyos_visibles:
        return Seccion("apoyos", titulo, [Parrafos(_("Los apoyos se ocultan hasta que cierre el apoyo ciudadano."))])
    campo = "apoyos" if e.modo_apoyo == ModoApoyo.SIMPLE else "puntos"
    primeras = list(e.propuestas()[:BARRAS])
    mayor = max((getattr(p, campo) for p in primeras), default=0)
    if not mayor:
        return None
    barras = [
        Barra(escrita(p, e), numero(getattr(p, campo)), round(100 * getattr(p, campo) / mayor, 1)) for p in primeras
    ]
    descripcion = _("Gráfica de barras: %(barras)s.") % {"barras": "; ".join(f"{b.celda.texto}, {b.cifra}" for b in barras)}
    nombre = _("Apoyos") if campo == "apoyos" else _("Puntos")
    return Seccion("apoyos", titulo, [Barras(_("%(que)s de las más apoyadas") % {"que": nombre}, descripcion, barras)])


def criterios(e: Expediente) -> Seccion | None:
    criterios = list(e.ejercicio.criterios.all())
    if not criterios:
        return None
    filas = [
        celdas(
            f"{c.nombre}\n{c.descripcion}".strip(),
            f"{c.peso} %",
            _("%(minimo)s a %(maximo)s") % {"minimo": c.minimo, "maximo": c.maximo},
        )
        for c in criterios
    ]
    columnas = encabezados(_("Criterio"), _("Peso"), _("Notas"), numeros=[1, 2])
    bloques = [Tabla(_("Con qué se evaluó"), columnas, filas)]
    if e.reglas and e.reglas.huella_criterios:
        bloques.append(
            ficha_de(
                (_("Se publicaron"), hora(e.reglas.criterios_publicados_en)),
                (_("Huella SHA-256"), e.reglas.huella_criterios),
            )
        )
    return Seccion("criterios", _("Criterios de evaluación"), bloques)


def evaluacion(e: Expediente) -> Seccion | None:
    hecha = e.evaluacion
    if hecha is None:
        return None
    ficha = ficha_de(
        (_("Jurados que evaluaron"), numero(hecha.jurados)),
        (_("Propuestas evaluadas"), numero(hecha.propuestas)),
        (_("Evaluaciones"), numero(hecha.evaluaciones)),
        (_("Media más alta"), numero(hecha.mayor)),
        (_("Media más baja"), numero(hecha.menor)),
        grande=True,
    )
    nota = _("De 0 a 100. La media, la mediana y la desviación de cada una están en la lista de propuestas.")
    return Seccion("evaluacion", _("Evaluación del jurado"), [ficha, Parrafos(nota)])


def decision(e: Expediente) -> Seccion:
    titulo = _("Decisión")
    if e.decision is None:
        return Seccion("decision", titulo, [Parrafos(_("La entidad todavía no publica su decisión."))])
    decision = e.decision
    bloques = [
        ficha_de(
            (_("Decisión"), decision.get_tipo_display()),
            (_("Tomada"), fecha(decision.tomada_en)),
            (_("Publicada"), fecha(decision.publicada_en)),
        ),
        Parrafos(decision.motivos),
    ]
    if decision.tipo == TipoDecision.ELIGE:
        filas = [
            celdas(
                fallo.propuesta.referencia,
                escrita(fallo.propuesta, e),
                fallo.propuesta.firma,
                fallo.get_resultado_display(),
                numero(fallo.puesto),
            )
            for fallo in en_orden(fallos_publicados(decision))
        ]
        columnas = encabezados(
            _("Referencia"), _("Propuesta"), _("De quién es"), _("Se decidió"), _("Puesto en el banco"), numeros=[4]
        )
        bloques.append(Tabla(_("Elegidas y banco de elegibles"), columnas, filas))
    return Seccion("decision", titulo, bloques)


def respuestas(e: Expediente) -> Seccion | None:
    cuenta = e.respuestas
    if not cuenta.publicadas:
        return None
    dias = "" if cuenta.mediana is None else numero(round(cuenta.mediana, 1))
    ficha = ficha_de(
        (_("Respondidas"), numero(cuenta.respondidas)),
        (_("Sin respuesta"), numero(cuenta.sin_responder)),
        (_("A tiempo"), numero(cuenta.a_tiempo)),
        (_("Mediana de días en responder"), dias),
        grande=True,
    )
    return Seccion("respuestas", _("Respuestas oficiales"), [ficha])


def _tabla(e: Expediente, estas: list[Propuesta]) -> Tabla:
    """Una fila por propuesta, con las mismas cifras de los datos abiertos."""
    puntos, notas = e.apoyos_visibles and e.modo_apoyo != ModoApoyo.SIMPLE, e.evaluacion is not None
    columnas = [
        *encabezados(_("Referencia"), _("Propuesta"), _("De quién es")),
        *([Columna(_("Puntos"), True)] if puntos else []),
        *([Columna(_("Apoyos"), True)] if e.apoyos_visibles else []),
        *([Columna(nombre, True) for nombre in (_("Media"), _("Mediana"), _("Desviación"))] if notas else []),
        *encabezados(_("Resultado"), _("Días hasta la respuesta"), numeros=[1]),
    ]
    filas = []
    for propuesta, r in zip(estas, registros_de(e, estas), strict=True):
        cifras = [
            *([r["puntos"]] if puntos else []),
            *([r["apoyos"]] if e.apoyos_visibles else []),
            *([r["media"], r["mediana"], r["desviacion"]] if notas else []),
        ]
        dias = _("Sin respuesta") if r["dias_en_responder"] is None else numero(r["dias_en_responder"])
        filas.append(
            celdas(
                r["referencia"],
                escrita(propuesta, e),
                propuesta.firma,
                *map(numero, cifras),
                Celda(_situacion(propuesta), resultado=propuesta.resultado if propuesta.estado == EstadoPropuesta.PUBLICADA else ""),
                dias,
            )
        )
    orden = _("De la más apoyada a la menos") if e.apoyos_visibles else _("Por su referencia")
    return Tabla(orden, columnas, filas, ancha=True)


def _situacion(propuesta: Propuesta) -> str:
    """Su resultado; de la que se retiró o fusionó, eso."""
    publicada = propuesta.estado == EstadoPropuesta.PUBLICADA
    return str(propuesta.get_resultado_display() if publicada else propuesta.get_estado_display())


def propuestas(e: Expediente, estas: list[Propuesta]) -> Seccion | None:
    if not estas:
        return None
    bloques = [_tabla(e, estas)]
    if len(estas) < e.publicas:
        bloques.insert(
            0, Parrafos(_("Aquí van %(n)s de %(total)s; todas están en los datos abiertos.") % {"n": len(estas), "total": e.publicas})
        )
    return Seccion("propuestas", _("Las propuestas, una por una"), bloques)
