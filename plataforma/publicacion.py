"""Lo que pasa cuando a una página le falta algo y llega la hora, o alguien pide, publicarla."""

from django.contrib import messages
from django.core.management import call_command
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision

from participacion.avisos.actions import avisar
from participacion.ejercicios.models import EjercicioPage, NoSePuedePublicar

AVISO = "publicacion_rechazada"


class PublicacionRechazadaMiddleware:
    """Explica en el editor por qué no se publicó, venga la orden del formulario, de varias a la vez o de un flujo.

    El formulario lo comprueba antes; aquí llega lo que cambió entre esa comprobación y el candado, o lo que no pasó
    por él. Nada se publicó, y lo escrito quedó como borrador.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if not isinstance(error, NoSePuedePublicar):
            return None
        texto = _("No se publicó nada. «%(titulo)s»: %(errores)s")
        messages.error(request, texto % {"titulo": error.pagina.title, "errores": " ".join(error.messages)})
        return redirect("wagtailadmin_pages:edit", error.pagina.pk)


def publicar_programado() -> None:
    """Publica lo que llegó a su hora; a lo que le falta algo le quita la hora y le dice por correo a quien la puso."""
    for revision in Revision.objects.filter(approved_go_live_at__lt=timezone.now()).select_related("user"):
        pagina = revision.as_object()
        if isinstance(pagina, EjercicioPage) and pagina.errores_al_publicar():
            _quitar_hora(revision, pagina)
    call_command("publish_scheduled", verbosity=0)


@transaction.atomic
def _quitar_hora(revision: Revision, pagina: EjercicioPage) -> None:
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    log(instance=pagina, action="wagtail.schedule.cancel", revision=revision)
    avisar(tipo=AVISO, destinatario=revision.user, objeto=pagina, sitio=pagina.get_site())


def lo_que_falta(pagina: EjercicioPage) -> dict:
    """Para el correo: se mira al enviarlo, y puede que ya nada falte."""
    errores = pagina.get_latest_revision_as_object().errores_al_publicar()
    return {"pagina": pagina, "errores": list(errores.values())}
