"""Los campos de una propuesta por su nombre, para nombrarlos en una solicitud y en una comparación."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participacion.formularios.forms import nombre_de

from ..models import Propuesta

COMUNES = {
    "titulo": gettext_lazy("Título"),
    "resumen": gettext_lazy("Resumen"),
    "descripcion": gettext_lazy("Descripción"),
    "archivo": gettext_lazy("Archivos adjuntos"),
}


def campos_de(propuesta: Propuesta) -> dict[str, str]:
    """Nombre → rótulo: los comunes y, por su clave, las preguntas que le tocaron."""
    campos = {nombre: str(rotulo) for nombre, rotulo in COMUNES.items()}
    if propuesta.respuesta:
        preguntas = propuesta.respuesta.version.formulario().preguntas.values()
        campos |= {pregunta.clave: pregunta.texto for pregunta in preguntas}
    return campos


def rotulos_de(propuesta: Propuesta, campos: list[str]) -> list[str]:
    """Cómo se llaman; el que ya no existe, por su nombre."""
    rotulos = campos_de(propuesta)
    return [rotulos.get(campo, _("Una pregunta que ya no está")) for campo in campos]


def en_formulario(propuesta: Propuesta, campos: list[str]) -> set[str]:
    """Los nombres con que esos campos llegan de un formulario."""
    preguntas = propuesta.respuesta.version.formulario().preguntas if propuesta.respuesta else {}
    return {nombre_de(preguntas[campo]) if campo in preguntas else campo for campo in campos}
