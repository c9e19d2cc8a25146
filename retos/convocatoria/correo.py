"""Lo que dicen los correos sobre la convocatoria de un reto."""

from django.utils.translation import get_language

from participacion.ejercicios.models import Ejercicio

from ..models import PreguntaReto, Prorroga, RetoPage


def ruta_de(ejercicio: Ejercicio) -> str:
    """La dirección de la página del reto sin el servidor, en el idioma actual o en español; vacía si no está publicada."""
    idioma = get_language()
    publicadas = RetoPage.objects.live().filter(translation_key=ejercicio.translation_key).select_related("locale")
    pagina = min(publicadas, key=lambda pagina: pagina.locale.language_code != idioma, default=None)
    return pagina.get_url_parts()[2] if pagina else ""


def de_prorroga(prorroga: Prorroga) -> dict:
    return {"prorroga": prorroga, "reto": prorroga.ejercicio, "enlace": f"{ruta_de(prorroga.ejercicio)}#fases"}


def de_pregunta(pregunta: PreguntaReto) -> dict:
    ruta = ruta_de(pregunta.ejercicio)
    return {"pregunta": pregunta, "reto": pregunta.ejercicio, "enlace": ruta and f"{ruta}preguntas/"}
