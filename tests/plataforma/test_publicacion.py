"""Una página a la que le falta algo cuando llega la hora, o la orden, de publicarla."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from participacion.ejercicios.models import Ejercicio
from plataforma.publicacion import publicar_programado
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]


def programar(pagina, por=None):
    """La revisión como queda cuando llega la hora que se le puso."""
    pagina.go_live_at = timezone.now() + timedelta(hours=1)
    revision = pagina.save_revision(user=por)
    revision.publish()
    revision.refresh_from_db()
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    return revision


def test_lo_que_no_se_puede_publicar_a_su_hora_no_detiene_lo_demas(trabajar):
    """Su cierre ya pasó cuando alguien lo cambió por otro lado: vuelve a borrador y quien lo programó lo sabe."""
    editora = f.cuenta("editora@example.org")
    mala, buena = f.reto("El malo", publicar=False), f.reto("El bueno", publicar=False)
    revision = programar(mala, por=editora)
    revision.content["cierre"] = revision.content["apertura"]
    revision.save()
    programar(buena)
    publicar_programado()
    publicar_programado()
    assert Ejercicio.objects.get().titulo == "El bueno"
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None
    trabajar()
    (correo,) = mail.outbox
    assert correo.to == ["editora@example.org"] and correo.subject == "No se publicó «El malo»"
    assert "- El cierre debe ser posterior a la apertura." in correo.body
    assert reverse("wagtailadmin_pages:edit", args=[mala.pk]) in correo.body


def test_publicar_varias_a_la_vez_explica_lo_que_falta_y_no_publica_nada(client):
    """Como aprobar un flujo, llega a publicar sin pasar por el formulario del editor."""
    buena, mala = f.reto("La buena", publicar=False), f.reto("La mala", publicar=False)
    mala.cierre = mala.apertura
    for pagina in (buena, mala):
        pagina.save_revision()
    client.force_login(f.persona(is_superuser=True, is_staff=True))
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    respuesta = client.post(f"{url}?id={mala.get_parent().pk}&next=/admin/", {"include_descendants": "on"}, follow=True)
    assert respuesta.redirect_chain[-1][0] == reverse("wagtailadmin_pages:edit", args=[mala.pk])
    assert "No se publicó nada. «La mala»: El cierre debe ser posterior a la apertura." in respuesta.text
    assert not Ejercicio.objects.exists()
    buena.refresh_from_db()
    assert not buena.live
