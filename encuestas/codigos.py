"""El código de un solo uso con que alguien responde: cómo se escribe, cómo se reconoce y cómo lo recuerda su navegador."""

import re

from django.http import HttpRequest
from stdnum import luhn

from cuentas.documentos import huella
from participacion.ejercicios.models import Ejercicio

from .models import Codigo

_SESION = "codigos_de_encuesta"
# Base 32 de Crockford: sin I, L, O ni U, que se confunden al leer o forman palabras.
ALFABETO = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Con ocho hay un billón de códigos: acertar uno de un lote de cinco mil pide, de media, doscientos millones de intentos.
_LARGO = 8


def derivar(ejercicio_id: int, lote_id: int, numero: int) -> str:
    """El código número `numero` de un lote, con su símbolo de control. Siempre el mismo; sin la clave no se adivina."""
    azar = int(huella("codigo-de-lote", str(ejercicio_id), str(lote_id), str(numero)), 16)
    simbolos = "".join(ALFABETO[azar >> 5 * puesto & 31] for puesto in range(_LARGO))
    return simbolos + luhn.calc_check_digit(simbolos, ALFABETO)


def escrito(codigo: str) -> str:
    """Como se imprime: de a tres."""
    return "-".join(codigo[inicio : inicio + 3] for inicio in range(0, len(codigo), 3))


def normalizar(texto: str) -> str:
    """Lo que alguien escribió, sin espacios, guiones ni minúsculas y con las letras que se confunden corregidas."""
    return re.sub(r"[\W_]", "", texto).upper().translate(str.maketrans("OIL", "011"))


def bien_escrito(texto: str) -> bool:
    """Si el símbolo de control cuadra: si no, se copió mal."""
    codigo = normalizar(texto)
    return len(codigo) == _LARGO + 1 and luhn.is_valid(codigo, ALFABETO) if set(codigo) <= set(ALFABETO) else False


def huella_de(ejercicio: Ejercicio, texto: str) -> str:
    """La que se guarda de un código."""
    return huella("codigo", str(ejercicio.pk), normalizar(texto))


def por_texto(ejercicio: Ejercicio, texto: str) -> Codigo | None:
    """El código que alguien escribió, aunque esté usado o anulado; None si no es de esta encuesta."""
    codigos = Codigo.objects.select_related("lote").filter(ejercicio=ejercicio)
    return codigos.filter(huella=huella_de(ejercicio, texto)).first()


def recordar(request: HttpRequest, codigo: Codigo) -> None:
    request.session[_SESION] = request.session.get(_SESION, {}) | {str(codigo.ejercicio_id): codigo.pk}


def codigo_de(request: HttpRequest, ejercicio: Ejercicio) -> Codigo | None:
    """El código con que este navegador entró a esta encuesta; None si ninguno, o si su lote se anuló sin que lo usara."""
    codigo = _recordado(request, ejercicio)
    return None if codigo and _se_anulo(codigo) else codigo


def se_anulo(request: HttpRequest, ejercicio: Ejercicio) -> bool:
    """Si este navegador había entrado con un código cuyo lote se anuló sin que lo usara."""
    codigo = _recordado(request, ejercicio)
    return codigo is not None and _se_anulo(codigo)


def _recordado(request, ejercicio) -> Codigo | None:
    pk = request.session.get(_SESION, {}).get(str(ejercicio.pk))
    return Codigo.objects.select_related("lote").filter(ejercicio=ejercicio, pk=pk).first() if pk else None


def _se_anulo(codigo: Codigo) -> bool:
    return bool(codigo.lote.anulado_en and not codigo.usado_el)
