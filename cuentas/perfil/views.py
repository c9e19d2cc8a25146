from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from ..actions import participante_de
from ..consentimiento.rules import version_para_autorizar
from ..destino import destino_propio
from ..enums import Finalidad
from ..models import Perfil, RespuestaDiferencial
from ..requisitos import tiene_consentimiento
from . import actions
from .forms import DiferencialForm, PerfilForm
from .rules import la_permite_su_acudiente


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def perfil(request):
    """Corregir el nombre y decir, si se quiere, lo poco que la plataforma pregunta de cada quien."""
    formulario = PerfilForm(
        request.POST if request.method == "POST" else None,
        sitio=Site.find_for_request(request),
        usuario=request.user,
        perfil=Perfil.objects.filter(participante__cuenta=request.user).first(),
    )
    if request.method == "POST" and formulario.is_valid():
        datos = formulario.cleaned_data
        with transaction.atomic():
            # Primero la persona y después la cuenta, como al suprimir sus datos: al revés se bloquearían una a la otra.
            actions.guardar_perfil(participante=participante_de(request.user), **formulario.de_perfil)
            actions.corregir_cuenta(
                usuario=request.user,
                nombres=datos["first_name"],
                apellidos=datos["last_name"],
                idioma=datos["idioma"],
            )
        messages.success(request, _("Su perfil quedó guardado."))
        return HttpResponseRedirect(destino_propio(request) or reverse("cuentas:mi_cuenta"))
    contexto = {"formulario": formulario, "next": destino_propio(request)}
    return render(request, "cuentas/perfil/perfil.html", contexto, status=422 if formulario.errors else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def diferencial(request):
    """Las preguntas de enfoque diferencial: sólo con autorización expresa, que se pide en la misma pantalla."""
    sitio = Site.find_for_request(request)
    version = version_para_autorizar(sitio)
    participante = participante_de(request.user)
    ofrecida = version and any(f["clave"] == Finalidad.CARACTERIZACION for f in version.finalidades)
    if not ofrecida or not la_permite_su_acudiente(participante):
        contexto = {"sin_preguntas": True, "ofrecida": ofrecida}
        return render(request, "cuentas/perfil/diferencial.html", contexto, status=403 if request.method == "POST" else 200)
    respuestas = set(RespuestaDiferencial.objects.filter(participante=participante).values_list("opcion", flat=True))
    formulario = DiferencialForm(
        request.POST if request.method == "POST" else None,
        version=version,
        respuestas=respuestas,
        pregunta_autorizacion=not tiene_consentimiento(participante, sitio, Finalidad.CARACTERIZACION),
    )
    if request.method == "POST" and formulario.is_valid():
        try:
            actions.responder_diferencial(
                participante=participante,
                version=version,
                opciones=formulario.opciones,
                autoriza=bool(formulario.finalidades_marcadas),
            )
        except ValidationError as error:
            formulario.add_error(None, error)
        else:
            messages.success(
                request,
                _("Sus respuestas quedaron guardadas. Nadie más las ve.")
                if formulario.opciones
                else _("No queda guardada ninguna respuesta."),
            )
            return HttpResponseRedirect(reverse("cuentas:mi_cuenta"))
    contexto = {"form": formulario, "autorizada": not formulario.campos_autorizacion, "respuestas": respuestas}
    return render(request, "cuentas/perfil/diferencial.html", contexto, status=422 if formulario.errors else 200)
