"""Un reto con preguntas propias y lo que se contesta en ellas."""

from participacion.formularios.forms import MOSTRADAS
from tests import fabricas as f
from tests.encuestas.fabricas_encuestas import pregunta

PREGUNTAS = [
    pregunta("texto_corto", "publica", "¿Dónde se haría?", obligatoria=True),
    pregunta("texto_corto", "reservada", "¿Cuánto cuesta?", publica=False),
    pregunta("si_no", "piloto", "¿Ya lo probó?"),
    pregunta("texto_corto", "detalle", "¿Dónde lo probó?", reglas=[("piloto", "igual", "si")]),
    pregunta("archivo", "plano", "Plano", publica=False),
]
LICENCIAS = ["cc-by-4.0", "mit"]


def reto_con_preguntas(**campos):
    return f.reto(formulario=PREGUNTAS, licencias=LICENCIAS, **campos)


def contestado(publica="En la plaza", reservada="CONFIDENCIAL-77", **campos) -> dict:
    """Lo que envía un navegador que muestra todas las preguntas."""
    vistas = ",".join(p["id"] for p in PREGUNTAS if p["id"] != "detalle")
    return {
        "titulo": "Sombra", "resumen": "En breve.", "descripcion": "En detalle.", "terminos": "on", "version_terminos": "1",
        "licencia": "mit", "p_publica": publica, "p_reservada": reservada, "p_piloto": "no", MOSTRADAS: vistas, **campos,
    }  # fmt: skip


def enviada_con_preguntas(reto, de, **campos):
    return f.enviada(reto, de, licencia="mit", valores={"publica": "En la plaza", "reservada": "CONFIDENCIAL-77"}, **campos)


def publicada_con_preguntas(reto, de, **campos):
    return f.resolver(enviada_con_preguntas(reto, de, **campos), f.Decision.APROBADA)
