from django.db.models import Exists, OuterRef

from cuentas.models import Organizacion

from .models import Apoyo


def organizaciones_de(usuario, objeto):
    """Las organizaciones en cuyo nombre la cuenta puede apoyar el objeto; `ya_apoyo` dice cuáles ya lo apoyan."""
    return (
        Organizacion.objects.filter(membresias__participante__cuenta=usuario, membresias__hasta=None)
        .annotate(ya_apoyo=Exists(Apoyo.objects.de(objeto).filter(organizacion=OuterRef("pk"))))
        .order_by("nombre", "pk")
    )
