from ..enums import RangoDeclarado
from ..models import AutorizacionAcudiente, Participante, Perfil


def necesita_acudiente(participante: Participante) -> bool:
    """Si declaró tener entre 14 y 17 años: participa con la autorización de quien lo representa (Decreto 1377 de 2013, art. 12)."""
    return Perfil.objects.filter(participante=participante, rango_declarado=RangoDeclarado.ADOLESCENTE).exists()


def finalidades_permitidas(participante: Participante) -> set[str] | None:
    """Las que su acudiente autorizó: sin él, ninguna; None para quien no lo necesita. Lo que la persona autoriza vale dentro de ellas."""
    if not necesita_acudiente(participante):
        return None
    vigente = AutorizacionAcudiente.objects.vigentes().filter(participante=participante).first()
    return set(vigente.finalidades) if vigente else set()
