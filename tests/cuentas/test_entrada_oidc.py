"""Ingresar con un proveedor de OpenID Connect de verdad, en otro proceso, por HTTP."""

import json
import re
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from cuentas.models import Participante, Usuario
from plataforma.settings.proveedores import leer_proveedores
from scripts.postgres import puerto_libre
from tests import fabricas as f

from . import entrada as e

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
BOTON = "/cuenta/oidc/prueba/"
TERMINAR = "/cuenta/proveedores/signup/"


@pytest.fixture(scope="module")
def emisor():
    puerto = puerto_libre()
    direccion = f"http://localhost:{puerto}"
    orden = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(puerto), "--require-nonce"]
    proceso = subprocess.Popen(orden, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    limite = time.monotonic() + 30
    while time.monotonic() < limite:
        try:
            requests.get(f"{direccion}/.well-known/openid-configuration", timeout=2)
            break
        except requests.ConnectionError:
            time.sleep(0.2)
    yield direccion
    proceso.terminate()
    proceso.wait()


def configurar(settings, emisor, **cambios):
    dato = {"id": "prueba", "nombre": "Identidad de Prueba", "emisor": emisor, "cliente": "participa", "secreto": "s3"}
    configurado, settings.ORIGENES_OIDC = leer_proveedores(json.dumps([dato | cambios]))
    settings.SOCIALACCOUNT_PROVIDERS = configurado


@pytest.fixture
def proveedor(settings, emisor):
    cache.clear()
    e.datos_registro()  # publica la política
    configurar(settings, emisor)
    return emisor


def identidad(emisor, sub="sub-1", correo="luz@example.org", verificado=True, **datos):
    """Cómo conoce el proveedor a esa persona."""
    datos = {"email": correo, "email_verified": verificado, "given_name": "Luz", "family_name": "Mora", **datos}
    assert requests.put(f"{emisor}/users/{sub}", json=datos, timeout=5).ok
    return sub


def ir(cliente, **datos):
    """Pulsa el botón; devuelve la dirección del proveedor a la que lleva."""
    respuesta = cliente.post(BOTON, {"process": "login", **datos})
    assert respuesta.status_code == 302
    return respuesta.url


def autorizar(url, sub):
    """La persona se identifica en el proveedor; devuelve la dirección de vuelta."""
    respuesta = requests.post(url, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert respuesta.status_code == 302, respuesta.text
    return respuesta.headers["Location"]


def volver(cliente, direccion, **opciones):
    partes = urlsplit(direccion)
    return cliente.get(urlunsplit(("", "", partes.path, partes.query, "")), **opciones)


def entrar(cliente, sub, **datos):
    return volver(cliente, autorizar(ir(cliente, **datos), sub))


def cambiar(direccion, **cambios):
    partes = urlsplit(direccion)
    consulta = {k: v[0] for k, v in parse_qs(partes.query).items()} | cambios
    return urlunsplit(partes._replace(query=urlencode({k: v for k, v in consulta.items() if v is not None})))


def dentro(cliente):
    return cliente.get("/mi-cuenta/").status_code == 200


def registrarse(cliente, sub, **cambios):
    """Todo el camino de quien llega por primera vez, hasta el código del correo."""
    assert entrar(cliente, sub).url == TERMINAR
    datos = e.datos_registro(**cambios)
    del datos["password1"]
    return cliente.post(TERMINAR, datos)


# --- El camino -----------------------------------------------------------------------------


def test_el_boton_aparece_y_la_politica_de_contenido_lo_deja_salir(client, proveedor):
    for url in (e.LOGIN, e.REGISTRO):
        respuesta = client.get(url)
        assert "Continuar con Identidad de Prueba" in respuesta.text
        assert f"form-action 'self' {proveedor}" in respuesta["Content-Security-Policy"]
    assert proveedor not in client.get("/")["Content-Security-Policy"]


def test_quien_llega_por_primera_vez_responde_lo_mismo_que_los_demas(client, proveedor):
    sub = identidad(proveedor)
    assert entrar(client, sub).url == TERMINAR
    pagina = client.get(TERMINAR).text
    assert 'value="Luz"' in pagina and 'value="luz@example.org"' in pagina
    datos = e.datos_registro()
    for falta in ("edad", "finalidad_participar"):
        assert client.post(TERMINAR, {k: v for k, v in datos.items() if k != falta}).status_code == 422
    assert not Usuario.objects.exists()
    # El proveedor dice que el correo es suyo, pero la entidad no ha dicho que le crea.
    assert client.post(TERMINAR, datos).url == e.CONFIRMAR
    assert not dentro(client)
    client.post(e.CONFIRMAR, {"code": e.codigo_recibido()})
    assert dentro(client)
    assert Participante.objects.get().perfil.rango_declarado == "18_mas"
    cuenta = SocialAccount.objects.get()
    assert (cuenta.provider, cuenta.uid, cuenta.extra_data) == ("prueba", "sub-1", {})


def test_la_segunda_vez_entra_y_vuelve_a_donde_iba(client, proveedor):
    sub = identidad(proveedor)
    registrarse(client, sub)
    client.post(e.CONFIRMAR, {"code": e.codigo_recibido()})
    otro = Client()
    assert entrar(otro, sub, next="/mapa-del-sitio/").url == "/mapa-del-sitio/"
    assert dentro(otro)


def test_con_un_proveedor_confiable_no_se_repite_la_confirmacion(client, proveedor, settings):
    configurar(settings, proveedor, correo_confiable=True)
    registrarse(client, identidad(proveedor))
    assert dentro(client)
    assert mail.outbox == []


@pytest.mark.parametrize("verificado", [False, "true", None])
def test_confiable_pero_sin_asegurarlo_se_confirma(client, proveedor, settings, verificado):
    configurar(settings, proveedor, correo_confiable=True)
    registrarse(client, identidad(proveedor, verificado=verificado))
    assert not dentro(client)
    assert not EmailAddress.objects.get().verified


def test_confiable_no_vale_para_otro_correo(client, proveedor, settings):
    """Quien cambia el correo en el formulario no hereda la confianza del que dijo el proveedor."""
    configurar(settings, proveedor, correo_confiable=True)
    registrarse(client, identidad(proveedor), correo="otra@example.org")
    usuario = Usuario.objects.get()
    assert not EmailAddress.objects.filter(user=usuario, email="otra@example.org", verified=True).exists()


@pytest.mark.parametrize(("puerta", "termina"), [(e.LOGIN, TERMINAR), (f"/en{e.LOGIN}", f"/en{TERMINAR}")])
def test_se_vuelve_en_el_idioma_en_que_se_empezo(client, proveedor, puerta, termina):
    idioma = re.search(r'name="idioma" value="(\w+)"', client.get(puerta).text)[1]
    assert entrar(client, identidad(proveedor), idioma=idioma).url == termina
    assert client.get(termina).status_code == 200


def test_un_idioma_inventado_no_da_500(client, proveedor):
    assert entrar(client, identidad(proveedor), idioma="x' y").url == TERMINAR


def test_se_pide_lo_configurado_y_no_lo_que_diga_la_direccion(client, proveedor):
    url = client.post(f"{BOTON}?scope=admin&auth_params=prompt%3Dnone%26login_hint%3Dx").url
    consulta = parse_qs(urlsplit(url).query)
    assert set(consulta["scope"][0].split()) == {"openid", "profile", "email"}
    assert not {"prompt", "login_hint"} & consulta.keys()
    assert len(consulta["nonce"][0]) == 32
    assert consulta["code_challenge_method"] == ["S256"]
    assert consulta["redirect_uri"] == ["http://testserver/cuenta/oidc/prueba/vuelta/"]


# --- Cuentas que ya existen --------------------------------------------------------------------


@pytest.mark.parametrize("confiable", [False, True])
def test_un_correo_ajeno_no_abre_la_cuenta_de_su_dueno(client, proveedor, settings, confiable):
    configurar(settings, proveedor, correo_confiable=confiable)
    ana = f.persona("ana@example.org")
    sub = identidad(proveedor, correo="ana@example.org")
    respuesta = registrarse(client, sub, correo="ana@example.org")
    assert respuesta.url == e.CONFIRMAR
    assert not dentro(client)
    assert not SocialAccount.objects.exists()
    assert Usuario.objects.get() == ana
    assert [m.to for m in mail.outbox] == [["ana@example.org"]]
    assert "ya existe" in mail.outbox[0].body


def test_se_conecta_desde_dentro_y_confirmando_quien_es(client, proveedor):
    ana = f.persona("ana@example.org")
    sub = identidad(proveedor, correo="ana@example.org")
    e.entrar(client, ana)
    url = client.post(BOTON, {"process": "connect"}).url
    respuesta = volver(client, autorizar(url, sub))
    assert respuesta.url == "/cuenta/reauthenticate/"
    assert not SocialAccount.objects.exists()
    client.post("/cuenta/reauthenticate/", {"password": f.CLAVE})
    assert SocialAccount.objects.get().user == ana
    assert "Identidad de Prueba" in client.get("/cuenta/proveedores/").text
    otro = Client()
    assert entrar(otro, sub).url == "/mi-cuenta/"


def test_con_segundo_paso_el_proveedor_no_lo_salta(client, proveedor):
    ana = f.persona("ana@example.org")
    SocialAccount.objects.create(user=ana, provider="prueba", uid=identidad(proveedor))
    e.con_totp(ana)
    assert entrar(client, "sub-1").url == e.AUTENTICAR
    assert not dentro(client)


def test_el_personal_que_llega_por_un_proveedor_tampoco(client, proveedor, settings):
    settings.SEGUNDO_FACTOR_PERSONAL = True
    jefa = f.cuenta("jefa@example.org", is_superuser=True, is_staff=True)
    SocialAccount.objects.create(user=jefa, provider="prueba", uid=identidad(proveedor))
    entrar(client, "sub-1")
    assert client.get("/admin/").url == e.SEGUNDO_PASO


# --- Falsificaciones -----------------------------------------------------------------------------


def rechazado(respuesta):
    assert respuesta.status_code in (200, 401)
    assert "No se pudo ingresar" in respuesta.text
    return True


def test_un_estado_inventado_o_de_otra_sesion_se_rechaza(client, proveedor):
    sub = identidad(proveedor)
    vuelta = autorizar(ir(client), sub)
    assert rechazado(volver(client, cambiar(vuelta, state="inventado")))
    assert rechazado(volver(client, cambiar(vuelta, state=None)))
    assert rechazado(volver(Client(), vuelta))
    assert volver(client, vuelta).url == TERMINAR
    assert rechazado(volver(client, vuelta))  # usada, no sirve otra vez


def test_un_codigo_pedido_por_otra_sesion_se_rechaza_por_el_nonce(client, proveedor):
    """El intruso mete en su vuelta el código que el proveedor dio a la víctima: el testimonio lleva otro nonce."""
    identidad(proveedor, "intruso", "intruso@example.org")
    victima = Client()
    codigo = parse_qs(urlsplit(autorizar(ir(victima), identidad(proveedor, "victima", "v@example.org"))).query)["code"][0]
    propia = autorizar(ir(client), "intruso")
    assert rechazado(volver(client, cambiar(propia, code=codigo)))
    assert client.get(TERMINAR).status_code == 302


def test_un_nonce_cambiado_en_el_camino_se_rechaza(client, proveedor):
    sub = identidad(proveedor)
    assert rechazado(volver(client, autorizar(cambiar(ir(client), nonce="b" * 32), sub)))


@pytest.mark.parametrize("cambio", [{"nonce": None}, {"nonce": ""}, {"sub": "otra"}, {"aud": "otro-cliente"}, {"iss": "https://otro"}])
def test_un_testimonio_que_no_cuadra_se_rechaza(client, proveedor, monkeypatch, cambio):
    """El emisor de prueba no sabe mentir: se altera lo que dice su testimonio al leerlo."""
    sub = identidad(proveedor)
    vuelta = autorizar(ir(client), sub)
    verdadero = jwt.decode

    def mentir(credencial, *a, **k):
        datos = verdadero(credencial, options={"verify_signature": False})
        datos |= cambio
        k["options"] = k["options"] | {"verify_signature": False}
        return verdadero(jwt.encode({x: y for x, y in datos.items() if y is not None}, "x" * 32), *a, **k)

    monkeypatch.setattr("allauth.socialaccount.internal.jwtkit.jwt.decode", mentir)
    assert rechazado(volver(client, vuelta))
    assert client.get(TERMINAR).status_code == 302


def test_cancelar_se_explica(client, proveedor):
    url = ir(client)
    estado = parse_qs(urlsplit(url).query)["state"][0]
    respuesta = client.get(f"{BOTON}vuelta/", {"error": "access_denied", "state": estado}, follow=True)
    assert "canceló" in respuesta.text
    assert rechazado(client.get(f"{BOTON}vuelta/", {"error": "server_error", "state": estado}))


def test_un_codigo_inventado_no_da_500(client, proveedor):
    estado = parse_qs(urlsplit(ir(client)).query)["state"][0]
    assert rechazado(client.get(f"{BOTON}vuelta/", {"code": "nada", "state": estado}))


def test_un_proveedor_caido_no_da_500(client, proveedor, settings):
    vuelta = autorizar(ir(client), identidad(proveedor))
    configurar(settings, f"http://localhost:{puerto_libre()}")
    assert rechazado(client.post(BOTON, {"process": "login"}))
    assert rechazado(volver(client, vuelta))


def test_un_proveedor_que_no_es_tal_no_da_500(client, proveedor, settings):
    configurar(settings, f"{proveedor}/users")
    assert rechazado(client.post(BOTON, {"process": "login"}))


def test_un_proveedor_sin_configurar_no_existe(client, proveedor):
    assert client.get("/cuenta/oidc/otro/").status_code == 404
    assert client.post("/cuenta/oidc/otro/").status_code == 404
    assert client.get("/cuenta/oidc/otro/vuelta/").status_code == 404


def test_empezar_pide_confirmarlo(client, proveedor):
    """Un enlace ajeno no debe poder abrir aquí una sesión de otra persona."""
    respuesta = client.get(BOTON)
    assert respuesta.status_code == 200
    assert "Irá al sitio de Identidad de Prueba" in respuesta.text
    assert Client(enforce_csrf_checks=True).post(BOTON, {"process": "login"}).status_code == 403


# --- La configuración ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texto", "dice"),
    [
        ("{", "JSON"),
        ("{}", "lista"),
        ("[5]", "objeto"),
        ('[{"id": "x"}]', "falta nombre, emisor"),
        ('[{"id":"x","nombre":"X","emisor":"http://x.example","cliente":"c","secreto":"s"}]', "https"),
        ('[{"id":"x","nombre":"X","emisor":"https://x.example","cliente":"c","secreto":"s","raro":1}]', "raro"),
    ],
)
def test_configuracion_que_no_se_entiende(texto, dice):
    with pytest.raises(ImproperlyConfigured, match=dice):
        leer_proveedores(texto)


def test_los_origenes_de_un_proveedor():
    dato = {"id": "x", "nombre": "X", "emisor": "https://x.example/ruta", "cliente": "c", "secreto": "s"}
    _configurado, origenes = leer_proveedores(json.dumps([dato | {"origenes": ["https://y.example"]}]))
    assert origenes == ["https://x.example", "https://y.example"]
    assert leer_proveedores("")[1] == []


def test_el_secreto_no_se_muestra(client, proveedor):
    for url in (e.LOGIN, BOTON):
        assert not re.search(r"\bs3\b", client.get(url).text)
