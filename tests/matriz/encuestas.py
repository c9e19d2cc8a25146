"""Lo que se espera de las direcciones con que se responde una encuesta."""

import uuid
from types import SimpleNamespace

from encuestas import actions
from encuestas.enums import Modo
from participacion.formularios.actions import guardar_parcial
from participacion.formularios.enums import TipoPregunta
from participacion.formularios.models import VersionFormulario
from tests.encuestas.fabricas_encuestas import encuesta, pregunta

from .propias import SOLO_LECTURA, Caso

SUYA = "anonima=entrar autora=200 resto=404"


def encuestas(autora) -> SimpleNamespace:
    """Una con cuenta que la autora dejó a medias, otra que envió, una secreta y una con código."""
    preguntas = [pregunta(TipoPregunta.TEXTO_CORTO, "x", obligatoria=True)]
    hay = SimpleNamespace(
        abierta=encuesta(preguntas), otra=encuesta(preguntas), secreta=encuesta(preguntas, secreta=True),
        con_codigo=encuesta(preguntas, modo=Modo.CODIGO),
    )  # fmt: skip

    def empezar(pagina):
        version = VersionFormulario.objects.vigente(pagina.ejercicio)
        propia = {"version": version, "clave": uuid.uuid4(), "participante": autora.participante}
        return actions.empezar(encuesta=pagina.ejercicio.encuesta, **propia)

    hay.sin_enviar = empezar(hay.abierta)
    guardar_parcial(respuesta=hay.sin_enviar, valores={}, pagina=1)
    hay.enviada, _cambio = actions.enviar_respuesta(respuesta=empezar(hay.otra), valores={"x": "Dicho"})
    return hay


def _de(cual: str, get: str, post: str, **mas) -> Caso:
    return Caso(cual, get=get, post=post, valores={"pk": f"encuestas.{cual}.ejercicio.pk", **mas})


def _suya(get: str, post: str = SOLO_LECTURA, cual: str = "sin_enviar", pagina: str = "abierta") -> Caso:
    return _de(pagina, get, post, clave=f"encuestas.{cual}.clave")


ENCUESTAS: dict[str, list[Caso]] = {
    "encuestas:mis_respuestas": [Caso("", get="anonima=entrar resto=200", post=SOLO_LECTURA)],
    "encuestas:responder": [
        _de("abierta", get="anonima=entrar resto=sigue", post=SOLO_LECTURA),
        _de("secreta", get="anonima=entrar resto=sigue", post=SOLO_LECTURA),
        _de("con_codigo", get="resto=sigue", post=SOLO_LECTURA),
    ],
    "encuestas:codigo": [
        _de("con_codigo", get="resto=200", post="resto=422"),
        _de("abierta", get="resto=404", post="resto=404"),
    ],
    "encuestas:secreta": [
        # Sin sesión se devuelve lo escrito con un 403: nada se guarda antes de enviar.
        _de("secreta", get="anonima=entrar resto=200", post="anonima=403 resto=200"),
        _de("abierta", get="resto=404", post="resto=404"),
    ],
    "encuestas:recibida": [
        _de("secreta", get="anonima=entrar resto=sigue", post=SOLO_LECTURA),
        _de("abierta", get="resto=404", post=SOLO_LECTURA),
    ],
    "encuestas:retomar": [_suya("anonima=entrar autora=sigue resto=404")],
    "encuestas:guardada": [_suya(SUYA)],
    "encuestas:revisar": [_suya(SUYA, "anonima=entrar autora=422 resto=404")],
    "encuestas:recibo": [
        _suya("anonima=entrar autora=sigue resto=404"),
        _suya(SUYA, cual="enviada", pagina="otra"),
    ],
    "encuestas:pagina": [
        Caso(
            situacion, get=get, post=post,
            url=lambda m, cual=cual, pagina=pagina: (
                f"/encuestas/{getattr(m.encuestas, pagina).ejercicio.pk}/respuestas/{getattr(m.encuestas, cual).clave}/1/"
            ),
        )
        for situacion, cual, pagina, get, post in [
            ("sin enviar", "sin_enviar", "abierta", SUYA, "anonima=entrar autora=sigue resto=404"),
            ("enviada", "enviada", "otra", "anonima=entrar autora=sigue resto=404", "anonima=entrar autora=sigue resto=404"),
        ]
    ],
}  # fmt: skip
