"""Un envío que tarda, con un servidor de verdad: cuenta la hora en que llegó entero y se tomó el candado."""

import http.client
import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from participacion.ejercicios.models import Ejercicio
from retos.models import Propuesta
from tests import fabricas as f

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
FRONTERA = "frontera-de-prueba"


def cuerpo(campos: dict) -> bytes:
    partes = [
        f'--{FRONTERA}\r\nContent-Disposition: form-data; name="{campo}"\r\n\r\n{valor}\r\n'.encode()
        for campo, valor in campos.items()
    ]
    anexo = f.pdf(relleno=b"x" * 300_000).read()
    cabeza = f'--{FRONTERA}\r\nContent-Disposition: form-data; name="archivo"; filename="a.pdf"\r\n\r\n'.encode()
    return b"".join(partes) + cabeza + anexo + f"\r\n--{FRONTERA}--\r\n".encode()


def enviar_despacio(live_server, ruta, cuenta, entretanto) -> int:
    """Manda medio cuerpo, deja que pase algo y manda el resto. Devuelve el código de la respuesta."""
    cliente, ficha = Client(), "a" * 32
    cliente.force_login(cuenta)
    datos = cuerpo(
        {
            "csrfmiddlewaretoken": ficha, "titulo": "Lenta", "resumen": "r", "descripcion": "d", "terminos": "on",
            "version_terminos": "1", "clave_envio": uuid.uuid4(), "accion": "enviar",
        }
    )  # fmt: skip
    servidor = urlsplit(live_server.url)
    conexion = http.client.HTTPConnection(servidor.hostname, servidor.port, timeout=60)
    conexion.putrequest("POST", ruta)
    for nombre, valor in {
        "Content-Type": f"multipart/form-data; boundary={FRONTERA}",
        "Content-Length": len(datos),
        "Cookie": f"sessionid={cliente.cookies['sessionid'].value}; csrftoken={ficha}",
    }.items():
        conexion.putheader(nombre, str(valor))
    conexion.endheaders(datos[: len(datos) // 2])
    entretanto()
    conexion.send(datos[len(datos) // 2 :])
    codigo = conexion.getresponse().status
    conexion.close()
    return codigo


def mover_cierre(reto, segundos):
    Ejercicio.objects.filter(pk=reto.ejercicio.pk).update(cierre=timezone.now() + timedelta(seconds=segundos))


@pytest.mark.parametrize(
    ("al_empezar", "al_terminar", "codigo", "estado"), [(60, -1, 422, "borrador"), (-1, 60, 302, "enviada")]
)
def test_cuenta_la_hora_en_que_llega_entero(live_server, al_empezar, al_terminar, codigo, estado):
    """Cierra un segundo antes de que termine: es tarde y queda el borrador. Se prorroga antes de que termine: entra."""
    reto, ana = f.reto(), f.persona()
    mover_cierre(reto, al_empezar)
    ruta = f"/retos/{reto.slug}/proponer/"
    assert enviar_despacio(live_server, ruta, ana, lambda: mover_cierre(reto, al_terminar)) == codigo
    assert Propuesta.objects.get().estado == estado
