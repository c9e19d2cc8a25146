"""Lo que los equipos muestran en la página de una propuesta."""

from collections.abc import Iterable

from ..enums import POR_DECIDIR, EstadoPropuesta
from ..models import Integrante, Propuesta

_DE_FIRMA = (
    "propuesta_id", "organizacion__nombre", "participante__nombre", "participante__muestra_nombre", "participante__suprimido",
    "participante__cuenta__first_name", "participante__cuenta__last_name",
)  # fmt: skip


def firmas(integrantes: Iterable[Integrante]) -> tuple[list[str], int]:
    """Con qué nombre se muestra cada quien, sin repetir, y cuántas personas más no publican el suyo."""
    nombres, callados = [], 0
    for integrante in integrantes:
        persona = integrante.participante
        if integrante.organizacion:
            nombres.append(integrante.organizacion.nombre)
        elif persona.muestra_nombre:
            nombres.append(persona.nombre_publico)
        else:
            callados += 1
    return list(dict.fromkeys(nombres)), callados


def puede_crecer(propuesta: Propuesta) -> bool:
    """Según el reloj de esta máquina, para mostrar: lo decide `condiciones.comprobar_union`."""
    ejercicio = propuesta.ejercicio
    return (
        propuesta.estado == EstadoPropuesta.PUBLICADA
        and propuesta.resultado in POR_DECIDIR
        and ejercicio.publicado
        and ejercicio.esta_abierto
    )


def en_propuesta(request, propuesta) -> dict:
    """Quiénes la escriben, con cuál se fusionó y cuáles recibió. En una evaluación ciega, de nadie se dice quién es."""
    contexto = {"admite_equipo": propuesta.autor_id is not None and puede_crecer(propuesta)}
    if propuesta.tiene_equipo and not propuesta.anonima:
        suyos = propuesta.integrantes.select_related("organizacion", "participante__cuenta").only(*_DE_FIRMA)
        contexto["equipo"], contexto["equipo_callado"] = firmas(suyos)
    if propuesta.estado == EstadoPropuesta.FUSIONADA:
        contexto["fusion_en"] = Propuesta.objects.only("titulo", "idioma").get(fusionadas=propuesta.pk)
    elif propuesta.recibio_otras:
        contexto["fusiones"] = list(propuesta.fusionadas.only("titulo", "idioma", "apoyos", "fusionada_en").order_by("pk"))
    return contexto
