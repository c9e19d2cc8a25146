"""Un reto en evaluación, con su gestión, su jurado y sus propuestas."""

from types import SimpleNamespace

from cuentas.enums import RolPersonal
from participacion.ejercicios.models import Ejercicio
from retos.evaluacion.actions.asignacion import cambiar_asignaciones
from retos.evaluacion.actions.jurado import invitar, responder_invitacion
from retos.models import Evaluacion, Jurado
from tests import fabricas as f


def en_evaluacion(*, propuestas=1, jurados=1, asignadas=True, fases=("evaluacion", "decision"), **campos) -> SimpleNamespace:
    """Sin fase de requisitos: lo publicado se evalúa. Cada jurado aceptó y, si se pide, tiene todas las propuestas."""
    campos = {"criterios": f.criterios(60, 40), **campos}
    pagina = f.reto(**f.programa("convocatoria", fases=fases), **campos)
    moderador = f.personal(RolPersonal.MODERACION)
    hechas = [f.publicada(pagina, moderador=moderador) for _vez in range(propuestas)]
    f.mover_reloj(pagina, "evaluacion")
    mundo = SimpleNamespace(
        pagina=pagina, propuestas=hechas, gestion=f.personal(RolPersonal.GESTION), moderador=moderador,
        ejercicio=Ejercicio.objects.get(pk=pagina.ejercicio.pk), jurados=[],
    )  # fmt: skip
    for _vez in range(jurados):
        sumar(mundo)
    if asignadas:
        asignar(mundo)
    return mundo


def sumar(mundo, cuenta=None, *, acepta=True, tope=None) -> Jurado:
    """Alguien más en el jurado."""
    cuenta = cuenta or f.cuenta(nombre="Julia", apellido=f"Mesa {len(mundo.jurados) + 1}")
    lugar = invitar(
        ejercicio=mundo.ejercicio, actor=mundo.gestion, correo=cuenta.email, nombre="Julia", apellido="Mesa", tope=tope,
        usar_cuenta=True,
    )  # fmt: skip
    if acepta:
        cuenta = type(cuenta).objects.get(pk=cuenta.pk)
        lugar = responder_invitacion(jurado=lugar, actor=cuenta, acepta=True)
    mundo.jurados.append(lugar)
    return lugar


def asignar(mundo, pares=None) -> None:
    todos = [(p.pk, j.pk) for p in mundo.propuestas for j in mundo.jurados]
    cambiar_asignaciones(ejercicio=mundo.ejercicio, actor=mundo.gestion, dar=pares or todos, quitar=[])


def evaluacion(mundo, propuesta=0, jurado=0) -> Evaluacion:
    return Evaluacion.objects.get(propuesta=mundo.propuestas[propuesta], jurado=mundo.jurados[jurado])


def cuenta_de(lugar: Jurado):
    """Su cuenta recién leída: sin roles guardados de antes."""
    return type(lugar.usuario).objects.get(pk=lugar.usuario_id)


def notas(mundo, *valores: int) -> dict[int, int]:
    return dict(zip((c.pk for c in mundo.ejercicio.criterios.order_by("orden")), valores, strict=True))
