"""Lo que otras partes y los correos muestran de la evaluación."""

from django.urls import reverse
from django.utils.translation import get_language

from participacion.formularios.enums import TipoPregunta
from participacion.formularios.presentacion import resumen
from participacion.formularios.valores import de_respuesta

from ..decision.enums import EstadoDecision
from ..models import DecisionReto, Evaluacion, Jurado, Propuesta
from .consultas import por_enviar
from .enums import EstadoEvaluacion
from .plazos import fase_de_evaluacion


def comentarios_para(propuesta: Propuesta) -> list[str]:
    """Lo que el jurado quiso decir a quien propone, sin nombres; vacía hasta que se publique la decisión.

    En orden alfabético: el de llegada dejaría reconocer al mismo jurado en varias propuestas.
    """
    decididas = DecisionReto.objects.filter(ejercicio=propuesta.ejercicio_id, estado=EstadoDecision.PUBLICADA)
    if not decididas.exists():
        return []
    enviadas = Evaluacion.objects.filter(propuesta=propuesta, estado=EstadoEvaluacion.ENVIADA)
    return sorted(enviadas.exclude(comentario_proponente="").values_list("comentario_proponente", flat=True))


def para_correo(jurado: Jurado) -> dict:
    fase = fase_de_evaluacion(jurado.ejercicio)
    return {
        "jurado": jurado,
        "reto": jurado.ejercicio,
        "pendientes": jurado.evaluaciones.filter(por_enviar()).count(),
        "cierra": fase.termina if fase else None,
        "abre": fase.inicia if fase else None,
        "sin_clave": not jurado.usuario.has_usable_password(),
        "enlace": reverse("retos:jurado"),
        "poner_clave": reverse("account_reset_password"),
    }


def contestado(propuesta: Propuesta, *, ciega: bool) -> list[dict]:
    """Lo que contestó en el formulario propio del reto, por páginas (véase `formularios.presentacion.resumen`).

    En una evaluación ciega, sólo lo que también es público: lo reservado suele decir de quién es, y un archivo lo dice
    en su nombre.
    """
    if propuesta.respuesta is None:
        return []
    formulario = propuesta.respuesta.version.formulario(get_language() or "")
    paginas = resumen(formulario, de_respuesta(propuesta.respuesta))
    if not ciega:
        return paginas
    for pagina in paginas:
        pagina["respuestas"] = [dicha for dicha in pagina["respuestas"] if _anonima(dicha["pregunta"])]
    return [pagina for pagina in paginas if pagina["respuestas"]]


def _anonima(pregunta) -> bool:
    return pregunta.publica and pregunta.tipo not in (TipoPregunta.CORREO, TipoPregunta.ARCHIVO)
