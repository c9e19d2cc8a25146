import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cuentas.entrada.navegadores import describir
from cuentas.models import Usuario
from tests import fabricas as f

from . import entrada as e

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]


@pytest.fixture(autouse=True)
def _sin_intentos_de_otra_prueba():
    cache.clear()


def dentro(cliente) -> bool:
    return cliente.get("/mi-cuenta/").status_code == 200


# --- Sin contraseña ----------------------------------------------------------------------


def test_registro_sin_contrasena_y_vuelta_con_un_codigo(client):
    client.post(e.REGISTRO, e.datos_registro(password1=""))
    assert client.post(e.CONFIRMAR, {"code": e.codigo_recibido()}).url == "/mi-cuenta/"
    usuario = Usuario.objects.get(email="luz@example.org")
    assert not usuario.has_usable_password()

    otro = Client()
    assert otro.post(e.PEDIR_CODIGO, {"email": usuario.email}).url == e.CODIGO
    assert not dentro(otro)
    assert otro.post(e.CODIGO, {"code": e.codigo_recibido()}).url == "/mi-cuenta/"
    assert dentro(otro)


def test_el_codigo_lleva_a_donde_iba_y_sirve_una_vez(client):
    ana = f.persona()
    client.post(f"{e.PEDIR_CODIGO}?next=/mapa-del-sitio/", {"email": ana.email, "next": "/mapa-del-sitio/"})
    codigo = e.codigo_recibido()
    assert client.post(e.CODIGO, {"code": codigo, "next": "/mapa-del-sitio/"}).url == "/mapa-del-sitio/"
    otro = Client()
    otro.post(e.CODIGO, {"code": codigo})
    assert not dentro(otro)


def test_el_codigo_de_una_persona_no_abre_la_cuenta_de_otra(client):
    ana, beto = f.persona(), f.persona()
    client.post(e.PEDIR_CODIGO, {"email": ana.email})
    suyo = e.codigo_recibido()
    otro = Client()
    otro.post(e.PEDIR_CODIGO, {"email": beto.email})
    assert otro.post(e.CODIGO, {"code": suyo}).status_code == 422
    assert not dentro(otro)


def test_codigo_equivocado_se_dice_y_al_tercero_se_pide_otro(client):
    ana = f.persona()
    client.post(e.PEDIR_CODIGO, {"email": ana.email})
    bueno = e.codigo_recibido()
    for _n in range(2):
        respuesta = client.post(e.CODIGO, {"code": "XXXX-XXXX"})
        assert respuesta.status_code == 422
        assert "Ese código no es correcto" in respuesta.text
    respuesta = client.post(e.CODIGO, {"code": "XXXX-XXXX"}, follow=True)
    assert respuesta.redirect_chain == [(e.PEDIR_CODIGO, 302)]
    assert "Pida otro" in respuesta.text
    client.post(e.CODIGO, {"code": bueno})
    assert not dentro(client)


def test_codigo_vencido_lleva_a_pedir_otro(client, monkeypatch):
    ana = f.persona()
    client.post(e.PEDIR_CODIGO, {"email": ana.email})
    ahora = timezone.now().timestamp()
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: ahora + 16 * 60)
    respuesta = client.post(e.CODIGO, {"code": e.codigo_recibido()})
    assert respuesta.url in (e.PEDIR_CODIGO, e.LOGIN)
    assert not dentro(client)


def test_quien_pidio_un_codigo_puede_ingresar_de_otra_forma(client):
    ana = f.persona()
    client.post(e.PEDIR_CODIGO, {"email": ana.email})
    assert 'name="password"' in client.get(e.LOGIN).text
    assert e.entrar(client, ana).url == "/mi-cuenta/"


def test_sin_contrasena_el_ingreso_dice_como_seguir(client):
    ana = f.persona()
    respuesta = e.entrar(client, ana, "equivocada")
    assert respuesta.status_code == 422
    assert "pida un código por correo" in respuesta.text
    assert e.PEDIR_CODIGO in respuesta.text


# --- Con llave de acceso -------------------------------------------------------------------


def test_registro_con_llave_pide_lo_mismo_y_confirma_el_correo_antes(client):
    e.datos_registro()
    pagina = client.get(e.REGISTRO_LLAVE).text
    for campo in ("first_name", "last_name", "email", "edad", "finalidad_participar"):
        assert f'name="{campo}"' in pagina
    assert 'name="password1"' not in pagina
    assert client.post(e.REGISTRO_LLAVE, e.datos_registro(edad="")).status_code == 422
    assert client.post(e.REGISTRO_LLAVE, e.datos_registro()).url == e.CONFIRMAR
    assert client.post(e.CONFIRMAR, {"code": e.codigo_recibido()}).url == reverse("mfa_signup_webauthn")
    assert not dentro(client)
    pagina = client.get(reverse("mfa_signup_webauthn")).text
    assert 'id="opciones-llave"' in pagina and "js/llaves.js" in pagina and "<script>" not in pagina


@pytest.mark.parametrize(
    "credencial",
    ["", "5", "[]", "{}", '"x"', "null", '{"id": 5}', '{"rawId": "!!", "id": "!!", "response": {}}',
     '{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AAAA","signature":"AAAA","userHandle":"MQ"}}',
     '{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"o2M"}}'],
)  # fmt: skip
def test_credencial_inventada_no_entra_ni_da_500(client, credencial):
    client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    respuesta = client.post(reverse("mfa_login_webauthn"), {"credential": credencial})
    assert (respuesta.status_code, respuesta.url) == (302, e.LOGIN)
    assert not dentro(client)

    client.post(e.REGISTRO_LLAVE, e.datos_registro())
    client.post(e.CONFIRMAR, {"code": e.codigo_recibido()})
    client.get(reverse("mfa_signup_webauthn"))
    assert client.post(reverse("mfa_signup_webauthn"), {"credential": credencial}).status_code == 422
    assert not Authenticator.objects.exists()


# --- Segundo paso de quien lo activó ----------------------------------------------------------


def test_activar_la_aplicacion_da_codigos_de_recuperacion(client):
    ana = f.persona()
    e.entrar(client, ana)
    respuesta = client.get(reverse("mfa_activate_totp"))
    assert respuesta.url.startswith("/cuenta/reauthenticate/")
    client.post(respuesta.url, {"password": f.CLAVE})
    clave = client.get(reverse("mfa_activate_totp")).context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 422
    respuesta = client.post(reverse("mfa_activate_totp"), {"code": e.codigo_totp(clave)}, follow=True)
    for codigo in e.codigos_de_recuperacion(ana):
        assert codigo in respuesta.text
    guardado = Authenticator.objects.get(user=ana, type="totp").data["secret"]
    assert clave not in guardado


@pytest.mark.parametrize("puerta", ["contraseña", "código"])
def test_con_la_aplicacion_activa_ninguna_puerta_se_salta_el_segundo_paso(client, puerta):
    ana = f.persona()
    clave = e.con_totp(ana)
    if puerta == "contraseña":
        respuesta = e.entrar(client, ana)
    else:
        client.post(e.PEDIR_CODIGO, {"email": ana.email})
        respuesta = client.post(e.CODIGO, {"code": e.codigo_recibido()})
    assert respuesta.url == e.AUTENTICAR
    assert not dentro(client)
    assert client.post(e.AUTENTICAR, {"code": "000000"}).status_code == 422
    assert client.post(e.AUTENTICAR, {"code": e.codigo_totp(clave)}).url == "/mi-cuenta/"
    assert dentro(client)


def test_un_codigo_de_recuperacion_entra_una_sola_vez(client):
    ana = f.persona()
    e.con_totp(ana)
    codigo = e.codigos_de_recuperacion(ana)[0]
    e.entrar(client, ana)
    client.post(e.AUTENTICAR, {"code": codigo})
    assert dentro(client)
    otro = Client()
    e.entrar(otro, ana)
    assert otro.post(e.AUTENTICAR, {"code": codigo}).status_code == 422
    assert not dentro(otro)


def llave(usuario, rk):
    datos = {"name": "Llave 1", "credential": {"clientExtensionResults": {"credProps": {"rk": rk}}}}
    return Authenticator.objects.create(user=usuario, type="webauthn", data=datos)


@pytest.mark.parametrize(("rk", "personal", "lo_pide"), [(True, False, False), (False, False, True), (None, False, True), (True, True, True)])
def test_una_llave_de_acceso_es_otra_puerta_y_no_un_candado(client, monkeypatch, rk, personal, lo_pide):
    """Quien se registró con el teléfono y lo pierde entra con un código; el personal, no."""
    ana = f.persona(is_staff=personal)
    llave(ana, rk)
    monkeypatch.setattr("allauth.mfa.base.views.webauthn_auth.begin_authentication", lambda usuario: {})
    respuesta = e.entrar(client, ana)
    assert respuesta.url == (e.AUTENTICAR if lo_pide else "/mi-cuenta/")


def test_con_otra_clave_secreta_ningun_codigo_sirve(client, settings):
    ana = f.persona()
    clave = e.con_totp(ana)
    vieja, settings.SECRET_KEY = settings.SECRET_KEY, "otra-clave-secreta-de-la-entidad-cambiada"
    e.entrar(client, ana)
    assert client.post(e.AUTENTICAR, {"code": e.codigo_totp(clave)}).status_code == 422
    settings.SECRET_KEY_FALLBACKS = [vieja]
    assert client.post(e.AUTENTICAR, {"code": e.codigo_totp(clave)}).url == "/mi-cuenta/"


# --- Quien confirma el correo manda ------------------------------------------------------------


def test_la_contrasena_que_dejo_otro_no_sirve_cuando_el_dueno_confirma_el_correo(client):
    """Cualquiera abre una cuenta con un correo ajeno y espera a que su dueño la use."""
    intruso = Client()
    intruso.post(e.REGISTRO, e.datos_registro("duena@example.org"))
    usuario = Usuario.objects.get(email="duena@example.org")
    SocialAccount.objects.create(user=usuario, provider="google", uid="intruso")
    cache.clear()
    client.post(e.PEDIR_CODIGO, {"email": usuario.email})
    respuesta = client.post(e.CODIGO, {"code": e.codigo_recibido()}, follow=True)
    assert "quitamos la contraseña" in respuesta.text
    assert EmailAddress.objects.get(user=usuario).verified
    e.entrar(intruso, usuario)
    assert not dentro(intruso)
    assert not SocialAccount.objects.exists()


def test_quien_confirma_en_la_misma_sesion_conserva_su_contrasena(client):
    client.post(e.REGISTRO, e.datos_registro())
    client.post(e.CONFIRMAR, {"code": e.codigo_recibido()})
    assert Usuario.objects.get(email="luz@example.org").check_password(f.CLAVE)


def test_quien_entra_con_su_contrasena_y_confirma_despues_la_conserva(client):
    Client().post(e.REGISTRO, e.datos_registro())
    cache.clear()
    assert e.entrar(client, Usuario.objects.get(email="luz@example.org")).url == e.CONFIRMAR
    client.post(e.CONFIRMAR, {"code": e.codigo_recibido()})
    assert dentro(client)
    assert Usuario.objects.get(email="luz@example.org").check_password(f.CLAVE)


# --- Sesiones ----------------------------------------------------------------------------------


ANDROID = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


def test_ver_las_sesiones_y_cerrar_una(client):
    ana, beto = f.persona(), f.persona()
    telefono, ajeno = Client(), Client()
    e.entrar(client, ana)
    e.entrar(telefono, ana, headers={"User-Agent": ANDROID})
    e.entrar(ajeno, beto, headers={"User-Agent": "Firefox/1 Windows"})
    pagina = client.get(e.SESIONES).text
    assert "Chrome en Android" in pagina
    assert "Firefox en Windows" not in pagina
    perdida = UserSession.objects.get(user=ana, user_agent__contains="Android")
    assert dentro(telefono)
    respuesta = client.post(e.SESIONES, {"sesion": perdida.pk}, follow=True)
    assert "Esa sesión quedó cerrada" in respuesta.text
    assert (dentro(telefono), dentro(client), dentro(ajeno)) == (False, True, True)


def test_no_se_cierra_la_sesion_de_otra_persona(client):
    ana, beto = f.persona(), f.persona()
    otro = Client()
    e.entrar(client, ana)
    e.entrar(otro, beto)
    ajena = UserSession.objects.get(user=beto)
    respuesta = client.post(e.SESIONES, {"sesion": ajena.pk})
    assert respuesta.status_code == 422
    assert "ya no está abierta" in respuesta.text
    assert client.post(e.SESIONES, {"sesion": "x" * 50}).status_code == 422
    assert dentro(otro)


def test_cerrar_todas_menos_esta(client):
    ana = f.persona()
    otros = [Client(), Client()]
    for cliente in (client, *otros):
        e.entrar(cliente, ana)
    client.post(e.SESIONES, {})
    assert [dentro(c) for c in (client, *otros)] == [True, False, False]


@pytest.mark.parametrize("cuantas", [1, 3])
def test_consultas_de_las_sesiones(client, cuantas, django_assert_num_queries):
    """Por cada sesión, tres: si sigue en pie y de quién es."""
    ana = f.persona()
    for cliente in [client, *(Client() for _ in range(cuantas - 1))]:
        e.entrar(cliente, ana)
    client.get(e.SESIONES)
    with django_assert_num_queries(4 + 3 * cuantas):
        client.get(e.SESIONES)


@pytest.mark.parametrize(
    ("agente", "dice"),
    [
        (ANDROID, "Chrome en Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140", "Edge en Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) Version/18 Safari/604", "Safari en iPhone"),
        ("curl/8", "Navegador desconocido"),
        ("", "Navegador desconocido"),
    ],
)
def test_describir_navegador(agente, dice):
    assert describir(agente) == dice


# --- Lo que se ve --------------------------------------------------------------------------------


def test_sin_proveedores_configurados_no_hay_botones(client):
    e.datos_registro()
    for url in (e.LOGIN, e.REGISTRO):
        texto = client.get(url).text
        assert "Continuar con" not in texto
        assert "/cuenta/oidc/" not in texto
    client.force_login(f.persona())
    assert "Proveedores de identidad" not in client.get("/mi-cuenta/").text


def test_en_ingles_todo_vive_bajo_en(client):
    respuesta = client.post("/en/cuenta/login/code/", {"email": f.persona().email})
    assert respuesta.url == "/en/cuenta/login/code/confirm/"
    assert len(mail.outbox) == 1
