from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cuentas import requisitos
from cuentas.actions import participante_de
from cuentas.models import Organizacion
from home.marco import ajustes_de, direccion_de
from participacion.adjuntos import rescate
from participacion.adjuntos.models import Adjunto
from participacion.apoyos import actions as apoyos
from participacion.apoyos.models import Apoyo
from participacion.apoyos.querysets import organizaciones_de
from participacion.ejercicios.models import Ejercicio
from participacion.ejercicios.paginas import pagina_de, pagina_por_ruta, servir_como_pagina

from . import actions
from .filters import OPCIONES, PropuestaFilter
from .forms import PropuestaForm
from .models import Propuesta, RetoPage
from .presentacion import ultimo_motivo
from .rules import es_autor, la_ve_siempre, puede_ver, puede_ver_adjunto

POR_PAGINA = 20
RUTA_MAXIMA = 200


def con_reto(vista):
    """Da a la vista la página del reto y su ejercicio, y respeta las restricciones que Wagtail tenga para la página."""

    @wraps(vista)
    def envoltura(request, ruta):
        reto = pagina_por_ruta(request, ruta, RetoPage) if len(ruta) <= RUTA_MAXIMA else None
        if reto is None:
            raise Http404
        sitio = ajustes_de(request).site
        ejercicio = get_object_or_404(Ejercicio, sitio=sitio, translation_key=reto.translation_key)
        return servir_como_pagina(request, reto, lambda: vista(request, reto, ejercicio))

    return envoltura


@require_safe
@con_reto
def propuestas(request, reto, ejercicio):
    """La lista de propuestas de un reto, con filtros y orden."""
    filtro = PropuestaFilter(request.GET, queryset=ejercicio.propuestas.publicas())
    consulta = filtro.qs if filtro.is_valid() else filtro.queryset.none()
    pagina = Paginator(consulta.versiones(), POR_PAGINA).get_page(request.GET.get("page"))
    return render(
        request,
        "retos/propuestas.html",
        {
            "reto": reto,
            "url_reto": direccion_de(request, reto),
            "ejercicio": ejercicio,
            "filtro": filtro,
            "pagina": pagina,
            "elegidos": request.GET.getlist("actor"),
            "filtrando": any(request.GET.get(campo) for campo in filtro.filters),
            **OPCIONES,
        },
        status=200 if filtro.is_valid() else 400,
    )


def _obtener(request, pk: int) -> Propuesta:
    sitio = ajustes_de(request).site  # antes que Wagtail: trae el sitio y sus ajustes en una consulta
    return get_object_or_404(Propuesta.objects.con_detalle(), pk=pk, ejercicio__sitio=sitio)


def _reto_de(request, propuesta: Propuesta) -> RetoPage | None:
    """La página de su reto en el idioma actual; None si hoy no está publicada."""
    return pagina_de(request, propuesta.ejercicio, RetoPage)


def _propia(request, pk: int) -> Propuesta:
    """La propuesta si es de quien pide; a los demás no se les dice que existe."""
    propuesta = _obtener(request, pk)
    if not es_autor.test(request.user, propuesta):
        raise Http404
    return propuesta


def _contexto_apoyo(request, propuesta) -> dict:
    contexto = {"propuesta": propuesta, "ejercicio": propuesta.ejercicio}
    if not request.user.is_authenticated:
        return contexto
    propios = Apoyo.objects.de(propuesta).filter(participante__cuenta=request.user)
    if apoyo := propios.select_related("organizacion").only("organizacion__nombre").first():
        return contexto | {"apoyo": apoyo}
    return contexto | {"organizaciones": organizaciones_de(request.user, propuesta)}


def _servir(request, propuesta, vista):
    """La respuesta de `vista()` a quien puede ver la propuesta y la página de su reto; a los demás, que no existe."""
    if not puede_ver.test(request.user, propuesta):
        raise Http404
    if la_ve_siempre.test(request.user, propuesta):
        return vista()
    reto = _reto_de(request, propuesta)
    if reto is None:
        raise Http404
    return servir_como_pagina(request, reto, vista)


@require_safe
def propuesta(request, pk):
    """El detalle de una propuesta."""
    propuesta = _obtener(request, pk)
    return _servir(request, propuesta, lambda: _detalle(request, propuesta))


def _detalle(request, propuesta):
    propia = es_autor.test(request.user, propuesta)
    reto = _reto_de(request, propuesta)
    return render(
        request,
        "retos/propuesta.html",
        {
            **_contexto_apoyo(request, propuesta),
            "reto": reto,
            "url_propuestas": reto and f"{direccion_de(request, reto)}propuestas/",
            "adjuntos": Adjunto.objects.de(propuesta) if puede_ver_adjunto.test(request.user, propuesta) else [],
            "propia": propia,
            "motivo": ultimo_motivo(propuesta) if propia else "",
        },
    )


def _formulario(request, reto, ejercicio, propuesta=None):
    """Crear o editar: la misma pantalla y el mismo camino, con o sin propuesta ya guardada."""
    contexto = {"reto": reto, "ejercicio": ejercicio, "propuesta": propuesta}
    if "descartar" in request.GET:
        rescate.olvidar(request)
        return redirect(request.path)
    rescatado = rescate.recuperar(request)
    if propuesta is None and request.method != "POST" and not ejercicio.esta_abierto and not rescatado:
        return render(request, "retos/propuesta_fuera_de_plazo.html", contexto)
    estado, faltan, volver = 200, None, request.path
    participante = participante_de(request.user) if request.user.is_authenticated else None
    if request.method == "POST":
        if participante is None:
            return rescate.a_ingresar(request)
        enviar = request.POST.get("accion") == "enviar"
        formulario = PropuestaForm(
            request.POST,
            request.FILES,
            participante=participante,
            borrador=not enviar,
            archivo_excedido="archivo" in getattr(request, "archivos_excedidos", ()),
        )
        if formulario.is_valid():
            try:
                return _guardar(request, formulario, participante, ejercicio, enviar)
            except ValidationError as error:
                codigo = getattr(error, "code", None)
                if codigo in ("enviada", "transicion"):
                    return _ya_enviada(request, formulario, participante)
                if codigo == "requisitos":
                    # El borrador quedó guardado: al cumplirlos se sigue en él.
                    faltan = error.params["requisitos"]
                    volver = reverse("retos:editar", args=[_de_clave(formulario, participante).pk])
                else:
                    formulario.add_error(None, error)
        estado = 422
    else:
        inicial = _inicial(propuesta)
        if rescatado:
            campos = {campo: valores[-1] for campo, valores in rescatado["datos"].items()}
            inicial |= campos | {"ficha": rescatado["fichas"].get("archivo", campos.get("ficha", ""))}
        formulario = PropuestaForm(
            initial=inicial,
            actual=Adjunto.objects.de(propuesta).first() if propuesta else None,
            participante=participante,
        )
    no_se_envio = faltan is not None
    if faltan is None and participante is not None:
        faltan = requisitos.faltantes(participante, ajustes_de(request).site, ejercicio.nivel_minimo)
    contexto.update(
        requisitos=faltan,
        no_se_envio=no_se_envio,
        volver=volver,
        formulario=formulario,
        campos_texto=[formulario[nombre] for nombre in ("titulo", "resumen", "descripcion")],
        archivo_guardado=formulario.archivo_guardado(),
        rescatado=rescatado if request.method != "POST" else None,
        limite=actions.limite_de_envio(propuesta, ejercicio) if propuesta else ejercicio.cierre,
        motivo=ultimo_motivo(propuesta) if propuesta else "",
    )
    return render(request, "retos/propuesta_formulario.html", contexto, status=estado)


def _de_clave(formulario, participante) -> Propuesta:
    """La propuesta que ya se guardó con este formulario."""
    return get_object_or_404(Propuesta, clave_envio=formulario.cleaned_data["clave_envio"], autor=participante)


def _ya_enviada(request, formulario, participante):
    """Doble clic, recarga o botón «atrás»: la primera vez ya contó."""
    propuesta = _de_clave(formulario, participante)
    messages.info(request, _("Esta propuesta ya se había enviado; no se envió otra vez."))
    return redirect("retos:recibida", propuesta.pk)


def _inicial(propuesta) -> dict:
    if propuesta is None:
        return {}
    return {
        "titulo": propuesta.titulo,
        "resumen": propuesta.resumen,
        "descripcion": propuesta.descripcion,
        "organizacion": propuesta.organizacion_id or "",
        "clave_envio": propuesta.clave_envio,
    }


def _guardar(request, formulario, participante, ejercicio, enviar):
    """Guarda el borrador y, si se pidió, lo envía. Un envío tardío deja el borrador guardado."""
    datos = formulario.cleaned_data
    propuesta = actions.guardar_borrador(
        actor=request.user,
        participante=participante,
        ejercicio=ejercicio,
        clave_envio=datos["clave_envio"],
        titulo=datos["titulo"],
        resumen=datos["resumen"],
        descripcion=datos["descripcion"],
        organizacion=datos["organizacion"],
        adjunto=formulario.adjunto(),
    )
    rescate.olvidar(request)
    if not enviar:
        messages.success(request, _("Borrador guardado. Sólo usted lo ve."))
        return redirect("retos:editar", propuesta.pk)
    actions.enviar_propuesta(propuesta=propuesta, actor=request.user)
    return redirect("retos:recibida", propuesta.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@con_reto
def proponer(request, reto, ejercicio):
    """Una propuesta nueva para un reto."""
    return _formulario(request, reto, ejercicio)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def editar(request, pk):
    """Seguir un borrador, o corregir lo que devolvió la moderación."""
    if not request.user.is_authenticated:
        return rescate.a_ingresar(request)
    propuesta = _propia(request, pk)
    if not propuesta.es_editable:
        return redirect(propuesta)
    return _formulario(request, _reto_de(request, propuesta), propuesta.ejercicio, propuesta)


@never_cache
@require_safe
@login_required
def recibida(request, pk):
    """La constancia de haber enviado, con la referencia."""
    propuesta = _propia(request, pk)
    if not propuesta.referencia:
        raise Http404
    return render(request, "retos/propuesta_recibida.html", {"propuesta": propuesta})


@never_cache
@require_safe
@login_required
def mis_propuestas(request):
    """Lo que la persona ha escrito y en qué va."""
    consulta = (
        Propuesta.objects.filter(autor__cuenta=request.user)
        .select_related("ejercicio", "organizacion")
        .order_by("-actualizada_en")
    )
    return render(
        request,
        "retos/mis_propuestas.html",
        {"pagina": Paginator(consulta, POR_PAGINA).get_page(request.GET.get("page"))},
    )


def _confirmar(request, pk, *, accion, plantilla, hecho):
    """Pregunta antes de algo sin vuelta atrás sobre una propuesta propia, y lo hace al confirmarlo."""
    propuesta = _propia(request, pk)
    if request.method != "POST":
        return render(request, plantilla, {"propuesta": propuesta})
    try:
        accion(propuesta=propuesta, actor=request.user)
        messages.success(request, hecho)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("retos:mis_propuestas")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retirar(request, pk):
    return _confirmar(
        request,
        pk,
        accion=actions.retirar_propuesta,
        plantilla="retos/confirmar_retiro.html",
        hecho=_("Su propuesta fue retirada."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def borrar(request, pk):
    return _confirmar(
        request,
        pk,
        accion=actions.borrar_borrador,
        plantilla="retos/confirmar_borrado.html",
        hecho=_("El borrador fue borrado."),
    )


@require_POST
def apoyar(request, pk):
    """Apoya o retira el apoyo (`accion=retirar`). Con HTMX devuelve sólo el botón."""
    propuesta = _obtener(request, pk)
    return _servir(request, propuesta, lambda: _apoyar(request, propuesta))


def _en_nombre_de(request, participante) -> Organizacion | None:
    """La organización que eligió; None si apoya en su propio nombre.

    Lanza ValidationError si no es ninguna de las que ha integrado: no se dice siquiera si existe.
    """
    elegida = request.POST.get("organizacion", "")
    if not elegida:
        return None
    suyas = Organizacion.objects.filter(membresias__participante=participante)
    organizacion = next((organizacion for organizacion in suyas if str(organizacion.pk) == elegida), None)
    if organizacion is None:
        raise ValidationError(_("No puede actuar en nombre de esa organización."), code="organizacion")
    return organizacion


def _apoyar(request, propuesta):
    if not request.user.is_authenticated:
        return redirect_to_login(propuesta.get_absolute_url())
    participante = participante_de(request.user)
    errores, faltan = [], []
    try:
        if request.POST.get("accion") == "retirar":
            apoyos.retirar_apoyo(objeto=propuesta, participante=participante)
        else:
            organizacion = _en_nombre_de(request, participante)
            apoyos.apoyar(objeto=propuesta, participante=participante, organizacion=organizacion)
    except ValidationError as error:
        if getattr(error, "code", None) == "requisitos":
            faltan = error.params["requisitos"]
        else:
            errores = error.messages
    volver = propuesta.get_absolute_url() + "#apoyo"
    if request.htmx:
        propuesta.refresh_from_db(fields=["apoyos"])
        contexto = {"mensajes_apoyo": errores, "requisitos": faltan, "volver": volver}
        return render(request, "retos/_apoyo.html", {**_contexto_apoyo(request, propuesta), **contexto})
    if faltan:
        contexto = {"propuesta": propuesta, "requisitos": faltan, "volver": volver}
        return render(request, "retos/apoyo_requisitos.html", contexto, status=422)
    for mensaje in errores:
        messages.error(request, mensaje)
    return redirect(volver)
