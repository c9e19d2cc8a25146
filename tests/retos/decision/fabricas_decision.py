"""Un reto en su decisión, con propuestas y lo que se decide de ellas."""

from cuentas.enums import RolPersonal
from retos.decision import actions
from retos.decision.actions import Fallado
from retos.decision.enums import TipoDecision
from retos.enums import Resultado
from retos.models import Propuesta, RetoPage
from tests import fabricas as f

TEXTOS = {r.value: f"{r.label}: {{titulo}} ({{referencia}})." for r in (Resultado.ELEGIDA, Resultado.ELEGIBLE, Resultado.NO_ELEGIDA)}


def en_decision(n: int, **campos) -> tuple[RetoPage, list[Propuesta]]:
    """Un reto con `n` propuestas publicadas durante la convocatoria, y el calendario ya en la decisión."""
    requisitos = [("requisito", {"texto": "Tiene presupuesto.", "subsanable": True})]
    reto = f.reto(**f.programa("convocatoria"), criterios=f.criterios(60, 40), requisitos=requisitos, **campos)
    moderador = f.personal(RolPersonal.MODERACION)
    propuestas = [f.publicada(reto, moderador=moderador) for _ in range(n)]
    f.mover_reloj(reto, "decision")
    return reto, propuestas


def gestora():
    return f.personal(RolPersonal.GESTION)


def preparar(reto, actor, *, tipo=TipoDecision.ELIGE, motivos="Fue la mejor.", textos=None, actas=()):
    return actions.guardar_decision(
        ejercicio=reto.ejercicio, actor=actor, tipo=tipo, motivos=motivos, textos=TEXTOS if textos is None else textos, actas=actas
    )


def fallar(reto, actor, *pares) -> list[int]:
    """`pares`: (propuesta, resultado) o (propuesta, resultado, puesto)."""
    fallados = [Fallado(p.pk, r, *puesto) for p, r, *puesto in pares]
    return actions.guardar_fallos(ejercicio=reto.ejercicio, actor=actor, fallados=fallados)


def tomada(reto, actor, *pares, **comun):
    preparar(reto, actor, **comun)
    fallar(reto, actor, *pares)
    return actions.tomar_decision(ejercicio=reto.ejercicio, actor=actor)


def publicada(reto, actor, *pares, **comun):
    tomada(reto, actor, *pares, **comun)
    return actions.publicar_decision(ejercicio=reto.ejercicio, actor=actor)
