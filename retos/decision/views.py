"""Lo que cualquiera lee de la decisión de un reto y de las respuestas de la entidad."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from home.marco import direccion_de

from ..acceso import con_reto
from ..models import CierreReto, DecisionReto, Reto
from . import consultas
from .plazo import DIAS_HABILES, PlazoRespuesta, dias_entre

POR_PAGINA = 20


@require_safe
@con_reto
def decision(request, reto, ejercicio):
    """La decisión: elegidas, banco, no elegidas con su respuesta, criterios y actas. Antes de publicarla no existe."""
    decision = DecisionReto.objects.filter(ejercicio=ejercicio, publicada_en__isnull=False).first()
    if decision is None:
        raise Http404
    fallos = consultas.fallos_publicados(decision)
    destacados = list(consultas.en_orden(fallos))
    reglas = Reto.objects.filter(ejercicio=ejercicio).first()
    contexto = {
        "reto": reto,
        "url_reto": direccion_de(request, reto),
        "decision": decision,
        "elegidas": [fallo for fallo in destacados if fallo.puesto is None],
        "banco": [fallo for fallo in destacados if fallo.puesto is not None],
        "pagina": Paginator(consultas.no_elegidas(fallos), POR_PAGINA).get_page(request.GET.get("page")),
        "criterios": ejercicio.criterios.all(),
        "huella": reglas.huella_criterios if reglas else "",
        "actas": decision.actas.all(),
    }
    return render(request, "retos/decision/publica.html", contexto)


@require_safe
@con_reto
def respuestas(request, reto, ejercicio):
    """Las propuestas que esperan respuesta oficial, y cuánto llevan."""
    pendientes = consultas.sin_responder(ejercicio).con_firma().order_by("publicada_en", "pk")
    pagina = Paginator(pendientes, POR_PAGINA).get_page(request.GET.get("page"))
    plazo, ahora = PlazoRespuesta(ejercicio), timezone.now()
    contexto = {
        "reto": reto,
        "url_reto": direccion_de(request, reto),
        "ejercicio": ejercicio,
        "pagina": pagina,
        "esperas": [
            (propuesta, dias_entre(propuesta.publicada_en, ahora), plazo.vence(propuesta.publicada_en))
            for propuesta in pagina
        ],
        "hoy": timezone.localdate(),
        "dias_habiles": DIAS_HABILES,
        "respondidas": ejercicio.propuestas.publicadas().count() - pagina.paginator.count,
        "cierre": CierreReto.objects.filter(ejercicio=ejercicio).first(),
    }
    return render(request, "retos/decision/respuestas.html", contexto)
