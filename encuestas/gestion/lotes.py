"""Los lotes de códigos: generarlos, anularlos e imprimirlos."""

import io
import json

import qrcode
import typst
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage
from wagtail.log_actions import log

from cuentas.models import Usuario
from participacion.ejercicios.models import Ejercicio

from .. import codigos
from ..enums import Modo
from ..models import Codigo, Encuesta, LoteCodigos

MAXIMO = 5_000
# Tarjetas por descarga: la hoja se arma mientras quien la pide espera.
POR_HOJA = 500


@transaction.atomic
def generar_lote(*, encuesta: Encuesta, nombre: str, cantidad: int, actor: Usuario) -> LoteCodigos:
    """Un lote de códigos nuevos; de cada uno sólo se guarda la huella.

    Lanza ValidationError si la encuesta no es con código o la cantidad no está entre 1 y `MAXIMO`.
    """
    if encuesta.modo != Modo.CODIGO:
        raise ValidationError(_("Esta encuesta no se responde con código."), code="modo")
    if not 1 <= cantidad <= MAXIMO:
        raise ValidationError(_("Un lote tiene entre 1 y %(n)s códigos.") % {"n": MAXIMO}, code="cantidad")
    ejercicio = Ejercicio.objects.select_for_update(of=["self"]).get(pk=encuesta.pk)
    lote = LoteCodigos.objects.create(ejercicio=ejercicio, nombre=nombre, cantidad=cantidad, creado_por=actor)
    huellas = {codigos.huella_de(ejercicio, texto): None for texto in _del_lote(lote, 1, cantidad)}
    repetidas = Codigo.objects.filter(ejercicio=ejercicio, huella__in=list(huellas)).exists()
    if len(huellas) != cantidad or repetidas:  # una vez cada cientos de miles de lotes: con otro número no se repite
        raise ValidationError(_("No se pudo generar el lote. Inténtelo otra vez."), code="repetido")
    Codigo.objects.bulk_create([Codigo(lote=lote, ejercicio=ejercicio, huella=h) for h in huellas], batch_size=1000)
    log(instance=lote, action="encuestas.generar_codigos", user=actor)
    return lote


def _del_lote(lote: LoteCodigos, desde: int, hasta: int) -> list[str]:
    return [codigos.derivar(lote.ejercicio_id, lote.pk, numero) for numero in range(desde, hasta + 1)]


@transaction.atomic
def anular_lote(*, lote: LoteCodigos, motivo: str, actor: Usuario) -> None:
    """Los códigos sin usar dejan de servir; las respuestas ya dadas quedan. Lanza ValidationError si ya estaba anulado."""
    anulado = LoteCodigos.objects.filter(pk=lote.pk, anulado_en=None).update(anulado_en=Now(), motivo=motivo)
    if not anulado:
        raise ValidationError(_("Ese lote ya estaba anulado."), code="anulado")
    log(instance=lote, action="encuestas.anular_codigos", user=actor)


def hojas_de(lote: LoteCodigos) -> list[tuple[int, int]]:
    """Los tramos (desde, hasta) en que se imprime un lote."""
    return [(desde, min(desde + POR_HOJA - 1, lote.cantidad)) for desde in range(1, lote.cantidad + 1, POR_HOJA)]


_PLANTILLA = """
#let datos = json(bytes(sys.inputs.datos))
#set document(title: datos.titulo)
#set page(paper: "us-letter", margin: 1cm)
#set text(font: "Libertinus Serif", size: 9pt, lang: "es")
#grid(
  columns: (1fr, 1fr), rows: 4.9cm,
  ..datos.tarjetas.map(tarjeta => box(
    width: 100%, height: 100%, inset: 3mm, clip: true, stroke: (paint: luma(60%), thickness: 0.5pt, dash: "dashed"),
    grid(
      columns: (3.4cm, 1fr), column-gutter: 3mm,
      [#image(bytes(tarjeta.qr), format: "svg", width: 3.4cm, alt: tarjeta.codigo)
       #v(-2mm) #text(size: 7pt, fill: luma(30%), str(tarjeta.numero) + " · " + datos.lote)],
      [#strong(datos.titulo) \\ #v(1mm) #datos.indicacion \\ #text(size: 8pt, datos.direccion)
       #v(1mm) #text(font: "DejaVu Sans Mono", size: 14pt, weight: "bold", tarjeta.codigo)],
    ),
  )),
)
"""


def _qr(direccion: str) -> str:
    memoria = io.BytesIO()
    qrcode.make(direccion, image_factory=SvgPathImage, border=1).save(memoria)
    return memoria.getvalue().decode()


def imprimir(*, lote: LoteCodigos, desde: int, hasta: int, direccion: str, actor: Usuario) -> bytes:
    """El PDF con las tarjetas de ese tramo, para recortar. `direccion`: la de responder, entera.

    Los códigos se derivan otra vez: no están en la base de datos. Queda en el historial quién los sacó.
    """
    log(instance=lote, action="encuestas.imprimir_codigos", user=actor)
    tarjetas = [
        {"numero": numero, "codigo": codigos.escrito(codigo), "qr": _qr(f"{direccion}?codigo={codigo}")}
        for numero, codigo in enumerate(_del_lote(lote, desde, hasta), desde)
    ]
    datos = {
        "titulo": Truncator(lote.ejercicio.titulo).chars(90),
        "indicacion": _("Responda con este código, que sirve una vez, en:"),
        "direccion": direccion,
        "lote": Truncator(lote.nombre).chars(50),
        "tarjetas": tarjetas,
    }
    # Lo que escribió el editor entra como dato y no como plantilla: no puede ejecutar nada.
    entradas = {"datos": json.dumps(datos, ensure_ascii=False)}
    return typst.compile(_PLANTILLA.encode(), sys_inputs=entradas, ignore_system_fonts=True)
