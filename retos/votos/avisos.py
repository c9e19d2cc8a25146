"""El enlace con que quien apoyó deja de recibir avisos de una propuesta."""

from django.core import signing
from django.urls import reverse

from cuentas.models import Participante
from participacion.apoyos.models import Apoyo

from ..models import Propuesta

_SAL = "retos.votos.avisos"


def enlace_de_baja(propuesta: Propuesta, cuenta) -> str:
    """La dirección para dejar de recibirlos; vacía si no los pidió (se le avisa por otra razón: es del equipo)."""
    suyo = Apoyo.objects.de(propuesta).filter(participante__cuenta=cuenta, quiere_avisos=True)
    participante = suyo.values_list("participante_id", flat=True).first()
    if participante is None:
        return ""
    return reverse("retos:dejar_de_avisar", args=[signing.dumps([participante, propuesta.pk], salt=_SAL)])


def leer(codigo: str) -> tuple[Participante | None, Propuesta | None]:
    """De quién y de qué propuesta es el enlace. No vence: dejar de recibir correos siempre se puede."""
    try:
        participante, propuesta = signing.loads(codigo, salt=_SAL)
    except signing.BadSignature:
        return None, None
    return (
        Participante.objects.filter(pk=participante).first(),
        Propuesta.objects.select_related("ejercicio").filter(pk=propuesta).first(),
    )
