"""Los archivos de una respuesta: a diferencia de otros objetos, puede tener varios, uno por pregunta."""

from collections.abc import Collection

from participacion.adjuntos.models import Adjunto

from .condiciones import Valores
from .definicion import Formulario
from .enums import TipoPregunta
from .models import Respuesta


def claves_de(formulario: Formulario, valores: Valores) -> set[str]:
    """Las claves de los archivos que dicen los valores."""
    preguntas = (p for p in formulario.preguntas.values() if p.tipo == TipoPregunta.ARCHIVO)
    return {valores[pregunta.clave] for pregunta in preguntas if valores.get(pregunta.clave)}


def conservar(*, respuesta: Respuesta, claves: Collection[str]) -> None:
    """Deja en la respuesta estos archivos y borra los demás que tuviera. Se llama con su candado tomado."""
    for adjunto in Adjunto.objects.de(respuesta).exclude(clave__in=claves):
        adjunto.borrar()
    sueltos = Adjunto.objects.filter(clave__in=claves, objeto_tipo="")
    sueltos.update(objeto_tipo=respuesta._meta.label_lower, objeto_id=respuesta.pk)
