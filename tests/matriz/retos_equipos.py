"""Lo que se espera de los equipos: su página, las invitaciones, las peticiones de unirse y la búsqueda de parecidas."""

from tests import fabricas as f
from tests.retos.equipos.fabricas_equipos import adhesion, fusion, integrante, invitada

from .propias import SOLO_LECTURA, Caso


def en_equipo(mundo):
    """La autora escribe con «integrante» e invitó a «ciudadana»; a lo que publicó piden unirse «ciudadana» y «representante»."""
    gente, reto = mundo.gente, f.reto("Reto en equipo")
    hay = type(mundo)(reto=reto, borrador=f.borrador(reto, gente.autora))
    hay.integrante = integrante(hay.borrador, gente.integrante)
    hay.invitacion, hay.codigo = invitada(hay.borrador, gente.ciudadana)
    hay.publicada = f.publicada(reto, gente.autora)
    hay.suya = f.publicada(reto, gente.representante)
    hay.adhesion, hay.fusion = adhesion(hay.publicada, gente.ciudadana), fusion(hay.suya, hay.publicada)
    return hay


def _de(cual: str, final: str, situacion: str, get: str, post: str, datos=None) -> Caso:
    """`final` puede nombrar atributos de `mundo.equipos`."""
    return Caso(
        f"{cual} {situacion}".strip(), get=get, post=post, datos=datos and (lambda m: datos),
        url=lambda m: f"/propuestas/{getattr(m.equipos, cual).pk}/{final.format(h=m.equipos)}",
    )  # fmt: skip


def _union(cual: str, accion: str, post: str, pide: str) -> Caso:
    return Caso(
        f"{cual} {accion}", get=f"anonima=entrar autora=200 {pide}=200 resto=404", post=post,
        valores={"pk": f"equipos.{cual}.pk"}, datos=lambda m: {"accion": accion},
    )  # fmt: skip


DE_AUTORA = "anonima=entrar autora=200 resto=404"
RECIBE = "anonima=entrar autora=sigue {pide}=403 resto=404"

RETOS_EQUIPOS: dict[str, list[Caso]] = {
    "retos:equipo": [
        _de("borrador", "equipo/", "", get="anonima=entrar autora=200 integrante=200 resto=404", post="anonima=entrar autora=422 integrante=403 resto=404"),
        _de("publicada", "equipo/", "", get=DE_AUTORA, post="anonima=entrar autora=422 resto=404"),
    ],
    "retos:cambiar_invitacion": [
        _de("borrador", "equipo/invitaciones/{h.invitacion.pk}/", "", get="anonima=entrar resto=405", post="anonima=entrar autora=sigue resto=404", datos={"accion": "anular"}),
        _de("publicada", "equipo/invitaciones/{h.invitacion.pk}/", "de otra propuesta", get="anonima=entrar resto=405", post="anonima=entrar resto=404"),
    ],
    "retos:quitar_integrante": [
        _de("borrador", "equipo/integrantes/{h.integrante.pk}/", "", get=DE_AUTORA, post="anonima=entrar autora=sigue resto=404"),
        _de("publicada", "equipo/integrantes/{h.integrante.pk}/", "de otra propuesta", get="anonima=entrar resto=404", post="anonima=entrar resto=404"),
    ],
    "retos:dejar_equipo": [
        _de("borrador", "equipo/dejar/", "", get="anonima=entrar integrante=200 resto=404", post="anonima=entrar integrante=sigue resto=404"),
    ],
    "retos:invitacion_equipo": [
        # Quien ya la escribe va a su equipo; a los demás se les explica que es de otra persona.
        Caso("con el código", get="anonima=200 ciudadana=200 autora=sigue integrante=sigue resto=403",
             post="anonima=200 ciudadana=sigue autora=sigue integrante=sigue resto=403", valores={"codigo": "equipos.codigo"}),
        Caso("código falso", get="resto=404", post="resto=404", url=lambda m: "/equipos/invitacion/falso/"),
    ],
    "retos:sumarse": [
        _de("publicada", "sumarse/", "", get="anonima=entrar autora=sigue resto=200",
            post="anonima=entrar autora=sigue ciudadana=422 representante=422 resto=sigue"),
        _de("borrador", "sumarse/", "", get="anonima=entrar autora=sigue integrante=sigue resto=404", post="anonima=entrar autora=sigue integrante=sigue resto=404"),
    ],
    "retos:fusionar": [
        _de("publicada", "fusionar/", "", get="anonima=entrar autora=sigue resto=200", post="anonima=entrar autora=sigue resto=422"),
        _de("borrador", "fusionar/", "", get="anonima=entrar autora=sigue integrante=sigue resto=404", post="anonima=entrar autora=sigue integrante=sigue resto=404"),
    ],
    "retos:union": [
        _union("adhesion", "aceptar", RECIBE.format(pide="ciudadana"), "ciudadana"),
        _union("adhesion", "retirar", "anonima=entrar ciudadana=sigue autora=403 resto=404", "ciudadana"),
        _union("fusion", "aceptar", RECIBE.format(pide="representante"), "representante"),
        _union("fusion", "rechazar", RECIBE.format(pide="representante"), "representante"),
    ],
    "retos:parecidas": [
        Caso("reto publicado", get="resto=200", post=SOLO_LECTURA, url=lambda m: f"{m.equipos.reto.url}parecidas/?titulo=Sombra"),
        Caso("reto despublicado", get="resto=404", post=SOLO_LECTURA, url=lambda m: f"/retos/{m.reto_oculto.slug}/parecidas/"),
    ],
}  # fmt: skip
