"""Lo que se espera del informe de resultados y de sus datos abiertos: cualquiera los lee, y sólo desde que cierra la convocatoria."""

from .propias import SOLO_LECTURA, Caso

FUERA = "anonima=entrar ciudadania=entrar personal=no"


def _de(ruta: str) -> list[Caso]:
    return [
        Caso("convocatoria cerrada", get="resto=200", post=SOLO_LECTURA, url=lambda m: f"{m.decision.hecho.url}{ruta}"),
        Caso("convocatoria abierta", get="resto=404", post=SOLO_LECTURA, url=lambda m: f"{m.reto.url}{ruta}"),
        Caso("reto despublicado", get="resto=404", post=SOLO_LECTURA, url=lambda m: f"/retos/{m.reto_oculto.slug}/{ruta}"),
    ]


def _admin(cual, situacion: str, get: str, post: str) -> Caso:
    return Caso(
        situacion,
        get=f"{FUERA} gestionan={get}",
        post=f"{FUERA} gestionan={post}",
        url=lambda m: f"/admin/programa/informe/{cual(m).ejercicio.pk}/",
    )


RETOS_INFORME: dict[str, list[Caso]] = {
    "retos:informe": _de("informe/"),
    "retos:informe_pdf": _de("informe.pdf"),
    "retos:informe_datos": [caso for archivo in ("datos.csv", "datos.json", "diccionario.csv") for caso in _de(archivo)],
    "retos_informe:informe": [
        _admin(lambda m: m.decision.hecho, "de este sitio", "200", "405"),
        _admin(lambda m: m.convocatoria.ajeno, "de otro sitio", "404", "404"),
    ],
}
