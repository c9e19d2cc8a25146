from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from home.marco import ajustes_de

from ..actions import participante_de
from ..datos_personales import FUENTES
from ..models import Participante
from . import actions
from .acceso import con_identidad_reciente
from .copia import copiar
from .forms import SolicitudForm, SuprimirForm

SOLICITUDES_A_LA_VISTA = 20


@never_cache
@require_safe
@login_required
def mis_datos(request):
    """Qué se guarda de quien pide, y lo que puede hacer con ello."""
    participante = participante_de(request.user)
    return render(
        request,
        "cuentas/derechos/mis_datos.html",
        {
            "fuentes": [fuente.etiqueta for fuente in FUENTES.values()],
            "solicitudes": participante.solicitudes.order_by("-recibida_en", "-pk")[:SOLICITUDES_A_LA_VISTA],
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@con_identidad_reciente
def descargar(request):
    """Un ZIP con todo lo que se guarda de quien lo pide. Con POST: allauth no cuenta los GET en sus límites."""
    if request.method != "POST":
        return render(request, "cuentas/derechos/descargar.html")
    if not ratelimit.consume(request, action="descarga_datos", user=request.user):
        return ratelimit.respond_429(request)
    respuesta = StreamingHttpResponse(copiar(participante_de(request.user)), content_type="application/zip")
    nombre = f"mis-datos-{timezone.localdate():%Y-%m-%d}.zip"
    respuesta["Content-Disposition"] = f'attachment; filename="{nombre}"'
    respuesta["X-Content-Type-Options"] = "nosniff"
    return respuesta


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def solicitar(request):
    """Una consulta o un reclamo a la entidad sobre los propios datos."""
    formulario = SolicitudForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulario.is_valid():
        try:
            solicitud = _presentar(request, formulario.cleaned_data)
        except ValidationError as error:
            formulario.add_error(None, error)
        else:
            if solicitud is None:
                return ratelimit.respond_429(request)
            messages.success(
                request,
                _("Recibimos su solicitud %(numero)s. Le responderemos a más tardar el %(fecha)s.")
                % {"numero": solicitud.numero, "fecha": f"{solicitud.vence_el:%d/%m/%Y}"},
            )
            return redirect("cuentas:mis_datos")
    estado = 422 if formulario.errors else 200
    return render(request, "cuentas/derechos/solicitar.html", {"formulario": formulario}, status=estado)


def _presentar(request, datos):
    if not ratelimit.consume(request, action="solicitud_datos", user=request.user):
        return None
    return actions.presentar_solicitud(
        sitio=ajustes_de(request).site, participante=participante_de(request.user), **datos
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@con_identidad_reciente
def suprimir(request):
    """Explica qué se borra y qué queda, y lo hace cuando se confirma."""
    formulario = SuprimirForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulario.is_valid():
        try:
            return _suprimir(request)
        except ValidationError as error:
            formulario.add_error(None, error)
    estado = 422 if formulario.errors else 200
    return render(request, "cuentas/derechos/suprimir.html", {"formulario": formulario}, status=estado)


def _suprimir(request):
    constancia = None
    # La cuenta puede no existir ya: dos clics seguidos.
    if participante := Participante.objects.filter(cuenta=request.user.pk).first():
        constancia = actions.suprimir_datos(participante=participante, sitio=ajustes_de(request).site)
    # No `logout()`: avisaría de la salida de una cuenta que ya no está.
    request.session.flush()
    if constancia:
        request.session["constancia"] = constancia.numero
    return redirect("cuentas:datos_suprimidos")


@never_cache
@require_safe
def suprimidos(request):
    """La despedida, con el número de la constancia mientras dure la sesión."""
    return render(request, "cuentas/derechos/suprimidos.html", {"numero": request.session.get("constancia", "")})
