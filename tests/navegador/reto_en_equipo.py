"""Los retos del recorrido en equipo. `manage.py shell` llama a `sembrar` en el sitio servido."""

from tests import fabricas

DIAGNOSTICO, VOTO = "Lo que le falta al parque", "Sombra en los paraderos"
SEMBRADAS = ("Toldos de guadua", "Techos con matas")


def sembrar():
    """Uno en diagnóstico y uno en convocatoria que se vota por orden, con dos propuestas. Escribe el número del segundo."""
    completo = {
        "criterios": fabricas.criterios(60, 40),
        "requisitos": [("requisito", {"texto": "Cabe en el andén", "subsanable": True})],
    }
    fabricas.reto(DIAGNOSTICO, slug="parque", **fabricas.programa("diagnostico"), **completo)
    reto = fabricas.reto(
        VOTO,
        slug="paraderos",
        modo_apoyo="orden",
        maximo_apoyos=2,
        **fabricas.programa("convocatoria", fases=("evaluacion", "decision")),
        **completo,
    )
    moderador = fabricas.personal(fabricas.RolPersonal.MODERACION)
    for titulo in SEMBRADAS:
        fabricas.publicada(reto, moderador=moderador, titulo=titulo)
    print(reto.ejercicio.pk)  # noqa: T201
