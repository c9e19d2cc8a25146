"""Qué se comprometió la entidad a hacer, cómo va y con qué conclusiones."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.marco import ajustes_de, direccion_de

from ...enums import Resultado
from ...models import Propuesta
from ...seguimiento.consultas import elegidas, plan_de
from ...seguimiento.enums import Semaforo
from ...seguimiento.pesos import en_pesos
from ...seguimiento.semaforo import marcha_de
from ..celdas import celdas, encabezados, escrita, ficha_de, numero
from ..documento import Celda, Parrafos, Seccion, Subtitulo, Tabla
from ..expediente import Expediente


def _plan(e: Expediente, propuesta: Propuesta) -> list:
    titulo = Subtitulo(escrita(propuesta, e))
    situacion = Celda(str(Resultado(propuesta.resultado).label), resultado=propuesta.resultado)
    plan = plan_de(propuesta)
    if plan is None:
        return [titulo, ficha_de((_("En qué va"), situacion))]
    marcha, prototipo = marcha_de(plan.hitos.all(), e.hoy), plan.prototipo or plan.prototipo_enlace
    bloques = [
        titulo,
        ficha_de(
            (_("En qué va"), situacion),
            (_("Semáforo"), Celda(str(Semaforo(marcha.luz).label), luz=marcha.luz) if marcha.luz else ""),
            (_("Avance"), f"{marcha.avance} %"),
            (_("Responsable"), plan.responsable),
            (_("Presupuesto"), en_pesos(plan.presupuesto)),
            (_("Prototipo"), prototipo and Celda(prototipo, plan.prototipo_enlace)),
            (_("¿Resolvió el problema?"), plan.get_problema_resuelto_display()),
            (_("Qué se logró"), plan.explicacion),
            (_("Personas beneficiadas"), numero(plan.beneficiarios)),
            (_("Beneficios"), "\n".join(map(str, plan.beneficios_etiquetas))),
            (_("Alianzas"), "\n".join(_alianza(*alianza) for alianza in plan.alianzas_etiquetas)),
        ),
    ]
    if marcha.luces:
        filas = [
            celdas(
                f"{hito.nombre}\n{hito.motivo}".strip(),
                hito.responsable,
                formats.date_format(hito.vence, "DATE_FORMAT"),
                f"{hito.avance} %",
                en_pesos(hito.presupuesto),
                Celda(str(luz.label), luz=luz),
            )
            for hito, luz in marcha.luces
        ]
        columnas = encabezados(
            _("Hito"), _("Responsable"), _("Vence"), _("Avance"), _("Presupuesto"), _("Semáforo"), numeros=[3, 4]
        )
        bloques.append(Tabla(_("Hitos de %(referencia)s") % {"referencia": propuesta.referencia}, columnas, filas))
    return bloques


def _alianza(con: str, tipo: str, beneficio: str) -> str:
    con_quien = _("Con %(con)s: %(tipo)s") % {"con": con, "tipo": tipo}
    return f"{con_quien}. {beneficio}" if beneficio else con_quien


def compromisos(e: Expediente) -> Seccion | None:
    bloques = [bloque for propuesta in elegidas(e.ejercicio) for bloque in _plan(e, propuesta)]
    return Seccion("compromisos", _("Compromisos y cómo van"), bloques) if bloques else None


def satisfaccion(e: Expediente) -> Seccion | None:
    if not e.satisfaccion:
        return None
    filas = [
        celdas(
            f"{cifra.nombre}\n{cifra.detalle}",
            _("Aún sin respuestas bastantes") if cifra.ejecutado is None else f"{numero(cifra.ejecutado)} {cifra.unidad}",
            numero(cifra.meta),
        )
        for cifra in e.satisfaccion
    ]
    columnas = encabezados(_("Medida"), _("Resultado"), _("Meta"), numeros=[1, 2])
    return Seccion("satisfaccion", _("Satisfacción"), [Tabla(_("Lo que dijo la encuesta"), columnas, filas)])


def cierre(e: Expediente) -> Seccion | None:
    if e.cierre is None:
        return None
    bloques = [Parrafos(e.cierre.conclusiones)]
    if e.cierre.excepcion:
        n = e.cierre.sin_responder
        quedaron = ngettext("Quedó %(n)s propuesta sin respuesta.", "Quedaron %(n)s propuestas sin respuesta.", n) % {"n": n}
        bloques.append(ficha_de((quedaron, e.cierre.excepcion)))
    return Seccion("cierre", _("Conclusiones"), bloques)


def datos(e: Expediente) -> Seccion:
    url, ajustes = e.absoluta(direccion_de(e.request, e.pagina)), ajustes_de(e.request)
    archivos = (
        (_("Por propuesta (CSV)"), "datos.csv"),
        (_("Todo (JSON)"), "datos.json"),
        (_("Diccionario de columnas (CSV)"), "diccionario.csv"),
    )
    return Seccion(
        "datos",
        _("Datos abiertos"),
        [
            Parrafos(_("Sin registro, con licencia %(licencia)s: puede usarlos citando la fuente.") % {"licencia": ajustes.get_licencia_display()}),
            ficha_de(*((nombre, Celda(f"{url}{archivo}", f"{url}{archivo}")) for nombre, archivo in archivos)),
        ],
    )
