"""El archivo subido espera en el almacén privado mientras se revisa; al cargarlo queda sólo el informe."""

import json
import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core import signing
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.utils import timezone

from cuentas.models import Usuario
from participacion.ejercicios.models import Ejercicio

from .informe import Informe, LineaInforme

CARPETA = "importaciones"
VIGENCIA = timedelta(hours=12)
_SAL = "retos.importacion"


@dataclass(frozen=True)
class Pendiente:
    """Una importación empezada: de quién es, a qué reto va y cómo se llamaba el archivo."""

    clave: str
    usuario: int
    ejercicio: int
    fuente: str
    nombre: str

    @property
    def archivo(self) -> str:
        return f"{CARPETA}/{self.clave}.csv"

    @property
    def informe(self) -> str:
        return f"{CARPETA}/{self.clave}.json"


def guardar(*, archivo: File, usuario: Usuario, ejercicio: Ejercicio, fuente: str) -> str:
    """Deja el archivo en espera y devuelve su ficha firmada, que sólo sirve a esa cuenta."""
    _borrar_vencidos()
    pendiente = Pendiente(str(uuid.uuid4()), usuario.pk, ejercicio.pk, fuente, archivo.name[:100])
    storages["privado"].save(pendiente.archivo, archivo)
    return signing.dumps(list(asdict(pendiente).values()), salt=_SAL)


def recuperar(ficha: str, usuario: Usuario) -> Pendiente | None:
    """La importación de una ficha vigente de esa cuenta; None si es falsa, ajena o venció."""
    try:
        pendiente = Pendiente(*signing.loads(ficha, salt=_SAL, max_age=VIGENCIA))
    except signing.BadSignature:
        return None
    return pendiente if pendiente.usuario == usuario.pk else None


def leer_archivo(pendiente: Pendiente) -> bytes | None:
    """Lo subido; None si ya se cargó o venció."""
    try:
        with storages["privado"].open(pendiente.archivo) as archivo:
            return archivo.read()
    except FileNotFoundError:
        return None


def terminar(pendiente: Pendiente, informe: Informe) -> None:
    """Cambia el archivo por el informe de lo que se hizo con él. De dos envíos a la vez vale el primero."""
    almacen = storages["privado"]
    if not almacen.exists(pendiente.informe):
        almacen.save(pendiente.informe, ContentFile(json.dumps(asdict(informe)).encode()))
    almacen.delete(pendiente.archivo)


def leer_informe(pendiente: Pendiente) -> Informe | None:
    try:
        with storages["privado"].open(pendiente.informe) as archivo:
            datos = json.load(archivo)
    except FileNotFoundError:
        return None
    return Informe(**{**datos, "lineas": [LineaInforme(**linea) for linea in datos["lineas"]]})


def _borrar_vencidos() -> None:
    almacen = storages["privado"]
    limite = timezone.now() - VIGENCIA
    try:
        _carpetas, archivos = almacen.listdir(CARPETA)
    except FileNotFoundError:
        return
    for nombre in archivos:
        ruta = f"{CARPETA}/{nombre}"
        try:
            vencido = almacen.get_modified_time(ruta) < limite
        except FileNotFoundError:
            continue  # otra importación lo borró a la vez
        if vencido:
            almacen.delete(ruta)
