from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cuentas.actions import participante_de
from participacion.adjuntos import rescate

from .. import identidad
from ..acceso import obtener_propuesta, propuesta_del_equipo
from ..contenido import TEXTOS
from ..escritura import como_envio, como_inicial, preguntas, repartir
from ..forms import en_columnas
from ..rules import conoce_la_identidad, la_ve_siempre, ve_lo_confidencial
from .actions import abierta_de, responder_solicitud
from .campos import rotulos_de
from .diferencias import cambios
from .forms import InformacionForm


@never_cache
@require_safe
@login_required
def versiones(request, pk):
    """Las versiones que se enviaron y qué cambió entre dos: para su equipo y el personal que la lee."""
    propuesta = obtener_propuesta(request, pk)
    if not la_ve_siempre.test(request.user, propuesta):
        raise Http404
    todas = list(propuesta.versiones.select_related("autor__cuenta"))
    por_numero = {version.numero: version for version in todas}
    elegidas = [por_numero.get(_numero(request, campo)) for campo in ("de", "a")]
    if None in elegidas and len(todas) > 1:
        elegidas = [todas[1], todas[0]]
    conoce = conoce_la_identidad.test(request.user, propuesta)
    contexto = {"propuesta": propuesta, "versiones": todas, "conoce": conoce}
    if None not in elegidas:
        antes, despues = sorted(elegidas, key=lambda version: version.numero)
        confidencial = ve_lo_confidencial.test(request.user, propuesta)
        contexto |= {
            "antes": antes,
            "despues": despues,
            "cambios": cambios(antes, despues, confidencial=confidencial, con_nombres=conoce),
        }
    return render(request, "retos/versiones/versiones.html", contexto)


def _numero(request, campo) -> int | None:
    valor = request.GET.get(campo, "")
    return int(valor) if valor.isascii() and valor.isdigit() and len(valor) < 6 else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def informacion(request, pk):
    """Completar lo que la entidad pidió, y nada más, hasta la fecha que dio."""
    if not request.user.is_authenticated:
        return rescate.a_ingresar(request)
    propuesta = propuesta_del_equipo(request, pk)
    solicitud = abierta_de(propuesta)
    if solicitud is None:
        messages.info(request, _("A esta propuesta no se le pide información."))
        return redirect(propuesta)
    participante = participante_de(request.user)
    datos, archivos = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    rescatado = rescate.recuperar(request) if datos is None else None
    rescatados = como_envio(rescatado) if rescatado else None
    formulario = InformacionForm(
        datos,
        archivos,
        propuesta=propuesta,
        campos=solicitud.campos,
        participante=participante,
        inicial=como_inicial(rescatados) if rescatado else {},
        archivo_excedido="archivo" in getattr(request, "archivos_excedidos", ()),
    )
    pagina = preguntas(
        request,
        propuesta.ejercicio,
        propuesta,
        participante,
        rescatados if datos is None else datos,
        archivos,
        exigir=rescatado is None,
        solo=solicitud.campos,
    )
    confirmar, estado = False, 200
    if request.method == "POST":
        if request.htmx and pagina is not None:
            return render(request, "formularios/_cambios.html", {"formulario": pagina})
        estado = 422
        validos = [cada.is_valid() for cada in (formulario, pagina) if cada is not None]
        subidos = not formulario.con_archivos or formulario.subir_nuevos()
        if all(validos) and subidos:
            try:
                responder_solicitud(
                    solicitud=solicitud,
                    actor=request.user,
                    participante=participante,
                    valores=pagina.propios if pagina is not None else {},
                    **formulario.para_responder(),
                )
                rescate.olvidar(request)
                messages.success(request, _("Recibimos lo que completó. La entidad ya lo puede leer."))
                return redirect(propuesta)
            except ValidationError as error:
                repartir(error, formulario, pagina)
                confirmar = identidad.es_aviso(error)
    contexto = {
        "propuesta": propuesta,
        "solicitud": solicitud,
        "rotulos": rotulos_de(propuesta, solicitud.campos),
        "formulario": formulario,
        "pagina": pagina if pagina is not None and pagina.preguntas else None,
        "campos_texto": en_columnas(formulario, TEXTOS),
        "confirmar": confirmar,
    }
    return render(request, "retos/versiones/informacion.html", contexto, status=estado)
