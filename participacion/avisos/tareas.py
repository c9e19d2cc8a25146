import logging
from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_tasks import task

from . import tipos
from .models import Aviso

registro = logging.getLogger(__name__)

# Espera antes de cada reintento: un servidor de correo caído una noche no pierde avisos.
ESPERAS = [timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720)]


def componer(aviso: Aviso) -> EmailMessage:
    """El correo de un aviso, en texto simple: nada de lo que escriba una persona se vuelve HTML."""
    tipo = tipos.TIPOS[aviso.tipo]
    with translation.override(aviso.idioma):
        contexto = {
            "destinatario": aviso.destinatario,
            "raiz": aviso.sitio.root_url,
            "entidad": aviso.sitio.site_name,
            **tipo.contexto(aviso.objeto),
        }
        asunto = " ".join(render_to_string(f"{tipo.plantilla}_asunto.txt", contexto).split())
        cuerpo = render_to_string(f"{tipo.plantilla}.txt", contexto)
    return EmailMessage(asunto, cuerpo, to=[aviso.destinatario.email], headers={"Auto-Submitted": "auto-generated"})


@task()
def enviar_aviso(aviso_id: int) -> None:
    """Envía un aviso pendiente. Si el correo falla lo reintenta más tarde; uno ya enviado no se repite.

    No abre transacción mientras habla con el servidor de correo: en SQLite detendría a todos los que escriben.
    Si el proceso muere entre el envío y la anotación, el aviso se repite: es preferible a perderlo.
    """
    aviso = Aviso.objects.select_related("destinatario", "sitio").filter(pk=aviso_id).first()
    # Sin aviso: su cuenta se borró, y con ella lo que se le debía decir.
    if aviso is None or aviso.enviado_en or aviso.objeto is None:
        return
    try:
        componer(aviso).send()
    except OSError as error:
        _reintentar(aviso, error)
    else:
        aviso.enviado_en = timezone.now()
        aviso.save(update_fields=["enviado_en"])


@transaction.atomic
def _reintentar(aviso: Aviso, error: OSError) -> None:
    if aviso.intentos >= len(ESPERAS):
        registro.error("Aviso %s: no se pudo enviar tras %s intentos (%s)", aviso.pk, aviso.intentos, type(error).__name__)
        return
    espera = ESPERAS[aviso.intentos]
    aviso.intentos += 1
    aviso.save(update_fields=["intentos"])
    enviar_aviso.using(run_after=timezone.now() + espera).enqueue(aviso.pk)
    registro.warning("Aviso %s: correo caído (%s), se reintenta en %s", aviso.pk, type(error).__name__, espera)
