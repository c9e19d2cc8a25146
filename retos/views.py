from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from home.marco import direccion_de

from . import actions
from .acceso import con_reto, obtener_propuesta, propuesta_propia, reto_de, servir_propuesta
from .envio import es_ciega
from .filters import OPCIONES, PropuestaFilter
from .models import Propuesta
from .partes import en_propuesta
from .presentacion import archivos_de, respuestas_de, ultimo_motivo
from .rules import conoce_la_identidad, es_autor, es_del_equipo, puede_ver_adjunto, ve_lo_confidencial
from .votos.rules import conteos_visibles

POR_PAGINA = 20


@require_safe
@con_reto
def propuestas(request, reto, ejercicio):
    """La lista de propuestas de un reto, con filtros y orden."""
    visibles = conteos_visibles(ejercicio, timezone.now())
    filtro = PropuestaFilter(request.GET, queryset=ejercicio.propuestas.all(), conteos_visibles=visibles)
    consulta = filtro.qs if filtro.is_valid() else filtro.queryset.none()
    paginador = Paginator(consulta.versiones(), POR_PAGINA)
    # Sin las tablas de la firma: con ellas PostgreSQL lee diez mil filas enteras para contarlas, y no sólo su índice.
    paginador.count = consulta.count()
    pagina = paginador.get_page(request.GET.get("page"))
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
            "ciega": es_ciega(getattr(ejercicio, "reto", None)),
            "filtrando": any(request.GET.get(campo) for campo in filtro.filters),
            "conteos_visibles": visibles,
            **OPCIONES,
            "ordenes": filtro.form.fields["orden"].choices,
        },
        status=200 if filtro.is_valid() else 400,
    )


@require_safe
def propuesta(request, pk):
    """El detalle de una propuesta."""
    propuesta = obtener_propuesta(request, pk)
    return servir_propuesta(request, propuesta, lambda: _detalle(request, propuesta))


def _detalle(request, propuesta):
    propia, conoce = es_autor.test(request.user, propuesta), conoce_la_identidad.test(request.user, propuesta)
    del_equipo = propia or es_del_equipo.test(request.user, propuesta)
    reto = reto_de(request, propuesta)
    return render(
        request,
        "retos/propuesta.html",
        {
            "propuesta": propuesta,
            "ejercicio": propuesta.ejercicio,
            "reto": reto,
            "url_propuestas": reto and f"{direccion_de(request, reto)}propuestas/",
            "firma": propuesta.firma_real if conoce else propuesta.firma,
            "conoce": conoce,
            "adjuntos": archivos_de(propuesta, neutros=not conoce) if puede_ver_adjunto.test(request.user, propuesta) else [],
            "respuestas": respuestas_de(
                propuesta, confidenciales=ve_lo_confidencial.test(request.user, propuesta), neutros=not conoce
            ),
            "propia": propia,
            "del_equipo": del_equipo,
            "motivo": ultimo_motivo(propuesta) if del_equipo else "",
            **en_propuesta(request, propuesta),
        },
    )


@never_cache
@require_safe
@login_required
def recibida(request, pk):
    """La constancia de haber enviado, con la referencia."""
    propuesta = propuesta_propia(request, pk)
    if not propuesta.referencia:
        raise Http404
    return render(request, "retos/propuesta_recibida.html", {"propuesta": propuesta})


@never_cache
@require_safe
@login_required
def mis_propuestas(request):
    """Lo que la persona ha escrito, sola o con otras, y en qué va."""
    consulta = (
        Propuesta.objects.del_equipo(request.user)
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
    propuesta = propuesta_propia(request, pk)
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
