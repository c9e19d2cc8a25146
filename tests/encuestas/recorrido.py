"""Contestar por la web como lo hace un navegador: con los campos ocultos que la página trae."""

import re
import uuid

from django.urls import reverse

_OCULTO = re.compile(r'<input type="hidden" name="([^"]+)"(?: id="[^"]+")? value="([^"]*)"')


def direccion(pagina, nombre, *args):
    return reverse(f"encuestas:{nombre}", args=[pagina.ejercicio.pk, *args])


def primera(pagina, clave=None):
    """La dirección de la primera página de una respuesta nueva."""
    return direccion(pagina, "pagina", clave or uuid.uuid4(), 1)


def ocultos(respuesta) -> dict:
    return {c: v for c, v in _OCULTO.findall(respuesta.content.decode()) if c != "csrfmiddlewaretoken"}


def enviar(client, url, datos, accion="siguiente", **extra):
    """Abre la página y la envía con estos datos y sus campos ocultos; devuelve lo que contesta el servidor."""
    abierta = client.get(url)
    assert abierta.status_code == 200, abierta.status_code
    return client.post(url, ocultos(abierta) | {"accion": accion} | datos, **extra)
