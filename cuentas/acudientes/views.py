"""Lo que ve quien tiene entre 14 y 17 años: pedir la firma por correo o entregarla en papel."""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from home.marco import ajustes_de

from ..actions import participante_de
from ..consentimiento.rules import version_para_autorizar
from ..destino import destino_propio
from ..enums import EstadoAutorizacion
from . import actions
from .correos import pedir_la_firma
from .forms import PapelForm, PedirForm
from .rules import necesita_acudiente

E = EstadoAutorizacion


def _vivas(participante) -> dict:
    """La vigente, la que espera firma, la que espera revisión y, si la última fue rechazada, ésa."""
    todas = list(participante.autorizaciones.all())
    de_estado = {estado: next((a for a in todas if a.estado == estado), None) for estado in E.values}
    rechazada = todas[0] if todas and todas[0].estado == E.RECHAZADA else None
    return {
        "vigente": de_estado[E.VIGENTE],
        "pedida": de_estado[E.PEDIDA],
        "por_revisar": de_estado[E.POR_REVISAR],
        "rechazada": rechazada,
    }


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def acudiente(request):
    """En qué va la autorización y las dos maneras de conseguirla."""
    participante = participante_de(request.user)
    version = version_para_autorizar(ajustes_de(request).site)
    accion = request.POST.get("accion", "")
    pedir = PedirForm(request.POST if accion == "pedir" else None, prefix="correo")
    papel = PapelForm(
        request.POST if accion == "papel" else None, request.FILES if accion == "papel" else None, prefix="papel"
    )
    papel.fields["archivo"].excedido = "papel-archivo" in getattr(request, "archivos_excedidos", ())
    estado = 200
    if request.method == "POST":
        estado = _atender(request, participante, version, accion, pedir, papel)
        if estado == 200:
            siguiente = destino_propio(request)
            return HttpResponseRedirect(reverse("cuentas:acudiente", query={"next": siguiente} if siguiente else None))
    contexto = {
        "necesita": necesita_acudiente(participante),
        "tiene_perfil": hasattr(participante, "perfil"),
        "version": version,
        "pedir": pedir,
        "papel": papel,
        "next": destino_propio(request),
        **_vivas(participante),
    }
    return render(request, "cuentas/acudientes/acudiente.html", contexto, status=estado)


def _atender(request, participante, version, accion, pedir, papel) -> int:
    """El estado HTTP de la respuesta; 200 si se hizo."""
    if version is None or accion not in ("pedir", "reenviar", "papel"):
        messages.error(request, _("Eso no se puede hacer ahora."))
        return 400
    formulario = papel if accion == "papel" else pedir
    if accion != "reenviar" and not formulario.is_valid():
        return 422
    try:
        if accion == "papel":
            actions.entregar_papel(participante=participante, version=version, **papel.cleaned_data)
            messages.success(request, _("Recibimos el formato. Le escribiremos cuando lo revisemos."))
            return 200
        return _pedir(request, participante, accion, pedir)
    except ValidationError as error:
        if accion == "reenviar":
            messages.error(request, " ".join(error.messages))
        else:
            formulario.add_error(None, error)
        return 422


def _pedir(request, participante, accion, pedir) -> int:
    if accion == "pedir":
        datos = pedir.cleaned_data
    else:
        pedida = _vivas(participante)["pedida"]
        if pedida is None:
            raise ValidationError(_("Ya no hay nada que reenviar."))
        datos = {"nombre": pedida.nombre, "correo": pedida.correo}
    if not ratelimit.consume(request, action="correo_acudiente"):
        messages.error(
            request, _("Hoy ya se le escribió tres veces a su acudiente. Espere a mañana o entregue el formato en papel.")
        )
        return 429
    autorizacion, codigo = actions.pedir_firma(participante=participante, **datos)
    if pedir_la_firma(request, autorizacion, codigo):
        messages.success(request, _("Le escribimos a %(correo)s.") % {"correo": autorizacion.correo})
    else:
        messages.error(
            request, _("No pudimos enviar el correo. Espere unos minutos y use «Enviar otro enlace».")
        )
    return 200


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retirar(request):
    """Pregunta, y deja sin efecto todo lo que esté vivo: la autorización vigente y lo que espera."""
    vivas = [a for clave, a in _vivas(participante_de(request.user)).items() if a and clave != "rechazada"]
    if request.method == "POST":
        for autorizacion in vivas:
            try:
                actions.revocar(autorizacion=autorizacion, actor=request.user)
            except ValidationError:
                continue  # en otra pestaña se retiró antes
        messages.success(request, _("La autorización de su acudiente ya no vale."))
        return redirect("cuentas:acudiente")
    if not vivas:
        return redirect("cuentas:acudiente")
    vigente = any(autorizacion.estado == E.VIGENTE for autorizacion in vivas)
    return render(request, "cuentas/acudientes/retirar.html", {"vigente": vigente})


@never_cache
@require_safe
@login_required
def formato(request):
    """El formato en blanco, para imprimirlo y firmarlo."""
    version = version_para_autorizar(ajustes_de(request).site)
    if version is None:
        raise Http404
    return render(request, "cuentas/acudientes/formato.html", {"version": version})
