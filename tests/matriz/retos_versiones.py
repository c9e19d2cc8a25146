"""Lo que se espera de las versiones de una propuesta y de la información que se le pide."""

from datetime import timedelta

from django.utils import timezone

from retos.versiones.actions import pedir_informacion
from tests import fabricas as f

from .propias import LEE_LO_ENVIADO, SOLO_LECTURA, Caso

FUERA = "anonima=entrar ciudadania=entrar personal=no"


def de_las_versiones(hay) -> None:
    """Una propuesta a la que se le pidió información, y nadie la ha completado."""
    hay.pedida = f.publicada(hay.reto, hay.gente.autora)
    hay.solicitud = pedir_informacion(
        propuesta=hay.pedida,
        actor=hay.gente.gestion,
        campos=["descripcion"],
        mensaje="¿Cuánto cuesta?",
        vence_en=timezone.now() + timedelta(days=1),
    )


def _gestiona(que: str) -> str:
    return f"{FUERA} gestionan={que}"


def _de_pedida(nombre: str) -> dict:
    return {"pk": "reto.ejercicio.pk", nombre: f"{'pedida' if nombre == 'propuesta' else 'solicitud'}.pk"}


RETOS_VERSIONES: dict[str, list[Caso]] = {
    "retos:versiones": [
        Caso("publicada", get=f"anonima=entrar {LEE_LO_ENVIADO}", post=SOLO_LECTURA, valores={"pk": "publicada.pk"}),
        Caso("borrador", get="anonima=entrar autora=200 resto=404", post=SOLO_LECTURA, valores={"pk": "borrador.pk"}),
    ],
    "retos:informacion": [
        Caso("pedida", get="anonima=entrar autora=200 resto=404", post="anonima=entrar autora=422 resto=404", valores={"pk": "pedida.pk"}),
        Caso("sin pedir", get="anonima=entrar autora=sigue resto=404", post="anonima=entrar autora=sigue resto=404", valores={"pk": "publicada.pk"}),
    ],
    "retos_versiones:lista": [
        Caso("", get=_gestiona("200"), post=_gestiona("405"), valores={"pk": "reto.ejercicio.pk"}),
    ],
    "retos_versiones:pedir": [
        Caso("", get=_gestiona("200"), post=_gestiona("422"), valores=_de_pedida("propuesta")),
    ],
    "retos_versiones:anular": [
        Caso("", get=_gestiona("405"), post=_gestiona("sigue"), valores=_de_pedida("solicitud")),
    ],
}  # fmt: skip
