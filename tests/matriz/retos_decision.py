"""Lo que se espera de la decisión de los retos, las respuestas oficiales y el seguimiento de lo elegido."""

from retos.enums import Resultado
from tests import fabricas as f
from tests.retos.decision import fabricas_decision as decision
from tests.retos.seguimiento import fabricas_seguimiento as seguimiento

from .propias import SOLO_LECTURA, Caso

FUERA = "anonima=entrar ciudadania=entrar personal=no administracion_ajena=no"


def de_la_decision(mundo):
    """Tres retos: uno por decidir, otro decidido y sin publicar, y otro con su elegida en marcha y un banco."""
    gente, fases = mundo.gente, ["decision", "implementacion"]
    moderador, actor = gente.moderacion, gente.gestion
    hay = type(mundo)(
        **{nombre: f.reto(f"Reto {nombre}", **f.programa("convocatoria", fases=fases)) for nombre in ("abierto", "tomado", "hecho")}
    )
    hay.por_decidir = f.publicada(hay.abierto, gente.autora, moderador=moderador)
    hay.resuelta = f.publicada(hay.tomado, gente.autora, moderador=moderador)
    hay.elegida, hay.elegible = (f.publicada(hay.hecho, gente.autora, moderador=moderador) for _ in range(2))
    for reto in (hay.abierto, hay.tomado, hay.hecho):
        f.mover_reloj(reto, "decision")
    decision.tomada(hay.tomado, actor, (hay.resuelta, Resultado.ELEGIDA))
    decision.publicada(hay.hecho, actor, (hay.elegida, Resultado.ELEGIDA), (hay.elegible, Resultado.ELEGIBLE, 1))
    f.mover_reloj(hay.hecho, "implementacion")
    hay.plan = seguimiento.plan(hay.elegida, actor)
    hay.hito = seguimiento.hito(hay.plan, actor)
    return hay


def _gestionan(que: str) -> str:
    return f"{FUERA} gestionan={que}"


def _de(parte: str, cual: str, final: str, situacion: str, get: str, post: str, **datos) -> Caso:
    """`final` puede nombrar atributos de `mundo.decision`; `datos`, lo que lleva el POST."""
    return Caso(
        f"{cual} {situacion}".strip(), get=_gestionan(get), post=_gestionan(post),
        datos=lambda m: {k: v(m.decision) if callable(v) else v for k, v in datos.items()},
        url=lambda m: f"/admin/programa/{parte}/{getattr(m.decision, cual).ejercicio.pk}/{final.format(h=m.decision)}",
    )  # fmt: skip


def _publica(cual: str, camino: str, get: str) -> Caso:
    return Caso(cual, get=f"resto={get}", post=SOLO_LECTURA, url=lambda m: f"{getattr(m.decision, cual).url}{camino}/")


COMUN = {"tipo": "elige", "motivos": "Fue la mejor."}
PASO = {"nombre": "Comprar", "responsable": "Ana", "inicia": "2030-01-01", "vence": "2030-02-01"}
PLAN = "propuestas/{h.elegida.pk}/"
OTRO = "propuestas/{h.elegible.pk}/"

RETOS_DECISION: dict[str, list[Caso]] = {
    # --- Lo que cualquiera lee: lo decidido y no publicado, nadie -------------------------------------------
    "retos:decision": [_publica("hecho", "decision", "200"), _publica("tomado", "decision", "404"), _publica("abierto", "decision", "404")],
    "retos:respuestas": [_publica("hecho", "respuestas", "200"), _publica("abierto", "respuestas", "200")],
    "retos:seguimiento": [_publica("hecho", "seguimiento", "200"), _publica("abierto", "seguimiento", "200")],
    # --- Decidir -----------------------------------------------------------------------------------------------
    "retos_decision:decision": [
        _de("decision", "abierto", "", "sin acción", "200", "422"),
        _de("decision", "abierto", "", "guardar", "200", "sigue", accion="guardar", **COMUN),
        _de("decision", "abierto", "", "tomar sin decidir", "200", "422", accion="tomar", **COMUN),
        _de("decision", "tomado", "", "publicar", "200", "sigue", accion="publicar"),
        _de("decision", "tomado", "", "volver atrás", "200", "sigue", accion="borrador"),
        _de("decision", "hecho", "", "publicar otra vez", "200", "422", accion="publicar"),
    ],
    "retos_decision:propuestas": [
        _de("decision", "abierto", "propuestas/", "guardar ninguna", "200", "sigue"),
        _de("decision", "abierto", "propuestas/", "las demás", "200", "sigue", accion="demas"),
        _de("decision", "tomado", "propuestas/", "las demás", "200", "422", accion="demas"),
    ],
    "retos_decision:mensajes": [
        _de("decision", "tomado", "mensajes/", "", "200", "405"),
        _de("decision", "hecho", "mensajes/", "", "sigue", "405"),
    ],
    "retos_decision:banco": [
        _de("decision", "hecho", "banco/", "vacío", "200", "422"),
        _de("decision", "hecho", "banco/", "sin vacante", "200", "422", propuesta=lambda h: h.elegible.pk, respuesta="Ahora sí."),
        _de("decision", "abierto", "banco/", "sin decisión", "200", "422"),
    ],
    "retos_decision:respuestas": [
        _de("decision", "abierto", "respuestas/", "a las no admitidas", "200", "sigue"),
    ],
    "retos_decision:responder": [
        _de("decision", "hecho", "respuestas/{h.elegida.pk}/", "corregirla", "200", "sigue", texto="Otra."),
        _de("decision", "abierto", "respuestas/{h.por_decidir.pk}/", "antes de decidir", "200", "422", texto="Otra."),
        _de("decision", "abierto", "respuestas/{h.elegida.pk}/", "de otro reto", "404", "404", texto="Otra."),
    ],
    # --- Seguir lo elegido -----------------------------------------------------------------------------------
    "retos_seguimiento:lista": [
        _de("seguimiento", "hecho", "", "", "200", "405"),
        _de("seguimiento", "abierto", "", "", "200", "405"),
    ],
    "retos_seguimiento:plan": [
        _de("seguimiento", "hecho", PLAN, "sin acción", "200", "404"),
        _de("seguimiento", "hecho", PLAN, "plan", "200", "sigue", accion="plan", responsable="Obras"),
        _de("seguimiento", "hecho", PLAN, "plan vacío", "200", "422", accion="plan"),
        _de("seguimiento", "hecho", PLAN, "novedad", "200", "sigue", accion="nota", titulo="Empezamos"),
        _de("seguimiento", "hecho", PLAN, "empezar", "200", "sigue", accion="implementacion"),
        _de("seguimiento", "hecho", PLAN, "del banco no se elige aquí", "200", "404", accion="elegida"),
        _de("seguimiento", "hecho", OTRO, "de una no elegida", "404", "404", accion="plan", responsable="Obras"),
        _de("seguimiento", "abierto", PLAN, "de otro reto", "404", "404", accion="plan", responsable="Obras"),
    ],
    "retos_seguimiento:hito_nuevo": [
        _de("seguimiento", "hecho", f"{PLAN}hitos/nuevo/", "guardarlo", "200", "sigue", **PASO),
        _de("seguimiento", "hecho", f"{PLAN}hitos/nuevo/", "vacío", "200", "422"),
        _de("seguimiento", "hecho", f"{PLAN}hitos/nuevo/", "mover lo que no existe", "200", "404", accion="en_curso"),
    ],
    "retos_seguimiento:hito": [
        _de("seguimiento", "hecho", f"{PLAN}hitos/{{h.hito.pk}}/", "cambiarlo", "200", "sigue", **PASO),
        _de("seguimiento", "hecho", f"{PLAN}hitos/{{h.hito.pk}}/", "cancelarlo sin motivo", "200", "422", accion="cancelado"),
        _de("seguimiento", "hecho", f"{PLAN}hitos/{{h.hito.pk}}/", "cancelarlo", "200", "sigue", accion="cancelado", motivo="Sobra."),
        _de("seguimiento", "hecho", f"{PLAN}hitos/{{h.hito.pk}}/", "otra cosa", "200", "404", accion="quemar"),
        _de("seguimiento", "hecho", f"{PLAN}hitos/999999/", "que no existe", "404", "404"),
    ],
    "retos_seguimiento:logro": [
        _de("seguimiento", "hecho", f"{PLAN}logro/", "guardarlo", "200", "sigue", **{"form-TOTAL_FORMS": 0, "form-INITIAL_FORMS": 0}),
        _de("seguimiento", "hecho", f"{PLAN}logro/", "sin explicar", "200", "422", problema_resuelto="si",
            **{"form-TOTAL_FORMS": 0, "form-INITIAL_FORMS": 0}),
    ],
    "retos_seguimiento:cierre": [
        _de("seguimiento", "hecho", "cierre/", "cerrarlo", "200", "sigue", conclusiones="Aprendimos."),
        _de("seguimiento", "hecho", "cierre/", "sin conclusiones", "200", "422"),
        _de("seguimiento", "abierto", "cierre/", "sin responder", "200", "422", conclusiones="Aprendimos."),
    ],
}  # fmt: skip
