"""Cuánto tarda cada puerta con un correo que tiene cuenta y con uno que no: no debe notarse (medianas, ±20 %).

Con el cifrado de claves de producción y un servidor SMTP que recibe de verdad, que es lo que más pesa.
"""

import re
import socketserver
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from http.cookiejar import CookieJar
from statistics import median

VECES = 20
TOLERANCIA = 0.2
CLAVE = "clave-de-medicion-2026"
REGISTRO = {"first_name": "Luz", "last_name": "Mora", "edad": "18_mas", "finalidad_participar": "on"}
# Nombre, dirección, campo del correo y los demás datos.
PUERTAS = [
    ("ingresar", "/cuenta/login/", "login", {"password": "equivocada-2026"}),
    ("pedir un código", "/cuenta/login/code/", "email", {}),
    ("recuperar la contraseña", "/cuenta/password/reset/", "email", {}),
    ("registrarse", "/cuenta/signup/", "email", REGISTRO | {"password1": CLAVE}),
    ("registrarse sin contraseña", "/cuenta/signup/", "email", REGISTRO | {"password1": ""}),
    ("registrarse con llave", "/cuenta/signup/passkey/", "email", REGISTRO),
]


class _Buzon(socketserver.StreamRequestHandler):
    """Lo justo de SMTP para que un cliente entregue un mensaje."""

    def handle(self):
        self.decir("220 listo")
        for linea in self.rfile:
            orden = linea[:4].upper()
            if orden == b"DATA":
                self.decir("354 adelante")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
            self.decir("221 adiós" if orden == b"QUIT" else "250 bien")
            if orden == b"QUIT":
                return

    def decir(self, texto):
        self.wfile.write(f"{texto}\r\n".encode())


class _Servidor(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextmanager
def buzon():
    """Un servidor SMTP en un puerto libre, que se da."""
    with _Servidor(("127.0.0.1", 0), _Buzon) as servidor:
        threading.Thread(target=servidor.serve_forever, daemon=True).start()
        yield servidor.server_address[1]
        servidor.shutdown()


class _SinSeguir(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_argumentos):
        return None


def enviar(base, direccion, campo, correo, datos) -> tuple[float, int]:
    """Milisegundos que tarda la respuesta, como alguien nuevo, y su estado."""
    abridor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _SinSeguir())
    with abridor.open(base + direccion, timeout=30) as pagina:
        texto = pagina.read().decode()
    ocultos = dict(re.findall(r'type="hidden" name="(csrfmiddlewaretoken|version)" value="([^"]+)"', texto))
    cuerpo = urllib.parse.urlencode({**ocultos, **datos, campo: correo}).encode()
    inicio = time.perf_counter()
    try:
        with abridor.open(base + direccion, cuerpo, timeout=60) as respuesta:
            respuesta.read()
            estado = respuesta.status
    except urllib.error.HTTPError as error:
        error.read()
        estado = error.code
    return 1000 * (time.perf_counter() - inicio), estado


def medir(base) -> tuple[list[str], bool]:
    """La tabla, y si todas están dentro de lo tolerado. Los envíos se alternan: un rato lento los toca por igual."""
    lineas = ["| Puerta | Con cuenta, ms | Sin cuenta, ms | Razón |", "|---|---:|---:|---:|"]
    bien = True
    for puerta, (nombre, direccion, campo, datos) in enumerate(PUERTAS):
        con, sin, estados = [], [], set()
        for vez in range(-2, VECES):  # las dos primeras calientan y no cuentan
            turnos = [(con, f"persona{vez % VECES}@example.org"), (sin, f"nadie-{puerta}-{vez % VECES}-{vez < 0}@example.org")]
            for tiempos, correo in turnos if vez % 2 else reversed(turnos):
                tardo, estado = enviar(base, direccion, campo, correo, datos)
                estados.add(estado)
                if vez >= 0:
                    tiempos.append(tardo)
        if len(estados) != 1 or estados & {200, 403, 429, 500}:
            raise RuntimeError(f"{direccion} no respondió lo esperado: {estados}")
        razon = median(con) / median(sin)
        bien &= abs(razon - 1) <= TOLERANCIA
        lineas.append(f"| {nombre} | {median(con):.0f} | {median(sin):.0f} | {razon:.2f} |")
    return lineas, bien
