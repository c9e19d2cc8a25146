from functools import wraps

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cuentas.actions import participante_de
from cuentas.enlaces import huella_de_codigo
from cuentas.organizaciones.invitaciones import es_para, velado
from home.forms import LineaField
from home.marco import ajustes_de, direccion_de
from participacion.adjuntos import rescate

from ..acceso import con_reto, obtener_propuesta, propuesta_del_equipo, propuesta_propia, reto_de, servir_propuesta
from ..models import Integrante, InvitacionEquipo, Propuesta, Union
from ..rules import es_autor, es_del_equipo
from . import integrantes, invitaciones, uniones
from . import parecidas as busqueda
from .condiciones import LIMITE, comprobar_abierto, es_del_jurado
from .correo import escribir_invitacion
from .enums import EstadoUnion
from .forms import FusionarForm, InvitarForm, SumarseForm, fusionables
from .presentacion import puede_crecer

FORMULARIO = ["GET", "HEAD", "POST"]


def _con_cuenta(vista):
    """Como `login_required`, y lo escrito vuelve a aparecer al entrar."""

    @wraps(vista)
    def envoltura(request, *args, **kwargs):
        return vista(request, *args, **kwargs) if request.user.is_authenticated else rescate.a_ingresar(request)

    return envoltura


def _inicial(request) -> dict:
    rescatado = rescate.recuperar(request)
    return {campo: valores[-1] for campo, valores in rescatado["datos"].items()} if rescatado else {}


def _enviado(request):
    """Lo que trae un POST, aunque venga vacío: entonces cada campo dice lo que le falta."""
    return request.POST if request.method == "POST" else None


def _decir(request, error: ValidationError) -> None:
    messages.error(request, " ".join(error.messages))


# --- El equipo -----------------------------------------------------------------------------


@never_cache
@require_http_methods(FORMULARIO)
@_con_cuenta
def equipo(request, pk):
    """Quiénes la escriben; a su autor, además, invitar y responder a quien pide unirse."""
    propuesta = propuesta_del_equipo(request, pk)
    propia = es_autor.test(request.user, propuesta)
    if request.method == "POST" and not propia:
        raise PermissionDenied
    formulario, estado = InvitarForm(_enviado(request), initial=_inicial(request)), 200
    if request.method == "POST":
        estado = 422
        if formulario.is_valid():
            try:
                enviada = invitaciones.invitar(propuesta=propuesta, actor=request.user, **formulario.cleaned_data)
            except ValidationError as error:
                formulario.add_error(None, error)
            else:
                rescate.olvidar(request)
                return _avisar_enviada(request, *enviada)
    return render(request, "retos/equipos/equipo.html", _del_equipo(request, propuesta, propia, formulario), status=estado)


def _del_equipo(request, propuesta: Propuesta, propia: bool, formulario) -> dict:
    contexto = {
        "propuesta": propuesta,
        "propia": propia,
        "formulario": formulario,
        "integrantes": propuesta.integrantes.select_related("participante__cuenta", "organizacion"),
        "limite": LIMITE,
        "admite": _admite(propuesta),
    }
    if propia:
        contexto |= {
            "invitaciones": propuesta.invitaciones.filter(usada_en=None, anulada_en=None)
            .select_related("organizacion")
            .order_by("-creada_en", "-pk"),
            "recibidas": propuesta.uniones_recibidas.filter(estado=EstadoUnion.PEDIDA)
            .select_related("pide__cuenta", "origen", "organizacion")
            .order_by("pedida_en", "pk"),
            "pedidas": propuesta.uniones_pedidas.filter(estado=EstadoUnion.PEDIDA).select_related("destino").order_by("pk"),
        }
    return contexto


def _admite(propuesta: Propuesta) -> str:
    """Por qué el equipo no cambia hoy, según el reloj de esta máquina: para mostrar; vacío si cambia."""
    try:
        comprobar_abierto(propuesta, propuesta.ejercicio, timezone.now())
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _avisar_enviada(request, invitacion: InvitacionEquipo, codigo: str):
    if escribir_invitacion(request, invitacion, codigo):
        messages.success(request, _("Invitación enviada a %(correo)s.") % {"correo": invitacion.correo})
    else:
        messages.error(request, _("La invitación quedó guardada, pero el correo no salió. Use «Reenviar» en unos minutos."))
    return redirect("retos:equipo", invitacion.propuesta_id)


@login_required
@require_POST
def cambiar_invitacion(request, pk, invitacion):
    """Reenviar o anular (`accion=anular`) una que espera."""
    propuesta = propuesta_propia(request, pk)
    una = get_object_or_404(propuesta.invitaciones, pk=invitacion)
    try:
        if request.POST.get("accion") != "anular":
            return _avisar_enviada(request, *invitaciones.reenviar(invitacion=una, actor=request.user))
        invitaciones.anular(invitacion=una, actor=request.user)
        messages.success(request, _("La invitación quedó anulada: su enlace ya no sirve."))
    except ValidationError as error:
        _decir(request, error)
    return redirect("retos:equipo", pk)


@login_required
@require_http_methods(FORMULARIO)
def quitar(request, pk, integrante):
    """El autor quita a alguien; antes se pregunta."""
    propuesta = propuesta_propia(request, pk)
    uno = get_object_or_404(propuesta.integrantes.select_related("participante__cuenta", "organizacion"), pk=integrante)
    if request.method != "POST":
        return render(request, "retos/equipos/quitar.html", {"propuesta": propuesta, "integrante": uno})
    try:
        integrantes.quitar(integrante=uno, actor=request.user)
        messages.success(request, _("Ya no es del equipo."))
    except ValidationError as error:
        _decir(request, error)
    return redirect("retos:equipo", pk)


@login_required
@require_http_methods(FORMULARIO)
def dejar(request, pk):
    """Alguien deja el equipo; antes se pregunta."""
    propuesta = propuesta_del_equipo(request, pk)
    uno = get_object_or_404(Integrante, propuesta=propuesta, participante__cuenta=request.user)
    if request.method != "POST":
        return render(request, "retos/equipos/dejar.html", {"propuesta": propuesta})
    integrantes.dejar(integrante=uno, actor=request.user)
    messages.success(request, _("Dejó el equipo de «%(titulo)s».") % {"titulo": propuesta.titulo or _("Sin título")})
    return redirect("retos:mis_propuestas")


# --- La invitación, para quien la recibe -----------------------------------------------------


@never_cache
@require_http_methods(FORMULARIO)
def invitacion(request, codigo):
    """El enlace del correo: dice a qué se suma y sólo al oprimir el botón se acepta."""
    consulta = InvitacionEquipo.objects.select_related("propuesta__ejercicio", "propuesta__autor__cuenta", "organizacion")
    sitio = ajustes_de(request).site
    una = consulta.filter(huella=huella_de_codigo(codigo), propuesta__ejercicio__sitio=sitio).first()
    if una is None:
        return render(request, "retos/equipos/invitacion.html", {"estado": "no_existe"}, status=404)
    estado, faltan, errores = _estado(request, una), None, []
    if request.method == "POST" and estado == "aceptar":
        try:
            invitaciones.aceptar(invitacion=una, actor=request.user)
            messages.success(request, _("Ya es del equipo: puede leer y escribir la propuesta."))
            return redirect("retos:equipo", una.propuesta_id)
        except ValidationError as error:
            codigo_error = getattr(error, "code", None)
            if codigo_error == "no_vigente":
                estado = "no_vigente"
            elif codigo_error == "requisitos":
                faltan = error.params["requisitos"]
            else:
                errores = error.messages
    if estado == "ya_esta":
        return redirect("retos:equipo", una.propuesta_id)
    contexto = {
        "estado": estado,
        "invitacion": una,
        "propuesta": una.propuesta,
        "correo": velado(una.correo),
        "integrantes": una.propuesta.integrantes.select_related("participante__cuenta", "organizacion"),
        "requisitos": faltan,
        "errores": errores,
    }
    codigos = {"no_vigente": 410, "otro_correo": 403, "jurado": 403}
    return render(
        request, "retos/equipos/invitacion.html", contexto, status=codigos.get(estado, 422 if faltan or errores else 200)
    )


def _estado(request, una: InvitacionEquipo) -> str:
    """Qué se le dice a quien abre el enlace."""
    if request.user.is_authenticated and es_del_equipo.test(request.user, una.propuesta):
        return "ya_esta"
    if not InvitacionEquipo.objects.vigentes().filter(pk=una.pk).exists():
        return "no_vigente"
    if not request.user.is_authenticated:
        return "entrar"
    if not es_para(request.user, una):
        return "otro_correo"
    # Al jurado no se le dice de quién es ni de qué trata: la evaluación puede ser ciega.
    return "jurado" if es_del_jurado(request.user.pk, una.propuesta.ejercicio_id) else "aceptar"


# --- Sumarse y fusionar ------------------------------------------------------------------------


def _pedir(request, pk, armar, pedir, plantilla):
    """Lo común de las dos peticiones: a quien ve la propuesta y no es de su equipo."""
    propuesta = obtener_propuesta(request, pk)

    def vista():
        if es_del_equipo.test(request.user, propuesta):
            return redirect("retos:equipo", pk)
        participante = participante_de(request.user)
        formulario, estado, faltan = armar(propuesta, participante, _enviado(request), initial=_inicial(request)), 200, None
        if request.method == "POST":
            estado = 422
            if formulario.is_valid():
                try:
                    hecha = pedir(destino=propuesta, actor=request.user, **formulario.cleaned_data)
                except ValidationError as error:
                    if getattr(error, "code", None) == "requisitos":
                        faltan = error.params["requisitos"]
                    else:
                        formulario.add_error(None, error)
                else:
                    rescate.olvidar(request)
                    messages.success(request, _("Se lo preguntamos a quien empezó la propuesta. Le avisaremos por correo qué responde."))
                    return redirect("retos:union", hecha.pk)
        suyas = propuesta.uniones_recibidas.filter(pide=participante, estado=EstadoUnion.PEDIDA)
        contexto = {
            "propuesta": propuesta,
            "reto": reto_de(request, propuesta),
            "formulario": formulario,
            "requisitos": faltan,
            "admite": puede_crecer(propuesta),
            "pendiente": suyas.first(),
            "fusiona": fusionables(propuesta, participante).exists(),
        }
        return render(request, plantilla, contexto, status=estado)

    return servir_propuesta(request, propuesta, vista)


@never_cache
@require_http_methods(FORMULARIO)
@_con_cuenta
def sumarse(request, pk):
    """Pedir sumarse al equipo de una propuesta publicada."""

    def armar(_propuesta, participante, datos, **inicial):
        return SumarseForm(datos, participante=participante, **inicial)

    return _pedir(request, pk, armar, uniones.pedir_adhesion, "retos/equipos/sumarse.html")


@never_cache
@require_http_methods(FORMULARIO)
@_con_cuenta
def fusionar(request, pk):
    """Pedir que una propuesta propia pase a ser parte de ésta."""

    def armar(propuesta, participante, datos, **inicial):
        return FusionarForm(datos, destino=propuesta, participante=participante, **inicial)

    return _pedir(request, pk, armar, uniones.pedir_fusion, "retos/equipos/fusionar.html")


_ACCIONES = {"aceptar": uniones.aceptar, "rechazar": uniones.rechazar, "retirar": uniones.retirar}


@never_cache
@login_required
@require_http_methods(FORMULARIO)
def union(request, pk):
    """Una petición: quien la recibe responde (`accion=aceptar` o `rechazar`), quien la hizo la retira (`accion=retirar`)."""
    consulta = Union.objects.select_related(
        "destino__ejercicio", "destino__autor", "origen", "pide__cuenta", "organizacion"
    )
    una = get_object_or_404(consulta, pk=pk, destino__ejercicio__sitio=ajustes_de(request).site)
    recibe, pide = es_autor.test(request.user, una.destino), una.pide.cuenta_id == request.user.pk
    if not (recibe or pide):
        raise Http404
    if request.method == "POST":
        accion = _ACCIONES.get(request.POST.get("accion"))
        if accion is None:
            raise Http404
        try:
            hecha = accion(union=una, actor=request.user)
            messages.success(request, _("Listo: la petición quedó «%(estado)s».") % {"estado": hecha.get_estado_display()})
        except ValidationError as error:
            if getattr(error, "code", None) == "requisitos":
                # Lo que le falta a la otra persona no se le dice a quien responde.
                messages.error(request, _("A quien lo pidió hoy le falta un requisito para participar: no se puede aceptar aún."))
            else:
                _decir(request, error)
        return redirect("retos:union", pk)
    contexto = {"union": una, "propuesta": una.destino, "recibe": recibe, "pide": pide}
    return render(request, "retos/equipos/union.html", contexto)


# --- Propuestas parecidas --------------------------------------------------------------------------

_TEXTO = LineaField(required=False)


def _texto(request, campo: str, maximo: int) -> str:
    """Lo escrito hasta ahora; lo que no es texto, como vacío."""
    try:
        return _TEXTO.clean(request.GET.get(campo, "")[:maximo])
    except ValidationError:
        return ""


@require_safe
@con_reto
def parecidas(request, reto, ejercicio):
    """Las que se parecen a lo que se está escribiendo: un trozo para la pantalla de escribir, o una página sin JavaScript."""
    titulo = _texto(request, "titulo", Propuesta.TITULO_MAXIMO)
    resumen = _texto(request, "resumen", Propuesta.RESUMEN_MAXIMO)
    # El de `allauth.core` no limita lecturas.
    excedido = not ratelimit.consume(request, app="allauth.account", action="parecidas", limit_get=True)
    contexto = {
        "reto": reto,
        "url_parecidas": f"{direccion_de(request, reto)}parecidas/",
        "titulo": titulo,
        "resumen": resumen,
        "excedido": excedido,
        "parecidas": [] if excedido else busqueda.parecidas(ejercicio, f"{titulo} {resumen}"),
    }
    plantilla = "retos/equipos/_parecidas.html" if request.htmx else "retos/equipos/parecidas.html"
    respuesta = render(request, plantilla, contexto, status=429 if excedido else 200)
    respuesta["Vary"] = "HX-Request"
    return respuesta
