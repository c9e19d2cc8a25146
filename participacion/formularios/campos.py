"""De cada tipo de pregunta, los campos que se muestran y cómo lo escrito se vuelve un valor.

Un valor es JSON: texto (texto, correo, lista desplegable, lugar, fecha ISO, número como texto, archivo), entero (escala),
booleano (sí o no, aceptación), `{"opcion", "otra"}` (una opción), `{"opciones", "otra"}` (varias), `{fila: opcion}`
(matriz) y lista de claves (orden). Lo que no se contestó es None.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from home.archivos import ACEPTADOS, ATRIBUTO_ACCEPT
from home.forms import LineaField, ParrafosField

from .definicion import Opcion, Pregunta
from .enums import ESCALAS, TipoPregunta

TEXTO_CORTO_MAXIMO, TEXTO_LARGO_MAXIMO, OTRA_MAXIMO = 300, 5_000, 200


class NumeroField(forms.DecimalField):
    """Acepta coma o punto decimal."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value):
        if isinstance(value, str):
            value = value.replace(" ", "").replace(",", ".")
        return super().to_python(value)


@dataclass(frozen=True)
class Campos:
    """`crear(pregunta, nombre, semilla)` da los campos por nombre; `leer(pregunta, nombre, datos)`, el valor.

    `leer` lanza ValidationError si lo escrito no puede ser una respuesta. `inicial` hace lo contrario de `leer`.
    Un archivo no tiene `leer`: leerlo es guardarlo, y lo hace `PaginaForm`, que sabe de quién es.
    """

    crear: Callable[[Pregunta, str, str], dict[str, forms.Field]]
    leer: Callable[[Pregunta, str, dict], object] | None
    inicial: Callable[[Pregunta, str, object], dict]


def en_orden(pregunta: Pregunta, semilla: str) -> list[Opcion]:
    """Las opciones como se muestran: al azar si así se pidió, siempre igual para la misma respuesta.

    Las exclusivas («Ninguna») y la abierta («Otra») quedan al final, donde se las busca.
    """
    if not pregunta.al_azar:
        return list(pregunta.opciones)
    sueltas = [opcion for opcion in pregunta.opciones if not (opcion.exclusiva or opcion.abierta)]
    random.Random(f"{semilla}:{pregunta.clave}").shuffle(sueltas)
    return sueltas + [opcion for opcion in pregunta.opciones if opcion.exclusiva or opcion.abierta]


def _opciones(pregunta, semilla):
    return [(opcion.clave, opcion.texto) for opcion in en_orden(pregunta, semilla)]


def _comun(pregunta) -> dict:
    return {"label": pregunta.texto, "help_text": pregunta.ayuda, "required": False}


def _simple(campo: Callable[[Pregunta, str], forms.Field], a_valor=lambda dato: dato or None, de_valor=lambda valor: valor):
    """Una pregunta que es un solo campo."""
    return Campos(
        crear=lambda pregunta, nombre, semilla: {nombre: campo(pregunta, semilla)},
        leer=lambda pregunta, nombre, datos: a_valor(datos.get(nombre)),
        inicial=lambda pregunta, nombre, valor: {nombre: de_valor(valor)},
    )


def _texto(clase, maximo):
    def crear(pregunta, _semilla):
        return clase(max_length=int(pregunta.maximo or maximo), min_length=pregunta.minimo and int(pregunta.minimo), **_comun(pregunta))

    return crear


def _limite(valor):
    """Como se escribe: 5 y no 5.0."""
    return int(valor) if valor is not None and valor == int(valor) else valor


def _numero(pregunta, _semilla):
    return NumeroField(
        min_value=_limite(pregunta.minimo),
        max_value=_limite(pregunta.maximo),
        max_digits=15,
        decimal_places=4,
        **_comun(pregunta),
    )


def _fecha(pregunta, _semilla):
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **_comun(pregunta))


def _lista(pregunta, semilla):
    return forms.ChoiceField(choices=[("", _("Elija una")), *_opciones(pregunta, semilla)], **_comun(pregunta))


def _botones(pregunta, opciones, **comun) -> forms.ChoiceField:
    """Botones de los que se marca uno. Como ya no se desmarcan, lo opcional trae otro para dejarlo sin respuesta."""
    if not pregunta.obligatoria:
        opciones = [*opciones, ("", _("Sin respuesta"))]
    return forms.ChoiceField(choices=opciones, widget=forms.RadioSelect, **comun)


def _escala(pregunta, _semilla):
    _primero, _ultimo, rotulos = ESCALAS[pregunta.escala]
    opciones = [(str(valor), str(rotulos.get(valor, valor))) for valor in pregunta.rango]
    return _botones(pregunta, opciones, **_comun(pregunta))


def _si_no(pregunta, _semilla):
    return _botones(pregunta, [("si", _("Sí")), ("no", _("No"))], **_comun(pregunta))


def _aceptacion(pregunta, _semilla):
    return forms.BooleanField(**_comun(pregunta))


def _correo(pregunta, _semilla):
    return forms.EmailField(max_length=254, **_comun(pregunta))


# --- Con opciones y, quizá, una abierta ---------------------------------------------------


def _abierta(pregunta) -> Opcion | None:
    return next((opcion for opcion in pregunta.opciones if opcion.abierta), None)


def _campo_otra(pregunta, nombre):
    if _abierta(pregunta) is None:
        return {}
    rotulo = _("Si eligió «%(opcion)s», ¿cuál?") % {"opcion": _abierta(pregunta).texto}
    return {f"{nombre}__otra": LineaField(label=rotulo, max_length=OTRA_MAXIMO, required=False)}


def _leer_otra(pregunta, nombre, datos, elegidas) -> str:
    """Lo escrito en «Otra», si se eligió; escribirlo sin elegirla no cuenta."""
    abierta = _abierta(pregunta)
    otra = datos.get(f"{nombre}__otra") or ""
    if abierta is None or abierta.clave not in elegidas:
        return ""
    if not otra:
        raise ValidationError(_("Escriba cuál."), code="otra")
    return otra


def _crear_unica(pregunta, nombre, semilla):
    campo = _botones(pregunta, _opciones(pregunta, semilla), **_comun(pregunta))
    return {nombre: campo} | _campo_otra(pregunta, nombre)


def _leer_unica(pregunta, nombre, datos):
    if not (opcion := datos.get(nombre)):
        return None
    return {"opcion": opcion, "otra": _leer_otra(pregunta, nombre, datos, [opcion])}


def _crear_multiple(pregunta, nombre, semilla):
    campo = forms.MultipleChoiceField(
        choices=_opciones(pregunta, semilla), widget=forms.CheckboxSelectMultiple, **_comun(pregunta)
    )
    return {nombre: campo} | _campo_otra(pregunta, nombre)


def _leer_multiple(pregunta, nombre, datos):
    marcadas = set(datos.get(nombre) or [])
    if not marcadas:
        return None
    elegidas = [opcion.clave for opcion in pregunta.opciones if opcion.clave in marcadas]
    exclusivas = [clave for clave in elegidas if pregunta.por_opcion[clave].exclusiva]
    if exclusivas and len(elegidas) > 1:
        texto = pregunta.por_opcion[exclusivas[0]].texto
        raise ValidationError(_("«%(opcion)s» no se puede marcar con otras.") % {"opcion": texto}, code="exclusiva")
    if pregunta.minimo and not exclusivas and len(elegidas) < pregunta.minimo:
        raise ValidationError(
            ngettext("Marque al menos %(n)d opción.", "Marque al menos %(n)d opciones.", int(pregunta.minimo))
            % {"n": pregunta.minimo},
            code="minimo",
        )
    if pregunta.maximo and len(elegidas) > pregunta.maximo:
        raise ValidationError(
            ngettext("Marque %(n)d opción como máximo.", "Marque %(n)d opciones como máximo.", int(pregunta.maximo))
            % {"n": pregunta.maximo},
            code="maximo",
        )
    return {"opciones": elegidas, "otra": _leer_otra(pregunta, nombre, datos, elegidas)}


def _inicial_abierta(campo):
    def inicial(_pregunta, nombre, valor):
        return {nombre: valor[campo], f"{nombre}__otra": valor["otra"]} if valor else {}

    return inicial


# --- Matriz y orden: un campo por fila o por opción -------------------------------------------


def _crear_matriz(pregunta, nombre, _semilla):
    columnas = [(opcion.clave, opcion.texto) for opcion in pregunta.opciones]
    return {
        f"{nombre}__{fila.clave}": _botones(pregunta, columnas, label=fila.texto, required=False)
        for fila in pregunta.filas
    }


def _leer_matriz(pregunta, nombre, datos):
    valor = {fila.clave: columna for fila in pregunta.filas if (columna := datos.get(f"{nombre}__{fila.clave}"))}
    return valor or None


def _inicial_matriz(_pregunta, nombre, valor):
    return {f"{nombre}__{fila}": columna for fila, columna in (valor or {}).items()}


def _crear_orden(pregunta, nombre, semilla):
    cuantas = int(pregunta.maximo or len(pregunta.opciones))
    puestos = [("", "—"), *((str(n), str(n)) for n in range(1, cuantas + 1))]
    return {
        f"{nombre}__{opcion.clave}": forms.ChoiceField(label=opcion.texto, choices=puestos, required=False)
        for opcion in en_orden(pregunta, semilla)
    }


def _leer_orden(pregunta, nombre, datos):
    puestos = {
        int(puesto): opcion.clave for opcion in pregunta.opciones if (puesto := datos.get(f"{nombre}__{opcion.clave}"))
    }
    dados = sum(1 for opcion in pregunta.opciones if datos.get(f"{nombre}__{opcion.clave}"))
    if not dados:
        return None
    if len(puestos) < dados:
        raise ValidationError(_("Hay dos con el mismo puesto."), code="repetido")
    if sorted(puestos) != list(range(1, dados + 1)):
        raise ValidationError(_("Los puestos deben seguirse: 1, 2, 3…"), code="huecos")
    if pregunta.minimo and dados < pregunta.minimo:
        raise ValidationError(_("Ordene al menos %(n)d.") % {"n": pregunta.minimo}, code="minimo")
    return [puestos[n] for n in sorted(puestos)]


def _inicial_orden(_pregunta, nombre, valor):
    return {f"{nombre}__{opcion}": str(puesto) for puesto, opcion in enumerate(valor or [], 1)}


def _crear_archivo(pregunta, nombre, _semilla):
    """El archivo, o la ficha de uno ya subido: así no se pierde al corregir otra pregunta."""
    comun = _comun(pregunta)
    comun["help_text"] = " ".join(
        filter(None, [comun["help_text"], _("Uno, hasta 10 MB. Se reciben: %(tipos)s.") % {"tipos": ACEPTADOS}])
    )
    return {
        nombre: forms.FileField(max_length=200, widget=forms.FileInput(attrs={"accept": ATRIBUTO_ACCEPT}), **comun),
        f"{nombre}__ficha": forms.CharField(widget=forms.HiddenInput, required=False),
        f"{nombre}__quitar": forms.BooleanField(label=_("Quitar el archivo"), required=False),
    }


def _no_none(convertir):
    return lambda dato: None if dato in (None, "") else convertir(dato)


T = TipoPregunta
CAMPOS: dict[str, Campos] = {
    T.TEXTO_CORTO: _simple(_texto(LineaField, TEXTO_CORTO_MAXIMO)),
    T.TEXTO_LARGO: _simple(_texto(ParrafosField, TEXTO_LARGO_MAXIMO)),
    T.NUMERO: _simple(_numero, _no_none(lambda dato: format(dato.normalize(), "f"))),
    T.FECHA: _simple(_fecha, _no_none(lambda dato: dato.isoformat())),
    T.UNICA: Campos(_crear_unica, _leer_unica, _inicial_abierta("opcion")),
    T.MULTIPLE: Campos(_crear_multiple, _leer_multiple, _inicial_abierta("opciones")),
    T.DESPLEGABLE: _simple(_lista),
    T.LUGAR: _simple(_lista),
    T.ESCALA: _simple(_escala, _no_none(int), lambda valor: None if valor is None else str(valor)),
    T.SI_NO: _simple(_si_no, _no_none(lambda dato: dato == "si"), lambda valor: {True: "si", False: "no"}.get(valor)),
    T.ACEPTACION: _simple(_aceptacion, lambda dato: True if dato else None),
    T.CORREO: _simple(_correo),
    T.ARCHIVO: Campos(_crear_archivo, None, lambda _pregunta, _nombre, _valor: {}),
    T.MATRIZ: Campos(_crear_matriz, _leer_matriz, _inicial_matriz),
    T.ORDENAMIENTO: Campos(_crear_orden, _leer_orden, _inicial_orden),
}

OBLIGATORIA = gettext_lazy("Esta pregunta es obligatoria.")
