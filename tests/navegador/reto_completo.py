"""El reto del recorrido entero, en el sitio servido: `manage.py shell` llama a `atender` y le habla por la entrada."""

import sys

from retos.fases import TipoFase
from retos.models import RetoPage
from tests import fabricas

TITULO = "Aulas más frescas"
PREGUNTA = "¿En cuántas aulas lo probaría?"
FASES = [fase for fase in TipoFase if fase not in (TipoFase.DIAGNOSTICO, TipoFase.PROTOTIPO)]


def atender():
    """Siembra el reto sin publicar y escribe el número de su página; después, por cada fase que lee, lleva allí su reloj."""
    pagina = _sembrar()
    print(pagina.pk, flush=True)  # noqa: T201 -- lo lee la prueba, que lo corre con manage.py shell
    for renglon in sys.stdin:
        fabricas.mover_reloj(RetoPage.objects.get(pk=pagina.pk), renglon.strip())
        print(RetoPage.objects.get(pk=pagina.pk).ejercicio.pk, flush=True)  # noqa: T201 -- lo lee la prueba, que lo corre con manage.py shell


def _sembrar():
    """Con lo largo ya escrito: al editor le falta lo esencial y corregir un peso."""
    criterios = fabricas.criterios(60, 30)
    for (_tipo, valor), nombre in zip(criterios, ("Frescura", "Costo"), strict=True):
        valor |= {"nombre": nombre, "guias": [{"valor": 0, "texto": "No se nota"}, {"valor": 5, "texto": "Se nota mucho"}]}
    pregunta = {
        "texto": PREGUNTA, "ayuda": "", "obligatoria": True, "visibilidad": "publica", "minimo": 1, "maximo": 90,
        "condicion": {"reglas": [], "reunir": "todas"},
    }  # fmt: skip
    pagina = fabricas.reto(
        "Reto por titular",
        publicar=False,
        **fabricas.programa("convocatoria", fases=FASES),
        criterios=criterios,
        requisitos=[("requisito", {"texto": "Cabe en el presupuesto", "subsanable": True})],
        formulario=[("numero", pregunta)],
        evaluacion_ciega=True,
    )
    pagina.save_revision()
    return pagina
