from django.db import transaction

from ..enums import GrupoEdad, RangoDeclarado
from ..models import Participante, Perfil, Territorio


@transaction.atomic
def guardar_perfil(
    *,
    participante: Participante,
    rango_declarado: str,
    grupo_edad: str = "",
    municipio: str = "",
    territorio: Territorio | None = None,
    zona: str = "",
) -> Perfil:
    """Crea o cambia lo que alguien declara de sí. Los actos ya anotados conservan lo que decía entonces.

    El rango manda: un grupo de edad que no le corresponde se descarta. La zona sale del territorio si lo hay.
    """
    es_adolescente = rango_declarado == RangoDeclarado.ADOLESCENTE
    if es_adolescente:
        grupo_edad = GrupoEdad.ADOLESCENTE
    elif grupo_edad == GrupoEdad.ADOLESCENTE:
        grupo_edad = ""
    perfil, _nuevo = Perfil.objects.update_or_create(
        participante=participante,
        defaults={
            "rango_declarado": rango_declarado,
            "grupo_edad": grupo_edad,
            "municipio": municipio,
            "territorio": territorio,
            "zona": territorio.zona if territorio else zona,
        },
    )
    return perfil
