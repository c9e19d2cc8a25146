"""Retos que se apoyan de distinta manera, con propuestas puestas directamente en la base."""

import itertools

from django.utils import timezone

from cuentas import actions as cuentas
from participacion.apoyos import proyecciones
from retos.enums import EstadoPropuesta
from retos.models import Propuesta
from tests import fabricas as f

_numero = itertools.count(1)


def reto(modo="simple", maximo=None, **campos):
    """Con `**f.programa(...)` lleva además lo que sus fases piden."""
    if "fases" in campos:
        requisito = ("requisito", {"texto": "Tiene presupuesto", "subsanable": True})
        campos = {"criterios": f.criterios(100), "requisitos": [requisito], **campos}
    return f.reto(modo_apoyo=modo, maximo_apoyos=maximo, **campos)


def sembrar(reto_, cuantas, **campos) -> list[Propuesta]:
    autora = cuentas.participante_de(f.persona())
    nuevas = []
    for n in range(cuantas):
        datos = {
            "autor": autora,
            "estado": EstadoPropuesta.PUBLICADA,
            "referencia": f"R-2026-{next(_numero):05d}",
            "titulo": f"Propuesta {chr(65 + n)}",
            "resumen": "Resumen",
            "actor_tipo": "ciudadania",
            "texto_busqueda": f"propuesta {chr(97 + n)}",
            "publicada_en": timezone.now(),
        }
        nuevas.append(Propuesta(ejercicio=reto_.ejercicio, **datos | campos))
    return Propuesta.objects.bulk_create(nuevas)


def participante(**campos):
    return cuentas.participante_de(f.persona(**campos))


def cuadra() -> None:
    """Conteos, puntos, papeletas y filas son lo que da el registro."""
    recuentos = (
        proyecciones.recontar_conteos, proyecciones.recontar_puntos, proyecciones.recontar_papeletas,
        proyecciones.recontar_filas, proyecciones.recontar_importados,
    )  # fmt: skip
    assert [diferencia for recontar in recuentos for diferencia in recontar()] == []
