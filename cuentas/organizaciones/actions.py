from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from ..actions import participante_de
from ..enums import RolMembresia
from ..models import Membresia, Organizacion, Usuario


@transaction.atomic
def crear_organizacion(*, organizacion: Organizacion, actor: Usuario) -> Organizacion:
    """Guarda una organización nueva y hace a quien la crea su representante."""
    organizacion.save()
    Membresia.objects.create(
        participante=participante_de(actor), organizacion=organizacion, rol=RolMembresia.REPRESENTANTE
    )
    log(instance=organizacion, action="cuentas.crear_organizacion", user=actor)
    return organizacion


@transaction.atomic
def terminar_membresia(*, membresia: Membresia, actor: Usuario) -> None:
    """Quita el poder de actuar por la organización; lo ya hecho en su nombre queda como estaba."""
    Membresia.objects.filter(pk=membresia.pk, hasta__isnull=True).update(hasta=timezone.now())
    log(instance=membresia.organizacion, action="cuentas.terminar_membresia", user=actor)
