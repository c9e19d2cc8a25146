"""Del archivo a las líneas: lo que no toca la base de datos."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from retos.importacion import columnas as mapa
from retos.importacion.columnas import Campo
from retos.importacion.conversion import CELDA_MAXIMA, Fila, Rechazo, preparar, resumir
from retos.importacion.fechas import Orden, averiguar_orden, leer_fecha
from retos.importacion.informe import Informe, LineaInforme, Suerte
from retos.importacion.lectura import COLUMNAS_MAXIMAS, LINEAS_MAXIMAS, TAMANO_MAXIMO, averiguar_codificacion, leer

REAL = Path(__file__).parents[1] / "datos" / "propuestas_madrid.csv"
CABEZA = "id;titulo;descripcion;votos;fecha\n"


def lote(cuerpo, cabeza=CABEZA, orden=None):
    tabla = leer((cabeza + cuerpo).encode())
    return preparar(tabla, mapa.adivinar(tabla.encabezado), orden)


def unica(cuerpo, **kwargs):
    (linea,) = lote(cuerpo, **kwargs).lineas
    return linea


def descripcion(html):
    celda = html.replace('"', '""')
    return unica(f'1;Título;"{celda}";0;02/01/2024\n')


# --- Lectura ------------------------------------------------------------------------


@pytest.mark.parametrize("codificacion", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850", "mac_roman"])
def test_codificacion_se_averigua(codificacion):
    datos = REAL.read_text(encoding="utf-8").encode(codificacion, "ignore")
    assert averiguar_codificacion(datos) == codificacion.removesuffix("-sig")
    assert leer(datos).filas[0][1][1] == "Metro accesible Campamento "


@pytest.mark.parametrize("codificacion", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize(("delimitador", "caracter"), [(",", ","), (";", ";"), ("tab", "\t"), ("|", "|")])
def test_delimitador_se_averigua_aunque_el_texto_use_los_otros(delimitador, caracter, codificacion):
    filas = [["id", "título", "fecha"], *([str(n), '"Uno, dos; tres\ty | ""cuatro"""', "2024-01-02"] for n in range(5))]
    tabla = leer("\r\n".join(caracter.join(fila) for fila in filas).encode(codificacion))
    assert (tabla.delimitador, tabla.encabezado) == (delimitador, ["id", "título", "fecha"])
    assert tabla.filas[4] == (6, ["4", 'Uno, dos; tres\ty | "cuatro"', "2024-01-02"])


def test_numero_de_linea_es_el_del_archivo():
    tabla = leer(b'id;t\r\n1;"a\r\nb"\r\n\r\n;\r\n2;c\r\n')
    assert [numero for numero, _celdas in tabla.filas] == [2, 6]


@pytest.mark.parametrize(
    ("datos", "mensaje"),
    [
        (b"", "vacío"),
        (b"\n\n", "No se reconocen columnas"),
        (b"id;titulo\n", "sólo tiene el encabezado"),
        (b"solo una columna\nuno\ndos\n", "No se reconocen columnas"),
        (b"PK\x03\x04" + b"\x00" * 100, "libro de cálculo"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "libro de cálculo"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "caracteres nulos"),
        (b"id;titulo\n1;a\x00b\n", "caracteres nulos"),
        (b'id;titulo\n1;"sin cerrar\n2;otra\n', "Línea 2: las comillas"),
        (b'id;titulo\n1;"mal"puesta\n', "Línea 2: las comillas"),
        (b"\xff\xfea", "no se puede leer como UTF-16"),
        (b";".join([b"c"] * (COLUMNAS_MAXIMAS + 1)) + b"\n" + b"1;" * COLUMNAS_MAXIMAS, "columnas"),
        (b"id;t\n" + b"1;a\n" * (LINEAS_MAXIMAS + 1), "50000 líneas"),
        (b"id;t\n" + b"1;a\n" * (TAMANO_MAXIMO // 4), "20 MB"),
    ],
)
def test_archivo_ilegible_se_explica(datos, mensaje):
    with pytest.raises(ValidationError, match=mensaje):
        leer(datos)


def test_codificacion_elegida_que_no_es():
    with pytest.raises(ValidationError, match="no se puede leer como UTF-8"):
        leer("id;título\n1;año\n".encode("cp1252"), codificacion="utf-8")


# --- Columnas -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "encabezado",
    [
        ["id", "title", "description", "cached_votes_up", "created_at", "retired_at"],
        ["Código", "Título", "Descripción", "N.º de apoyos", "Fecha de publicación", "Fecha de retiro"],
        ["ID", "title/es", "body/es", "endorsements/total_count", "published_at", "withdrawn_at"],
    ],
)
def test_columnas_se_reconocen(encabezado):
    esperado = {Campo.ID: 0, Campo.TITULO: 1, Campo.DESCRIPCION: 2, Campo.APOYOS: 3, Campo.FECHA: 4, Campo.RETIRADA: 5}
    if "N.º de apoyos" in encabezado:
        esperado.pop(Campo.APOYOS)
    assert mapa.adivinar(encabezado) == esperado


def test_columnas_de_personas_no_se_importan():
    encabezado = ["author_id", "author_name", "email", "nickname", "documento"]
    assert mapa.adivinar(encabezado) == {}


def test_columnas_que_faltan_se_nombran():
    with pytest.raises(ValidationError, match="Título, Fecha de publicación"):
        mapa.comprobar({Campo.ID: 0})


def test_una_columna_para_dos_datos_no_vale():
    with pytest.raises(ValidationError, match="dos datos distintos"):
        mapa.comprobar({Campo.ID: 0, Campo.TITULO: 0, Campo.FECHA: 1})


# --- Fechas -------------------------------------------------------------------------


def bogota(*partes):
    return timezone.make_aware(datetime(*partes))


@pytest.mark.parametrize(
    ("texto", "instante"),
    [
        ("02/01/2024", bogota(2024, 1, 2)),
        ("2/1/2024", bogota(2024, 1, 2)),
        ("02-01-2024", bogota(2024, 1, 2)),
        ("02.01.2024 15:30", bogota(2024, 1, 2, 15, 30)),
        ("2024-01-02", bogota(2024, 1, 2)),
        ("2024/01/02", bogota(2024, 1, 2)),
        ("2024-01-02T15:30:05", bogota(2024, 1, 2, 15, 30, 5)),
        ("2024-01-02 15:30:05.123456", bogota(2024, 1, 2, 15, 30, 5)),
        ("2024-01-02T15:30:05Z", datetime(2024, 1, 2, 15, 30, 5, tzinfo=UTC)),
        ("2024-01-03 20:05:12 +0100", datetime(2024, 1, 3, 19, 5, 12, tzinfo=UTC)),
        ("2024-01-03 20:05:12-05:00", bogota(2024, 1, 3, 20, 5, 12)),
        ("2024-01-03 20:05:12 UTC", datetime(2024, 1, 3, 20, 5, 12, tzinfo=UTC)),
        ("2/01/2024 8:05:12 p. m.", bogota(2024, 1, 2, 20, 5, 12)),
        ("2/01/2024 12:05 a.m.", bogota(2024, 1, 2, 0, 5)),
        ("2 de enero de 2024", bogota(2024, 1, 2)),
        ("2 ago. 2024", bogota(2024, 8, 2)),
        ("August 2, 2024", bogota(2024, 8, 2)),
        ("15 sept 2024", bogota(2024, 9, 15)),
    ],
)
def test_fecha_se_lee(texto, instante):
    assert leer_fecha(texto, Orden.DMA).instante == instante


@pytest.mark.parametrize(
    "texto",
    ["31/02/2024", "ayer", "1/1/24", "13/13/2024", "0000-01-01", "0001-01-01", "2024-01-02 25:00", "2024-01-02 13:00 pm",
     "2 de floreal de 2024", "2024-01-02 10:00 +9900", "٢/١/٢٠٢٤", "1704153600", "2024"],
)  # fmt: skip
def test_fecha_que_no_lo_es(texto):
    with pytest.raises(ValueError):
        leer_fecha(texto, Orden.DMA)


def test_orden_elegido_manda():
    assert leer_fecha("02/01/2024", Orden.MDA).instante == bogota(2024, 2, 1)


@pytest.mark.parametrize(
    ("textos", "esperado"),
    [
        (["01/02/2024", "13/02/2024"], (Orden.DMA, False)),
        (["01/02/2024", "02/13/2024"], (Orden.MDA, False)),
        (["01/02/2024", "03/04/2024"], (Orden.DMA, True)),
        (["01/01/2024", "02/02/2024"], (Orden.DMA, False)),
        (["2024-01-02", "2 de enero de 2024", ""], (Orden.DMA, False)),
    ],
)
def test_orden_se_averigua(textos, esperado):
    assert averiguar_orden(textos) == esperado


def test_orden_contradictorio_pide_elegir():
    with pytest.raises(ValidationError, match="Elija un orden"):
        averiguar_orden(["13/02/2024", "02/13/2024"])


# --- Conversión ---------------------------------------------------------------------


def test_fila_completa():
    assert unica("7;Título;Texto llano. Otra frase.;12;02/01/2024\n") == Fila(
        linea=2,
        fuente_id="7",
        titulo="Título",
        resumen="Texto llano. Otra frase.",
        resumen_propio=False,
        descripcion="Texto llano. Otra frase.",
        descripcion_html="",
        creada=bogota(2024, 1, 2),
        apoyos=12,
        retirada=None,
    )


def test_html_se_limpia_y_da_texto():
    fila = descripcion(
        '<h2>Idea</h2><div>Uno</div><div>Dos <a href="javascript:x()" onclick="x()">mal</a></div><p></p><p>&nbsp;</p>'
        '<script>alert(1)</script><img src=x onerror=alert(1)><ul class="x"><li>a</li></ul>'
    )
    assert fila.descripcion_html == (
        '<h3>Idea</h3><p>Uno</p><p>Dos <a rel="nofollow noopener ugc">mal</a></p><ul><li>a</li></ul>'
    )
    assert fila.descripcion == "Idea\nUno\nDos mal\na"


@pytest.mark.parametrize(
    ("celda", "texto"),
    [
        ("Si a < b y b > c", "Si a < b y b > c"),
        ("Parques &amp; jard&iacute;nes", "Parques & jardínes"),
        ("I+D&I <3", "I+D&I <3"),
        ("uno\u200b\u202edos\x07", "unodos"),
    ],
)
def test_texto_sin_etiquetas_sigue_siendo_texto(celda, texto):
    fila = descripcion(celda)
    assert (fila.descripcion, fila.descripcion_html) == (texto, "")


def test_entidad_no_cuela_caracteres_de_direccion():
    fila = descripcion("<p>uno &#8238;dos</p>")
    assert "\u202e" not in fila.descripcion + fila.descripcion_html


@pytest.mark.parametrize("celda", ["", "   ", "<p></p>", "<p>&nbsp;</p><script>x</script>"])
def test_descripcion_vacia_se_admite(celda):
    fila = descripcion(celda)
    assert (fila.resumen, fila.descripcion, fila.descripcion_html) == ("", "", "")


def test_formato_patologico_no_bloquea():
    fila = descripcion("<p>" + "\xa0" * 4_000 + "x</p>" + "<b" * 5_000)
    assert isinstance(fila, Fila)
    anidada = descripcion("<ul><li>" * 3_000)
    assert isinstance(anidada, Fila | Rechazo)


@pytest.mark.parametrize(
    ("texto", "resumen"),
    [
        ("Corto.", "Corto."),
        ("Una. " + "Dos palabras " * 40, "Una."),
        ("x" * 900, "x" * 399 + "…"),
        ("palabra " * 100, ("palabra " * 50).strip()[: 49 * 8 + 7] + "…"),
    ],
)
def test_resumen_son_las_primeras_frases(texto, resumen):
    assert resumir(texto) == resumen
    assert len(resumir(texto)) <= 400


@pytest.mark.parametrize(
    ("linea", "motivo"),
    [
        (";Título;;0;02/01/2024", "No tiene identificador."),
        (f"{'9' * 61};Título;;0;02/01/2024", "El identificador pasa de 60 caracteres."),
        ("1;;;0;02/01/2024", "No tiene título."),
        ("1;<script>x</script>;;0;02/01/2024", "No tiene título."),
        (f"1;{'t' * 256};;0;02/01/2024", "El título pasa de 255 caracteres."),
        (f"1;Título;{'d' * 10_001};0;02/01/2024", "La descripción pasa de 10000 caracteres."),
        (f"1;Título;{'d' * (1024 * 1024)};0;02/01/2024", f"Una celda pasa de {CELDA_MAXIMA} caracteres."),
        ("1;Título;;0;", "No tiene fecha de publicación."),
        ("1;Título;;0;31/02/2024", "«31/02/2024» no es una fecha (día/mes/año)."),
        ("1;Título;;muchos;02/01/2024", "«muchos» no es un número de apoyos."),
        ("1;Título;;-3;02/01/2024", "«-3» no es un número de apoyos."),
        ("1;Título;;9999999999;02/01/2024", "«9999999999» no es un número de apoyos."),
        ("1;Título;;²;02/01/2024", "«²» no es un número de apoyos."),
        ("1;Título;0;02/01/2024", "Tiene 4 columnas y el encabezado 5."),
        ("1;Título;;0;02/01/2024;de más", "Tiene 6 columnas y el encabezado 5."),
    ],
)
def test_linea_mala_se_rechaza_con_motivo(linea, motivo):
    rechazo = unica(linea + "\n", orden=Orden.DMA)
    assert isinstance(rechazo, Rechazo)
    assert (rechazo.linea, rechazo.motivo) == (2, motivo)


def test_identificador_repetido_en_el_archivo():
    primera, segunda = lote("1;A;;0;02/01/2024\n1;B;;0;02/01/2024\n").lineas
    assert isinstance(primera, Fila)
    assert segunda.motivo == "El identificador ya aparece en la línea 2."


RETIRO = "id;titulo;fecha;retirada\n"


@pytest.mark.parametrize(
    ("creada", "retirada", "instante"),
    [
        ("04/01/2024", "05/01/2024 10:00", bogota(2024, 1, 5, 10)),
        # Medianoche de Madrid es la víspera en Bogotá: el mismo día no puede quedar antes.
        ("04/01/2024", "2024-01-04 05:10:29 +0100", bogota(2024, 1, 4)),
        ("04/01/2024", "", None),
    ],
)
def test_retiro(creada, retirada, instante):
    assert unica(f"1;T;{creada};{retirada}\n", cabeza=RETIRO, orden=Orden.DMA).retirada == instante


@pytest.mark.parametrize(
    ("creada", "retirada"), [("04/01/2024", "02/01/2024"), ("04/01/2024 10:00", "04/01/2024 09:00")]
)
def test_retiro_anterior_a_la_publicacion_se_rechaza(creada, retirada):
    assert "anterior" in unica(f"1;T;{creada};{retirada}\n", cabeza=RETIRO, orden=Orden.DMA).motivo


# --- Informe ------------------------------------------------------------------------


@pytest.mark.parametrize("inicio", ["=", "+", "-", "@", "\t", "\r"])
def test_informe_no_lleva_formulas(inicio):
    linea = LineaInforme(2, f"{inicio}1", f"{inicio}HYPERLINK(1)", Suerte.RECHAZADA, f"{inicio}x", "")
    (_cabeza, (_linea, fila)) = leer_informe(Informe("Fuente", False, [linea]))
    assert fila[1:4] == [f"'{inicio}1", f"'{inicio}HYPERLINK(1)", "Rechazada"]


def leer_informe(informe):
    tabla = leer(informe.en_csv().encode(), delimitador=";")
    return tabla.encabezado, tabla.filas[0]
