"""Del StreamField que escribe el editor a la definición que se publica."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from cuentas.models import Territorio

from .definicion import (
    SIEMPRE,
    Condicion,
    Explicacion,
    Formulario,
    Opcion,
    Pagina,
    Pregunta,
    Regla,
    faltas,
)
from .enums import TipoPregunta

_PRIMERA = "primera"


def _condicion(valor) -> Condicion:
    reglas = tuple(Regla(r["pregunta"] or "", r["operador"], r["valor"] or "") for r in valor["reglas"])
    return Condicion(reglas, valor["reunir"] == "todas") if reglas else SIEMPRE


def _opciones(lista) -> tuple[Opcion, ...]:
    return tuple(Opcion(b.id, b.value["texto"] or "", exclusiva=b.value.get("exclusiva", False)) for b in lista.bound_blocks)


def _pregunta(bloque, lugares: tuple[Opcion, ...]) -> Pregunta:
    valor = bloque.value
    opciones = _opciones(valor["opciones"]) if "opciones" in valor else ()
    if valor.get("otra"):
        opciones += (Opcion(f"{bloque.id}-otra", valor["otra"], abierta=True),)
    return Pregunta(
        clave=bloque.id,
        tipo=bloque.block_type,
        texto=valor["texto"] or "",
        ayuda=valor["ayuda"] or "",
        obligatoria=valor["obligatoria"],
        publica=valor["visibilidad"] == "publica",
        opciones=lugares if bloque.block_type == TipoPregunta.LUGAR else opciones,
        filas=_opciones(valor["filas"]) if "filas" in valor else (),
        minimo=valor.get("minimo"),
        maximo=valor.get("maximo"),
        escala=valor.get("escala") or "",
        al_azar=bool(valor.get("al_azar")),
        condicion=_condicion(valor["condicion"]),
    )


def _explicacion(bloque) -> Explicacion:
    valor = bloque.value
    return Explicacion(
        clave=bloque.id,
        titulo=valor["titulo"] or "",
        html=str(valor["texto"].source) if valor["texto"] else "",
        imagen=valor["imagen"].pk if valor["imagen"] else None,
        condicion=_condicion(valor["condicion"]),
    )


def lugares(territorios: Iterable[Territorio]) -> tuple[Opcion, ...]:
    """Las comunas y veredas como opciones de una pregunta."""
    return tuple(Opcion(f"lugar-{territorio.pk}", territorio.nombre) for territorio in territorios)


def construir(bloques, territorios: Iterable[Territorio]) -> Formulario:
    """El formulario que dicen los bloques. Las comunas y veredas se congelan con él, como opciones."""
    sitios = lugares(territorios)
    paginas, datos, elementos = [], {"clave": _PRIMERA}, []
    for bloque in bloques:
        if bloque.block_type == "pagina":
            if elementos or paginas:
                paginas.append(Pagina(**datos, elementos=tuple(elementos)))
            datos = {
                "clave": bloque.id, "titulo": bloque.value["titulo"] or "", "condicion": _condicion(bloque.value["condicion"])
            }  # fmt: skip
            elementos = []
        elif bloque.block_type == "explicacion":
            elementos.append(_explicacion(bloque))
        else:
            elementos.append(_pregunta(bloque, sitios))
    return Formulario((*paginas, Pagina(**datos, elementos=tuple(elementos))))


def _explicar(codigo: str) -> str:
    return {
        "condicion_no_anterior": _("su condición mira una pregunta que no está antes"),
        "condicion_operador": _("su condición compara de una forma que esa pregunta no admite"),
        "condicion_valor": _("su condición espera una respuesta que esa pregunta no ofrece"),
        "pocas_opciones": _("necesita al menos dos opciones"),
        "sin_lugares": _("necesita que la entidad registre sus comunas o veredas"),
        "sin_filas": _("necesita al menos una fila"),
        "limites": _("el mínimo supera al máximo"),
        "sin_preguntas": _("no hay ninguna pregunta"),
    }[codigo]


def errores(formulario: Formulario) -> Iterable[str]:
    """Lo que impide publicarlo, con palabras y diciendo en qué pregunta."""
    for clave, codigos in faltas(formulario).items():
        nombre = _nombre(formulario, clave)
        for codigo in codigos:
            yield f"«{nombre}»: {_explicar(codigo)}." if nombre else f"{_explicar(codigo).capitalize()}."


def _nombre(formulario: Formulario, clave: str) -> str:
    for pagina in formulario.paginas:
        if pagina.clave == clave:
            return pagina.titulo or _("Página")
        for elemento in pagina.elementos:
            if elemento.clave == clave:
                return elemento.texto if isinstance(elemento, Pregunta) else elemento.titulo or _("Explicación")
    return ""
