"""Los archivos de la demostración se dibujan al cargarla: no hay binarios en el repositorio."""

import textwrap
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

COBALTO, GRIS, BLANCO = "#0943B5", "#4C4C4C", "#FFFFFF"
RENGLONES = 46  # por hoja carta


def _texto_pdf(texto: str) -> bytes:
    """Un texto como cadena de PDF en WinAnsi, la codificación de sus fuentes propias."""
    crudo = texto.encode("cp1252", "replace")
    return b"(" + crudo.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def _hoja(renglones: list[str], titulo: list[str]) -> bytes:
    partes = [b"BT /F2 16 Tf 20 TL 60 730 Td"]
    partes += [_texto_pdf(renglon) + b" Tj T*" for renglon in titulo]
    partes += [b"/F1 11 Tf 14 TL T*"]
    partes += [_texto_pdf(renglon) + b" Tj T*" for renglon in renglones]
    return b"\n".join([*partes, b"ET"])


def pdf(titulo: str, parrafos: list[str]) -> bytes:
    """Un PDF de texto, con título e idioma declarados."""
    renglones = [r for p in parrafos for r in [*textwrap.wrap(p, 92), ""]]
    encabezado = textwrap.wrap(titulo, 58)
    por_hoja = RENGLONES - 2 * len(encabezado)
    hojas = [renglones[i : i + por_hoja] for i in range(0, len(renglones), por_hoja)]
    fuente = b"<< /Type /Font /Subtype /Type1 /BaseFont /%b /Encoding /WinAnsiEncoding >>"
    primera = 5  # los objetos 1 a 4 son catálogo, páginas y fuentes
    objetos = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (es-CO) /ViewerPreferences << /DisplayDocTitle true >> >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (primera + 2 * n) for n in range(len(hojas))), len(hojas)),
        fuente % b"Helvetica",
        fuente % b"Helvetica-Bold",
    ]
    for n, hoja in enumerate(hojas):
        contenido = _hoja(hoja, encabezado)
        objetos += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (primera + 2 * n + 1),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(contenido), contenido),
        ]
    objetos.append(b"<< /Title %b >>" % _texto_pdf(titulo))
    salida, posiciones = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for numero, objeto in enumerate(objetos, 1):
        posiciones.append(len(salida))
        salida += b"%d 0 obj\n%b\nendobj\n" % (numero, objeto)
    tabla = len(salida)
    salida += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objetos) + 1)
    salida += b"".join(b"%010d 00000 n \n" % posicion for posicion in posiciones)
    salida += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objetos) + 1,
        len(objetos),
        tabla,
    )
    return bytes(salida)


def png(etapas: list[tuple[str, int, int]]) -> bytes:
    """Un cronograma dibujado: cada etapa con la semana en que empieza y la semana en que acaba.

    La letra que trae Pillow no tiene tildes: los nombres de las etapas tampoco.
    """
    imagen = Image.new("RGB", (960, 140 + 80 * len(etapas)), BLANCO)
    lapiz = ImageDraw.Draw(imagen)
    semanas = max(hasta for _nombre, _desde, hasta in etapas)
    lapiz.text((40, 40), f"Plan de trabajo: {semanas} semanas", fill=COBALTO, font=ImageFont.load_default(32))
    letra = ImageFont.load_default(20)
    ancho_semana = 480 / semanas
    for n, (nombre, desde, hasta) in enumerate(etapas):
        arriba = 120 + 80 * n
        lapiz.text((40, arriba + 10), f"{nombre}, semanas {desde} a {hasta}", fill=GRIS, font=letra)
        extremos = (440 + (desde - 1) * ancho_semana, arriba, 440 + hasta * ancho_semana, arriba + 46)
        lapiz.rounded_rectangle(extremos, radius=8, fill=COBALTO)
    salida = BytesIO()
    imagen.save(salida, "PNG", optimize=True)
    return salida.getvalue()
