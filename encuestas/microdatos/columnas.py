"""Qué columnas tiene el archivo de respuestas y qué quiere decir cada una: su diccionario."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from home.tablas import celda
from participacion.formularios.enums import ABIERTAS, TipoPregunta

from ..models import Encuesta
from ..resultados.catalogo import PreguntaVista, catalogo

T = TipoPregunta


@dataclass(frozen=True)
class Columna:
    """`personal`: identifica a alguien o puede hacerlo; sólo sale con el permiso de descargar datos personales."""

    codigo: str
    texto: str
    tipo: str
    valores: str = ""
    personal: bool = False
    clave: str = ""


# De cada respuesta, lo que no son sus preguntas: código → campo en la base de datos.
GENERALES = {"canal": "canal", "idioma": "idioma", "version": "version__numero", "enviada_el": "enviada_en"}
RASGOS = {"actor_tipo": "actor_tipo", "rango_edad": "rango_edad", "area": "area", "zona": "zona"}
PERSONALES = {
    "referencia": "referencia",
    "participante": "participante__clave",
    "organizacion": "organizacion__nombre",
}


def campos_de(encuesta: Encuesta, personales: bool) -> dict[str, str]:
    """Los campos de cada respuesta que van en el archivo.

    De una encuesta secreta no salen fecha, rasgos ni personas: con un renglón por respuesta señalarían a alguien.
    """
    if encuesta.secreta:
        return {codigo: campo for codigo, campo in GENERALES.items() if codigo != "enviada_el"}
    return GENERALES | RASGOS | (PERSONALES if personales else {})


def _rotulos() -> dict[str, str]:
    return {
        "canal": _("Por dónde llegó"),
        "idioma": _("Idioma en que se contestó"),
        "version": _("Versión del formulario"),
        "enviada_el": _("Día en que se envió"),
        "actor_tipo": _("Tipo de actor"),
        "rango_edad": _("Edad declarada"),
        "area": _("Comuna, corregimiento o vereda"),
        "zona": _("Zona"),
        "referencia": _("Referencia del recibo"),
        "participante": _("Clave de la persona en el registro"),
        "organizacion": _("Organización"),
    }


class Columnas:
    """Las columnas de una encuesta y cómo se llena cada una con las partes de una respuesta."""

    def __init__(self, encuesta: Encuesta, *, personales: bool):
        self.campos = campos_de(encuesta, personales)
        rotulos = _rotulos()
        self.generales = [
            Columna(codigo, rotulos[codigo], "", personal=codigo in PERSONALES) for codigo in self.campos
        ]
        self.preguntas: list[Columna] = []
        # Pregunta → cómo pone cada uno de sus valores en el renglón.
        self.llenar: dict[int, Callable[[list, tuple], None]] = {}
        for vista in catalogo(encuesta.ejercicio):
            self._agregar(vista, personales)

    @property
    def todas(self) -> list[Columna]:
        return [Columna("n", _("Número del renglón"), ""), *self.generales, *self.preguntas]

    def _columna(self, vista, sufijo="", texto="", **campos) -> int:
        """Añade una columna y devuelve su lugar entre las de preguntas."""
        tipo = str(TipoPregunta(vista.tipo).label)
        completo = f"{vista.texto} · {texto}" if texto else vista.texto
        self.preguntas.append(Columna(f"p{vista.numero}{sufijo}", completo, tipo, clave=vista.clave, **campos))
        return len(self.preguntas) - 1

    def _agregar(self, vista: PreguntaVista, personales: bool) -> None:
        lista = " | ".join(casilla.texto for casilla in vista.casillas)
        abierta = personales and any(casilla.abierta for casilla in vista.casillas)
        textos = {int(c.codigo[1:]): celda(c.texto) for c in vista.casillas if c.codigo.startswith("o") and c.codigo[1:].isdigit()}
        match vista.tipo:
            case T.UNICA | T.DESPLEGABLE | T.LUGAR:
                lugar = self._columna(vista, valores=lista)
                otra = self._columna(vista, "_otra", _("¿cuál?"), personal=True) if abierta else None
                self.llenar[vista.pk] = _unica(lugar, textos, otra)
            case T.MULTIPLE:
                lugares = {
                    opcion: self._columna(vista, f"_{n}", texto, valores=_("1 = elegida, 0 = no"))
                    for n, (opcion, texto) in enumerate(textos.items(), 1)
                }
                otra = self._columna(vista, "_otra", _("¿cuál?"), personal=True) if abierta else None
                self.llenar[vista.pk] = _multiple(lugares, otra)
            case T.MATRIZ:
                columnas = {}
                for n, apartado in enumerate(vista.apartados, 1):
                    valores = " | ".join(casilla.texto for casilla in apartado.casillas)
                    fila = int(apartado.casillas[0].codigo.split(":")[0][1:])
                    columnas[fila] = self._columna(vista, f"_{n}", apartado.texto, valores=valores)
                opciones = {int(c.codigo.split(":o")[1]): celda(c.texto) for c in vista.casillas}
                self.llenar[vista.pk] = _matriz(columnas, opciones)
            case T.ORDENAMIENTO:
                lugares = {
                    int(c.codigo[1:].removesuffix("@1")): self._columna(vista, f"_{n}", c.texto, valores=_("puesto: 1 es el primero"))
                    for n, c in enumerate(vista.casillas, 1)
                }
                self.llenar[vista.pk] = _orden(lugares)
            case T.ESCALA | T.NUMERO:
                valores = " | ".join(f"{c.valor} = {c.texto}" for c in vista.casillas)
                self.llenar[vista.pk] = _numero(self._columna(vista, valores=valores))
            case T.SI_NO | T.ACEPTACION:
                self.llenar[vista.pk] = _numero(self._columna(vista, valores=_("1 = sí, 0 = no")))
            case T.FECHA:
                self.llenar[vista.pk] = _fecha(self._columna(vista, valores=_("año-mes-día")))
            case T.CORREO | T.ARCHIVO if personales:
                self.llenar[vista.pk] = _texto(self._columna(vista, personal=True))
            case tipo if tipo in ABIERTAS and personales:
                nota = _("texto libre: puede traer datos personales")
                self.llenar[vista.pk] = _texto(self._columna(vista, valores=nota, personal=True))

    def diccionario(self) -> list[list[str]]:
        """Un renglón por columna, con su encabezado."""
        si, no = _("sí"), _("no")
        return [
            [_("columna"), _("qué es"), _("tipo"), _("valores"), _("dato personal"), _("clave de la pregunta")],
            *([c.codigo, c.texto, c.tipo, c.valores, si if c.personal else no, c.clave] for c in self.todas),
        ]


# Cada una pone en el renglón una fila de `Valor`: (respuesta, pregunta, opción, fila, número, fecha, texto, puesto).


def _unica(lugar, textos, otra):
    def llenar(renglon, valor):
        renglon[lugar] = textos.get(valor[2], "")
        if otra is not None:
            renglon[otra] = celda(valor[6])

    return llenar


def _multiple(lugares, otra):
    todos = list(lugares.values())

    def llenar(renglon, valor):
        if renglon[todos[0]] == "":
            for lugar in todos:
                renglon[lugar] = 0
        renglon[lugares[valor[2]]] = 1
        if otra is not None and valor[6]:
            renglon[otra] = celda(valor[6])

    return llenar


def _matriz(columnas, opciones):
    def llenar(renglon, valor):
        renglon[columnas[valor[3]]] = opciones[valor[2]]

    return llenar


def _orden(lugares):
    def llenar(renglon, valor):
        renglon[lugares[valor[2]]] = valor[7]

    return llenar


def _numero(lugar):
    def llenar(renglon, valor):
        entero = int(valor[4])
        renglon[lugar] = entero if entero == valor[4] else valor[4].normalize()

    return llenar


def _fecha(lugar):
    def llenar(renglon, valor):
        renglon[lugar] = valor[5].isoformat()

    return llenar


def _texto(lugar):
    def llenar(renglon, valor):
        renglon[lugar] = celda(valor[6])

    return llenar
