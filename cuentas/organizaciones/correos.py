"""Los correos de las organizaciones. Se envían después de guardar: si el correo está caído, lo hecho queda."""

from allauth.account.adapter import get_adapter
from django.urls import reverse
from django.utils.translation import override

from ..enums import RolMembresia
from ..models import Invitacion, RevisionOrganizacion
from .invitaciones import DIAS


def escribir_invitacion(request, invitacion: Invitacion, codigo: str) -> bool:
    """Envía el enlace, en el idioma de quien invita: el de la otra persona no se conoce. Dice si se pudo."""
    contexto = {
        "organizacion": invitacion.organizacion.nombre,
        "rol": invitacion.get_rol_display(),
        "dias": DIAS,
        "enlace": request.build_absolute_uri(reverse("cuentas:invitacion", args=[codigo])),
    }
    try:
        get_adapter().enviar("cuentas/organizaciones/correo/invitacion", invitacion.correo, contexto)
    except OSError:
        return False
    return True


def escribir_revision(request, revision: RevisionOrganizacion) -> bool:
    """Cuenta a quienes la representan qué decidió la entidad, a cada quien en su idioma. Dice si se pudo con todos."""
    organizacion = revision.organizacion
    pudo = True
    representan = organizacion.membresias.vigentes().filter(rol=RolMembresia.REPRESENTANTE)
    for membresia in representan.filter(participante__cuenta__isnull=False).select_related("participante__cuenta"):
        cuenta = membresia.participante.cuenta
        with override(cuenta.idioma):
            contexto = {
                "organizacion": organizacion.nombre,
                "resultado": revision.get_resultado_display(),
                "nota": revision.nota,
                "enlace": request.build_absolute_uri(reverse("cuentas:organizacion", args=[organizacion.pk])),
            }
            try:
                get_adapter().enviar("cuentas/organizaciones/correo/revision", cuenta.email, contexto)
            except OSError:
                pudo = False
    return pudo
