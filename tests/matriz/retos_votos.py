"""Lo que se espera de las direcciones de apoyar y de sus reportes."""

from tests.retos.votos.fabricas_votos import reto, sembrar

from .propias import SOLO_LECTURA, Caso


def de_los_votos(hay) -> None:
    """Un reto en que se ordenan las preferidas, con votos ocultos, y otro en que se ven."""
    hay.reto_ocultos = reto("orden", 3, ocultar_apoyos=True)
    hay.reto_visibles = reto("puntos", 5)
    hay.propuesta_de_visibles = sembrar(hay.reto_visibles, 1)[0]
    hay.propuesta_de_ocultos = sembrar(hay.reto_ocultos, 1)[0]


def _de(cual: str, camino: str, situacion: str, **opciones) -> Caso:
    return Caso(situacion, url=lambda hay: f"{getattr(hay, cual).url}{camino}", **opciones)


def _de_propuesta(cual: str, situacion: str, **opciones) -> Caso:
    return Caso(situacion, url=lambda hay: f"{getattr(hay, f'reto_{cual}').url}votos/{getattr(hay, f'propuesta_de_{cual}').pk}/", **opciones)


VOTOS: dict[str, list[Caso]] = {
    "retos:mi_voto": [
        _de("reto_ocultos", "mi-voto/", "de un reto con papeleta", get="anonima=entrar resto=200", post="anonima=entrar resto=200"),
        _de("reto", "mi-voto/", "de un reto sin papeleta", get="resto=404", post="resto=404"),
    ],
    "retos:votos": [
        _de("reto_visibles", "votos/", "a la vista", get="resto=200", post=SOLO_LECTURA),
        _de("reto_ocultos", "votos/", "ocultos", get="resto=403", post=SOLO_LECTURA),
    ],
    "retos:votos_de_propuesta": [
        _de_propuesta("visibles", "a la vista", get="resto=200", post=SOLO_LECTURA),
        _de_propuesta("ocultos", "ocultos", get="resto=403", post=SOLO_LECTURA),
    ],
    "retos:votos_datos": [
        _de("reto_visibles", "votos/votos.csv", "a la vista", get="resto=200", post=SOLO_LECTURA),
        _de("reto_ocultos", "votos/votos.json", "ocultos", get="resto=404", post=SOLO_LECTURA),
    ],
    "retos:dejar_de_avisar": [
        Caso("con un código falso", url=lambda _hay: "/avisos-de-apoyo/falso/", get="resto=404", post="resto=404"),
    ],
}
