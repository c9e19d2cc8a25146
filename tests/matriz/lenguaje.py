"""Cómo se escribe lo que se espera: «autora=200 personal=403 resto=404».

Desenlaces: un código HTTP, o
  entrar  se le manda a la puerta de entrada;
  no      el administrador de Wagtail lo devuelve a su portada («no tiene permiso»);
  sigue   cualquier otra redirección;
y, para lo que no escribimos nosotros y no queremos describir al detalle,
  pasa    llegó a la vista: ni la puerta, ni un no, ni 404, ni un error del servidor;
  fuera   no llegó: la puerta, un no, 403 o 404.
"""

from .mundo import ACTORES, GRUPOS

FUERA = {"entrar", "no", "403", "404"}


def leer(expectativa: str) -> dict[str, str]:
    """De cada actor, su desenlace: gana lo más preciso (actor, el grupo más pequeño, resto). Lanza ValueError si falta o sobra algo."""
    dicho = {}
    for parte in expectativa.split():
        quien, _, que = parte.partition("=")
        if not que or quien in dicho or quien not in {*ACTORES, *GRUPOS, "resto"}:
            raise ValueError(f"no se entiende «{parte}» en «{expectativa}»")
        dicho[quien] = que
    completo = {}
    for actor in ACTORES:
        grupos = sorted((g for g in GRUPOS if g in dicho and actor in GRUPOS[g]), key=lambda g: len(GRUPOS[g]))
        clave = next((c for c in (actor, *grupos, "resto") if c in dicho), None)
        if clave is None:
            raise ValueError(f"«{expectativa}» no dice qué espera {actor}")
        completo[actor] = dicho[clave]
    return completo


def desenlace(respuesta) -> str:
    if respuesta.status_code not in (301, 302, 303, 307):
        return str(respuesta.status_code)
    destino = respuesta.url.split("?")[0].removeprefix("http://testserver")
    if destino in ("/cuenta/login/", "/admin/login/"):
        return "entrar"
    return "no" if destino == "/admin/" else "sigue"


def se_cumple(esperado: str, obtenido: str) -> bool:
    if esperado == "pasa":
        return obtenido not in FUERA and not obtenido.startswith("5")
    if esperado == "fuera":
        return obtenido in FUERA
    return esperado == obtenido
