"""Lo que ve el acudiente con el enlace de su correo, sin abrir una cuenta. Abrirlo no cambia nada: hay que firmar."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from home.marco import ajustes_de

from ..consentimiento.rules import version_para_autorizar
from ..enums import EstadoAutorizacion
from . import actions
from .correos import confirmar_la_firma, contar_al_menor
from .forms import FirmaForm


def _no_sirve(request):
    return render(request, "cuentas/acudientes/enlace_vencido.html", status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def firmar(request, codigo):
    """Leer la política y firmar; ya firmada, ver que vale y poder retirarla."""
    autorizacion = actions.por_codigo(codigo)
    version = version_para_autorizar(ajustes_de(request).site)
    if autorizacion is None or version is None or autorizacion.participante.cuenta is None:
        return _no_sirve(request)
    if autorizacion.estado == EstadoAutorizacion.VIGENTE:
        return render(request, "cuentas/acudientes/firmada.html", {"autorizacion": autorizacion, "codigo": codigo})
    formulario = FirmaForm(request.POST or None, version=version, initial={"nombre": autorizacion.nombre})
    if request.method == "POST" and formulario.is_valid():
        datos = formulario.cleaned_data
        try:
            firmada = actions.firmar(
                autorizacion=autorizacion,
                version=version,
                finalidades=formulario.finalidades_marcadas,
                **{campo: datos[campo] for campo in ("nombre", "parentesco", "tipo", "numero")},
            )
        except ValidationError as error:
            if getattr(error, "code", "") == "enlace":
                return _no_sirve(request)
            formulario.add_error(None, error)
        else:
            confirmar_la_firma(request, firmada, codigo)
            contar_al_menor(request, firmada)
            return redirect("cuentas:acudiente_firmar", codigo)
    contexto = {"autorizacion": autorizacion, "menor": autorizacion.participante.cuenta, "formulario": formulario}
    estado = 422 if formulario.errors else 200
    return render(request, "cuentas/acudientes/firmar.html", contexto | {"version": version}, status=estado)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revocar(request, codigo):
    """El acudiente retira lo que firmó."""
    autorizacion = actions.por_codigo(codigo)
    if autorizacion is None or autorizacion.estado != EstadoAutorizacion.VIGENTE:
        return _no_sirve(request)
    if request.method != "POST":
        contexto = {"autorizacion": autorizacion, "codigo": codigo}
        return render(request, "cuentas/acudientes/revocar.html", contexto)
    try:
        contar_al_menor(request, actions.revocar(autorizacion=autorizacion))
    except ValidationError:
        return _no_sirve(request)  # se retiró entretanto
    messages.success(request, _("Retiró la autorización. Lo que ya se había enviado queda como estaba."))
    return redirect("/")
