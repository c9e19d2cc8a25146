from ..enums import RolMembresia


def es_representante(usuario, organizacion) -> bool:
    """Si la cuenta decide hoy por la organización: sus datos, quiénes la integran y pedir que la verifiquen."""
    return (
        organizacion.membresias.vigentes()
        .filter(participante__cuenta_id=usuario.pk, rol=RolMembresia.REPRESENTANTE)
        .exists()
    )


def integra(usuario, organizacion) -> bool:
    """Si la cuenta actúa hoy en nombre de la organización, con cualquier rol."""
    return organizacion.membresias.vigentes().filter(participante__cuenta_id=usuario.pk).exists()
