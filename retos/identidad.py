"""En una evaluación ciega, lo que el propio texto dice de quien lo escribió.

Se avisa y se pide quitarlo o confirmar que no lo identifica: un nombre puede ser también el de una calle.
"""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cuentas.models import Organizacion, Participante
from home.texto import sin_tildes

from .models import Propuesta

CODIGO = "identidad"
_SEPARADOR = re.compile(r"[^a-z0-9]+")
_CORREO = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
# Celulares (3xx) y fijos (60x) colombianos, de diez cifras, escritos con espacios, puntos o guiones o sin ellos.
_TELEFONO = re.compile(r"(?<!\d)(?:\+?57[\s.-]?)?(?:3\d{2}|60\d)[\s.-]?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}(?!\d)")


def _aplanar(texto: str) -> str:
    """Sólo letras y cifras, entre espacios: «Ríos-Ana» y «rios ana» se parecen."""
    return f" {_SEPARADOR.sub(' ', sin_tildes(texto)).strip()} "


def _suyos(propuesta: Propuesta) -> tuple[list[Participante], list[Organizacion]]:
    """Quienes la escriben y en nombre de quiénes."""
    integrantes = list(propuesta.integrantes.select_related("participante__cuenta", "organizacion"))
    personas = [propuesta.autor, *(integrante.participante for integrante in integrantes)]
    organizaciones = [propuesta.organizacion, *(integrante.organizacion for integrante in integrantes)]
    return [p for p in personas if p], [o for o in organizaciones if o]


def _nombres(propuesta: Propuesta) -> Iterable[str]:
    """Cómo se les nombra: nombre y apellido seguidos, en cualquier orden, y el nombre o las palabras propias de la organización."""
    personas, organizaciones = _suyos(propuesta)
    for persona in personas:
        if cuenta := persona.cuenta:
            nombres, apellidos = cuenta.first_name.split()[:1], cuenta.last_name.split()[:1]
            if nombres and apellidos:
                yield f"{nombres[0]} {apellidos[0]}"
                yield f"{apellidos[0]} {nombres[0]}"
            yield cuenta.get_full_name()
        yield persona.nombre
    for organizacion in organizaciones:
        yield organizacion.nombre


def hallazgos(propuesta: Propuesta, textos: dict[str, str]) -> dict[str, list[str]]:
    """Por campo, lo que en su texto dice quién propone, tal como está escrito o como se llama."""
    nombres = {nombre.strip() for nombre in _nombres(propuesta)} - {""}
    hallados = {}
    for campo, texto in textos.items():
        plano = _aplanar(texto)
        suyos = sorted(nombre for nombre in nombres if len(_aplanar(nombre).strip()) > 2 and _aplanar(nombre) in plano)
        suyos += [hallado.group() for patron in (_CORREO, _TELEFONO) for hallado in patron.finditer(texto)]
        if suyos:
            hallados[campo] = list(dict.fromkeys(suyos))
    return hallados


def comprobar(propuesta: Propuesta, textos: dict[str, str]) -> None:
    """Lanza ValidationError (por campo, code="identidad") si algún texto dice de quién es la propuesta."""
    hallados = hallazgos(propuesta, textos)
    if hallados:
        raise ValidationError(
            {
                campo: ValidationError(
                    _("La evaluación es ciega y aquí se lee quién propone: %(que)s. Quítelo, o confirme que no la identifica."),
                    code=CODIGO,
                    params={"que": ", ".join(f"«{cosa}»" for cosa in cosas)},
                )
                for campo, cosas in hallados.items()
            }
        )


def es_aviso(error: ValidationError) -> bool:
    """Si lo único que dice el error es que el texto identifica: se puede confirmar y seguir."""
    por_campo = getattr(error, "error_dict", {})
    return bool(por_campo) and all(uno.code == CODIGO for errores in por_campo.values() for uno in errores)
