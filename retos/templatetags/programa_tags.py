"""Cómo se muestra el resultado de una propuesta y el semáforo de un plan: color e icono, y siempre su texto."""

from django import template

from retos.enums import Resultado
from retos.seguimiento.enums import Semaforo
from retos.seguimiento.pesos import en_pesos

register = template.Library()
register.filter("pesos", en_pesos)

_RESULTADOS = {
    Resultado.EN_ESTUDIO: ("espera", "clock"),
    Resultado.ADMITIDA: ("espera", "clock"),
    Resultado.NO_ADMITIDA: ("neutro", "minus-circle"),
    Resultado.ELEGIDA: ("positivo", "trophy"),
    Resultado.ELEGIBLE: ("espera", "list-bullet"),
    Resultado.NO_ELEGIDA: ("neutro", "minus-circle"),
    Resultado.EN_IMPLEMENTACION: ("espera", "wrench-screwdriver"),
    Resultado.IMPLEMENTADA: ("positivo", "check-circle"),
    Resultado.NO_IMPLEMENTADA: ("negativo", "x-circle"),
}
_SEMAFORO = {
    Semaforo.A_TIEMPO: ("positivo", "clock"),
    Semaforo.EN_RIESGO: ("atencion", "exclamation-triangle"),
    Semaforo.ATRASADO: ("negativo", "exclamation-circle"),
    Semaforo.CUMPLIDO: ("positivo", "check-circle"),
    Semaforo.CANCELADO: ("neutro", "minus-circle"),
}


def _estado(opcion, tabla: dict) -> dict:
    clase, icono = tabla[opcion]
    return {"texto": opcion.label, "clase": clase, "icono": icono}


@register.inclusion_tag("componentes/estado.html")
def estado_resultado(resultado):
    return _estado(Resultado(resultado), _RESULTADOS)


@register.inclusion_tag("componentes/estado.html")
def semaforo(luz):
    return _estado(Semaforo(luz), _SEMAFORO)
