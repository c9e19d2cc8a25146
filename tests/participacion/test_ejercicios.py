from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.test import TestCase
from django.utils import timezone, translation
from wagtail.models import Locale, Page
from wagtail.signals import page_published
from wagtail_localize.models import Translation, TranslationSource

from cuentas.enums import RolPersonal
from participacion.ejercicios.models import Ejercicio
from participacion.registro.models import Acto
from retos.models import Propuesta, RetoPage
from tests import fabricas as f
from tests.retos.test_formulario import enviar

pytestmark = pytest.mark.django_db


def traducir(pagina) -> RetoPage:
    """La traducción al inglés, con sus antepasadas, publicada como lo hace wagtail-localize."""
    en = Locale.objects.get(language_code="en")
    for original in [*pagina.get_ancestors().filter(depth__gte=2).specific(), pagina]:
        fuente, _ = TranslationSource.update_or_create_from_instance(original)
        traduccion, _ = Translation.objects.get_or_create(source=fuente, target_locale=en)
        with TestCase.captureOnCommitCallbacks(execute=True):  # wagtail-localize publica al confirmar
            traduccion.save_target(publish=True)
    return RetoPage.objects.get(translation_key=pagina.translation_key, locale=en)


# --- Publicar ---------------------------------------------------------------------------------


def test_publicar_crea_el_ejercicio_con_sus_reglas():
    cierre = timezone.now() + timedelta(days=3)
    pagina = f.reto("Agua limpia", cierre=cierre, actores=["empresa"], dias_correccion=2)
    ejercicio = Ejercicio.objects.get()
    assert (ejercicio.titulo, ejercicio.tipo, ejercicio.publicado) == ("Agua limpia", "reto", True)
    assert (ejercicio.cierre, ejercicio.actores, ejercicio.dias_correccion) == (cierre, ["empresa"], 2)
    assert ejercicio.sitio == f.sitio() and pagina.ejercicio == ejercicio


def test_guardar_sin_publicar_no_cambia_las_reglas():
    pagina = f.reto()
    cierre = Ejercicio.objects.get().cierre
    pagina.cierre = cierre + timedelta(days=99)
    pagina.save_revision()
    assert Ejercicio.objects.get().cierre == cierre


def test_publicar_y_ejercicio_son_un_solo_hecho():
    """Si algo de lo que sigue a publicar falla, ni la página queda publicada ni el ejercicio escrito."""
    pagina = f.reto(publicar=False)

    def tropezar(**kwargs):
        raise OSError("disco lleno")

    page_published.connect(tropezar)
    try:
        with pytest.raises(OSError, match="disco lleno"):
            pagina.save_revision().publish()
    finally:
        page_published.disconnect(tropezar)
    pagina.refresh_from_db()
    assert not pagina.live and not Ejercicio.objects.exists()


def test_publicar_con_el_cierre_antes_de_la_apertura_se_rechaza_junto_al_campo():
    pagina = f.reto(publicar=False)
    pagina.cierre = pagina.apertura
    borrador = pagina.save_revision()  # el borrador sí se guarda
    with pytest.raises(ValidationError) as caso:
        borrador.publish()
    assert list(caso.value.message_dict) == ["cierre"]
    assert not Ejercicio.objects.exists()


def test_publicar_con_pesos_que_no_suman_cien_se_rechaza():
    pagina = f.reto(publicar=False)
    pagina.criterios = [("criterio", {"nombre": "Impacto", "descripcion": "", "peso": 60})]
    with pytest.raises(ValidationError) as caso:
        pagina.save_revision().publish()
    assert caso.value.message_dict == {"criterios": ["Los pesos deben sumar 100; ahora suman 60."]}


def test_publicacion_programada():
    from django.core.management import call_command

    pagina = f.reto(publicar=False)
    pagina.go_live_at = timezone.now() + timedelta(hours=1)
    pagina.save_revision().publish()
    assert not Ejercicio.objects.exists()
    revision = pagina.revisions.get()
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert Ejercicio.objects.get().publicado


def test_un_alias_no_es_otro_ejercicio(client):
    pagina = f.reto("Agua limpia")
    client.force_login(f.persona(is_superuser=True, is_staff=True))
    lugar = {"new_title": "Agua limpia", "new_slug": "otra", "new_parent_page": pagina.get_parent().pk, "alias": "on"}
    respuesta = client.post(f"/admin/pages/{pagina.pk}/copy/", lugar, follow=True)
    assert "ponga allí un enlace a «Agua limpia»" in respuesta.text and not RetoPage.objects.filter(slug="otra").exists()
    # Por otra puerta (la API del administrador, una orden) nace, y no recibe.
    pagina.create_alias(update_slug="otra")
    pagina.save_revision().publish()
    assert RetoPage.objects.get(slug="otra").live and Ejercicio.objects.count() == 1


# --- Traducciones --------------------------------------------------------------------------------


def test_traduccion_atrasada_comparte_ejercicio_conteos_y_plazo(client):
    """El plazo en español ya pasó, la traducción no se sincronizó, y se envía desde /en/."""
    pagina = f.reto()
    inglesa = traducir(pagina)
    assert inglesa.url.startswith(("/en/", "http://localhost/en/"))
    ana = f.persona()
    client.force_login(ana)
    assert enviar(client, inglesa).status_code == 302
    with translation.override("es"):
        f.enviada(pagina)
    assert Propuesta.objects.values("ejercicio").distinct().count() == Ejercicio.objects.count() == 1
    assert set(Acto.objects.values_list("idioma", flat=True)) == {"es", "en"}

    cierre_viejo = inglesa.cierre
    # Abierta la convocatoria, publicar no acorta su plazo: se adelanta el publicado.
    Ejercicio.objects.update(cierre=timezone.now() - timedelta(seconds=1))
    inglesa.refresh_from_db()
    assert inglesa.cierre == cierre_viejo > timezone.now()  # atrasada
    respuesta = enviar(client, inglesa)
    assert respuesta.status_code == 422
    assert Propuesta.objects.filter(estado="borrador").count() == 1
    assert client.get(inglesa.url).context["fase"] == "cerrada"


def test_publicar_la_traduccion_no_cambia_las_reglas():
    pagina = f.reto()
    inglesa = traducir(pagina)
    antes = Ejercicio.objects.get().cierre
    inglesa.cierre = timezone.now() + timedelta(days=400)
    inglesa.save_revision().publish()
    inglesa.unpublish()
    despues = Ejercicio.objects.get()
    assert (despues.cierre, despues.publicado) == (antes, True)


def test_ejercicio_no_nace_en_otra_lengua():
    inglesa = traducir(f.reto())
    assert not RetoPage.can_create_at(inglesa.get_parent().specific)
    assert RetoPage.can_create_at(f.reto().get_parent().specific)


def test_lista_en_ingles(client):
    pagina = f.reto()
    inglesa = traducir(pagina)
    propuesta = f.publicada(pagina)
    with translation.override("en"):
        respuesta = client.get(f"{inglesa.url}propuestas/")
    assert respuesta.status_code == 200 and propuesta.titulo in respuesta.text
    assert '<html lang="en' in respuesta.text
    # La página española no contesta bajo /en/.
    assert client.get(f"/en/retos/{pagina.slug}x/propuestas/").status_code == 404


# --- Borrar ---------------------------------------------------------------------------------------------


@pytest.fixture
def administra(client):
    usuario = f.personal(RolPersonal.ADMINISTRACION)
    usuario.is_superuser = True
    usuario.save()
    client.force_login(usuario)
    return client


def rutas_de_borrado(pagina):
    madre = pagina.get_parent()
    return {
        "sola": (f"/admin/pages/{pagina.pk}/delete/", {}),
        "madre": (f"/admin/pages/{madre.pk}/delete/", {}),
        "lote": (f"/admin/bulk/wagtailcore/page/delete/?id={pagina.pk}", {}),
    }


@pytest.mark.parametrize("como", ["sola", "madre", "lote"])
@pytest.mark.parametrize("lengua", ["es", "en"])
def test_borrar_con_participacion_se_rechaza_y_ofrece_despublicar(administra, como, lengua):
    pagina = f.reto("Agua limpia")
    f.enviada(pagina)
    if lengua == "en":
        pagina = traducir(pagina)
    url, datos = rutas_de_borrado(pagina)[como]
    respuesta = administra.post(url, datos, follow=True)
    assert respuesta.status_code == 200
    assert "participación registrada" in respuesta.text
    assert f"/admin/pages/{pagina.pk}/unpublish/" in respuesta.text
    assert Page.objects.filter(pk=pagina.pk).exists()


@pytest.mark.parametrize("como", ["sola", "madre", "lote"])
def test_borrar_sin_participacion_se_puede(administra, como):
    pagina = f.reto()
    url, datos = rutas_de_borrado(pagina)[como]
    administra.post(url, datos)
    assert not Page.objects.filter(pk=pagina.pk).exists()
    assert not Ejercicio.objects.exists()


def test_borrar_por_codigo_tambien_se_rechaza():
    pagina = f.reto()
    f.borrador(pagina, f.persona())
    for objetivo in (pagina, pagina.get_parent()):
        with pytest.raises(ProtectedError), transaction.atomic():
            objetivo.delete()
    assert RetoPage.objects.filter(pk=pagina.pk).exists() and Ejercicio.objects.get().publicado


def test_publicar_en_lote_lo_incompleto_se_explica(administra):
    pagina = f.reto(publicar=False)
    pagina.cierre = pagina.apertura
    pagina.save_revision()
    respuesta = administra.post(f"/admin/bulk/wagtailcore/page/publish/?id={pagina.pk}", follow=True)
    assert "El cierre debe ser posterior a la apertura." in respuesta.text
    pagina.refresh_from_db()
    assert not pagina.live
