"""La copia de los datos de una persona: un ZIP con un JSON por fuente y sus archivos, que se escribe mientras se baja."""

import json
import zipfile
from collections.abc import Iterator

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from ..datos_personales import FUENTES
from ..models import Participante


class _Salida:
    """Un archivo que sólo se escribe: lo escrito se recoge y se envía."""

    def __init__(self):
        self._trozos = []

    def write(self, trozo) -> int:
        self._trozos.append(bytes(trozo))
        return len(trozo)

    def flush(self) -> None:
        pass

    def recoger(self) -> bytes:
        trozos, self._trozos = self._trozos, []
        return b"".join(trozos)


def copiar(participante: Participante) -> Iterator[bytes]:
    """Lee ya todos los datos, y va leyendo los archivos a medida que se pide el ZIP."""
    indice, paginas, archivos = [], [], []
    for fuente in FUENTES.values():
        copia = fuente.copiar(participante)
        nombre = f"{get_valid_filename(fuente.clave)}.json"
        indice.append(f"{nombre}: {fuente.etiqueta}")
        contenido = {str(fuente.etiqueta): copia.datos}
        paginas.append((nombre, json.dumps(contenido, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)))
        carpeta = get_valid_filename(fuente.clave)
        archivos += [
            (f"archivos/{carpeta}/{numero:02d}-{get_valid_filename(dicho)}", archivo)
            for numero, (dicho, archivo) in enumerate(copia.archivos, 1)
        ]
    portada = "\n".join([_("Lo que esta plataforma guarda de usted."), "", *indice, ""])
    return _escribir([(_("LEAME.txt"), portada), *paginas], archivos)


def _escribir(paginas, archivos) -> Iterator[bytes]:
    salida = _Salida()
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED) as paquete:
        for nombre, texto in paginas:
            paquete.writestr(nombre, texto)
            yield salida.recoger()
        for nombre, archivo in archivos:
            try:
                abierto = archivo.open("rb")
            except FileNotFoundError:
                continue  # ya no está en el disco: su ficha, en el JSON, lo dice
            with abierto, paquete.open(nombre, "w") as destino:
                for trozo in abierto.chunks():
                    destino.write(trozo)
                    yield salida.recoger()
    yield salida.recoger()
