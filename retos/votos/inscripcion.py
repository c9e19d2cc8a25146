"""Lo que esta parte de los retos pone en los registros de las salas de abajo."""


def inscribir() -> None:
    from participacion.apoyos import apoyables

    from .. import fases
    from ..enums import EstadoPropuesta
    from . import rules

    apoyables.declarar(
        "retos.propuesta",
        apoyables.Apoyable(
            admite=lambda propuesta: propuesta.estado == EstadoPropuesta.PUBLICADA,
            comprobar_plazo=lambda ejercicio, ahora: fases.comprobar(ejercicio, fases.Accion.APOYAR, ahora),
            reglas=rules.reglas_de,
            visibles=rules.conteos_visibles,
        ),
    )
