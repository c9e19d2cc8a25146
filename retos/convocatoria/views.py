from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cuentas import requisitos
from cuentas.actions import participante_de
from home.marco import ajustes_de
from participacion.adjuntos import rescate

from ..acceso import con_reto
from ..diagnostico.enums import EstadoPregunta
from ..fases import Accion, calendario_de
from ..models import RetoPage
from . import actions
from .forms import PreguntaForm
from .presentacion import respondidas
from .publicacion import criterios_publicados, json_canonico

POR_PAGINA = 20


@require_safe
@con_reto
def criterios(request, reto, ejercicio):
    """Los criterios que rigen, en el JSON cuya huella se publica: el archivo, byte por byte, es lo que se resume."""
    declarados = criterios_publicados(ejercicio)
    if not declarados:
        raise Http404
    return HttpResponse(json_canonico(declarados), content_type="application/json; charset=utf-8")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@con_reto
def preguntas(request, reto, ejercicio):
    """Las preguntas respondidas de un reto y, durante la convocatoria, cómo hacer una."""
    if request.method == "POST" and not request.user.is_authenticated:
        return rescate.a_ingresar(request)
    participante = participante_de(request.user) if request.user.is_authenticated else None
    rescatado = rescate.recuperar(request)
    estado, faltan = 200, None
    if request.method == "POST":
        formulario = PreguntaForm(request.POST)
        estado = 422
        if formulario.is_valid():
            try:
                actions.preguntar(ejercicio=ejercicio, participante=participante, **formulario.cleaned_data)
            except ValidationError as error:
                codigo = getattr(error, "code", None)
                if codigo == "requisitos":
                    faltan = error.params["requisitos"]
                else:
                    formulario.add_error(None, error)
                    estado = 429 if codigo == "demasiadas" else 422
            else:
                rescate.olvidar(request)
                messages.success(request, _("Recibimos su pregunta. Le avisaremos por correo cuando se responda."))
                return redirect(request.path)
    else:
        iniciales = {campo: valores[-1] for campo, valores in rescatado["datos"].items()} if rescatado else {}
        formulario = PreguntaForm(initial=iniciales)
    no_se_envio = faltan is not None
    if participante and not no_se_envio:
        faltan = requisitos.faltantes(participante, ajustes_de(request).site, ejercicio.nivel_minimo)
    propias = ejercicio.preguntas_reto.filter(autor=participante) if participante else None
    return render(
        request,
        "retos/convocatoria/preguntas.html",
        {
            "reto": reto,
            "ejercicio": ejercicio,
            "formulario": formulario,
            "recibe": _recibe(ejercicio),
            "requisitos": faltan,
            "no_se_envio": no_se_envio,
            "pagina": Paginator(respondidas(ejercicio), POR_PAGINA).get_page(request.GET.get("page")),
            "propias": propias.exclude(estado=EstadoPregunta.RESPONDIDA) if propias is not None else [],
            "frecuentes": RetoPage.objects.get(pk=reto.pk).preguntas_frecuentes,
        },
        status=estado,
    )


def _recibe(ejercicio) -> bool:
    return ejercicio.publicado and calendario_de(ejercicio).permite(Accion.PREGUNTAR, timezone.now())
