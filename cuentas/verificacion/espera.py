"""Los HMAC de un padrón recién subido esperan en un SQLite del almacén privado hasta que una tarea los carga.

Un archivo con índice, y no una lista en memoria, para hallar los repetidos de un millón de líneas sin que la memoria crezca.
"""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from ..models import Padron

CARPETA = "padrones"
OLVIDO = timedelta(days=1)


class Espera:
    """Escribe un archivo nuevo. `cerrar` lo deja listo; `descartar` lo borra."""

    def __init__(self):
        _borrar_olvidados()
        almacen = storages["privado"]
        self.archivo = almacen.save(f"{CARPETA}/{uuid.uuid4()}", ContentFile(b""))
        self._base = sqlite3.connect(almacen.path(self.archivo), isolation_level=None)
        # Si el proceso muere el archivo se bota: no hace falta diario ni esperar al disco.
        self._base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF")
        self._base.execute("CREATE TABLE documento (clave BLOB PRIMARY KEY, hmac TEXT, linea INTEGER) WITHOUT ROWID")
        self._base.execute("BEGIN")

    def anotar(self, clave: str, linea: int, hmac: str | None = None) -> int | None:
        """Guarda un documento; si su clave ya estaba, devuelve en qué línea. Sin `hmac`, lo es la clave."""
        clave = bytes.fromhex(clave)
        if self._base.execute("INSERT OR IGNORE INTO documento VALUES (?, ?, ?)", (clave, hmac, linea)).rowcount:
            return None
        return self._base.execute("SELECT linea FROM documento WHERE clave = ?", (clave,)).fetchone()[0]

    def cerrar(self) -> None:
        self._base.execute("COMMIT")
        self._base.close()

    def descartar(self) -> None:
        self._base.close()
        borrar(self.archivo)


def lotes(archivo: str, tamano: int) -> Iterator[list[str]]:
    """Los HMAC guardados, por lotes, en el orden de sus claves: el de las líneas no se conserva.

    Lanza sqlite3.Error si el archivo falta o está dañado.
    """
    ruta = storages["privado"].path(archivo)
    with closing(sqlite3.connect(f"file:{ruta}?mode=ro", uri=True)) as base:
        filas = base.execute("SELECT COALESCE(hmac, LOWER(HEX(clave))) FROM documento ORDER BY clave")
        while lote := [hmac for (hmac,) in filas.fetchmany(tamano)]:
            yield lote


def borrar(archivo: str) -> None:
    storages["privado"].delete(archivo)


def _borrar_olvidados() -> None:
    """Los que dejó un proceso que murió mientras recibía."""
    almacen = storages["privado"]
    try:
        _carpetas, nombres = almacen.listdir(CARPETA)
    except FileNotFoundError:
        return
    esperados = set(Padron.objects.exclude(archivo="").values_list("archivo", flat=True))
    for nombre in nombres:
        ruta = f"{CARPETA}/{nombre}"
        try:
            if ruta not in esperados and almacen.get_modified_time(ruta) < timezone.now() - OLVIDO:
                almacen.delete(ruta)
        except FileNotFoundError:
            continue  # otro proceso lo borró a la vez
