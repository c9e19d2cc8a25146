import hashlib
from datetime import timedelta

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from cuentas.models import Participante
from home.texto import limpiar_linea

from .contenido import detectar
from .models import Adjunto

_SAL = "adjuntos.ficha"
VIGENCIA_FICHA = timedelta(days=2)
SUELTOS_POR_PERSONA = 5


def nombre_limpio(nombre: str) -> str:
    """El nombre que se mostrará, sin rutas ni caracteres engañosos, con su extensión."""
    nombre = limpiar_linea(nombre.replace("\\", "/").rsplit("/", 1)[-1]) or "archivo"
    base, punto, extension = nombre.rpartition(".")
    return f"{base[:140]}{punto}{extension[:8]}" if punto else nombre[:150]


@transaction.atomic
def guardar(*, archivo: UploadedFile, participante: Participante | None) -> Adjunto:
    """Guarda un archivo que aún no pertenece a nada. Lanza ValidationError si su contenido no se acepta."""
    formato = detectar(archivo)
    suma = hashlib.sha256()
    for trozo in archivo.chunks():
        suma.update(trozo)
    archivo.seek(0)
    return Adjunto.objects.create(
        archivo=archivo,
        nombre=nombre_limpio(archivo.name),
        tipo_mime=formato.mime,
        tamano=archivo.size,
        sha256=suma.hexdigest(),
        subido_por=participante,
    )


def ficha(adjunto: Adjunto) -> str:
    """Un recibo firmado: quien lo presenta puede poner este archivo suelto en su formulario."""
    return signing.dumps(str(adjunto.clave), salt=_SAL)


def por_ficha(valor: str) -> Adjunto | None:
    """El archivo suelto de una ficha vigente; None si la ficha es falsa, venció o ya se usó."""
    try:
        clave = signing.loads(valor, salt=_SAL, max_age=VIGENCIA_FICHA)
    except signing.BadSignature:
        return None
    return Adjunto.objects.filter(clave=clave, objeto_tipo="").first()


@transaction.atomic
def poner(*, adjunto: Adjunto | None, objeto) -> None:
    """Deja `adjunto` como el archivo de `objeto`; el anterior, si lo había, se borra. None: ninguno.

    Se llama con el candado del objeto tomado. Si entretanto otra pestaña cambió el archivo, o la misma ficha
    ya se usó en otro formulario, el objeto se queda con el que tiene.
    """
    actuales = list(Adjunto.objects.de(objeto))
    if adjunto is not None:
        if any(actual.pk == adjunto.pk for actual in actuales):
            return
        tomado = Adjunto.objects.filter(pk=adjunto.pk, objeto_tipo="").update(
            objeto_tipo=objeto._meta.label_lower, objeto_id=objeto.pk
        )
        if not tomado:
            return
    for actual in actuales:
        borrar(adjunto=actual)


def podar_sueltos(*, participante: Participante) -> None:
    """Deja sólo los últimos archivos sueltos de una persona: bastan para los formularios que tenga a medias."""
    sueltos = Adjunto.objects.filter(subido_por=participante, objeto_tipo="").order_by("-pk")
    for adjunto in sueltos[SUELTOS_POR_PERSONA - 1 :]:
        borrar(adjunto=adjunto)


@transaction.atomic
def borrar(*, adjunto: Adjunto) -> None:
    """Borra la fila ya y el archivo cuando la transacción se confirme."""
    archivo = adjunto.archivo
    almacen, ruta = archivo.storage, archivo.name
    adjunto.delete()
    transaction.on_commit(lambda: almacen.delete(ruta))


def limpiar_sueltos() -> int:
    """Borra los archivos que nadie llegó a enviar y cuya ficha ya venció. Devuelve cuántos."""
    sueltos = Adjunto.objects.filter(objeto_tipo="", creado_en__lt=timezone.now() - VIGENCIA_FICHA)
    for adjunto in sueltos:
        borrar(adjunto=adjunto)
    return len(sueltos)
