import uuid
from dataclasses import replace

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from home.marco import ajustes_de, direccion_de
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos import rescate
from participacion.ejercicios.enums import Fase
from participacion.formularios.actions import guardar_parcial
from participacion.formularios.condiciones import contestada, paginas_visibles, sin_completar
from participacion.formularios.enums import EstadoRespuesta
from participacion.formularios.forms import PaginaForm
from participacion.formularios.models import Respuesta
from participacion.formularios.presentacion import resumen
from participacion.formularios.valores import de_respuesta

from . import codigos, presentacion
from .actions import empezar, enviar_respuesta
from .entrada import (
    cerrada,
    con_encuesta,
    cupo_lleno,
    curso_de,
    faltantes,
    le_corresponde,
    participante_en,
    puerta,
    sello_de,
)
from .enums import Modo
from .forms import CODIGO_MAXIMO, CodigoForm, EnNombreDeForm

POR_PAGINA = 20
leer_y_escribir = require_http_methods(["GET", "HEAD", "POST"])


def _destino(request) -> str:
    """La dirección propia a la que se iba; vacía si no hay o es de otro sitio."""
    destino = request.GET.get("next", "")
    propio = url_has_allowed_host_and_scheme(destino, {request.get_host()}, require_https=request.is_secure())
    return destino if destino.startswith("/") and propio else ""


@require_safe
@con_encuesta
def responder(request, encuesta, pagina):
    """La entrada: lleva a la respuesta en curso o a una nueva, o dice qué falta para poder responder."""
    if encuesta.ejercicio.fase != Fase.ABIERTA:
        return cerrada(request, encuesta, pagina)
    comun = {"pagina": pagina, "ejercicio": encuesta.ejercicio, "url_pagina": direccion_de(request, pagina)}
    if encuesta.modo == Modo.CODIGO and "codigo" in request.GET:  # el QR de una tarjeta: nada se gasta por abrirlo
        return redirect(f"{reverse('encuestas:codigo', args=[encuesta.pk])}?{request.GET.urlencode()}")
    if encuesta.modo != Modo.CUENTA or not request.user.is_authenticated:
        if salida := puerta(request, encuesta):
            return salida
    elif faltan := faltantes(request, encuesta):
        return render(request, "encuestas/requisitos.html", comun | {"faltan": faltan, "vuelta": request.get_full_path()})
    if not le_corresponde(request, encuesta):
        return render(request, "encuestas/requisitos.html", comun)
    hecha = presentacion.ya_participo(request, encuesta) if encuesta.secreta else presentacion.propia(request, encuesta)
    if not hecha and (lleno := cupo_lleno(request, encuesta)):
        return render(request, "encuestas/requisitos.html", comun | {"lleno": lleno})
    if encuesta.secreta:
        return redirect("encuestas:secreta", encuesta.pk)
    if destino := _destino(request):
        return redirect(destino)
    if hecha is None:
        return redirect("encuestas:pagina", encuesta.pk, uuid.uuid4(), 1)
    return redirect("encuestas:retomar", encuesta.pk, hecha.clave)


@leer_y_escribir
@con_encuesta
def codigo(request, encuesta, pagina):
    """Donde se escribe el código de un solo uso."""
    if encuesta.modo != Modo.CODIGO:
        raise Http404
    if encuesta.ejercicio.fase != Fase.ABIERTA:
        return cerrada(request, encuesta, pagina)
    inicial = {"codigo": request.GET.get("codigo", "")[:CODIGO_MAXIMO]}
    formulario = CodigoForm(
        request.POST if request.method == "POST" else None,
        ejercicio=encuesta.ejercicio,
        propio=codigos.codigo_de(request, encuesta.ejercicio),
        initial=inicial,
    )
    estado = 200
    if request.method == "POST":
        if demasiados := ratelimit.consume_or_429(request, action="codigo_encuesta"):
            return demasiados
        if formulario.is_valid():
            codigos.recordar(request, formulario.cleaned_data["codigo"])
            return redirect(_destino(request) or reverse("encuestas:responder", args=[encuesta.pk]))
        estado = 422
    contexto = {
        "pagina": pagina,
        "formulario": formulario,
        "anulado": request.method != "POST" and codigos.se_anulo(request, encuesta.ejercicio),
    }
    return render(request, "encuestas/codigo.html", contexto, status=estado)


@require_safe
@con_encuesta
def retomar(request, encuesta, pagina, clave):
    """La dirección que se guarda para seguir después: lleva a donde quedó, o al recibo si ya se envió."""
    if salida := puerta(request, encuesta):
        return salida
    curso = curso_de(request, encuesta, pagina, clave)
    if curso.respuesta is None:
        raise Http404
    if curso.enviada:
        return redirect(curso.direccion("recibo"))
    return redirect(curso.direccion("pagina", min(curso.respuesta.pagina or 1, len(curso.formulario.paginas))))


@leer_y_escribir
@con_encuesta
def pagina(request, encuesta, pagina, clave, numero):
    """Una página del formulario. Lo contestado se guarda en cada paso, también al volver y al dejarlo para después."""
    if encuesta.secreta:
        raise Http404
    if salida := puerta(request, encuesta):
        return salida
    curso = curso_de(request, encuesta, pagina, clave)
    if not 1 <= numero <= len(curso.formulario.paginas):
        raise Http404
    if curso.terminada:
        messages.info(request, _("Esta respuesta ya se había enviado."))
        return redirect(curso.direccion("recibo"))
    if request.method == "POST":
        return _recibir_pagina(request, curso, numero)
    if not curso.abierta:
        return cerrada(request, encuesta, pagina, guardada=curso.respuesta is not None)
    if "descartar" in request.GET:
        rescate.olvidar(request)
        return redirect(request.path)
    if curso.clave != clave or (curso.respuesta is None and numero > 1):
        return redirect(curso.direccion("pagina", numero if curso.respuesta else 1))
    actual = curso.formulario.paginas[numero - 1]
    if actual not in paginas_visibles(curso.formulario, curso.valores):
        return redirect(curso.direccion_de_pagina(curso.vecinas(numero, curso.valores)[1]))
    rescatado = rescate.recuperar(request)
    formulario = _formulario(request, curso, numero, _como_envio(rescatado) if rescatado else None, exigir=False)
    return _mostrar(request, curso, numero, formulario, rescatado=rescatado)


def _como_envio(rescatado) -> QueryDict:
    """Lo conservado antes de entrar, como llegó."""
    datos = QueryDict(mutable=True)
    for campo, valores in rescatado["datos"].items():
        datos.setlist(campo, valores)
    for campo, fichas in rescatado["fichas"].items():
        datos.setlist(f"{campo}__ficha", fichas)
    return datos


def _formulario(request, curso, numero, datos=None, archivos=None, *, exigir=True) -> PaginaForm:
    participante = participante_en(request, curso.encuesta)

    def subir(archivo):
        if participante is None and not ratelimit.consume(request, action="subida_sin_sesion"):
            raise ValidationError(_("Se han subido muchos archivos desde aquí. Inténtelo en una hora."), code="limite")
        return adjuntos.guardar(archivo=archivo, participante=participante)

    return PaginaForm(
        datos,
        archivos,
        formulario=curso.formulario,
        pagina=curso.formulario.paginas[numero - 1],
        valores=curso.valores,
        semilla=str(curso.clave),
        exigir=exigir,
        subir=subir,
        excedidos=getattr(request, "archivos_excedidos", ()),
    )


def _mostrar(request, curso, numero, formulario, *, rescatado=None, estado=200):
    visibles = paginas_visibles(curso.formulario, curso.valores | getattr(formulario, "propios", {}))
    actual = curso.formulario.paginas[numero - 1]
    puesto = visibles.index(actual) + 1 if actual in visibles else 1
    contexto = {
        "pagina": curso.pagina,
        "curso": curso,
        "formulario": formulario,
        "actual": actual,
        "puesto": puesto,
        "total": max(len(visibles), puesto),
        "anterior": curso.vecinas(numero, curso.valores)[0],
        "sello": sello_de(curso.version),
        "rescatable": curso.encuesta.modo == Modo.CUENTA,
        "rescatado": rescatado,
    }
    return render(request, "encuestas/responder.html", contexto, status=estado)


def _recibir_pagina(request, curso, numero):
    """Guarda lo que sirva de la página, aunque falte corregir algo, y dice a dónde seguir."""
    accion = request.POST.get("accion", "siguiente")
    if request.htmx:
        formulario = _formulario(request, curso, numero, request.POST, exigir=False)
        formulario.is_valid()
        return render(request, "formularios/_cambios.html", {"formulario": formulario})
    formulario = _formulario(request, curso, numero, request.POST, request.FILES, exigir=accion == "siguiente")
    valido, estado = formulario.is_valid(), 422
    if valido or any(contestada(valor) for valor in formulario.propios.values()):
        try:
            curso = _guardar(request, curso, numero, formulario.propios)
        except ValidationError as error:
            formulario.add_error(None, error)
            valido, estado = False, 429 if error.code == "limite" else 422
    if not curso.abierta:
        return cerrada(request, curso.encuesta, curso.pagina, guardada=curso.respuesta is not None)
    if not valido:
        return _mostrar(request, curso, numero, formulario, estado=estado)
    rescate.olvidar(request)
    anterior, siguiente = curso.vecinas(numero, curso.valores | formulario.propios)
    if accion == "guardar":
        return redirect(curso.direccion("guardada"))
    if accion == "anterior":
        return redirect(curso.direccion("pagina", anterior or numero))
    if nuevas := formulario.faltan_por_ver:
        messages.info(request, _("Según lo que respondió, en esta página hay preguntas nuevas."))
        return redirect(f"{curso.direccion('pagina', numero)}#e-{nuevas[0].clave}")
    return redirect(curso.direccion_de_pagina(siguiente))


def _guardar(request, curso, numero, valores):
    """El curso con lo contestado a salvo; la fila nace con lo primero que se contesta.

    Lanza ValidationError (code="limite") si desde esa dirección se han abierto demasiadas respuestas sin cuenta.
    """
    if curso.respuesta is None:
        if not curso.abierta:
            return curso
        if curso.encuesta.modo == Modo.ANONIMA and not ratelimit.consume(request, action="encuesta_anonima"):
            raise ValidationError(
                _("Desde su conexión se han enviado muchas respuestas. Espere unos minutos: lo que escribió sigue aquí."),
                code="limite",
            )
        respuesta = empezar(
            encuesta=curso.encuesta,
            version=curso.version,
            clave=curso.clave,
            participante=participante_en(request, curso.encuesta),
            codigo=codigos.codigo_de(request, curso.encuesta.ejercicio) if curso.encuesta.modo == Modo.CODIGO else None,
        )
        curso = replace(curso, respuesta=respuesta, clave=respuesta.clave)
    guardar_parcial(respuesta=curso.respuesta, valores=valores, pagina=numero, corrige=curso.enviada)
    return curso


@require_safe
@con_encuesta
def guardada(request, encuesta, pagina, clave):
    """Cómo volver más tarde a lo que quedó guardado."""
    if salida := puerta(request, encuesta):
        return salida
    curso = curso_de(request, encuesta, pagina, clave)
    if curso.respuesta is None:
        raise Http404
    enlace = request.build_absolute_uri(curso.direccion("retomar"))
    contexto = {"pagina": pagina, "curso": curso, "enlace": enlace, "es_anonima": encuesta.modo == Modo.ANONIMA}
    return render(request, "encuestas/guardada.html", contexto)


@leer_y_escribir
@con_encuesta
def revisar(request, encuesta, pagina, clave):
    """Todo lo contestado antes de enviarlo, y el envío."""
    if encuesta.secreta:
        raise Http404
    if salida := puerta(request, encuesta):
        return salida
    curso = curso_de(request, encuesta, pagina, clave)
    if curso.respuesta is None:
        return redirect(curso.direccion("pagina", 1))
    if curso.terminada:
        return redirect(curso.direccion("recibo"))
    if not curso.abierta:
        return cerrada(request, encuesta, pagina, guardada=True)
    participante, estado, lleno = participante_en(request, encuesta), 200, ""
    inicial = {"organizacion": curso.respuesta.organizacion_id or ""}
    quien = EnNombreDeForm(request.POST if request.method == "POST" else None, participante=participante, initial=inicial)
    if request.method == "POST":
        if quien.is_valid():
            try:
                enviar_respuesta(
                    respuesta=curso.respuesta, valores=curso.valores, organizacion=quien.cleaned_data.get("organizacion")
                )
                return redirect(curso.direccion("recibo"))
            except ValidationError as error:
                if error.code == "cerrada":
                    return cerrada(request, encuesta, pagina, guardada=True)
                if error.code == "cupo":
                    lleno = error.message
                else:
                    quien.add_error(None, error)
        estado = 422
    contexto = {
        "pagina": pagina,
        "curso": curso,
        "quien": quien,
        "lleno": lleno,
        "base": curso.direccion("retomar"),
        "anterior": curso.direccion_de_pagina(curso.vecinas(len(curso.formulario.paginas) + 1, curso.valores)[0]),
        "paginas": resumen(curso.formulario, curso.valores),
        "faltan": {pregunta.clave for pregunta in sin_completar(curso.formulario, curso.valores)},
    }
    return render(request, "encuestas/revisar.html", contexto, status=estado)


@require_safe
@con_encuesta
def recibo(request, encuesta, pagina, clave):
    """La constancia de haber respondido, con su referencia y lo que se respondió."""
    if salida := _entrar_a_leer(request, encuesta):
        return salida
    curso = curso_de(request, encuesta, pagina, clave)
    if curso.respuesta is None:
        raise Http404
    if not curso.enviada:
        return redirect(curso.direccion("retomar"))
    contexto = {
        "pagina": pagina,
        "curso": curso,
        "respuesta": curso.respuesta,
        "url_pagina": direccion_de(request, pagina),
        "url_corregir": curso.direccion("pagina", 1),
        "paginas": resumen(curso.formulario, de_respuesta(curso.respuesta)),
        **presentacion.de_los_resultados(encuesta),
    }
    return render(request, "encuestas/recibida.html", contexto)


def _entrar_a_leer(request, encuesta):
    """Para leer lo propio basta entrar: no se exige cumplir otra vez los requisitos de participar."""
    if encuesta.modo == Modo.CUENTA and request.user.is_authenticated:
        return None
    return puerta(request, encuesta)


@never_cache
@require_safe
@login_required
def mis_respuestas(request):
    """Las encuestas que la persona respondió o dejó a medias con su cuenta."""
    consulta = (
        Respuesta.objects.filter(participante__cuenta=request.user, ejercicio__sitio=ajustes_de(request).site)
        .exclude(estado=EstadoRespuesta.ANULADA)
        .select_related("ejercicio__encuesta")
        .order_by("-actualizada_en")
    )
    pagina = Paginator(consulta, POR_PAGINA).get_page(request.GET.get("page"))
    return render(request, "encuestas/mis_respuestas.html", {"pagina": pagina})
