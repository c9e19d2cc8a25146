"""La mesa del jurado: sus retos, sus propuestas y la página donde califica cada una."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from home.marco import ajustes_de
from participacion.adjuntos.models import Adjunto
from participacion.ejercicios.actions import leer_reglas

from .. import autoguardado
from ..contenido import archivos_de
from ..envio import es_ciega
from ..fases import Accion, calendario_de
from ..models import DecisionReto, Evaluacion, Jurado
from .actions.asignacion import declarar_impedimento
from .actions.calificacion import abstenerse, enviar_evaluacion, guardar_evaluacion, reabrir_evaluacion
from .actions.jurado import responder_invitacion
from .consultas import por_enviar, resultados
from .enums import EN_EL_JURADO, PENDIENTES, VIGENTES, EstadoEvaluacion, EstadoJurado, Papel
from .forms import CalificarForm, MotivoForm
from .plazos import fase_de_evaluacion
from .presentacion import contestado
from .rules import comprobar_jurado, impedimento_para_leer, ve_resultados

LEER = ["GET", "HEAD", "POST"]


def _mis_jurados(request):
    """Los lugares en el jurado de quien pide, en este sitio."""
    return (
        Jurado.objects.filter(usuario=request.user, ejercicio__sitio=ajustes_de(request).site)
        .select_related("ejercicio__sitio")
        .prefetch_related("ejercicio__fases")
    )


def _mi_jurado(request, pk) -> Jurado:
    return get_object_or_404(_mis_jurados(request), pk=pk)


def _mia(request, pk) -> Evaluacion:
    """La evaluación si es de quien pide; a los demás no se les dice que existe."""
    consulta = Evaluacion.objects.select_related("jurado__ejercicio__sitio", "propuesta__ejercicio", "propuesta__respuesta__version", "propuesta__organizacion", "propuesta__autor__cuenta")
    return get_object_or_404(
        consulta, pk=pk, jurado__usuario=request.user, jurado__ejercicio__sitio=ajustes_de(request).site
    )


@never_cache
@require_safe
@login_required
def jurado(request):
    """Los retos en que la persona es jurado: las invitaciones primero, y sus propuestas con lo que falta."""
    lugares = list(_mis_jurados(request).filter(estado__in=EN_EL_JURADO).order_by("-invitado_en", "-pk"))
    suyas = (
        Evaluacion.objects.filter(por_enviar() | Q(estado=EstadoEvaluacion.ENVIADA), jurado__in=lugares)
        .select_related("propuesta")
        .only("estado", "total", "jurado_id", "propuesta__titulo", "propuesta__referencia", "propuesta__idioma")
        .order_by("propuesta__referencia", "propuesta_id")
    )
    por_jurado = {lugar.pk: [] for lugar in lugares}
    for evaluacion in suyas:
        por_jurado[evaluacion.jurado_id].append(evaluacion)
    mesa = []
    for lugar in lugares:
        evaluaciones = por_jurado[lugar.pk]
        pendientes = [e for e in evaluaciones if e.estado in PENDIENTES]
        mesa.append(
            {
                "jurado": lugar,
                "reto": lugar.ejercicio,
                "fase": fase_de_evaluacion(lugar.ejercicio),
                "evaluaciones": evaluaciones,
                "pendientes": len(pendientes),
                "enviadas": len(evaluaciones) - len(pendientes),
                "siguiente": pendientes[0] if pendientes else None,
            }
        )
    return render(request, "retos/evaluacion/mesa.html", {"mesa": mesa})


@require_POST
@login_required
def responder(request, pk):
    """Acepta o declina la invitación."""
    lugar = _mi_jurado(request, pk)
    acepta = request.POST.get("accion") == "aceptar"
    if not acepta and request.POST.get("accion") != "declinar":
        messages.error(request, _("Elija si acepta o no."))
        return redirect("retos:jurado")
    try:
        responder_invitacion(jurado=lugar, actor=request.user, acepta=acepta)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        hecho = _("Gracias por aceptar. Le avisaremos cuando tenga propuestas.") if acepta else _("Quedó anotado que no acepta.")
        messages.success(request, hecho)
    return redirect("retos:jurado")


@never_cache
@login_required
@require_http_methods(LEER)
def evaluacion(request, pk):
    """Una propuesta y sus criterios: guardar, enviar o reabrir."""
    suya = _mia(request, pk)
    if motivo := impedimento_para_leer(suya, request.user):
        return render(request, "retos/evaluacion/sin_acceso.html", {"motivo": motivo}, status=403)
    if request.method == "POST" and request.POST.get("accion") == "reabrir":
        return _reabrir(request, suya)
    ejercicio, ahora = leer_reglas(suya.jurado.ejercicio_id)
    abierta = calendario_de(ejercicio).permite(Accion.EVALUAR, ahora)
    criterios = list(ejercicio.criterios.all())
    opciones = {
        "criterios": criterios,
        "evaluacion": suya,
        "valores": dict(suya.puntajes.values_list("criterio_id", "valor")),
    }
    estado = 200
    if request.method == "POST":
        formulario = CalificarForm(request.POST, **opciones)
        if autoguardado.es_automatico(request):
            return _guardar_solo(request, suya, formulario)
        if formulario.is_valid():
            try:
                return _calificar(request, suya, formulario)
            except ValidationError as error:
                if getattr(error, "code", None) == "transicion":
                    return _ya_enviada(request, suya)
                formulario.add_error(None, error)
        estado = 422
    else:
        formulario = CalificarForm(**opciones)
    propuesta, ciega = suya.propuesta, es_ciega(ejercicio.reto)
    contexto = {
        "evaluacion": suya,
        "propuesta": propuesta,
        "reto": ejercicio,
        "ciega": ciega,
        "fase": fase_de_evaluacion(ejercicio),
        "abierta": abierta,
        "escribe": abierta and suya.estado in PENDIENTES,
        "formulario": formulario,
        "respuestas": contestado(propuesta, ciega=ciega),
        "adjuntos": Adjunto.objects.de(propuesta) if ciega else archivos_de(propuesta),
        "siguiente": _siguiente(suya),
    }
    return render(request, "retos/evaluacion/evaluacion.html", contexto, status=estado)


def _siguiente(suya: Evaluacion) -> Evaluacion | None:
    """La que sigue por enviar de ese reto, en el orden de la mesa y dando la vuelta."""
    pendientes = list(
        Evaluacion.objects.filter(por_enviar(), jurado=suya.jurado_id)
        .exclude(pk=suya.pk)
        .order_by("propuesta__referencia", "propuesta_id")
        .select_related("propuesta")
        .only("jurado_id", "propuesta__referencia")
    )
    donde = (suya.propuesta.referencia, suya.propuesta_id)
    despues = [e for e in pendientes if (e.propuesta.referencia, e.propuesta_id) > donde]
    return next(iter([*despues, *pendientes]), None)


def _guardar_solo(request, suya, formulario):
    if not formulario.is_valid():
        return autoguardado.sin_guardar(autoguardado.por_que(formulario), 422)
    try:
        guardar_evaluacion(evaluacion=suya, actor=request.user, **formulario.para_guardar())
    except ValidationError as error:
        return autoguardado.sin_guardar(" ".join(error.messages), 409)
    return autoguardado.guardado(timezone.now(), url=request.path)


def _calificar(request, suya, formulario):
    datos = {"evaluacion": suya, "actor": request.user, **formulario.para_guardar()}
    if request.POST.get("accion") != "enviar":
        guardar_evaluacion(**datos)
        messages.success(request, _("Borrador guardado. Todavía no cuenta: falta enviarlo."))
        return redirect("retos:evaluacion", suya.pk)
    enviada = enviar_evaluacion(**datos)
    messages.success(
        request,
        _("Enviada la evaluación de %(propuesta)s: %(total)s de 100.")
        % {"propuesta": suya.propuesta.referencia, "total": str(enviada.total).replace(".", ",")},
    )
    siguiente = _siguiente(suya)
    return redirect("retos:evaluacion", siguiente.pk) if siguiente else redirect("retos:jurado")


def _ya_enviada(request, suya):
    """Doble clic, recarga o botón «atrás»: la primera vez ya contó."""
    suya.refresh_from_db(fields=["estado"])
    if suya.estado == EstadoEvaluacion.ENVIADA:
        messages.info(request, _("Esta evaluación ya se había enviado. Si quiere corregirla, reábrala."))
    else:
        messages.error(request, _("Esta propuesta ya no está en sus manos."))
    return redirect("retos:evaluacion", suya.pk)


def _reabrir(request, suya):
    try:
        reabrir_evaluacion(evaluacion=suya, actor=request.user)
        messages.success(request, _("Ya puede corregirla. No cuenta hasta que la envíe otra vez."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("retos:evaluacion", suya.pk)


def _apartarse(request, pk, *, plantilla, hacer, hecho):
    """Pide el motivo y devuelve la propuesta sin calificarla."""
    suya = _mia(request, pk)
    if impedimento_para_leer(suya, request.user) and suya.estado not in VIGENTES:
        raise Http404
    formulario = MotivoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulario.is_valid():
        try:
            hacer(suya, formulario.cleaned_data["motivo"])
        except ValidationError as error:
            formulario.add_error(None, error)
        else:
            messages.success(request, hecho)
            return redirect("retos:jurado")
    contexto = {"evaluacion": suya, "propuesta": suya.propuesta, "formulario": formulario}
    return render(request, plantilla, contexto, status=422 if formulario.is_bound else 200)


@never_cache
@login_required
@require_http_methods(LEER)
def abstencion(request, pk):
    return _apartarse(
        request,
        pk,
        plantilla="retos/evaluacion/abstenerse.html",
        hacer=lambda suya, motivo: abstenerse(evaluacion=suya, actor=request.user, motivo=motivo),
        hecho=_("Quedó anotado que se abstiene. La propuesta pasa a otra persona."),
    )


@never_cache
@login_required
@require_http_methods(LEER)
def conflicto(request, pk):
    return _apartarse(
        request,
        pk,
        plantilla="retos/evaluacion/conflicto.html",
        hacer=lambda suya, motivo: declarar_impedimento(
            jurado=suya.jurado, propuesta=suya.propuesta, actor=request.user, motivo=motivo, papel=Papel.JURADO
        ),
        hecho=_("Quedó declarado su conflicto de interés. La propuesta pasa a otra persona."),
    )


@never_cache
@require_safe
@login_required
def resultados_jurado(request, pk):
    """Las cifras de todas las propuestas, sin nombres, cuando la evaluación cerró: para deliberar."""
    lugar = _mi_jurado(request, pk)
    ejercicio, ahora = leer_reglas(lugar.ejercicio_id)
    try:
        comprobar_jurado(lugar, request.user)
    except ValidationError as error:
        raise PermissionDenied(" ".join(error.messages)) from error
    if lugar.estado != EstadoJurado.ACEPTADO or not ve_resultados(request.user, ejercicio, ahora):
        contexto = {"motivo": _("Las notas de las demás personas se ven cuando cierra la evaluación.")}
        return render(request, "retos/evaluacion/sin_acceso.html", contexto, status=403)
    contexto = {
        "reto": ejercicio,
        "resultados": resultados(ejercicio),
        "publicada": DecisionReto.objects.filter(ejercicio=ejercicio, publicada_en__isnull=False).exists(),
    }
    return render(request, "retos/evaluacion/resultados_jurado.html", contexto)
