"""Una encuesta con todos los tipos de pregunta, que se crea en el sitio servido: `manage.py shell` la llama."""

from encuestas.enums import Modo
from encuestas.models import EncuestaPage
from participacion.formularios.enums import TipoPregunta
from tests.encuestas.fabricas_encuestas import encuesta, pregunta

T = TipoPregunta
TITULO = "Cómo nos movemos"


def _pagina(clave, titulo):
    return {"type": "pagina", "id": clave, "value": {"titulo": titulo, "condicion": {"reglas": [], "reunir": "todas"}}}


def _bloques():
    return [
        pregunta(T.TEXTO_CORTO, "barrio", "¿En qué barrio vive?", obligatoria=True, ayuda="Como lo llama la gente."),
        pregunta(T.NUMERO, "casa", "¿Cuántas personas viven en su casa?", minimo=1, maximo=30),
        pregunta(T.FECHA, "bus", "¿Cuándo usó el bus por última vez?"),
        pregunta(T.UNICA, "medio", "¿En qué se mueve más?", opciones=["Bus", "Bicicleta", "A pie"], otra="Otro", obligatoria=True),
        pregunta(T.TEXTO_LARGO, "porque", "¿Por qué en bicicleta?", reglas=[("medio", "igual", "medio-o2")]),
        _pagina("p2", "Su opinión"),
        pregunta(T.MULTIPLE, "mejorar", "¿Qué mejoraría?", opciones=["Rutas", "Paraderos", "Precio"], otra="Otra cosa", maximo=2),
        pregunta(T.DESPLEGABLE, "cuanto", "¿Cada cuánto lo usa?", opciones=["Cada día", "Cada semana"]),
        pregunta(T.ESCALA, "tiempo", "El transporte llega a tiempo", escala="acuerdo", obligatoria=True),
        pregunta(T.ESCALA, "nps", "¿Recomendaría el bus?", escala="nps"),
        _pagina("p3", "Detalle"),
        pregunta(T.MATRIZ, "aspectos", "¿Qué tan bien está…?", filas=["La frecuencia", "El aseo"], opciones=["Mal", "Bien"], obligatoria=True),
        pregunta(T.ORDENAMIENTO, "orden", "Ordene por importancia", opciones=["Tiempo", "Precio"]),
        pregunta(T.SI_NO, "carro", "¿Tiene vehículo propio?"),
        _pagina("p4", "Para terminar"),
        pregunta(T.ARCHIVO, "foto", "Adjunte una foto, si quiere"),
        pregunta(T.CORREO, "correo", "Su correo, si quiere que le contemos"),
        pregunta(T.ACEPTACION, "acepto", "Acepto que se publique un resumen", obligatoria=True),
    ]


def sembrar():
    """La crea si falta y escribe su dirección y el número de su página."""
    pagina = EncuestaPage.objects.filter(title=TITULO).first() or encuesta(_bloques(), TITULO, modo=Modo.ANONIMA)
    print(f"{pagina.url} {pagina.pk}")  # noqa: T201
