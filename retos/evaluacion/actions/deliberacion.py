from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cuentas.models import Usuario
from home.texto import limpiar_parrafos
from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.registro.actions import registrar_acto

from ...models import Deliberacion
from ..enums import ACTO_DELIBERACION


@transaction.atomic
def anotar_deliberacion(*, ejercicio: Ejercicio, actor: Usuario, fecha: date, asistentes: str, texto: str) -> Deliberacion:
    """Añade un acta. No se cambia ni se borra: una equivocación se aclara en otra. Lanza ValidationError si es de mañana."""
    ejercicio, ahora = leer_reglas(ejercicio.pk)
    asistentes, texto = limpiar_parrafos(asistentes), limpiar_parrafos(texto)
    vacios = {campo: _("Este campo es obligatorio.") for campo, valor in (("asistentes", asistentes), ("texto", texto)) if not valor}
    if vacios:
        raise ValidationError(vacios)
    if fecha > timezone.localdate(ahora, timezone.get_default_timezone()):
        raise ValidationError({"fecha": _("Un acta es de lo que ya se deliberó: la fecha no puede ser futura.")})
    acta = Deliberacion.objects.create(
        ejercicio=ejercicio, fecha=fecha, asistentes=asistentes, texto=texto, por=actor, en=ahora
    )
    tipo, _etiqueta = ACTO_DELIBERACION
    registrar_acto(tipo=tipo, ejercicio=ejercicio, objeto=acta, ocurrido_en=ahora)
    log(instance=acta, action="retos.anotar_deliberacion", user=actor)
    return acta
