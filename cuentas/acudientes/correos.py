"""Los correos de las autorizaciones. Se envían después de guardar: si el correo está caído, lo hecho queda."""

from allauth.account.adapter import get_adapter
from django.urls import reverse
from django.utils.translation import override

from ..enums import EstadoAutorizacion
from ..models import AutorizacionAcudiente

CARPETA = "cuentas/acudientes/correo"


def _enviar(plantilla: str, correo: str, contexto: dict) -> bool:
    try:
        get_adapter().enviar(f"{CARPETA}/{plantilla}", correo, contexto)
    except OSError:
        return False
    return True


def _al_acudiente(request, plantilla: str, autorizacion: AutorizacionAcudiente, codigo: str) -> bool:
    cuenta = autorizacion.participante.cuenta
    enlace = request.build_absolute_uri(reverse("cuentas:acudiente_firmar", args=[codigo]))
    contexto = {"acudiente": autorizacion.nombre, "menor": cuenta.get_full_name() or cuenta.email, "enlace": enlace}
    return _enviar(plantilla, autorizacion.correo, contexto)


def pedir_la_firma(request, autorizacion: AutorizacionAcudiente, codigo: str) -> bool:
    """El enlace para firmar, en el idioma de quien lo pide. Dice si se pudo enviar."""
    return _al_acudiente(request, "pedir", autorizacion, codigo)


def confirmar_la_firma(request, autorizacion: AutorizacionAcudiente, codigo: str) -> bool:
    """La constancia de lo que firmó, con el enlace para retirarlo."""
    return _al_acudiente(request, "firmada", autorizacion, codigo)


def contar_al_menor(request, autorizacion: AutorizacionAcudiente) -> bool:
    """Qué pasó con su autorización. Sin cuenta no hay a quién escribir."""
    cuenta = autorizacion.participante.cuenta
    if cuenta is None:
        return True
    with override(cuenta.idioma):
        contexto = {
            "vigente": autorizacion.estado == EstadoAutorizacion.VIGENTE,
            "rechazada": autorizacion.estado == EstadoAutorizacion.RECHAZADA,
            "motivo": autorizacion.motivo,
            "enlace": request.build_absolute_uri(reverse("cuentas:acudiente")),
        }
        return _enviar("resultado", cuenta.email, contexto)
