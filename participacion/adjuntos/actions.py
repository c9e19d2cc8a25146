from datetime import timedelta

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from cuentas.models import Participante
from home.archivos import datos_de

from .models import Adjunto

_SAL = "adjuntos.ficha"
VIGENCIA_FICHA = timedelta(days=2)
SUELTOS_POR_PERSONA = 5


@transaction.atomic
def guardar(*, archivo: UploadedFile, participante: Participante | None) -> Adjunto:
    """Guarda un archivo que aún no pertenece a nada. Lanza ValidationError si su contenido no se acepta."""
    return Adjunto.objects.create(**datos_de(archivo), subido_por=participante)


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
        actual.borrar()


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
