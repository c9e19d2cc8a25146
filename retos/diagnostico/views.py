from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cuentas import requisitos
from cuentas.actions import participante_de
from home.marco import ajustes_de, direccion_de
from participacion.adjuntos import rescate
from participacion.apoyos import actions as apoyos
from participacion.apoyos.models import Apoyo
from participacion.ejercicios.paginas import servir_como_pagina

from ..acceso import con_reto, reto_de
from ..fases import Accion, calendario_de
from ..models import Problema
from . import actions
from .enums import EstadoProblema
from .forms import ProblemaForm
from .presentacion import motivo_de
from .rules import es_autor, puede_ver

POR_PAGINA = 20


def _permite(ejercicio, accion) -> bool:
    """Según el reloj de esta máquina: para mostrar."""
    return ejercicio.publicado and calendario_de(ejercicio).permite(accion, timezone.now())


@require_safe
@con_reto
def problemas(request, reto, ejercicio):
    """Los problemas que contó la ciudadanía, el más apoyado primero."""
    publicados = Problema.objects.filter(ejercicio=ejercicio, estado=EstadoProblema.PUBLICADO)
    consulta = publicados.select_related("organizacion", "autor__cuenta").order_by("-apoyos", "-pk")
    pagina = Paginator(consulta, POR_PAGINA).get_page(request.GET.get("page"))
    suyos = []
    if request.user.is_authenticated:
        mios = Problema.objects.filter(ejercicio=ejercicio, autor__cuenta=request.user)
        suyos = mios.exclude(estado=EstadoProblema.PUBLICADO).order_by("-pk")
    calendario, ahora = calendario_de(ejercicio), timezone.now()
    return render(
        request,
        "retos/diagnostico/problemas.html",
        {
            "reto": reto,
            "ejercicio": ejercicio,
            "url_reto": direccion_de(request, reto),
            "pagina": pagina,
            "suyos": suyos,
            "postula": ejercicio.publicado and calendario.permite(Accion.POSTULAR, ahora),
            "hay_diagnostico": bool(calendario.fases_de(Accion.POSTULAR)),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@con_reto
def contar(request, reto, ejercicio):
    """Contar un problema."""
    if request.method == "POST" and not request.user.is_authenticated:
        return rescate.a_ingresar(request)
    participante = participante_de(request.user) if request.user.is_authenticated else None
    rescatado = rescate.recuperar(request)
    abierto, estado, faltan = _permite(ejercicio, Accion.POSTULAR), 200, None
    if request.method == "POST":
        formulario, estado = ProblemaForm(request.POST, participante=participante), 422
        if formulario.is_valid():
            try:
                problema = actions.contar_problema(ejercicio=ejercicio, participante=participante, **formulario.cleaned_data)
            except ValidationError as error:
                codigo = getattr(error, "code", None)
                if codigo == "requisitos":
                    faltan = error.params["requisitos"]
                else:
                    formulario.add_error(None, error)
                    estado = 429 if codigo == "demasiados" else 422
            else:
                rescate.olvidar(request)
                messages.success(request, _("Recibimos lo que contó. La moderación lo revisa y le avisa por correo."))
                return redirect(problema)
    else:
        iniciales = {campo: valores[-1] for campo, valores in rescatado["datos"].items()} if rescatado else {}
        formulario = ProblemaForm(initial=iniciales, participante=participante)
    no_se_envio = faltan is not None
    if participante and not no_se_envio:
        faltan = requisitos.faltantes(participante, ajustes_de(request).site, ejercicio.nivel_minimo)
    contexto = {
        "reto": reto,
        "ejercicio": ejercicio,
        "url_problemas": f"{direccion_de(request, reto)}problemas/",
        "formulario": formulario,
        "abierto": abierto,
        "requisitos": faltan,
        "no_se_envio": no_se_envio,
    }
    return render(request, "retos/diagnostico/contar.html", contexto, status=estado)


def _obtener(request, pk: int) -> Problema:
    sitio = ajustes_de(request).site
    consulta = Problema.objects.select_related("ejercicio", "organizacion", "autor__cuenta")
    return get_object_or_404(consulta, pk=pk, ejercicio__sitio=sitio)


def _servir(request, problema: Problema, vista):
    """La respuesta de `vista(reto)` a quien puede ver el problema y la página de su reto; a los demás, que no existe."""
    if not puede_ver.test(request.user, problema):
        raise Http404
    reto = reto_de(request, problema)
    if reto is None:
        if es_autor.test(request.user, problema) or request.user.is_staff:
            return vista(None)
        raise Http404
    return servir_como_pagina(request, reto, lambda: vista(reto))


def _contexto_apoyo(request, problema: Problema) -> dict:
    contexto = {"problema": problema, "prioriza": _permite(problema.ejercicio, Accion.PRIORIZAR)}
    if request.user.is_authenticated:
        contexto["apoyo"] = Apoyo.objects.de(problema).filter(participante__cuenta=request.user).exists()
    return contexto


@require_safe
def problema(request, pk):
    """El detalle de un problema."""
    problema = _obtener(request, pk)

    def vista(reto):
        propio = es_autor.test(request.user, problema)
        contexto = _contexto_apoyo(request, problema) | {
            "reto": reto,
            "url_problemas": reto and f"{direccion_de(request, reto)}problemas/",
            "propio": propio,
            "motivo": motivo_de(problema) if propio else "",
        }
        return render(request, "retos/diagnostico/problema.html", contexto)

    return _servir(request, problema, vista)


@require_POST
def apoyar(request, pk):
    """Apoya un problema o retira el apoyo (`accion=retirar`)."""
    problema = _obtener(request, pk)

    def vista(reto):
        if not request.user.is_authenticated:
            return redirect_to_login(problema.get_absolute_url())
        accion = apoyos.retirar_apoyo if request.POST.get("accion") == "retirar" else apoyos.apoyar
        try:
            accion(objeto=problema, participante=participante_de(request.user))
        except ValidationError as error:
            if getattr(error, "code", None) == "requisitos":
                contexto = _contexto_apoyo(request, problema) | {"requisitos": error.params["requisitos"], "reto": reto}
                return render(request, "retos/diagnostico/problema.html", contexto, status=422)
            for mensaje in error.messages:
                messages.error(request, mensaje)
        return redirect(f"{problema.get_absolute_url()}#apoyo")

    return _servir(request, problema, vista)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retirar(request, pk):
    """Pregunta antes de retirar un problema propio, y lo hace al confirmarlo."""
    problema = _obtener(request, pk)
    if not es_autor.test(request.user, problema):
        raise Http404
    if request.method != "POST":
        return render(request, "retos/diagnostico/confirmar_retiro.html", {"problema": problema})
    try:
        actions.retirar_problema(problema=problema, actor=request.user)
        messages.success(request, _("Su problema fue retirado."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(problema)
