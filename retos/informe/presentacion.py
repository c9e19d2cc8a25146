"""Lo que esta parte muestra en la página de un reto y en el mapa para buscadores."""

from participacion.ejercicios.enums import Fase

from ..models import CierreReto, RetoPage


def en_reto(request, pagina, ejercicio) -> dict:
    """Si ya hay informe; si es el final lo dice `cierre_del_reto`, del seguimiento."""
    return {"informe_disponible": ejercicio.fase == Fase.CERRADA}


def en_el_mapa(pagina: RetoPage, request) -> list[dict]:
    """El informe, cuando es el final."""
    ejercicio = pagina.ejercicio
    cierre = ejercicio and CierreReto.objects.filter(ejercicio=ejercicio).first()
    return [{"location": f"{pagina.get_full_url(request)}informe/", "lastmod": cierre.en}] if cierre else []
