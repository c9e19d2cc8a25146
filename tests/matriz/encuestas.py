"""Lo que se espera de las direcciones de las encuestas: responderlas y ver sus resultados. Las del personal, en `encuestas_personal`."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone
from wagtail.models import PageViewRestriction

from encuestas import actions
from encuestas.enums import Modo, PoliticaResultados
from encuestas.models import EncuestaPage
from participacion.formularios.actions import guardar_parcial
from participacion.formularios.enums import TipoPregunta
from participacion.formularios.models import VersionFormulario
from tests.encuestas.fabricas_encuestas import encuesta, pregunta

from .encuestas_personal import ENCUESTAS_PERSONAL, del_personal
from .propias import SOLO_LECTURA, Caso

SUYA = "anonima=entrar autora=200 resto=404"


def _de_resultados(hay, preguntas, sitio_ajeno) -> None:
    """Una por cada política de resultados y fase; además, una despublicada, una restringida y una de otro sitio."""
    ahora, en_vivo = timezone.now(), PoliticaResultados.EN_VIVO
    cerrada = {"apertura": ahora - timedelta(days=3), "cierre": ahora - timedelta(days=1)}
    hay.en_vivo = encuesta(preguntas, resultados=en_vivo)
    hay.en_vivo_secreta = encuesta(preguntas, resultados=en_vivo, secreta=True)
    hay.en_vivo_proxima = encuesta(preguntas, resultados=en_vivo, apertura=ahora + timedelta(days=1))
    hay.al_cierre_abierta = encuesta(preguntas, resultados=PoliticaResultados.AL_CIERRE)
    hay.al_cierre_cerrada = encuesta(preguntas, resultados=PoliticaResultados.AL_CIERRE, **cerrada)
    hay.nunca_abierta = encuesta(preguntas, resultados=PoliticaResultados.NUNCA)
    hay.nunca_cerrada = encuesta(preguntas, resultados=PoliticaResultados.NUNCA, **cerrada)
    hay.restringida = encuesta(preguntas, resultados=en_vivo)
    PageViewRestriction.objects.create(page=hay.restringida, restriction_type=PageViewRestriction.LOGIN)
    hay.despublicada = encuesta(preguntas, resultados=en_vivo)
    hay.despublicada.unpublish()
    hay.ajena = encuesta(preguntas, resultados=en_vivo, publicar=False)
    hay.ajena.move(sitio_ajeno.root_page, pos="last-child")
    hay.ajena = EncuestaPage.objects.get(pk=hay.ajena.pk)
    hay.ajena.save_revision().publish()
    hay.ajena = EncuestaPage.objects.get(pk=hay.ajena.pk)


def encuestas(mundo) -> SimpleNamespace:
    """Una con cuenta que la autora dejó a medias, otra que envió, una secreta y una con código; y las de resultados y del personal."""
    autora = mundo.gente.autora
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
    _de_resultados(hay, preguntas, mundo.otro_sitio)
    del_personal(hay, mundo.gente)
    return hay


def _de(cual: str, get: str, post: str, **mas) -> Caso:
    return Caso(cual, get=get, post=post, valores={"pk": f"encuestas.{cual}.ejercicio.pk", **mas})


def _suya(get: str, post: str = SOLO_LECTURA, cual: str = "sin_enviar", pagina: str = "abierta") -> Caso:
    return _de(pagina, get, post, clave=f"encuestas.{cual}.clave")


# De cada encuesta, la página de resultados y los datos abiertos: si aún no se publican, la página dice cuándo (403).
RESULTADOS = [
    ("en_vivo", "resto=200", "resto=200"),
    ("en_vivo_secreta", "resto=200", "resto=200"),
    ("en_vivo_proxima", "resto=403", "resto=404"),
    ("al_cierre_abierta", "resto=403", "resto=404"),
    ("al_cierre_cerrada", "resto=200", "resto=200"),
    ("nunca_abierta", "resto=404", "resto=404"),
    ("nunca_cerrada", "resto=404", "resto=404"),
    ("restringida", "anonima=entrar resto=200", "anonima=entrar resto=200"),
    ("despublicada", "resto=404", "resto=404"),
    ("ajena", "resto=404", "resto=404"),
]


def _datos(cual: str, formato: str, get: str) -> Caso:
    return Caso(
        f"{cual} {formato}", get=get, post=SOLO_LECTURA,
        url=lambda m: f"/encuestas/{getattr(m.encuestas, cual).ejercicio.pk}/resultados/datos.{formato}",
    )


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
    "encuestas:resultados": [_de(cual, get, SOLO_LECTURA) for cual, get, _archivo in RESULTADOS],
    "encuestas:datos": [
        *(_datos(cual, "csv", get) for cual, _pagina, get in RESULTADOS),
        *(_datos(cual, formato, get) for formato in ("xlsx", "json") for cual, get in [("en_vivo", "resto=200"), ("nunca_cerrada", "resto=404")]),
    ],
} | ENCUESTAS_PERSONAL  # fmt: skip
