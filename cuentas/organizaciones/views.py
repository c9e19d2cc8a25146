from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..destino import destino_propio
from ..enlaces import huella_de_codigo
from ..enums import RolMembresia
from ..models import Invitacion, Membresia, Organizacion
from . import actions, invitaciones
from .correos import escribir_invitacion
from .forms import EditarForm, InvitarForm, OrganizacionForm, RolForm, SoporteForm
from .rules import integra

FORMULARIO = ["GET", "HEAD", "POST"]


def _propia(request, pk: int, *, representando: bool = False) -> Membresia:
    """La membresía vigente de quien pide, con su organización; a los demás no se les dice que existe."""
    # Por subconsulta: un número que no cabe en la base de datos es, así, uno que no existe.
    una = Organizacion.objects.filter(pk=pk)
    consulta = Membresia.objects.vigentes().filter(organizacion__in=una, participante__cuenta=request.user)
    if representando:
        consulta = consulta.filter(rol=RolMembresia.REPRESENTANTE)
    return get_object_or_404(consulta.select_related("organizacion"))


def _ya_no(request):
    """Dejó de representarla con la página abierta."""
    messages.error(request, _("Ya no representa a esa organización: no se cambió nada."))
    return redirect("cuentas:mi_cuenta")


@never_cache
@login_required
@require_http_methods(FORMULARIO)
def organizacion_nueva(request):
    """Registrar la organización en cuyo nombre se participará."""
    formulario = OrganizacionForm(request.POST or None)
    if request.method == "POST" and formulario.is_valid():
        try:
            organizacion = actions.crear_organizacion(organizacion=formulario.save(commit=False), actor=request.user)
        except ValidationError as error:
            formulario.add_error(None, error)
        else:
            messages.success(
                request, _("Ya puede participar en nombre de %(nombre)s.") % {"nombre": organizacion.nombre}
            )
            destino = destino_propio(request) or reverse("cuentas:organizacion", args=[organizacion.pk])
            return HttpResponseRedirect(destino)
    return render(
        request,
        "cuentas/organizaciones/nueva.html",
        {"formulario": formulario, "next": destino_propio(request)},
        status=422 if request.method == "POST" else 200,
    )


@never_cache
@require_safe
@login_required
def organizacion(request, pk):
    """La organización por dentro: quiénes la integran y, a quien la representa, qué puede cambiar."""
    propia = _propia(request, pk)
    representa = propia.rol == RolMembresia.REPRESENTANTE
    org = propia.organizacion
    ultima = org.revisiones.first() if representa and not org.verificada_en else None
    return render(
        request,
        "cuentas/organizaciones/organizacion.html",
        {
            "organizacion": org,
            "propia": propia,
            "representa": representa,
            "ultima_revision": ultima,
            "integrantes": org.membresias.vigentes().select_related("participante__cuenta").order_by("-rol", "desde"),
            "invitaciones": org.invitaciones.filter(usada_en=None, anulada_en=None).order_by("-creada_en")[:50]
            if representa
            else [],
        },
    )


@never_cache
@login_required
@require_http_methods(FORMULARIO)
def editar(request, pk):
    """Cambiar los datos. Si está verificada, avisa qué cambios le quitan la verificación."""
    organizacion = _propia(request, pk, representando=True).organizacion
    formulario = EditarForm(request.POST or None, instance=Organizacion.objects.get(pk=pk))
    if request.method == "POST" and formulario.is_valid():
        try:
            actions.editar_organizacion(
                organizacion=formulario.save(commit=False),
                actor=request.user,
                sin_verificacion=formulario.cleaned_data["sin_verificacion"],
            )
        except PermissionDenied:
            return _ya_no(request)
        except ValidationError as error:
            formulario.add_error("sin_verificacion" if getattr(error, "code", "") == "pierde_verificacion" else None, error)
        else:
            messages.success(request, _("Los datos quedaron guardados."))
            return redirect("cuentas:organizacion", pk)
    return render(
        request,
        "cuentas/organizaciones/editar.html",
        {"organizacion": organizacion, "formulario": formulario},
        status=422 if request.method == "POST" else 200,
    )


@never_cache
@login_required
@require_http_methods(FORMULARIO)
def verificacion(request, pk):
    """Pedir a la entidad que la verifique."""
    organizacion = _propia(request, pk, representando=True).organizacion
    if organizacion.verificada_en:
        return redirect("cuentas:organizacion", pk)
    formulario = SoporteForm()
    if request.method == "POST":
        formulario = SoporteForm(request.POST, request.FILES)
        formulario.fields["documento"].excedido = "documento" in getattr(request, "archivos_excedidos", ())
        if formulario.is_valid():
            try:
                actions.pedir_verificacion(
                    organizacion=organizacion, archivo=formulario.cleaned_data["documento"], actor=request.user
                )
            except PermissionDenied:
                return _ya_no(request)
            except ValidationError as error:
                formulario.add_error(None, error)
            else:
                messages.success(request, _("La entidad revisará el documento y le escribirá."))
                return redirect("cuentas:organizacion", pk)
    return render(
        request,
        "cuentas/organizaciones/verificacion.html",
        {"organizacion": organizacion, "formulario": formulario},
        status=422 if request.method == "POST" else 200,
    )


def _dejar(request, membresia, *, hecho, destino, si_no):
    """Termina la membresía y sigue en `destino`; si no se puede, lo dice y vuelve a `si_no`."""
    try:
        actions.terminar_membresia(membresia=membresia, actor=request.user)
    except PermissionDenied:
        return _ya_no(request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(si_no)
    messages.success(request, hecho)
    return HttpResponseRedirect(destino)


@never_cache
@login_required
@require_http_methods(FORMULARIO)
def dejar(request, pk):
    """Pregunta y termina la membresía propia."""
    membresia = _propia(request, pk)
    if request.method == "POST":
        return _dejar(
            request,
            membresia,
            hecho=_("Ya no actúa en nombre de %(nombre)s.") % {"nombre": membresia.organizacion.nombre},
            destino=reverse("cuentas:mi_cuenta"),
            si_no=reverse("cuentas:organizacion", args=[pk]),
        )
    return render(request, "cuentas/organizaciones/dejar.html", {"membresia": membresia})


@never_cache
@login_required
@require_http_methods(FORMULARIO)
def integrante(request, pk, membresia):
    """Cambiar el rol de una persona o quitarla (`accion=quitar`)."""
    organizacion = _propia(request, pk, representando=True).organizacion
    integrantes = organizacion.membresias.vigentes().select_related("participante__cuenta", "organizacion")
    membresia = get_object_or_404(integrantes, pk=membresia)
    vuelta = reverse("cuentas:organizacion", args=[pk])
    if request.method == "POST" and request.POST.get("accion") == "quitar":
        return _dejar(
            request,
            membresia,
            hecho=_("Esa persona ya no actúa en nombre de %(nombre)s.") % {"nombre": organizacion.nombre},
            destino=vuelta,
            si_no=request.path,
        )
    formulario = RolForm(request.POST or None, initial={"rol": membresia.rol})
    if request.method == "POST" and formulario.is_valid():
        try:
            actions.cambiar_rol(membresia=membresia, rol=formulario.cleaned_data["rol"], actor=request.user)
        except PermissionDenied:
            return _ya_no(request)
        except ValidationError as error:
            formulario.add_error("rol", error)
        else:
            messages.success(request, _("El rol quedó cambiado."))
            return HttpResponseRedirect(vuelta)
    return render(
        request,
        "cuentas/organizaciones/integrante.html",
        {"organizacion": organizacion, "membresia": membresia, "formulario": formulario},
        status=422 if request.method == "POST" else 200,
    )


# --- Invitaciones ---------------------------------------------------------------------


def _avisar_enviada(request, invitacion, codigo):
    """Dice lo mismo tenga o no cuenta ese correo."""
    if escribir_invitacion(request, invitacion, codigo):
        messages.success(request, _("Se envió la invitación a %(correo)s.") % {"correo": invitacion.correo})
    else:
        messages.warning(
            request,
            _("La invitación a %(correo)s quedó creada, pero el correo no salió. Reenvíela en unos minutos.")
            % {"correo": invitacion.correo},
        )
    return redirect("cuentas:organizacion", invitacion.organizacion_id)


@never_cache
@login_required
@require_http_methods(FORMULARIO)
def invitar(request, pk):
    """Invitar a alguien por su correo."""
    organizacion = _propia(request, pk, representando=True).organizacion
    formulario = InvitarForm(request.POST or None)
    if request.method == "POST" and formulario.is_valid():
        try:
            enviada = invitaciones.invitar(organizacion=organizacion, actor=request.user, **formulario.cleaned_data)
        except PermissionDenied:
            return _ya_no(request)
        except ValidationError as error:
            formulario.add_error(None, error)
        else:
            return _avisar_enviada(request, *enviada)
    return render(
        request,
        "cuentas/organizaciones/invitar.html",
        {"organizacion": organizacion, "formulario": formulario},
        status=422 if request.method == "POST" else 200,
    )


@login_required
@require_POST
def cambiar_invitacion(request, pk, invitacion):
    """Reenviar o anular (`accion=anular`) una que espera."""
    organizacion = _propia(request, pk, representando=True).organizacion
    invitacion = get_object_or_404(organizacion.invitaciones.select_related("organizacion"), pk=invitacion)
    try:
        if request.POST.get("accion") != "anular":
            return _avisar_enviada(
                request, *invitaciones.reenviar_invitacion(invitacion=invitacion, actor=request.user)
            )
        invitaciones.anular_invitacion(invitacion=invitacion, actor=request.user)
        messages.success(request, _("La invitación quedó anulada: su enlace ya no sirve."))
    except PermissionDenied:
        return _ya_no(request)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("cuentas:organizacion", pk)


def _estado(invitacion, usuario) -> str:
    """Qué se le dice a quien abre el enlace."""
    if not usuario.is_authenticated:
        return "entrar"
    if not invitaciones.es_para(usuario, invitacion):
        return "otro_correo"
    return "aceptar"


@never_cache
@require_http_methods(FORMULARIO)
def invitacion(request, codigo):
    """El enlace del correo: dice quién invita y sólo al oprimir el botón se acepta."""
    consulta = Invitacion.objects.select_related("organizacion")
    invitacion = consulta.filter(huella=huella_de_codigo(codigo)).first()
    if invitacion is None:
        return render(request, "cuentas/organizaciones/invitacion.html", {"estado": "no_existe"}, status=404)
    estado = _estado(invitacion, request.user)
    if request.method == "POST" and estado == "aceptar":
        try:
            invitaciones.aceptar_invitacion(invitacion=invitacion, actor=request.user)
        except ValidationError:
            estado = "no_vigente"
        except PermissionDenied:
            estado = "otro_correo"
        else:
            messages.success(
                request, _("Ya puede actuar en nombre de %(nombre)s.") % {"nombre": invitacion.organizacion.nombre}
            )
            return redirect("cuentas:organizacion", invitacion.organizacion_id)
    if not consulta.vigentes().filter(pk=invitacion.pk).exists():
        if request.user.is_authenticated and integra(request.user, invitacion.organizacion):
            return redirect("cuentas:organizacion", invitacion.organizacion_id)
        estado = "no_vigente"
    return render(
        request,
        "cuentas/organizaciones/invitacion.html",
        {"estado": estado, "invitacion": invitacion, "correo": invitaciones.velado(invitacion.correo)},
        status={"no_vigente": 410, "otro_correo": 403}.get(estado, 200),
    )
