import logging

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from wagtail.models import Site

from home.models import AjustesSitio

registro = logging.getLogger(__name__)


def escribir(*, correo: str, plantilla: str, sitio: Site, idioma: str, **contexto) -> bool:
    """Un correo de texto, ahora y sin cola: la tarea tendría que llevar la dirección entre sus argumentos.

    Devuelve si se pudo; el error se anota sin decir a quién.
    """
    with translation.override(idioma):
        contexto |= {"entidad": AjustesSitio.for_site(sitio).nombre, "sitio": sitio.root_url}
        asunto = " ".join(render_to_string(f"cuentas/derechos/correo/{plantilla}_asunto.txt", contexto).split())
        cuerpo = render_to_string(f"cuentas/derechos/correo/{plantilla}.txt", contexto)
    mensaje = EmailMessage(asunto, cuerpo, to=[correo], headers={"Auto-Submitted": "auto-generated"})
    try:
        mensaje.send()
    except (OSError, ValueError) as error:
        registro.error("No se pudo enviar el correo «%s» (%s)", plantilla, type(error).__name__)
        return False
    return True
