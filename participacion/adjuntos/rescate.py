"""Que no se pierda lo escrito cuando la sesión venció mientras alguien llenaba un formulario.

El formulario que lo quiere lleva un campo oculto `rescatable`. Lo enviado sin sesión —o con una ficha CSRF
vieja, desde una página propia— se guarda en la sesión nueva y vuelve a aparecer en la misma dirección tras entrar.
"""

import time

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from . import actions

MARCA = "rescatable"
_CLAVE = "rescate"
_IGNORAR = {"csrfmiddlewaretoken", MARCA}
_TEXTO_MAXIMO = 1_200_000
# En un computador compartido, lo que dejó una persona no debe esperar a la siguiente.
_VIGENCIA = 30 * 60


def es_rescatable(request: HttpRequest) -> bool:
    return request.method == "POST" and MARCA in request.POST


def es_propia(request: HttpRequest) -> bool:
    """Si el navegador declara que el formulario estaba en una página de este sitio."""
    if sitio := request.headers.get("Sec-Fetch-Site"):
        return sitio == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def conservar(request: HttpRequest) -> None:
    """Guarda en la sesión lo que llegó, con una ficha por cada archivo aceptable."""
    datos = {
        campo: valores for campo, valores in request.POST.lists() if campo not in _IGNORAR and "password" not in campo
    }
    if not ratelimit.consume(request, action="rescate"):
        return
    if sum(len(valor) for valores in datos.values() for valor in valores) > _TEXTO_MAXIMO:
        return
    fichas = {}
    for campo, archivo in ((campo, archivo) for campo, varios in request.FILES.lists() for archivo in varios):
        if not ratelimit.consume(request, action="subida_sin_sesion"):
            break
        try:
            adjunto = actions.guardar(archivo=archivo, participante=None)
            fichas.setdefault(campo, []).append(actions.ficha(adjunto))
        except ValidationError:
            continue  # el formulario lo explicará cuando la persona lo vuelva a elegir
    request.session[_CLAVE] = {"ruta": request.path, "datos": datos, "fichas": fichas, "hora": time.time()}


def recuperar(request: HttpRequest) -> dict | None:
    """Lo conservado para esta dirección en la última media hora: {"datos": campo → valores, "fichas": campo → fichas}.

    Sigue allí hasta `olvidar`: recargar la página no lo pierde.
    """
    guardado = request.session.get(_CLAVE) if request.session.session_key else None
    if not guardado or guardado["ruta"] != request.path or guardado["hora"] < time.time() - _VIGENCIA:
        return None
    return guardado


def olvidar(request: HttpRequest) -> None:
    """Lo conservado ya se guardó, o quien está aquí no lo quiere."""
    request.session.pop(_CLAVE, None)


def a_ingresar(request: HttpRequest) -> HttpResponseRedirect:
    """Conserva lo enviado y lleva a entrar; al entrar se vuelve a la misma dirección.

    Quien sólo abrió la página no envió nada: conservarlo taparía lo que ya tiene guardado.
    """
    if request.method == "POST":
        conservar(request)
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
