"""Lo que se espera de las pantallas del personal sobre las encuestas: resultados y respuestas, papel y códigos."""

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from encuestas.enums import EstadoExportacion
from encuestas.gestion import tabla
from encuestas.gestion.lotes import anular_lote, generar_lote
from encuestas.models import Exportacion, MedidaEncuesta, Tema
from participacion.formularios.enums import TipoPregunta
from participacion.formularios.forms import MOSTRADAS
from participacion.formularios.models import Valor, VersionFormulario
from tests.encuestas.fabricas_encuestas import contestada, encuesta, pregunta, reglas_de

from .propias import Caso

FUERA = "anonima=entrar ciudadania=entrar personal=no"


def _ven(que: str) -> str:
    """Las cifras: quien edita, analiza o administra este sitio (`analisis.rules.VER`)."""
    return f"{FUERA} editor={que} analitica={que} administracion={que} superusuario={que}"


def _leen(que: str) -> str:
    """Las palabras de la gente y sus respuestas una a una: quien edita, no (`analisis.rules.LEER`)."""
    return f"{FUERA} analitica={que} administracion={que} superusuario={que}"


def _atienden(que: str) -> str:
    """El papel: quien atiende en este sitio (`gestion.rules.puede_recibir`)."""
    return f"{FUERA} atienden={que}"


def _administran(que: str) -> str:
    """Los códigos y anular: quien administra este sitio (`gestion.rules.puede_administrar`)."""
    return f"{FUERA} administracion={que} superusuario={que}"


def _texto_de(pagina) -> int:
    return pagina.ejercicio.preguntas.get(clave="x").pk


def _libro(pagina, quien, **campos) -> Exportacion:
    archivo = ContentFile(b"PK", "respuestas.xlsx")
    return Exportacion.objects.create(
        ejercicio=pagina.ejercicio, creada_por=quien, **{"estado": EstadoExportacion.LISTA, "archivo": archivo, **campos}
    )


def del_personal(hay, gente) -> None:
    """Una encuesta con todo lo que el personal mira, lotes de códigos y libros que pidió quien analiza."""
    hay.nota = encuesta([pregunta(TipoPregunta.ESCALA, "nota", escala="satisfaccion"), pregunta(TipoPregunta.TEXTO_CORTO, "x")])
    hay.respuesta = contestada(hay.nota, {"nota": 5, "x": "Más árboles"})
    hay.pregunta_nota = hay.nota.ejercicio.preguntas.get(clave="nota").pk
    hay.pregunta_texto, hay.pregunta_otra, hay.pregunta_ajena = map(_texto_de, (hay.nota, hay.abierta, hay.ajena))
    hay.valor = Valor.objects.get(respuesta=hay.respuesta, pregunta=hay.pregunta_texto)
    hay.tema, hay.tema_otra = (
        Tema.objects.create(pregunta_id=pk, nombre="Árboles") for pk in (hay.pregunta_texto, hay.pregunta_otra)
    )
    hay.medida = MedidaEncuesta.objects.create(
        ejercicio=hay.nota.ejercicio, pregunta_id=hay.pregunta_nota, nombre="Satisfacción", calculo="favorables"
    )
    hay.respuesta_secreta = contestada(hay.secreta, {"x": "Dicho"})
    type(hay.respuesta).objects.filter(pk=hay.respuesta.pk).update(referencia="E-9001")
    type(hay.respuesta).objects.filter(pk=hay.respuesta_secreta.pk).update(referencia="E-9002")
    hay.libro = _libro(hay.nota, gente.analitica)
    hay.libro_personales = _libro(hay.nota, gente.analitica, personales=True)
    hay.libro_en_cola = _libro(hay.nota, gente.analitica, estado=EstadoExportacion.EN_COLA, archivo="")
    # De cuando quien lo pidió sí podía: ya no tiene el rol, o es de otro sitio.
    hay.libro_editor = _libro(hay.nota, gente.editor)
    hay.libro_ajeno = _libro(hay.ajena, gente.administracion)
    reglas, administra = reglas_de(hay.con_codigo), gente.administracion
    hay.lote, hay.lote_anulado = (
        generar_lote(encuesta=reglas, nombre="Colegio", cantidad=2, actor=administra) for _ in range(2)
    )
    anular_lote(lote=hay.lote_anulado, motivo="Se perdió", actor=administra)


def _de(cual: str, get: str, post: str, situacion: str = "", datos=None, **valores) -> Caso:
    """`valores`: de cada otro parámetro, el atributo de `mundo.encuestas`."""
    propios = {nombre: f"encuestas.{de_donde}" for nombre, de_donde in valores.items()}
    nombre = f"{cual}, {situacion}" if situacion else cual
    return Caso(nombre, get=get, post=post, datos=datos, valores={"pk": f"encuestas.{cual}.ejercicio.pk", **propios})


def _en(raiz: str, cual: str, final: str, situacion: str, get: str, post: str, datos=None) -> Caso:
    """La dirección escrita, para lo que no sale de un atributo. `final` puede nombrar atributos de `mundo.encuestas`."""
    return Caso(
        f"{cual}, {situacion}", get=get, post=post, datos=datos,
        url=lambda m: f"/admin/{raiz}/{getattr(m.encuestas, cual).ejercicio.pk}/{final.format(h=m.encuestas)}/",
    )  # fmt: skip


def _tres(quienes, post: str, get: str = "200", secreta: str = "200") -> list[Caso]:
    """En una abierta y en una secreta (`secreta`: el GET de ésta); la de otro sitio no existe."""
    return [
        _de("nota", quienes(get), quienes(post)),
        _de("secreta", quienes(secreta), quienes(post)),
        _de("ajena", quienes("404"), quienes("405" if post == "405" else "404")),
    ]


def _accion(accion: str, **mas):
    return lambda m: {"accion": accion} | {clave: valor(m.encuestas) for clave, valor in mas.items()}


def _abiertas(situacion: str, datos, post: str, cual: str = "nota", pregunta: str = "pregunta_texto", get: str = "200") -> Caso:
    return _de(cual, _leen(get), _leen(post), situacion, datos, pregunta=pregunta)


def _descargar(cual: str, situacion: str, post: str, **datos) -> Caso:
    return _de(cual, _leen("405"), _leen(post), situacion, lambda m: datos)


class _Archivo(SimpleUploadedFile):
    """Se lee entero cada vez: el mismo lo envía cada actor."""

    def read(self, *args):
        self.seek(0)
        return super().read(*args)


def _papeles(cual: str, celda: str):
    """El archivo de la plantilla con una respuesta."""

    def datos(m):
        version = VersionFormulario.objects.vigente(getattr(m.encuestas, cual).ejercicio)
        titulos = tabla.encabezado(version.formulario())
        renglon = ["1", *[""] * (len(titulos) - 2), celda]
        return {"archivo": _Archivo("papel.csv", "\n".join([";".join(titulos), ";".join(renglon)]).encode())}

    return datos


def _anular(referencia: str):
    return lambda m: {"referencia": referencia, "motivo": "Duplicada"}


def _hoja(situacion: str, lote: str, desde: int, post: str, cual: str = "con_codigo") -> Caso:
    return _en("encuestas-papel", cual, f"lotes/{{h.{lote}.pk}}/hoja/{desde}", situacion, _administran("405"), _administran(post))


# Como la página: con lo que quien transcribe tuvo a la vista.
DICHO = {MOSTRADAS: "x", "p_x": "Dicho"}
NUEVA = {"nombre": "Nueva", "calculo": "favorables", "direccion": "aumentar"}

ENCUESTAS_PERSONAL: dict[str, list[Caso]] = {
    # --- Resultados: las cifras -------------------------------------------------------------------------
    "encuestas_analisis:lista": [Caso("", get=_ven("200"), post=_ven("405"))],
    "encuestas_analisis:resultados": [*_tres(_ven, "405"), _de("nunca_cerrada", _ven("200"), _ven("405"))],
    "encuestas_analisis:cifras": [
        *(_en("encuestas-resultados", "nota", f"datos/{f}", f, _ven("200"), _ven("405")) for f in ("csv", "xlsx", "json")),
        _en("encuestas-resultados", "nota", "datos/pdf", "pdf", _ven("404"), _ven("405")),
        _en("encuestas-resultados", "secreta", "datos/csv", "csv", _ven("200"), _ven("405")),
        _en("encuestas-resultados", "ajena", "datos/csv", "csv", _ven("404"), _ven("405")),
    ],
    "encuestas_analisis:comparar": _tres(_ven, "405"),
    "encuestas_analisis:poblacion": [
        *_tres(_ven, "422"),
        _de("nota", _ven("200"), _ven("sigue"), "con tabla", lambda m: {"rasgo": "area", "tabla": "Comuna 1;2500"}),
        _de("ajena", _ven("404"), _ven("404"), "con tabla", lambda m: {"rasgo": "area", "tabla": "Comuna 1;2500"}),
    ],
    "encuestas_analisis:medidas": _tres(_ven, "405"),
    "encuestas_analisis:medida_nueva": [
        _de("nota", _ven("200"), _ven("422"), pregunta="pregunta_nota"),
        _de("nota", _ven("200"), _ven("sigue"), "publicarla", lambda m: NUEVA, pregunta="pregunta_nota"),
        _de("nota", _ven("404"), _ven("404"), "pregunta de otra encuesta", lambda m: NUEVA, pregunta="pregunta_otra"),
        _de("ajena", _ven("404"), _ven("404"), "", lambda m: NUEVA, pregunta="pregunta_ajena"),
    ],
    "encuestas_analisis:medida": [
        _de("nota", _ven("200"), _ven("422"), medida="medida.pk"),
        _de("nota", _ven("200"), _ven("sigue"), "quitarla", lambda m: {"quitar": "1"}, medida="medida.pk"),
        _de("abierta", _ven("404"), _ven("404"), "medida de otra encuesta", lambda m: {"quitar": "1"}, medida="medida.pk"),
        _de("ajena", _ven("404"), _ven("404"), "", lambda m: {"quitar": "1"}, medida="medida.pk"),
    ],
    # --- Lo que la gente escribió ----------------------------------------------------------------------------
    "encuestas_analisis:abiertas": [
        _abiertas("sin acción", None, "422"),
        _abiertas("crear", _accion("crear", nombre=lambda h: "Agua"), "sigue"),
        _abiertas("poner", _accion("poner", tema=lambda h: h.tema.pk, valores=lambda h: h.valor.pk), "sigue"),
        _abiertas("poner un tema de otra", _accion("poner", tema=lambda h: h.tema_otra.pk, valores=lambda h: h.valor.pk), "422"),
        _abiertas("borrar", _accion("borrar", tema=lambda h: h.tema.pk), "sigue"),
        _abiertas("borrar un tema de otra", _accion("borrar", tema=lambda h: h.tema_otra.pk), "404"),
        _abiertas("pregunta de otra", None, "404", pregunta="pregunta_otra", get="404"),
        _abiertas("pregunta que no es abierta", None, "404", pregunta="pregunta_nota", get="404"),
        _abiertas("", _accion("crear", nombre=lambda h: "Agua"), "404", cual="ajena", pregunta="pregunta_ajena", get="404"),
    ],
    "encuestas_analisis:exportar": _tres(_leen, "405"),
    "encuestas_analisis:descargar": [
        _descargar("nota", "vacío", "422"),
        *(_descargar("nota", formato, "200", formato=formato) for formato in ("csv", "json", "diccionario")),
        _descargar("nota", "xlsx", "sigue", formato="xlsx"),
        _descargar("nota", "con datos personales", "200", formato="csv", personales="on"),
        _descargar("secreta", "con datos personales", "200", formato="csv", personales="on"),
        _descargar("ajena", "csv", "404", formato="csv"),
        _descargar("ajena", "xlsx", "404", formato="xlsx"),
    ],
    # El libro es de quien lo pidió: a otra persona que también puede descargar se le dice que no existe.
    "encuestas_analisis:libro": [
        *(
            _de("nota", _leen("404").replace("analitica=404", "analitica=200"), _leen("405"), cual, clave=f"{cual}.clave")
            for cual in ("libro", "libro_personales")
        ),
        _de("nota", _leen("404"), _leen("405"), "en cola", clave="libro_en_cola.clave"),
        _de("nota", _leen("404"), _leen("405"), "de quien ya no analiza", clave="libro_editor.clave"),
        _de("abierta", _leen("404"), _leen("405"), "por otra encuesta", clave="libro.clave"),
        _de("ajena", _leen("404"), _leen("405"), "", clave="libro_ajeno.clave"),
    ],
    # --- Papel -------------------------------------------------------------------------------------------------
    "encuestas_gestion:lista": [Caso("", get=_atienden("200"), post=_atienden("405"))],
    "encuestas_gestion:papel": [
        _de("nota", _atienden("200"), _atienden("200"), "sin lo que la página mostró"),
        # La secreta no se transcribe: quien lo hiciera sabría qué se contestó. Se vuelve a su pantalla, que lo dice.
        _de("secreta", _atienden("sigue"), _atienden("422"), "contestada", lambda m: DICHO),
        _de("abierta", _atienden("200"), _atienden("422"), "sin la obligatoria", lambda m: {MOSTRADAS: "x"}),
        _de("abierta", _atienden("200"), _atienden("sigue"), "contestada", lambda m: DICHO),
        _de("ajena", _atienden("404"), _atienden("404"), "contestada", lambda m: DICHO),
    ],
    "encuestas_gestion:importar": [
        *_tres(_atienden, "422", secreta="sigue"),
        _de("abierta", _atienden("200"), _atienden("sigue"), "con archivo", _papeles("abierta", "Dicho")),
        _de("secreta", _atienden("sigue"), _atienden("422"), "con archivo", _papeles("secreta", "Dicho")),
        _de("ajena", _atienden("404"), _atienden("404"), "con archivo", _papeles("ajena", "Dicho")),
    ],
    "encuestas_gestion:plantilla": [
        *(_en("encuestas-papel", "nota", f"plantilla/{f}", f, _atienden("200"), _atienden("405")) for f in ("csv", "xlsx")),
        _en("encuestas-papel", "nota", "plantilla/pdf", "pdf", _atienden("404"), _atienden("405")),
        _en("encuestas-papel", "ajena", "plantilla/csv", "csv", _atienden("404"), _atienden("405")),
    ],
    # --- Códigos y anular: atender no basta ---------------------------------------------------------------------
    "encuestas_gestion:encuesta": [
        _de(cual, _atienden(get), _administran(post), situacion, datos)
        for cual, get, post, situacion, datos in [
            ("nota", "200", "422", "", None),
            ("nota", "200", "422", "no es con código", lambda m: {"nombre": "Colegio", "cantidad": 2}),
            ("con_codigo", "200", "sigue", "lote nuevo", lambda m: {"nombre": "Colegio", "cantidad": 2}),
            ("secreta", "200", "422", "", None),
            ("ajena", "404", "404", "lote nuevo", lambda m: {"nombre": "Colegio", "cantidad": 2}),
        ]
    ],
    "encuestas_gestion:anular": [
        *_tres(_administran, "422", secreta="sigue"),
        _de("nota", _administran("200"), _administran("sigue"), "por su referencia", _anular("E-9001")),
        _de("abierta", _administran("200"), _administran("422"), "referencia de otra encuesta", _anular("E-9001")),
        _de("secreta", _administran("sigue"), _administran("422"), "por su referencia", _anular("E-9002")),
        _de("ajena", _administran("404"), _administran("404"), "por su referencia", _anular("E-9001")),
    ],
    "encuestas_gestion:lote": [
        _de("con_codigo", _administran("200"), _administran("422"), numero="lote.pk"),
        _de("con_codigo", _administran("200"), _administran("sigue"), "anularlo", lambda m: {"motivo": "Se perdió"}, numero="lote.pk"),
        _de("con_codigo", _administran("200"), _administran("422"), "anulado", lambda m: {"motivo": "Otra vez"}, numero="lote_anulado.pk"),
        _de("nota", _administran("404"), _administran("404"), "lote de otra encuesta", lambda m: {"motivo": "X"}, numero="lote.pk"),
        _de("ajena", _administran("404"), _administran("404"), "", lambda m: {"motivo": "X"}, numero="lote.pk"),
    ],
    # Imprimir se anota en el historial: sólo por POST.
    "encuestas_gestion:hoja": [
        _hoja("primer tramo", "lote", 1, "200"),
        _hoja("tramo que no hay", "lote", 2, "404"),
        _hoja("lote anulado", "lote_anulado", 1, "404"),
        _hoja("lote de otra encuesta", "lote", 1, "404", cual="nota"),
        _hoja("lote de otra", "lote", 1, "404", cual="ajena"),
    ],
}
