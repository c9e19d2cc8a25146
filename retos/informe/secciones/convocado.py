"""Qué se preguntó, cuándo, quiénes participaron y con qué."""

from django.utils.translation import gettext as _

from home.texto import html_a_texto

from ...convocatoria.enums import Ods
from ...convocatoria.presentacion import respondidas
from ...diagnostico.enums import EstadoProblema
from ...enums import ELEGIDAS, EstadoPropuesta, Resultado
from ...models import Problema
from ..celdas import celdas, encabezados, ficha_de, hora, numero
from ..documento import Celda, Parrafos, Seccion, Tabla
from ..expediente import Expediente

# Cuántos problemas y preguntas caben; los demás están en su propia página.
A_LA_VISTA = 20


def reto(e: Expediente) -> Seccion:
    reglas, pagina = e.ejercicio, e.pagina
    ods = "\n".join(str(Ods(cual).label) for cual in pagina.ods)
    objetivo = html_a_texto(pagina.objetivo)
    return Seccion(
        "reto",
        _("El reto"),
        [
            Parrafos(objetivo or pagina.resumen),
            ficha_de(
                (_("Pregunta"), pagina.pregunta_central),
                (_("Dueño del problema"), pagina.propietario),
                (_("Fase del ciclo"), reglas.get_fase_ciclo_display()),
                (_("La ciudadanía"), reglas.get_grado_incidencia_display()),
                (_("Quién podía participar"), ", ".join(map(str, reglas.actores_etiquetas)) or _("Cualquier persona u organización")),
                (_("Objetivos de Desarrollo Sostenible"), ods),
            ),
        ],
    )


def fases(e: Expediente) -> Seccion:
    filas = [celdas(fase.tipo.label, hora(fase.inicia), hora(fase.termina)) for fase in e.calendario.fases]
    bloques = [Tabla(_("Fases (hora de Colombia)"), encabezados(_("Fase"), _("Desde"), _("Hasta")), filas)]
    prorrogas = [
        celdas(p.get_fase_display(), hora(p.antes), hora(p.despues), p.motivo) for p in e.ejercicio.prorrogas.all()
    ]
    if prorrogas:
        columnas = encabezados(_("Fase"), _("Terminaba"), _("Se amplió hasta"), _("Por qué"))
        bloques.append(Tabla(_("Plazos ampliados"), columnas, prorrogas))
    return Seccion("fases", _("Fases y fechas"), bloques)


def _grupos(titulo: str, primera: str, grupos) -> Tabla | None:
    """None si todos se ocultan: una tabla de ocultos no dice nada."""
    if not any(grupo.cantidad for grupo in grupos):
        return None
    filas = [celdas(g.texto, _("Se oculta") if g.cantidad is None else numero(g.cantidad)) for g in grupos if g.cantidad != 0]
    return Tabla(titulo, encabezados(primera, _("Participantes"), numeros=[1]), filas)


def participantes(e: Expediente) -> Seccion:
    titulo = _("Quiénes participaron")
    if not e.apoyos_visibles:
        return Seccion("participantes", titulo, [Parrafos(_("Se dirá cuando cierre el apoyo ciudadano."))])
    quienes = e.participacion
    bloques = [
        ficha_de(
            (_("Participantes"), numero(quienes.participantes)),
            (_("Organizaciones"), numero(quienes.organizaciones)),
            grande=True,
        )
    ]
    if quienes.se_restaria:
        bloques.append(
            Parrafos(_("No se publican por grupos: restándoles los apoyos de cada propuesta se sabría de grupos muy pequeños."))
        )
    elif quienes.participantes:
        tablas = (
            _grupos(_("Por tipo de actor"), _("Actor"), quienes.actores),
            _grupos(_("Por comuna o vereda"), _("Comuna o vereda"), quienes.areas),
        )
        bloques += filter(None, tablas)
        nota = _("Cada quien cuenta una vez. Un grupo de menos de 5 se oculta, y otro si hace falta para que no se deduzca.")
        bloques.append(Parrafos(nota if any(tablas) else _("No se publican por grupos: son demasiado pequeños.")))
    if quienes.canales:
        filas = [celdas(nombre, numero(n)) for nombre, n in quienes.canales]
        bloques.append(Tabla(_("Por dónde se participó"), encabezados(_("Canal"), _("Veces"), numeros=[1]), filas))
    return Seccion("participantes", titulo, bloques)


def problemas(e: Expediente) -> Seccion | None:
    publicados = Problema.objects.filter(ejercicio=e.ejercicio, estado=EstadoProblema.PUBLICADO)
    problemas = list(publicados.order_by("-apoyos", "-pk")[:A_LA_VISTA])
    if not problemas:
        return None
    filas = [
        celdas(Celda(p.titulo, e.absoluta(p.get_absolute_url()), p.idioma), numero(p.apoyos)) for p in problemas
    ]
    titulo = _("Los %(n)s más apoyados") % {"n": A_LA_VISTA} if len(problemas) == A_LA_VISTA else _("Del más apoyado al menos")
    columnas = encabezados(_("Problema"), _("Apoyos"), numeros=[1])
    return Seccion("problemas", _("Problemas que contó la ciudadanía"), [Tabla(titulo, columnas, filas)])


def preguntas(e: Expediente) -> Seccion | None:
    preguntas = list(respondidas(e.ejercicio)[:A_LA_VISTA])
    if not preguntas:
        return None
    bloques = [ficha_de(*((pregunta.texto, pregunta.respuesta) for pregunta in preguntas))]
    if len(preguntas) == A_LA_VISTA:
        bloques.append(Parrafos(_("Son las %(n)s últimas; las demás están en la página del reto.") % {"n": A_LA_VISTA}))
    return Seccion("preguntas", _("Preguntas y respuestas"), bloques)


def conteos(e: Expediente) -> Seccion:
    estados = [
        celdas(EstadoPropuesta(estado).label, numero(e.por_estado[estado]))
        for estado in EstadoPropuesta
        if e.por_estado[estado]
    ]
    resultados = [celdas(r.label, numero(e.por_resultado[r])) for r in Resultado if e.por_resultado[r]]
    bloques = [
        ficha_de(
            (_("Recibidas"), numero(e.por_estado.total())),
            (_("A la vista"), numero(e.publicas)),
            (_("Elegidas"), numero(sum(e.por_resultado[r] for r in ELEGIDAS)) if e.decision else ""),
            (_("Traídas de otra plataforma"), numero(e.importadas) if e.importadas else ""),
            grande=True,
        )
    ]
    if estados:
        bloques.append(Tabla(_("Las recibidas, por estado"), encabezados(_("Estado"), _("Propuestas"), numeros=[1]), estados))
    if resultados:
        columnas = encabezados(_("Resultado"), _("Propuestas"), numeros=[1])
        bloques.append(Tabla(_("Las que están a la vista, por resultado"), columnas, resultados))
    return Seccion("conteos", _("Propuestas recibidas"), bloques)
