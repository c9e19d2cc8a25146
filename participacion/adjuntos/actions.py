from collections.abc import Collection, Iterable
from datetime import timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cuentas.models import Participante
from home.archivos import datos_de, medir
from home.metadatos import limpiar

from .models import Adjunto

_SAL = "adjuntos.ficha"
VIGENCIA_FICHA = timedelta(days=2)
SUELTOS_POR_PERSONA = 10
POR_OBJETO = 5


@transaction.atomic
def guardar(*, archivo: UploadedFile, participante: Participante | None) -> Adjunto:
    """Guarda un archivo que aún no pertenece a nada. Lanza ValidationError si su contenido no se acepta."""
    datos = datos_de(archivo)
    return Adjunto.objects.create(**datos, subido_por=participante, sin_metadatos=datos["tipo_mime"].startswith("image/"))


@transaction.atomic
def quitar_metadatos(*, adjunto: Adjunto) -> None:
    """Deja el archivo sin lo que dice de quien lo hizo; si ya estaba así, no pasa nada.

    Lanza ValidationError si no se puede: está cifrado o dañado.
    """
    if adjunto.sin_metadatos:
        return
    almacen, anterior = adjunto.archivo.storage, adjunto.archivo.name
    with adjunto.archivo.open("rb") as original:
        contenido = limpiar(original, adjunto.nombre.rpartition(".")[2].lower().replace("jpeg", "jpg"))
    contenido.name = adjunto.nombre
    for campo, valor in medir(contenido).items():
        setattr(adjunto, campo, valor)
    adjunto.sin_metadatos = True
    adjunto.save(update_fields=["archivo", "tamano", "sha256", "sin_metadatos"])
    transaction.on_commit(lambda: almacen.delete(anterior))


def ficha(adjunto: Adjunto) -> str:
    """Un recibo firmado: quien lo presenta puede poner este archivo suelto en su formulario."""
    return signing.dumps(str(adjunto.clave), salt=_SAL)


def clave_de(ficha: str) -> str | None:
    """La clave del archivo de una ficha; None si es falsa o venció."""
    try:
        return signing.loads(ficha, salt=_SAL, max_age=VIGENCIA_FICHA)
    except signing.BadSignature:
        return None


def por_ficha(valor: str) -> Adjunto | None:
    """El archivo suelto de una ficha vigente; None si la ficha es falsa, venció o ya se usó."""
    clave = clave_de(valor)
    return clave and Adjunto.objects.filter(clave=clave, objeto_tipo="").first()


@transaction.atomic
def agregar(*, adjuntos: Iterable[Adjunto], objeto) -> None:
    """Pone estos archivos sueltos en `objeto`, además de los que ya tenga. El que otro formulario ya tomó, no.

    Se llama con el candado del objeto tomado. Lanza ValidationError (code="cuantos") si pasan de `POR_OBJETO`.
    """
    sueltos = Adjunto.objects.filter(pk__in=[adjunto.pk for adjunto in adjuntos], objeto_tipo="")
    sueltos.update(objeto_tipo=objeto._meta.label_lower, objeto_id=objeto.pk)
    if Adjunto.objects.de(objeto).count() > POR_OBJETO:
        raise ValidationError(_("Se reciben hasta %(n)d archivos. Quite alguno.") % {"n": POR_OBJETO}, code="cuantos")


@transaction.atomic
def quitar(*, objeto, claves: Collection[str] | None = None) -> None:
    """Borra de `objeto` los archivos de estas claves; sin `claves`, todos. Lo que no tenía se ignora."""
    suyos = Adjunto.objects.de(objeto)
    for adjunto in suyos if claves is None else suyos.filter(clave__in=claves):
        adjunto.borrar()


def podar_sueltos(*, participante: Participante) -> None:
    """Deja sólo los últimos archivos sueltos de una persona: bastan para los formularios que tenga a medias."""
    sueltos = Adjunto.objects.filter(subido_por=participante, objeto_tipo="").order_by("-pk")
    for adjunto in sueltos[SUELTOS_POR_PERSONA - 1 :]:
        adjunto.borrar()


def limpiar_sueltos() -> int:
    """Borra los archivos que nadie llegó a enviar y cuya ficha ya venció. Devuelve cuántos."""
    sueltos = Adjunto.objects.filter(objeto_tipo="", creado_en__lt=timezone.now() - VIGENCIA_FICHA)
    for adjunto in sueltos:
        adjunto.borrar()
    return len(sueltos)
