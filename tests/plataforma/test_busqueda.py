import pytest

from cuentas.models import VersionPolitica
from tests import fabricas as f

pytestmark = pytest.mark.django_db


def test_buscar_encuentra_propuestas_por_palabras_y_por_numero(client):
    reto = f.reto()
    propuesta = f.publicada(reto, titulo="Bibliotecas como puntos de ayuda")
    f.enviada(reto, titulo="Bibliotecas SECRETAS sin publicar")
    for consulta in ("biblioteca", "BIBLIOTECAS puntos", propuesta.referencia, propuesta.referencia.lower()):
        pagina = client.get("/buscar/", {"q": consulta}).text
        assert f'href="/propuestas/{propuesta.pk}/"' in pagina
        assert "SECRETAS" not in pagina
    reto.unpublish()
    assert "Bibliotecas como" not in client.get("/buscar/", {"q": "biblioteca"}).text


def test_registro_con_el_correo_caido_lo_dice(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nadie atiende
    f.politica()
    version = VersionPolitica.objects.get()
    datos = {
        "first_name": "Ana", "last_name": "Ríos", "email": "ana@example.org", "password1": f.CLAVE, "edad": "18_mas",
        "version": version.pk, "finalidad_participar": "on",
    }  # fmt: skip
    respuesta = client.post("/cuenta/signup/", datos, follow=True)
    assert respuesta.status_code == 200
    assert "No pudimos enviarle el correo" in respuesta.text
