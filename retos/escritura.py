"""Escribir una propuesta: la pantalla con su texto, las preguntas del reto y los archivos, y el guardado que se hace solo."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cuentas import requisitos
from cuentas.actions import participante_de
from home.marco import ajustes_de, direccion_de
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos import rescate
from participacion.formularios.definicion import Pagina
from participacion.formularios.forms import PaginaForm, en_una_pagina

from . import actions, autoguardado, contenido, identidad
from .acceso import con_reto, propuesta_del_equipo, reto_de
from .envio import limite_de_envio
from .forms import PropuestaForm, en_columnas
from .models import Propuesta
from .presentacion import ultimo_motivo
from .rules import es_autor, es_del_equipo


def preguntas(
    request, ejercicio, propuesta, participante, datos=None, archivos=None, *, exigir=False, solo=None
) -> PaginaForm | None:
    """Las preguntas propias del reto, todas en una página, o sólo las de unas claves; None si no tiene."""
    version = contenido.version_de(propuesta, ejercicio)
    if version is None:
        return None
    formulario = version.formulario(get_language() or "")
    pagina = en_una_pagina(formulario)
    pagina = replace(pagina, elementos=tuple(map(_con_reserva, pagina.elementos)))
    if solo is not None:
        pagina = Pagina("pedidas", elementos=tuple(p for p in pagina.preguntas if p.clave in solo))
    return PaginaForm(
        datos,
        archivos,
        formulario=formulario,
        pagina=pagina,
        valores=contenido.valores_de(propuesta),
        semilla=str(propuesta.clave_envio if propuesta else ejercicio.pk),
        exigir=exigir,
        subir=lambda archivo: adjuntos.guardar(archivo=archivo, participante=participante),
        excedidos=getattr(request, "archivos_excedidos", ()),
    )


def _con_reserva(elemento):
    """A quien escribe se le dice qué no se publica."""
    if getattr(elemento, "publica", True):
        return elemento
    return replace(elemento, ayuda=" ".join(filter(None, [elemento.ayuda, _("Confidencial: no se publica.")])))


def repartir(error: ValidationError, *formularios) -> None:
    """Pone cada parte del error junto a su campo, en el formulario que lo tiene; lo demás, arriba."""
    if not hasattr(error, "error_dict"):
        formularios[0].add_error(None, error)
        return
    for campo, errores in error.error_dict.items():
        dueno = next((formulario for formulario in formularios if formulario and campo in formulario.fields), None)
        (dueno or formularios[0]).add_error(campo if dueno else None, ValidationError(errores))


def _escribir(request, reto, ejercicio, propuesta=None):
    """Crear o editar: la misma pantalla y el mismo camino, con o sin propuesta ya guardada."""
    if "descartar" in request.GET:
        rescate.olvidar(request)
        return redirect(request.path)
    if request.method == "POST":
        return _recibir(request, reto, ejercicio, propuesta)
    rescatado = rescate.recuperar(request)
    if propuesta is None and not ejercicio.esta_abierto and not rescatado:
        return render(request, "retos/propuesta_fuera_de_plazo.html", {"reto": reto, "ejercicio": ejercicio})
    participante = participante_de(request.user) if request.user.is_authenticated else None
    inicial, datos = _inicial(propuesta), None
    if rescatado:
        datos = como_envio(rescatado)
        inicial |= como_inicial(datos)
    formulario = PropuestaForm(initial=inicial, participante=participante, ejercicio=ejercicio, propuesta=propuesta)
    pagina = preguntas(request, ejercicio, propuesta, participante, datos)
    return _mostrar(request, reto, ejercicio, propuesta, formulario, pagina, rescatado=rescatado)


def como_envio(rescatado) -> QueryDict:
    """Lo conservado antes de entrar, como llegó; sus archivos, por su ficha."""
    datos = QueryDict(mutable=True)
    for campo, valores in rescatado["datos"].items():
        datos.setlist(campo, valores)
    for campo, fichas in rescatado["fichas"].items():
        campo = "ficha" if campo == "archivo" else f"{campo}__ficha"
        datos.setlist(campo, [*datos.getlist(campo), *fichas])
    return datos


def como_inicial(datos: QueryDict) -> dict:
    """Lo mismo, para volver a mostrarlo sin darlo por enviado."""
    return {campo: datos.getlist(campo) if campo == "ficha" else datos[campo] for campo in datos}


def _inicial(propuesta) -> dict:
    if propuesta is None:
        return {}
    campos = ("titulo", "resumen", "descripcion", "licencia", "clave_envio", "sello")
    return {"organizacion": propuesta.organizacion_id or "", **{campo: getattr(propuesta, campo) for campo in campos}}


def _mostrar(request, reto, ejercicio, propuesta, formulario, pagina, *, rescatado=None, faltan=None, confirmar=False, estado=200):
    participante, no_se_envio = formulario.participante, faltan is not None
    if faltan is None and participante is not None:
        faltan = requisitos.faltantes(participante, ajustes_de(request).site, ejercicio.nivel_minimo)
    contexto = {
        "reto": reto,
        "ejercicio": ejercicio,
        "propuesta": propuesta,
        "formulario": formulario,
        "pagina": pagina,
        "campos_texto": en_columnas(formulario, contenido.TEXTOS),
        "confirmar": confirmar,
        "envia": propuesta is None or es_autor.test(request.user, propuesta),
        "requisitos": faltan,
        "no_se_envio": no_se_envio,
        "volver": reverse("retos:editar", args=[propuesta.pk]) if propuesta else request.path,
        "rescatado": rescatado,
        "limite": limite_de_envio(propuesta, ejercicio) if propuesta else ejercicio.cierre,
        "motivo": ultimo_motivo(propuesta) if propuesta else "",
        "url_parecidas": reto and f"{direccion_de(request, reto)}parecidas/",
    }
    return render(request, "retos/propuesta_formulario.html", contexto, status=estado)


def _recibir(request, reto, ejercicio, propuesta):
    automatico = autoguardado.es_automatico(request)
    if request.htmx:
        pagina = preguntas(request, ejercicio, propuesta, None, request.POST)
        if pagina is None:
            raise Http404
        pagina.is_valid()
        return render(request, "formularios/_cambios.html", {"formulario": pagina})
    if not request.user.is_authenticated:
        return autoguardado.sin_guardar(_("Su sesión terminó. Use «Guardar borrador»."), 403) if automatico else rescate.a_ingresar(request)
    participante = participante_de(request.user)
    enviar = request.POST.get("accion") == "enviar" and not automatico
    if enviar and propuesta and not es_autor.test(request.user, propuesta):
        raise PermissionDenied
    formulario = PropuestaForm(
        request.POST,
        {} if automatico else request.FILES,
        participante=participante,
        ejercicio=ejercicio,
        propuesta=propuesta,
        borrador=not enviar,
        archivo_excedido="archivo" in getattr(request, "archivos_excedidos", ()),
    )
    archivos = {} if automatico else request.FILES
    pagina = preguntas(request, ejercicio, propuesta, participante, request.POST, archivos, exigir=enviar)
    validos = [cada.is_valid() for cada in (formulario, pagina) if cada is not None]
    if automatico:
        return _guardar_solo(request, ejercicio, formulario, pagina) if all(validos) else autoguardado.sin_guardar(autoguardado.por_que(formulario, pagina), 422)
    subidos = formulario.subir_nuevos()
    if not (all(validos) and subidos):
        return _mostrar(request, reto, ejercicio, propuesta, formulario, pagina, estado=422)
    try:
        propuesta = _guardar(request, ejercicio, formulario, pagina)
    except ValidationError as error:
        codigo = getattr(error, "code", None)
        if codigo == "enviada":
            return _ya_enviada(request, formulario)
        if codigo == "sello":
            formulario.data = formulario.data.copy()
            formulario.data["sello"] = error.params["sello"]
        repartir(error, formulario, pagina)
        propuesta = propuesta or Propuesta.objects.filter(clave_envio=formulario.cleaned_data["clave_envio"]).first()
        return _mostrar(request, reto, ejercicio, propuesta, formulario, pagina, estado=409 if codigo == "sello" else 422)
    rescate.olvidar(request)
    if pagina is not None and (nuevas := pagina.faltan_por_ver):
        messages.info(request, _("El borrador quedó guardado. Según lo que respondió, hay preguntas nuevas."))
        return redirect(f"{reverse('retos:editar', args=[propuesta.pk])}#e-{nuevas[0].clave}")
    if not enviar:
        messages.success(request, _("Borrador guardado. Sólo usted y su equipo lo ven."))
        return redirect("retos:editar", propuesta.pk)
    return _enviar(request, reto, ejercicio, propuesta, formulario, pagina)


def _guardar(request, ejercicio, formulario, pagina) -> Propuesta:
    return actions.guardar_borrador(
        actor=request.user,
        participante=formulario.participante,
        ejercicio=ejercicio,
        valores=pagina.propios if pagina is not None else None,
        **formulario.para_guardar(),
    )


def _enviar(request, reto, ejercicio, propuesta, formulario, pagina):
    """Con el borrador ya guardado: un envío que no pasa no pierde nada."""
    confirma = formulario.cleaned_data["confirma_identidad"]
    try:
        actions.enviar_propuesta(propuesta=propuesta, actor=request.user, confirma_identidad=confirma)
        return redirect("retos:recibida", propuesta.pk)
    except ValidationError as error:
        codigo = getattr(error, "code", None)
        if codigo == "transicion":
            return _ya_enviada(request, formulario)
        # Lo guardado es ya lo que se muestra: los archivos y el sello son los del borrador.
        formulario.propuesta = propuesta
        formulario.ya_guardados()
        formulario.data["sello"] = propuesta.sello
        faltan = error.params["requisitos"] if codigo == "requisitos" else None
        if faltan is None:
            repartir(error, formulario, pagina)
        return _mostrar(
            request, reto, ejercicio, propuesta, formulario, pagina,
            faltan=faltan, confirmar=identidad.es_aviso(error), estado=422,
        )  # fmt: skip


def _ya_enviada(request, formulario):
    """Doble clic, recarga o botón «atrás»: la primera vez ya contó."""
    propuesta = get_object_or_404(Propuesta, clave_envio=formulario.cleaned_data["clave_envio"])
    if not es_del_equipo.test(request.user, propuesta):
        raise PermissionDenied
    messages.info(request, _("Esta propuesta ya se había enviado; no se envió otra vez."))
    return redirect("retos:recibida", propuesta.pk) if es_autor.test(request.user, propuesta) else redirect(propuesta)


def _ya_no_se_edita(request, propuesta):
    """Alguien de su equipo la envió en otra ventana, o es un doble clic: la primera vez ya contó."""
    perdido = _("Esta propuesta ya se envió: lo último que escribió no se guardó.")
    if autoguardado.es_automatico(request):
        return autoguardado.sin_guardar(perdido, 409)
    if request.POST.get("accion") == "enviar":
        messages.info(request, _("Esta propuesta ya se había enviado; no se envió otra vez."))
    elif request.method == "POST":
        messages.error(request, perdido)
    return redirect(propuesta)


# --- El guardado que se hace solo -----------------------------------------------------------


def _guardar_solo(request, ejercicio, formulario, pagina) -> JsonResponse:
    """Guarda el texto sin archivos, que sólo suben con el botón."""
    try:
        propuesta = _guardar(request, ejercicio, formulario, pagina)
    except ValidationError as error:
        return autoguardado.sin_guardar(" ".join(error.messages), 409)
    return autoguardado.guardado(
        propuesta.actualizada_en, sello=propuesta.sello, url=reverse("retos:editar", args=[propuesta.pk])
    )


# --- Las vistas ---------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@con_reto
def proponer(request, reto, ejercicio):
    """Una propuesta nueva para un reto."""
    return _escribir(request, reto, ejercicio)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def editar(request, pk):
    """Seguir un borrador, o corregir lo que devolvió la moderación."""
    if not request.user.is_authenticated and not autoguardado.es_automatico(request):
        return rescate.a_ingresar(request)
    propuesta = propuesta_del_equipo(request, pk)
    if not propuesta.es_editable:
        return _ya_no_se_edita(request, propuesta)
    return _escribir(request, reto_de(request, propuesta), propuesta.ejercicio, propuesta)
