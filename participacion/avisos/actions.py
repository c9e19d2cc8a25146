from django.db import transaction
from wagtail.models import Site

from cuentas.models import Usuario

from . import tipos
from .models import Aviso
from .tareas import enviar_aviso


@transaction.atomic
def avisar(*, tipo: str, destinatario: Usuario | None, objeto, sitio: Site) -> Aviso | None:
    """Deja pedido un aviso en la transacción del hecho: se confirma o se deshace con él.

    Sin cuenta (papel, importación, cuenta suprimida) no hay a quién avisar y devuelve None.
    Lanza KeyError si ninguna sala declaró el tipo.
    """
    tipos.TIPOS[tipo]
    if destinatario is None:
        return None
    aviso = Aviso.objects.create(
        tipo=tipo,
        destinatario=destinatario,
        sitio=sitio,
        idioma=destinatario.idioma,
        objeto_tipo=objeto._meta.label_lower,
        objeto_id=objeto.pk,
    )
    enviar_aviso.enqueue(aviso.pk)
    return aviso
