from ..acudientes.rules import finalidades_permitidas
from ..enums import Finalidad
from ..models import Participante
from ..requisitos import tiene_consentimiento
from ..roles import EDITAN
from ..rules import tiene_rol


def administra_territorios(usuario, sitio) -> bool:
    """Si escribe las comunas y veredas del sitio."""
    return tiene_rol(usuario, sitio, *EDITAN)


def la_permite_su_acudiente(participante: Participante) -> bool:
    """Si la caracterización no necesita acudiente, o el suyo la autorizó (Ley 1581 de 2012, art. 7)."""
    permitidas = finalidades_permitidas(participante)
    return permitidas is None or Finalidad.CARACTERIZACION in permitidas


def puede_caracterizarse(participante: Participante, sitio) -> bool:
    """Si se pueden guardar sus respuestas de enfoque diferencial con la política que rige en el sitio."""
    return la_permite_su_acudiente(participante) and tiene_consentimiento(
        participante, sitio, Finalidad.CARACTERIZACION
    )
