"""Lo que se espera de la convocatoria y el diagnóstico de un reto: preguntas, problemas y cómo los lleva el personal."""

import uuid
from types import SimpleNamespace

from participacion.moderacion.enums import Decision
from retos.convocatoria.actions import preguntar, resolver_pregunta
from retos.diagnostico.actions import contar_problema
from retos.diagnostico.enums import EstadoPregunta
from retos.models import RetoPage
from tests import fabricas as f

from .propias import SOLO_LECTURA, Caso

FUERA = "anonima=entrar ciudadania=entrar personal=no"
LEE_LO_ENVIADO = "autora=200 moderacion=200 gestion=200 analitica=200 administracion=200 superusuario=200 resto=404"
SOLO_SU_AUTORA = "anonima=entrar autora=200 resto=404"


def _gestionan(que: str) -> str:
    return f"{FUERA} gestionan={que}"


def convocatoria(mundo) -> SimpleNamespace:
    """Un reto en diagnóstico con problemas de la autora, y sus preguntas sobre otro en convocatoria; uno, de otro sitio."""
    hay, autora = SimpleNamespace(), mundo.gente.autora
    hay.reto = f.reto("Reto con diagnóstico", **f.programa("diagnostico", fases=("diagnostico",)))
    hay.llamado = f.reto("Reto en convocatoria", criterios=f.criterios(100))
    hay.ajeno = mundo.otro_sitio.root_page.add_child(
        instance=RetoPage(
            title="Reto de otra entidad", slug="reto-ajeno", resumen="x", pregunta_central="¿Cómo?", problema="<p>x</p>", terminos="<p>x</p>"
        )
    )
    hay.ajeno.save_revision().publish()
    hay.ajeno = RetoPage.objects.get(pk=hay.ajeno.pk)
    hay.enviado, hay.publicado = (
        contar_problema(
            ejercicio=hay.reto.ejercicio, participante=autora.participante, clave_envio=uuid.uuid4(), titulo=titulo, descripcion="Pasa."
        )
        for titulo in ("Sin moderar", "Ya publicado")
    )
    f.resolver(hay.publicado, Decision.APROBADA)
    hay.pregunta, hay.respondida = (
        preguntar(ejercicio=hay.llamado.ejercicio, participante=autora.participante, clave_envio=uuid.uuid4(), texto=texto)
        for texto in ("¿Y los colegios?", "¿Hasta cuándo?")
    )
    resolver_pregunta(pregunta=hay.respondida, hacia=EstadoPregunta.RESPONDIDA, respuesta="Hasta el cierre.", actor=mundo.gente.gestion)
    return hay


def _en(cual: str, final: str, situacion: str, get: str, post: str, datos=None) -> Caso:
    return Caso(
        situacion, get=get, post=post, datos=datos, url=lambda m: f"/retos/{getattr(m.convocatoria, cual).slug}/{final}"
    )


def _oculto(final: str) -> Caso:
    return Caso("reto despublicado", get="resto=404", post="resto=404", url=lambda m: f"/retos/{m.reto_oculto.slug}/{final}")


def _admin(raiz: str, cual: str, situacion: str, get: str, post: str, final: str = "", datos=None) -> Caso:
    return Caso(
        situacion, get=get, post=post, datos=datos,
        url=lambda m: f"/admin/programa/{raiz}/{getattr(m.convocatoria, cual).ejercicio.pk}/{final.format(h=m.convocatoria)}",
    )  # fmt: skip


def _problema(cual: str, get: str, post: str, situacion: str = "", datos=None) -> Caso:
    return Caso(f"{cual} {situacion}".strip(), get=get, post=post, datos=datos, valores={"pk": f"convocatoria.{cual}.pk"})


def _cuenta(m):
    return {"titulo": "No hay sombra", "descripcion": "En la plaza.", "clave_envio": uuid.uuid4()}


def _pregunta(m):
    return {"texto": "¿Cómo?", "clave_envio": uuid.uuid4()}


RETOS_CONVOCATORIA: dict[str, list[Caso]] = {
    "retos:criterios": [
        _en("llamado", "criterios.json", "con criterios", "resto=200", SOLO_LECTURA),
        _en("reto", "criterios.json", "sin criterios", "resto=404", SOLO_LECTURA),
    ],
    "retos:preguntas": [
        _en("llamado", "preguntas/", "vacía", "resto=200", "anonima=entrar resto=422"),
        _en("llamado", "preguntas/", "completa", "resto=200", "anonima=entrar resto=sigue", _pregunta),
        _en("reto", "preguntas/", "antes de la convocatoria", "resto=200", "anonima=entrar resto=422", _pregunta),
        _oculto("preguntas/"),
    ],
    "retos:problemas": [
        _en("reto", "problemas/", "con diagnóstico", "resto=200", SOLO_LECTURA),
        _en("llamado", "problemas/", "sin diagnóstico", "resto=200", SOLO_LECTURA),
    ],
    "retos:contar_problema": [
        _en("reto", "problemas/nuevo/", "vacío", "resto=200", "anonima=entrar resto=422"),
        _en("reto", "problemas/nuevo/", "completo", "resto=200", "anonima=entrar resto=sigue", _cuenta),
        _en("llamado", "problemas/nuevo/", "sin diagnóstico", "resto=200", "anonima=entrar resto=422", _cuenta),
        _oculto("problemas/nuevo/"),
    ],
    "retos:problema": [
        _problema("enviado", LEE_LO_ENVIADO, SOLO_LECTURA),
        _problema("publicado", "resto=200", SOLO_LECTURA),
    ],
    "retos:apoyar_problema": [
        # Quien lo puede leer recibe la explicación de que no se puede apoyar; los demás, que no existe.
        _problema("enviado", "resto=405", LEE_LO_ENVIADO.replace("=200", "=sigue")),
        _problema("publicado", "resto=405", "anonima=entrar resto=sigue"),
    ],
    "retos:retirar_problema": [
        _problema(cual, SOLO_SU_AUTORA, "anonima=entrar autora=sigue resto=404") for cual in ("enviado", "publicado")
    ],
    "retos_convocatoria:lista": [Caso("", get=_gestionan("200"), post=_gestionan("405"))],
    "retos_convocatoria:reto": [
        _admin("convocatoria", "reto", "de este sitio", _gestionan("200"), _gestionan("405")),
        _admin("convocatoria", "ajeno", "de otro sitio", _gestionan("404"), _gestionan("404")),
    ],
    "retos_convocatoria:preguntas": [
        _admin("convocatoria", "llamado", "de este sitio", _gestionan("200"), _gestionan("405"), "preguntas/"),
        _admin("convocatoria", "ajeno", "de otro sitio", _gestionan("404"), _gestionan("404"), "preguntas/"),
    ],
    "retos_convocatoria:pregunta": [
        _admin("convocatoria", cual, situacion, _gestionan(get), _gestionan(post), final, datos)
        for cual, situacion, final, get, post, datos in [
            ("llamado", "sin texto", "preguntas/{h.pregunta.pk}/", "200", "422", None),
            ("llamado", "con texto", "preguntas/{h.pregunta.pk}/", "200", "sigue", lambda m: {"accion": "respondida", "respuesta": "Sí."}),
            ("llamado", "ya respondida", "preguntas/{h.respondida.pk}/", "200", "422", lambda m: {"accion": "rechazada", "respuesta": "No."}),
            ("reto", "de otro reto", "preguntas/{h.pregunta.pk}/", "404", "404", lambda m: {"accion": "respondida", "respuesta": "Sí."}),
            ("ajeno", "por otro sitio", "preguntas/{h.pregunta.pk}/", "404", "404", lambda m: {"accion": "respondida", "respuesta": "Sí."}),
        ]
    ],
    "retos_diagnostico:problemas": [
        _admin("diagnostico", "reto", "de este sitio", _gestionan("200"), _gestionan("405")),
        _admin("diagnostico", "ajeno", "de otro sitio", _gestionan("404"), _gestionan("404")),
    ],
}
