"""Lo que se espera de la evaluación de los retos: la mesa del jurado y las pantallas de quien gestiona."""

from django.utils import timezone

from retos.evaluacion.actions.asignacion import cambiar_asignaciones
from retos.evaluacion.actions.jurado import invitar, responder_invitacion
from retos.models import Evaluacion
from tests import fabricas as f

from .propias import Caso

FUERA = "anonima=entrar ciudadania=entrar personal=no administracion_ajena=no"
REQUISITOS = [("requisito", {"texto": "Adjunta el presupuesto", "subsanable": True})]


def en_evaluacion(mundo):
    """Un reto que revisa requisitos y otro que evalúa; en éste, el jurado de la matriz tiene una propuesta."""
    gente, moderador = mundo.gente, mundo.gente.moderacion
    revisa = f.reto("Reto en revisión", **f.programa("convocatoria", fases=("admisibilidad",)), requisitos=REQUISITOS)
    evalua = f.reto("Reto en evaluación", **f.programa("convocatoria", fases=("evaluacion", "decision")), criterios=f.criterios(100))
    hay = type(mundo)(revisa=revisa, evalua=evalua)
    hay.por_revisar = f.publicada(revisa, gente.autora, moderador=moderador)
    hay.propuesta = f.publicada(evalua, gente.autora, moderador=moderador)
    f.mover_reloj(revisa, "admisibilidad")
    f.mover_reloj(evalua, "evaluacion")
    quienes = {"evaluacion": gente.jurado, "invitacion": f.cuenta()}
    for nombre, cuenta in quienes.items():
        lugar = invitar(
            ejercicio=evalua.ejercicio, actor=gente.gestion, correo=cuenta.email, nombre="Julia", apellido="Mesa", usar_cuenta=True
        )
        if nombre == "evaluacion":
            responder_invitacion(jurado=lugar, actor=cuenta, acepta=True)
            cambiar_asignaciones(ejercicio=evalua.ejercicio, actor=gente.gestion, dar=[(hay.propuesta.pk, lugar.pk)], quitar=[])
            hay.lugar = lugar
        else:
            hay.invitado = lugar
    hay.evaluacion = Evaluacion.objects.get()
    hay.criterio = evalua.ejercicio.criterios.get()
    return hay


def _gestionan(que: str) -> str:
    return f"{FUERA} gestionan={que}"


def _solo_el_jurado(que: str, resto: str = "404") -> str:
    return f"anonima=entrar jurado={que} resto={resto}"


def _de(cual: str, final: str, situacion: str, get: str, post: str, datos=None) -> Caso:
    return Caso(
        situacion, get=get, post=post, datos=datos,
        url=lambda m: f"/admin/programa/evaluacion/{getattr(m.evaluacion, cual).ejercicio.pk}/{final.format(h=m.evaluacion)}/",
    )  # fmt: skip


def _mia(final: str, situacion: str, get: str, post: str, datos=None) -> Caso:
    return Caso(
        situacion, get=_solo_el_jurado(get), post=_solo_el_jurado(post), datos=datos,
        url=lambda m: f"/jurado/evaluaciones/{m.evaluacion.evaluacion.pk}/{final}",
    )  # fmt: skip


def _nota(accion: str):
    return lambda m: {f"criterio-{m.evaluacion.criterio.pk}": "3", "accion": accion}


def _par(m) -> str:
    return f"{m.evaluacion.propuesta.pk}-{m.evaluacion.lugar.pk}"


ACTA = {"asistentes": "Ana.", "texto": "Se deliberó."}

RETOS_EVALUACION: dict[str, list[Caso]] = {
    # --- La mesa del jurado: cada quien lo suyo ----------------------------------------------------------
    "retos:jurado": [Caso("", get="anonima=entrar resto=200", post="resto=405")],
    "retos:jurado_responder": [
        Caso("de otra persona", get="resto=405", post="anonima=entrar resto=404", valores={"pk": "evaluacion.invitado.pk"},
             datos=lambda m: {"accion": "aceptar"}),
        Caso("la ya aceptada", get="resto=405", post=_solo_el_jurado("sigue"), valores={"pk": "evaluacion.lugar.pk"},
             datos=lambda m: {"accion": "aceptar"}),
    ],
    "retos:jurado_resultados": [
        Caso("sin cerrar", get=_solo_el_jurado("403"), post="resto=405", valores={"pk": "evaluacion.lugar.pk"}),
        Caso("de otra persona", get="anonima=entrar resto=404", post="resto=405", valores={"pk": "evaluacion.invitado.pk"}),
    ],
    "retos:evaluacion": [
        _mia("", "sin acción", "200", "sigue"),
        _mia("", "guardar", "200", "sigue", _nota("guardar")),
        _mia("", "enviar", "200", "sigue", _nota("enviar")),
        _mia("", "enviar sin nota", "200", "422", lambda m: {"accion": "enviar"}),
    ],
    "retos:evaluacion_abstenerse": [
        _mia("abstenerse/", "sin motivo", "200", "422"),
        _mia("abstenerse/", "con motivo", "200", "sigue", lambda m: {"motivo": "No sé del tema."}),
    ],
    "retos:evaluacion_conflicto": [
        _mia("conflicto/", "sin motivo", "200", "422"),
        _mia("conflicto/", "con motivo", "200", "sigue", lambda m: {"motivo": "Es mi prima."}),
    ],
    # --- Quien gestiona ------------------------------------------------------------------------------------
    "retos_evaluacion:requisitos": [
        _de("revisa", "requisitos", "ninguna", _gestionan("200"), _gestionan("422")),
    ],
    "retos_evaluacion:revision": [
        _de("revisa", "requisitos/{h.por_revisar.pk}", "guardar", _gestionan("200"), _gestionan("sigue"), lambda m: {"accion": "guardar"}),
        _de("revisa", "requisitos/{h.por_revisar.pk}", "admitir sin revisar", _gestionan("200"), _gestionan("422"), lambda m: {"accion": "admitir"}),
        _de("revisa", "requisitos/{h.propuesta.pk}", "de otro reto", _gestionan("404"), _gestionan("404")),
    ],
    "retos_evaluacion:avance": [
        _de("evalua", "avance", "recordar", _gestionan("200"), _gestionan("sigue"), lambda m: {"jurado": m.evaluacion.lugar.pk}),
        _de("evalua", "avance", "recordar a nadie", _gestionan("200"), _gestionan("404")),
        _de("revisa", "avance", "sin evaluación", _gestionan("404"), _gestionan("404")),
    ],
    "retos_evaluacion:jurado": [
        _de("evalua", "jurado", "vacío", _gestionan("200"), _gestionan("422")),
        _de("evalua", "jurado", "invitar", _gestionan("200"), _gestionan("sigue"),
            lambda m: {"correo": "nueva@example.org", "nombre": "Nora", "apellido": "Paz"}),
    ],
    "retos_evaluacion:persona": [
        _de("evalua", "jurado/{h.lugar.pk}", "fijar su máximo", _gestionan("200"), _gestionan("sigue"),
            lambda m: {"accion": "tope", "tope-tope": "3"}),
        _de("evalua", "jurado/{h.lugar.pk}", "remover sin motivo", _gestionan("200"), _gestionan("422"), lambda m: {"accion": "remover"}),
        _de("revisa", "jurado/{h.lugar.pk}", "de otro reto", _gestionan("404"), _gestionan("404")),
    ],
    "retos_evaluacion:asignacion": [
        _de("evalua", "asignacion", "quitar", _gestionan("200"), _gestionan("sigue"), lambda m: {"tenia": _par(m)}),
        _de("evalua", "asignacion", "repartir", _gestionan("200"), _gestionan("sigue"), lambda m: {"accion": "repartir", "semilla": "1"}),
        _de("evalua", "asignacion", "un par que no existe", _gestionan("200"), _gestionan("422"), lambda m: {"quiere": "1-999999"}),
    ],
    "retos_evaluacion:resultados": [_de("evalua", "resultados", "", _gestionan("200"), _gestionan("405"))],
    "retos_evaluacion:resultados_archivo": [
        *(_de("evalua", f"resultados/{formato}", formato, _gestionan("200"), _gestionan("405")) for formato in ("csv", "notas.csv", "xlsx")),
        _de("evalua", "resultados/pdf", "pdf", _gestionan("404"), _gestionan("405")),
    ],
    "retos_evaluacion:deliberacion": [
        _de("evalua", "deliberacion", "vacía", _gestionan("200"), _gestionan("422")),
        _de("evalua", "deliberacion", "un acta", _gestionan("200"), _gestionan("sigue"),
            lambda m: {"fecha": timezone.localdate().isoformat(), **ACTA}),
    ],
}  # fmt: skip
