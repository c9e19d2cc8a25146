"""A quién se atiende y por qué canal, de una pantalla a la siguiente: una ficha firmada, que sólo sirve a quien atiende.

No lleva datos de la persona, ni su documento: sólo el número de su fila y el canal.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from cuentas.enums import CanalConsentimiento
from cuentas.models import Participante, Usuario
from participacion.registro.enums import Canal

_SAL = "retos.asistida"
VIGENCIA = timedelta(hours=4)
CANALES = {CanalConsentimiento.PRESENCIAL: Canal.ASISTIDA, CanalConsentimiento.PAPEL: Canal.PAPEL}


@dataclass(frozen=True)
class Atencion:
    participante: Participante
    canal: Canal

    @property
    def rotulo(self) -> str:
        """Cómo la nombra la pantalla. De quien tiene cuenta se ve el nombre y nada más."""
        cuenta = self.participante.cuenta
        return (cuenta.get_full_name() if cuenta else self.participante.nombre) or str(self.participante)


def abrir(*, participante: Participante, canal: str, funcionario: Usuario) -> str:
    return signing.dumps([participante.pk, Canal(canal).value, funcionario.pk], salt=_SAL)


def leer(ficha: str, funcionario: Usuario) -> Atencion | None:
    """La atención de una ficha vigente de esa cuenta; None si es falsa, ajena, venció o la persona suprimió sus datos."""
    try:
        persona, canal, quien = signing.loads(ficha, salt=_SAL, max_age=VIGENCIA)
    except signing.BadSignature:
        return None
    participante = Participante.objects.select_related("cuenta").filter(pk=persona, suprimido=False).first()
    return Atencion(participante, Canal(canal)) if participante and quien == funcionario.pk else None
