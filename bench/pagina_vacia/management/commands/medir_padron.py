"""Sube un padrón por la vista de verdad, con todo su middleware, y lo carga con su tarea. Escribe tiempos y memoria en JSON."""

import io
import json
import re
import resource
import time

from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand
from django.test import Client
from wagtail.models import Site

from cuentas.actions import crear_personal
from cuentas.enums import EstadoPadron, RolPersonal
from cuentas.models import Padron
from cuentas.verificacion.padrones import cargar_padron

RUTA = "/admin/personas/verificacion/padrones/nuevo/"
LIMITE = "limite-de-la-medicion"


class Cuerpo(io.RawIOBase):
    """El formulario que enviaría el navegador, escrito a medida que se lee: en memoria no hay más que un trozo."""

    def __init__(self, documentos: int, ficha: str):
        self.trozos = self._trozos(documentos, ficha)
        self.resto = b""

    def _trozos(self, documentos, ficha):
        for nombre, valor in (("csrfmiddlewaretoken", ficha), ("nombre", f"Padrón de {documentos}")):
            yield f'--{LIMITE}\r\nContent-Disposition: form-data; name="{nombre}"\r\n\r\n{valor}\r\n'.encode()
        yield (
            f'--{LIMITE}\r\nContent-Disposition: form-data; name="archivo"; filename="padron.csv"\r\n'
            "Content-Type: text/csv\r\n\r\ntipo_documento;numero_documento\r\n"
        ).encode()
        for desde in range(0, documentos, 500):
            hasta = min(desde + 500, documentos)
            yield "".join(f"CC;{1_000_000_000 + n * 37}\r\n" for n in range(desde, hasta)).encode()
        yield f"\r\n--{LIMITE}--\r\n".encode()

    def readable(self):
        return True

    def readinto(self, destino):
        while len(self.resto) < len(destino) and (trozo := next(self.trozos, None)) is not None:
            self.resto += trozo
        leido, self.resto = self.resto[: len(destino)], self.resto[len(destino) :]
        destino[: len(leido)] = leido
        return len(leido)


def pico_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--documentos", type=int, default=200_000)

    def handle(self, *, documentos, **opciones):
        sitio = Site.objects.get(is_default_site=True)
        cuenta = crear_personal(
            correo="padron@example.org", clave="clave-de-medicion-2026", nombre="Pilar", apellido="Soto",
            sitio=sitio, roles=[RolPersonal.ADMINISTRACION], actor=None,
        )  # fmt: skip
        cliente = Client(headers={"host": "localhost"})
        cliente.force_login(cuenta)
        # La primera pone en memoria todo lo que no depende de cuántas líneas haya.
        self.medir(cliente, documentos // 10)
        antes = pico_mb()
        subir, cargar = self.medir(cliente, documentos)
        medida = {"documentos": documentos, "subir": subir, "cargar": cargar, "crece_mb": pico_mb() - antes}
        self.stdout.write(json.dumps(medida))

    def medir(self, cliente, documentos) -> tuple[float, float]:
        ficha = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', cliente.get(RUTA).content.decode())[1]
        largo = sum(len(trozo) for trozo in Cuerpo(documentos, ficha)._trozos(documentos, ficha))
        ambiente = {
            "REQUEST_METHOD": "POST", "PATH_INFO": RUTA, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "QUERY_STRING": "",
            "CONTENT_TYPE": f"multipart/form-data; boundary={LIMITE}", "CONTENT_LENGTH": str(largo),
            "HTTP_COOKIE": cliente.cookies.output(attrs=[], header="", sep=";"),
            "wsgi.input": io.BufferedReader(Cuerpo(documentos, ficha)), "wsgi.errors": io.StringIO(),
        }  # fmt: skip
        estado = []
        inicio = time.monotonic()
        respuesta = WSGIHandler()(ambiente, lambda linea, _cabeceras, exc=None: estado.append(linea))
        respuesta.close()
        subida = time.monotonic()
        if not estado[0].startswith("302"):
            raise RuntimeError(f"La subida respondió {estado[0]}")
        padron = Padron.objects.latest("pk")
        cargar_padron.func(padron.pk)
        fin = time.monotonic()
        padron.refresh_from_db()
        if padron.estado != EstadoPadron.VIGENTE or padron.documentos.count() != documentos:
            raise RuntimeError(f"El padrón quedó {padron.estado} con {padron.documentos.count()}")
        return subida - inicio, fin - subida
