"""Responder una encuesta secreta: todo en una página, y nada se guarda antes de enviar, ni en la sesión."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from home.marco import direccion_de
from participacion.ejercicios.enums import Fase
from participacion.formularios.condiciones import depurar
from participacion.formularios.forms import PaginaForm, en_una_pagina
from participacion.formularios.presentacion import resumen

from . import presentacion
from .codigos import codigo_de
from .entrada import cerrada, con_encuesta, participante_en, puerta, sello_de, version_vista
from .enums import Modo
from .forms import EnNombreDeForm
from .secreto import enviar_secreta


@require_http_methods(["GET", "HEAD", "POST"])
@con_encuesta
def responder(request, encuesta, pagina):
    """El formulario entero; al enviarlo se muestra para revisarlo, y al confirmarlo se sella."""
    if not encuesta.secreta:
        raise Http404
    if request.method == "POST" and encuesta.modo == Modo.CUENTA and not request.user.is_authenticated:
        return _sesion_vencida(request, encuesta, pagina)
    if salida := puerta(request, encuesta):
        return salida
    if presentacion.ya_participo(request, encuesta):
        return redirect("encuestas:recibida", encuesta.pk)
    if encuesta.ejercicio.fase != Fase.ABIERTA:
        return cerrada(request, encuesta, pagina)
    version = version_vista(request.POST, encuesta)
    if version is None:
        raise Http404
    formulario = _formulario(request, encuesta, version)
    accion = request.POST.get("accion")
    if request.htmx:
        formulario.is_valid()
        return render(request, "formularios/_cambios.html", {"formulario": formulario})
    if request.method != "POST" or accion == "cambiar":
        return _mostrar(request, encuesta, pagina, version, formulario)
    if not formulario.is_valid():
        return _mostrar(request, encuesta, pagina, version, formulario, estado=422)
    if formulario.faltan_por_ver:
        aviso = _("Según lo que respondió, hay preguntas nuevas. Revise la página y continúe.")
        return _mostrar(request, encuesta, pagina, version, formulario, aviso=aviso)
    quien = EnNombreDeForm(
        request.POST if accion == "enviar" else None, participante=participante_en(request, encuesta)
    )
    if accion == "enviar" and quien.is_valid():
        try:
            enviar_secreta(
                encuesta=encuesta,
                version=version,
                valores=_valores(formulario),
                participante=participante_en(request, encuesta),
                codigo=codigo_de(request, encuesta.ejercicio) if encuesta.modo == Modo.CODIGO else None,
                organizacion=quien.cleaned_data.get("organizacion"),
            )
            return redirect("encuestas:recibida", encuesta.pk)
        except ValidationError as error:
            if error.code == "cerrada":
                return cerrada(request, encuesta, pagina)
            if error.code == "repetida" and presentacion.ya_participo(request, encuesta):
                return redirect("encuestas:recibida", encuesta.pk)  # doble clic: la primera ya contó
            quien.add_error(None, error)
    contexto = {
        "pagina": pagina,
        "encuesta": encuesta,
        "quien": quien,
        "paginas": resumen(formulario.formulario, _valores(formulario)),
        "enviado": [(c, v) for c in request.POST if _se_repite(c) for v in request.POST.getlist(c)],
    }
    return render(request, "encuestas/revisar_secreta.html", contexto, status=422 if quien.errors else 200)


def _se_repite(campo: str) -> bool:
    return campo not in ("csrfmiddlewaretoken", "accion", "organizacion")


def _valores(formulario: PaginaForm) -> dict:
    _visibles, quedan = depurar(formulario.formulario, formulario.propios)
    return quedan


def _formulario(request, encuesta, version) -> PaginaForm:
    version.ejercicio = encuesta.ejercicio
    definido = presentacion.formulario_en(version)
    return PaginaForm(
        request.POST if request.method == "POST" else None,
        formulario=definido,
        pagina=en_una_pagina(definido),
        valores={},
        # Ni por persona ni por sesión: el orden no debe decir quién es.
        semilla=str(version.pk),
        exigir=not request.htmx and request.POST.get("accion") != "cambiar",
    )


def _mostrar(request, encuesta, pagina, version, formulario, *, aviso="", estado=200):
    contexto = {
        "pagina": pagina,
        "encuesta": encuesta,
        "formulario": formulario,
        "sello": sello_de(version),
        "aviso": aviso,
        "como_se_responde": presentacion.como_se_responde(encuesta),
    }
    return render(request, "encuestas/responder_secreta.html", contexto, status=estado)


def _sesion_vencida(request, encuesta, pagina):
    """No se guarda nada sin sellar: se devuelve lo escrito y se pide entrar en otra pestaña."""
    version = version_vista(request.POST, encuesta)
    if version is None:
        raise Http404
    entrar = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    formulario = _formulario(request, encuesta, version)
    formulario.exigir = False
    formulario.is_valid()
    contexto = {"pagina": pagina, "encuesta": encuesta, "formulario": formulario, "entrar": entrar, "sello": sello_de(version)}
    return render(request, "encuestas/responder_secreta.html", contexto, status=403)


@require_safe
@con_encuesta
def recibida(request, encuesta, pagina):
    """La constancia de haber respondido una secreta: que se respondió, y nada más."""
    if not encuesta.secreta:
        raise Http404
    if salida := puerta(request, encuesta):
        return salida
    if not presentacion.ya_participo(request, encuesta):
        return redirect("encuestas:responder", encuesta.pk)
    contexto = {"pagina": pagina, "url_pagina": direccion_de(request, pagina)} | presentacion.de_los_resultados(encuesta)
    return render(request, "encuestas/recibida.html", contexto)
