import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from cuentas.enums import RolPersonal
from home.models import AjustesSitio, ContenidoPage
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]


def contenido(titulo="Normas", **campos) -> ContenidoPage:
    pagina = f.sitio().root_page.add_child(instance=ContenidoPage(title=titulo, show_in_menus=True, **campos))
    pagina.save_revision().publish()
    return pagina


def test_marco_dice_al_momento_lo_que_cambia(client):
    assert "Normas" not in client.get("/").text
    pagina = contenido()
    assert ">Normas<" in client.get("/").text
    pagina.title = "Leyes"
    pagina.save_revision().publish()
    assert ">Leyes<" in client.get("/").text
    PageViewRestriction.objects.create(page=pagina, restriction_type="login")
    assert "Leyes" not in client.get("/").text
    PageViewRestriction.objects.all().delete()
    assert "Leyes" in client.get("/").text
    pagina.unpublish()
    assert "Leyes" not in client.get("/").text
    ajustes = AjustesSitio.for_site(f.sitio())
    ajustes.nombre_entidad = "Concejo de Prueba"
    ajustes.save()
    assert "Concejo de Prueba" in client.get("/").text


def test_borrador_no_aparece_en_el_marco(client):
    pagina = contenido()
    pagina.title = "SECRETO"
    pagina.save_revision()
    f.sitio().root_page.add_child(instance=ContenidoPage(title="SECRETO dos", show_in_menus=True, live=False))
    assert "SECRETO" not in client.get("/").text


def test_marco_cuesta_una_consulta_y_ninguna_de_sesion(client, django_assert_num_queries):
    url = contenido().get_url()
    client.get(url)
    with django_assert_num_queries(8) as consultas:  # siete de Wagtail y la versión del marco
        respuesta = client.get(url)
    assert not any("session" in c["sql"] for c in consultas.captured_queries)
    assert not respuesta.cookies


def test_nombre_y_salir_no_se_guardan_en_el_marco():
    ana, beto = f.persona(nombre="Ana"), f.persona(nombre="Beto")
    for persona, otra in ((ana, "Beto"), (beto, "Ana")):
        cliente = Client()
        cliente.force_login(persona)
        pagina = cliente.get("/").text
        assert persona.first_name in pagina and otra not in pagina
    assert "Ana" not in Client().get("/").text


@pytest.mark.parametrize(("roles", "lo_ve"), [([], False), ([RolPersonal.EDITOR], True)])
def test_enlace_de_administracion(client, roles, lo_ve):
    client.force_login(f.personal(*roles) if roles else f.persona())
    assert ('href="/admin/"' in client.get("/").text) is lo_ve


def test_ciudadana_no_entra_al_administrador_ni_da_vueltas(client):
    client.force_login(f.persona())
    assert client.get("/admin/", follow=True).status_code == 403


def test_politica_de_contenido_estricta_afuera_y_propia_en_admin(client):
    publica = client.get("/")["Content-Security-Policy"]
    assert "unsafe-inline" not in publica and "default-src 'self'" in publica
    client.force_login(f.personal(RolPersonal.EDITOR))
    assert "unsafe-inline" in client.get("/admin/")["Content-Security-Policy"]


@pytest.mark.parametrize("url", ["/?a=%00", "/buscar/?q=%00", "/%00", "/no-existe/", "/en/no-existe/"])
def test_direcciones_con_basura_no_dan_500(client, url):
    assert client.get(url).status_code in (400, 404)


@pytest.mark.parametrize("q", ["", "reto", '"', "(((", "a' OR 1=1", "x" * 500, "ñandú & río", "%", "NOT", "*"])
def test_buscar_nunca_da_500(client, q):
    assert client.get("/buscar/", {"q": q}).status_code == 200


def test_salud(client):
    assert client.get("/salud/").text == "bien\n"


def test_idioma_sin_traduccion_lleva_a_su_portada_si_existe(client):
    assert 'hreflang="en"' not in client.get("/").text
    assert Page.objects.filter(locale__language_code="en").count() == 0
