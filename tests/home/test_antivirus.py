"""El revisor habla con un clamd de verdad en lo que importa: un servidor que entiende INSTREAM y contesta como él."""

import socketserver
import threading

import pytest
from django.core.exceptions import ValidationError

from home.antivirus import revisar
from home.archivos import datos_de
from tests import fabricas as f

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.BaseRequestHandler):
    def _leer(self, cuantos):
        datos = b""
        while len(datos) < cuantos and (parte := self.request.recv(cuantos - len(datos))):
            datos += parte
        return datos

    def handle(self):
        if self._leer(10) != b"zINSTREAM\0":
            self.request.sendall(b"UNKNOWN COMMAND\0")
            return
        cuerpo = b""
        while largo := int.from_bytes(self._leer(4), "big"):
            cuerpo += self._leer(largo)
        self.server.recibidos.append(len(cuerpo))
        if len(cuerpo) > 500_000:
            self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.request.sendall(b"stream: Eicar-Test FOUND\0" if EICAR in cuerpo else b"stream: OK\0")


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, settings, tmp_path):
    ruta = tmp_path / "c.sock"
    clase = socketserver.ThreadingTCPServer if request.param == "tcp" else socketserver.ThreadingUnixStreamServer
    with clase(("127.0.0.1", 0) if request.param == "tcp" else str(ruta), Clamd) as servidor:
        servidor.recibidos = []
        threading.Thread(target=servidor.serve_forever, daemon=True).start()
        settings.CLAMAV = f"tcp://127.0.0.1:{servidor.server_address[1]}" if request.param == "tcp" else f"unix:{ruta}"
        settings.ADJUNTO_REVISORES = ["home.antivirus.revisar"]
        yield servidor
        servidor.shutdown()


def test_lo_limpio_pasa_entero(clamd):
    archivo = f.pdf(relleno=b"x" * 200_000)
    datos = datos_de(archivo)
    assert clamd.recibidos == [archivo.size] and datos["tamano"] == archivo.size


@pytest.mark.parametrize(("relleno", "codigo"), [(EICAR, "virus"), (b"x" * 600_000, "sin_revisar")])
def test_lo_danino_y_lo_que_no_pudo_revisar_no_entran(clamd, relleno, codigo):
    with pytest.raises(ValidationError) as caso:
        datos_de(f.pdf(relleno=relleno))
    assert caso.value.code == codigo


@pytest.mark.parametrize("direccion", ["tcp://127.0.0.1:9", "unix:/no/existe.sock"])
def test_sin_antivirus_no_se_recibe_y_se_dice(settings, direccion):
    settings.CLAMAV = direccion
    with pytest.raises(ValidationError) as caso:
        revisar(f.pdf())
    assert caso.value.code == "sin_revisar"


@pytest.mark.django_db
def test_en_el_formulario_se_dice_junto_al_campo_y_no_se_pierde_el_texto(clamd, client):
    client.force_login(f.persona())
    datos = {"titulo": "Con virus", "resumen": "r", "descripcion": "d", "clave_envio": "0b8f6f3c-0f0f-4a4a-8a8a-000000000001"}
    archivos = [f.pdf("malo.pdf", relleno=EICAR), f.pdf("bueno.pdf")]
    respuesta = client.post(f"{f.reto().url}proponer/", datos | {"accion": "guardar", "archivo": archivos})
    assert respuesta.status_code == 422 and "«malo.pdf»: El antivirus encontró" in respuesta.text
    assert "bueno.pdf" in respuesta.text and "Con virus" in respuesta.text
