"""Lo que esta parte muestra en la página de un reto, a quien modera y en los correos."""

from participacion.moderacion.models import Entrada

from ..fases import TipoFase
from ..models import Problema
from .enums import EstadoProblema

A_LA_VISTA = 3


def en_reto(request, pagina, ejercicio) -> dict:
    """Los problemas más apoyados; nada si el reto no tiene diagnóstico."""
    if not any(bloque.value["tipo"] == TipoFase.DIAGNOSTICO for bloque in pagina.fases):
        return {}
    publicados = Problema.objects.filter(ejercicio=ejercicio, estado=EstadoProblema.PUBLICADO)
    return {"problemas": list(publicados.order_by("-apoyos", "-pk")[:A_LA_VISTA]), "hay_diagnostico": True}


def para_moderar(problema: Problema) -> dict:
    return {"problema": problema}


def motivo_de(problema: Problema) -> str:
    """El motivo con que la moderación lo decidió; vacío si no lo hubo."""
    entrada = Entrada.objects.de(problema).decididas().order_by("-decidida_en", "-pk").first()
    return entrada.motivo if entrada else ""


def para_correo(problema: Problema) -> dict:
    return {
        "problema": problema,
        "reto": problema.ejercicio,
        "motivo": motivo_de(problema),
        "enlace": problema.get_absolute_url(),
    }
