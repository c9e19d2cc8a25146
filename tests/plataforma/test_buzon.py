import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.plataforma.urls_con_buzon"), pytest.mark.una_base]


@pytest.fixture
def carpeta(settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "correo"
    return settings.EMAIL_FILE_PATH


@pytest.fixture
def enviar(carpeta):
    """Envía por el buzón de archivos, todos por la misma conexión."""

    def por_archivo(*mensajes):
        with get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=carpeta) as conexion:
            conexion.send_messages(mensajes)

    return por_archivo


def mensaje(asunto, texto="Hola", **campos):
    return EmailMessage(asunto, texto, "participa@localhost", ["ana@example.org"], **campos)


def test_buzon_vacio_lo_dice(client, carpeta):
    assert "Todavía no hay correos" in client.get("/correo/").text


def test_buzon_lista_del_mas_nuevo_al_mas_viejo(client, enviar):
    enviar(mensaje("Segundo", headers={"Date": "Tue, 02 Jun 2026 10:00:00 -0000"}))
    enviar(mensaje("Primero", headers={"Date": "Mon, 01 Jun 2026 10:00:00 -0000"}))
    assert [c.asunto for c in client.get("/correo/").context["correos"]] == ["Segundo", "Primero"]


def test_buzon_separa_los_mensajes_de_una_conexion(client, enviar):
    enviar(mensaje("Uno", "Texto uno con eñe"), mensaje("Dos", "Texto dos"))
    for correo in client.get("/correo/").context["correos"]:
        pagina = client.get(f"/correo/{correo.archivo}/{correo.numero}/").text
        propio, ajeno = ("uno con eñe", "dos") if correo.asunto == "Uno" else ("dos", "uno con eñe")
        assert f"Texto {propio}" in pagina
        assert f"Texto {ajeno}" not in pagina


def test_correo_enlaza_direcciones_y_deja_inerte_el_html(client, enviar):
    enviar(mensaje("<script>alert(1)</script>", "<img src=x onerror=alert(2)> http://localhost:8000/cuenta/"))
    correo = client.get("/correo/").context["correos"][0]
    pagina = client.get(f"/correo/{correo.archivo}/1/").text
    assert '<a href="http://localhost:8000/cuenta/"' in pagina
    assert "<script>alert(1)" not in pagina + client.get("/correo/").text
    assert "<img src=x" not in pagina


def test_correo_solo_html_muestra_su_fuente(client, enviar):
    solo_html = EmailMultiAlternatives("Aviso", "", "participa@localhost", ["ana@example.org"])
    solo_html.content_subtype = "html"
    solo_html.body = "<p>Hola <b>Ana</b></p>"
    enviar(solo_html)
    correo = client.get("/correo/").context["correos"][0]
    assert "&lt;b&gt;Ana&lt;/b&gt;" in client.get(f"/correo/{correo.archivo}/1/").text


def test_buzon_no_se_indexa_ni_se_guarda(client, enviar):
    enviar(mensaje("Uno"))
    correo = client.get("/correo/").context["correos"][0]
    for direccion in ("/correo/", f"/correo/{correo.archivo}/1/"):
        respuesta = client.get(direccion)
        assert respuesta["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in respuesta["Cache-Control"]


@pytest.mark.parametrize("direccion", ["no-existe/1/", "..%2F..%2Fmanage/1/", "secreto.txt/1/", "secreto/1/"])
def test_buzon_no_sale_de_su_carpeta(client, carpeta, direccion):
    carpeta.mkdir()
    (carpeta.parent / "secreto.log").write_text("Subject: secreto\nDate: Mon, 01 Jun 2026 10:00:00 -0000\n\nsecreto")
    assert client.get(f"/correo/{direccion}").status_code == 404


def test_correo_con_numero_que_no_hay_no_existe(client, enviar):
    enviar(mensaje("Uno"))
    correo = client.get("/correo/").context["correos"][0]
    assert client.get(f"/correo/{correo.archivo}/2/").status_code == 404
