"""Lo que la moderación y los correos muestran de una propuesta."""

from participacion.adjuntos.models import Adjunto
from participacion.moderacion.models import Entrada

from .actions import limite_de_envio
from .models import Propuesta


def ultimo_motivo(propuesta: Propuesta) -> str:
    """El motivo de la última decisión de moderación; vacío si no lo hubo."""
    entrada = Entrada.objects.de(propuesta).decididas().order_by("-decidida_en", "-pk").first()
    return entrada.motivo if entrada else ""


def para_moderar(propuesta: Propuesta) -> dict:
    return {"propuesta": propuesta, "adjuntos": Adjunto.objects.de(propuesta)}


def para_correo(propuesta: Propuesta) -> dict:
    return {
        "propuesta": propuesta,
        "reto": propuesta.ejercicio,
        "motivo": ultimo_motivo(propuesta),
        "limite": limite_de_envio(propuesta, propuesta.ejercicio),
        "enlace": propuesta.get_absolute_url(),
    }
