import re
import threading

import pytest
from allauth.account.models import EmailAddress
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client

from cuentas import registrarse
from cuentas.consentimiento.actions import publicar_version
from cuentas.enums import Finalidad
from cuentas.models import Consentimiento, Participante, Perfil, Usuario, VersionPolitica
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]

REGISTRO = "/cuenta/signup/"


def version():
    return VersionPolitica.objects.vigente(f.sitio(), "es")


def datos(**cambios):
    base = {
        "first_name": "Luz",
        "last_name": "Mora",
        "email": "luz@example.org",
        "password1": f.CLAVE,
        "edad": "18_mas",
        "version": str(version().pk),
        "finalidad_participar": "on",
    }
    return {clave: valor for clave, valor in (base | cambios).items() if valor is not None}


def casillas_marcadas(texto):
    return re.findall(r'<input type="(?:checkbox|radio)"[^>]* checked', texto)


def nada_guardado():
    return not (
        Usuario.objects.exists()
        or Participante.objects.exists()
        or Perfil.objects.exists()
        or Consentimiento.objects.exists()
        or mail.outbox
    )


@pytest.fixture
def politica():
    return f.politica()


def cambiar_texto(pagina, cuerpo="<p>Texto nuevo.</p>"):
    pagina.cuerpo = cuerpo
    pagina.save_revision().publish()


# --- Lo que se muestra -------------------------------------------------------------------


def test_cada_finalidad_con_su_texto_exacto_y_sin_marcar(client, politica):
    texto = client.get(REGISTRO).text
    for finalidad in version().finalidades:
        assert finalidad["texto"] in texto
    assert casillas_marcadas(texto) == []
    assert f'href="/mi-cuenta/politica/{version().pk}/"' in texto
    assert texto.count('name="finalidad_') == 3


def test_el_enlace_lleva_al_texto_de_esa_version(client, politica):
    vieja = version()
    respuesta = client.get(f"/mi-cuenta/politica/{vieja.pk}/")
    assert "Qué y para qué." in respuesta.text and "ya no rige" not in respuesta.text
    cambiar_texto(politica)
    respuesta = client.get(f"/mi-cuenta/politica/{vieja.pk}/")
    assert "Qué y para qué." in respuesta.text and "Texto nuevo" not in respuesta.text
    assert "ya no rige" in respuesta.text


def test_version_que_no_existe_o_es_de_otro_sitio(client, politica):
    assert client.get("/mi-cuenta/politica/999999/").status_code == 404


def test_sin_politica_publicada_el_registro_esta_cerrado(client, sin_politica):
    for metodo in (client.get, client.post):
        respuesta = metodo(REGISTRO)
        assert respuesta.status_code == 200
        assert "aún no ha publicado su política" in respuesta.text and "password1" not in respuesta.text
    assert nada_guardado()


def test_despublicar_la_politica_cierra_el_registro(client, politica):
    politica.unpublish()
    client.post(REGISTRO, datos())
    assert nada_guardado()


def test_lecturas_del_formulario(client, politica, django_assert_num_queries):
    client.get(REGISTRO)
    with django_assert_num_queries(6):
        client.get(REGISTRO)


# --- Lo que se guarda --------------------------------------------------------------------


@pytest.mark.parametrize("edad", ["14_17", "18_mas"])
def test_registrarse_guarda_perfil_y_prueba_de_lo_autorizado(client, politica, edad):
    respuesta = client.post(REGISTRO, datos(edad=edad, finalidad_nombre_publico="on"))
    assert respuesta.status_code == 302
    participante = Participante.objects.get(cuenta__email="luz@example.org")
    assert participante.perfil.rango_declarado == edad
    # El nombre de quien tiene 14 a 17 años espera además a su acudiente.
    assert participante.muestra_nombre is (edad == "18_mas")
    assert sorted(Consentimiento.objects.values_list("finalidad", "version", "texto_hash", "canal", "revocado_en")) == [
        ("nombre_publico", version().pk, version().texto_hash, "web", None),
        ("participar", version().pk, version().texto_hash, "web", None),
    ]
    assert len(mail.outbox) == 1


def test_lo_no_marcado_no_se_autoriza(client, politica):
    client.post(REGISTRO, datos())
    participante = Participante.objects.get()
    assert list(participante.consentimientos.values_list("finalidad", flat=True)) == [Finalidad.PARTICIPAR]
    assert participante.muestra_nombre is False
    assert participante.nombre_publico == "Participante"


def test_registro_en_ingles_autoriza_el_texto_que_habia(client, politica):
    """Sin traducción se muestra y se autoriza el texto en español; la cuenta queda en inglés."""
    client.post(f"/en{REGISTRO}", datos())
    assert Usuario.objects.get().idioma == "en"
    assert Consentimiento.objects.get().version.idioma == "es"


def test_al_confirmar_llega_a_donde_iba(client, politica):
    client.post(f"{REGISTRO}?next=/mapa-del-sitio/", datos(next="/mapa-del-sitio/"))
    codigo = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", mail.outbox[0].body, re.M)[1]
    respuesta = client.post("/cuenta/confirm-email/", {"code": codigo})
    assert (respuesta.status_code, respuesta.url) == (302, "/mapa-del-sitio/")
    assert EmailAddress.objects.get().verified


# --- Lo que se rechaza -------------------------------------------------------------------


def test_menor_de_14_no_deja_nada(client, politica):
    respuesta = client.post(REGISTRO, datos(edad="menor_14"))
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == ["edad"]
    assert "haber cumplido 14 años" in respuesta.text
    assert nada_guardado()


@pytest.mark.parametrize(
    ("cambio", "campo"),
    [
        ({"edad": None}, "edad"),
        ({"edad": "30"}, "edad"),
        ({"finalidad_participar": None}, "finalidad_participar"),
        ({"first_name": " \u200b "}, "first_name"),
        ({"last_name": "a\x00b"}, "last_name"),
        ({"email": "no"}, "email"),
        ({"password1": "corta"}, "password1"),
    ],
)
def test_entrada_invalida_se_explica_en_su_campo(client, politica, cambio, campo):
    respuesta = client.post(REGISTRO, datos(**cambio))
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == [campo]
    if campo != "email":
        assert 'value="luz@example.org"' in respuesta.text
    assert nada_guardado()


def test_la_casilla_que_falta_no_repite_su_texto_en_el_resumen(client, politica):
    respuesta = client.post(REGISTRO, datos(finalidad_participar=None))
    assert respuesta.text.count("Autorizo lo que llaman participar.") == 1
    assert "#id_finalidad_participar" in respuesta.text


@pytest.mark.parametrize("enviada", ["vieja", "", "abc", "a\x00"])
def test_si_la_politica_cambio_se_pregunta_otra_vez(client, politica, enviada):
    vieja = version()
    cambiar_texto(politica)
    respuesta = client.post(
        REGISTRO,
        datos(version=str(vieja.pk) if enviada == "vieja" else enviada, finalidad_participar="on", finalidad_nombre_publico="on"),
    )
    assert respuesta.status_code == 422 and "cambió mientras la leía" in respuesta.text
    assert nada_guardado()
    # Lo escrito sigue; las casillas vuelven a empezar, con la versión nueva.
    assert 'value="Luz"' in respuesta.text and f'value="{version().pk}"' in respuesta.text
    assert [m for m in casillas_marcadas(respuesta.text) if "checkbox" in m] == []
    assert client.post(REGISTRO, datos()).status_code == 302
    assert Consentimiento.objects.get().version == version() != vieja


def test_politica_que_cambia_al_guardar_no_deja_cuenta_a_medias(client, politica, monkeypatch):
    original = registrarse.SignupForm.try_save

    def con_cambio(formulario, request):
        politica.cuerpo = "<p>Otro.</p>"
        publicar_version(pagina=politica)
        return original(formulario, request)

    monkeypatch.setattr(registrarse.SignupForm, "try_save", con_cambio)
    respuesta = client.post(REGISTRO, datos())
    assert (respuesta.status_code, respuesta.url) == (302, REGISTRO)
    assert [str(m) for m in get_messages(respuesta.wsgi_request)] == [
        "La política cambió mientras la leía: revise el texto nuevo."
    ]
    assert nada_guardado()


def test_responde_igual_con_un_correo_que_ya_tiene_cuenta(politica):
    f.cuenta("existe@example.org")
    nuevo, existe = Client(), Client()
    respuestas = [
        cliente.post(REGISTRO, datos(email=correo, finalidad_nombre_publico="on"))
        for cliente, correo in ((nuevo, "nueva@example.org"), (existe, "existe@example.org"))
    ]
    assert {(r.status_code, r.url) for r in respuestas} == {(302, "/cuenta/confirm-email/")}
    # También lo rechazado se rechaza igual.
    for cambio in ({"edad": "menor_14"}, {"finalidad_participar": None}, {"version": "0"}):
        malas = [Client().post(REGISTRO, datos(email=c, **cambio)) for c in ("otra@example.org", "existe@example.org")]
        assert [list(m.context["form"].errors) for m in malas][0] == [list(m.context["form"].errors) for m in malas][1]
        assert {m.status_code for m in malas} == {422}
    assert Usuario.objects.get(email="existe@example.org").get_full_name() == "Ana Ríos"
    assert not Consentimiento.objects.filter(participante__cuenta__email="existe@example.org").exists()


def test_llave_de_acceso_usa_los_mismos_campos(politica, rf):
    from allauth.core import context

    peticion = rf.get(REGISTRO)
    with context.request_context(peticion):
        formulario = registrarse.RegistroCuentaForm(by_passkey=True)
    assert list(formulario.fields) == [
        "first_name", "last_name", "email", "edad", "version",
        "finalidad_participar", "finalidad_nombre_publico", "finalidad_caracterizacion",
    ]  # fmt: skip


def test_dos_registros_a_la_vez_con_el_mismo_correo(hilos, settings, monkeypatch):
    """Los dos pasan la validación antes de que ninguno guarde: queda una cuenta, y ninguno ve un error."""
    settings.ACCOUNT_RATE_LIMITS = False
    f.politica()
    campos = datos()
    validados = threading.Barrier(2)
    original = registrarse.RegistroCuentaForm.full_clean

    def validar_y_esperar(formulario):
        original(formulario)
        validados.wait(timeout=20)

    monkeypatch.setattr(registrarse.RegistroCuentaForm, "full_clean", validar_y_esperar)

    def registrar():
        return Client().post(REGISTRO, campos).status_code

    assert hilos(registrar, registrar) == [302, 302]
    assert Usuario.objects.count() == Participante.objects.count() == Consentimiento.objects.count() == 1
