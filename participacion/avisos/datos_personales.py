from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cuentas import retencion
from cuentas.datos_personales import Copia, declarar, describir_todas
from cuentas.models import Participante

from .models import Aviso


def copiar(participante: Participante) -> Copia:
    avisos = Aviso.objects.filter(destinatario__participante=participante).order_by("pk")
    return Copia(describir_todas(avisos, "tipo", "idioma", "creado_en", "enviado_en"))


def suprimir(participante: Participante) -> None:
    Aviso.objects.filter(destinatario__participante=participante).delete()


def enviados_antes_de(limite: datetime):
    return Aviso.objects.filter(enviado_en__lt=limite)


def declarar_fuente() -> None:
    declarar("avisos", _("Avisos"), modelos=["avisos.aviso"], copiar=copiar, suprimir=suprimir)
    retencion.declarar(
        "avisos", _("Avisos ya enviados"), dias=180, buscar=enviados_antes_de, hace=_("se borran"), aplicar=retencion.borrar
    )
