import uuid

import pytest
from django.core.cache import caches

from encuestas import codigos
from encuestas.enums import Modo
from encuestas.models import Codigo, LoteCodigos, Participacion, Sobre
from participacion.formularios.enums import TipoPregunta
from participacion.formularios.models import Respuesta
from tests import fabricas

from .fabricas_encuestas import encuesta, pregunta
from .recorrido import direccion, enviar, ocultos

pytestmark = pytest.mark.django_db
T = TipoPregunta


@pytest.fixture(autouse=True)
def _sin_limites():
    caches["default"].clear()


def secreta(**campos):
    return encuesta(
        [
            pregunta(T.SI_NO, "usa", "¿Usa bus?", obligatoria=True),
            {"type": "pagina", "id": "p2", "value": {"titulo": "Detalle", "condicion": {"reglas": [], "reunir": "todas"}}},
            pregunta(T.TEXTO_CORTO, "cual", "¿Cuál ruta?", reglas=[("usa", "igual", "si")]),
        ],
        secreta=True,
        **campos,
    )


def test_todo_en_una_pagina_se_revisa_y_se_envia_sin_guardar_antes(client):
    pagina, ana = secreta(), fabricas.persona()
    client.force_login(ana)
    assert client.get(direccion(pagina, "responder")).url == direccion(pagina, "secreta")
    url = direccion(pagina, "secreta")
    # Aparece la pregunta de la segunda página: se muestra otra vez, con lo escrito.
    otra_vez = enviar(client, url, {"p_usa": "si"}, accion="revisar")
    assert otra_vez.status_code == 200 and "hay preguntas nuevas" in otra_vez.content.decode()
    revision = client.post(url, ocultos(otra_vez) | {"p_usa": "si", "p_cual": "RUTA-7", "accion": "revisar"})
    assert "RUTA-7" in revision.content.decode()
    sesion = {c: v for c, v in client.session.items() if not c.startswith("_auth")}
    assert "RUTA-7" not in str(sesion) and not Respuesta.objects.exists() and not Sobre.objects.exists()

    vuelta = client.post(url, ocultos(revision) | {"accion": "cambiar"})
    assert 'value="RUTA-7"' in vuelta.content.decode() and vuelta.status_code == 200
    enviada = client.post(url, ocultos(revision) | {"accion": "enviar"})
    assert enviada.url == direccion(pagina, "recibida")
    assert "Quedó registrado que usted participó" in client.get(enviada.url).content.decode()
    assert Participacion.objects.get().participante == ana.participante
    # Doble clic, F5 y volver a entrar: una sola.
    assert client.post(url, ocultos(revision) | {"accion": "enviar"}).url == direccion(pagina, "recibida")
    assert client.get(direccion(pagina, "responder"), follow=True).redirect_chain[-1][0] == direccion(pagina, "recibida")
    assert Sobre.objects.count() == 1 and not Respuesta.objects.exists()
    assert "Ver mi constancia" in client.get(pagina.url).content.decode()


def test_un_error_no_pierde_lo_escrito(client):
    pagina = secreta()
    client.force_login(fabricas.persona())
    mala = enviar(client, direccion(pagina, "secreta"), {"p_cual": "RUTA-7"}, accion="revisar")
    assert mala.status_code == 422 and "Esta pregunta es obligatoria." in mala.content.decode()
    falsa = enviar(client, direccion(pagina, "secreta"), {"p_usa": "quizá"}, accion="enviar")
    assert falsa.status_code == 422 and not Sobre.objects.exists()


def test_si_vence_la_sesion_lo_escrito_vuelve_y_no_se_guarda(client):
    pagina = secreta()
    client.force_login(fabricas.persona())
    url = direccion(pagina, "secreta")
    vista = ocultos(client.get(url))
    client.logout()
    vencida = client.post(url, vista | {"p_usa": "si", "p_cual": "RUTA-7", "mostradas": "usa,cual", "accion": "revisar"})
    texto = vencida.content.decode()
    assert vencida.status_code == 403 and "Su sesión venció" in texto and 'value="RUTA-7"' in texto
    assert "RUTA-7" not in str(dict(client.session))


def test_las_paginas_sueltas_no_existen_en_modo_secreto(client):
    pagina = secreta()
    client.force_login(fabricas.persona())
    assert client.get(direccion(pagina, "pagina", uuid.uuid4(), 1)).status_code == 404
    assert client.get(direccion(pagina, "revisar", uuid.uuid4())).status_code == 404
    abierta = encuesta([pregunta(T.SI_NO, "x")])
    assert client.get(direccion(abierta, "secreta")).status_code == 404
    assert client.get(direccion(abierta, "recibida")).status_code == 404


def con_codigo(pagina, texto):
    lote = LoteCodigos.objects.create(ejercicio=pagina.ejercicio, nombre="Colegio", cantidad=1)
    return Codigo.objects.create(lote=lote, ejercicio=pagina.ejercicio, huella=codigos.huella_de(pagina.ejercicio, texto))


def test_secreta_con_codigo(client):
    pagina = secreta(modo=Modo.CODIGO)
    codigo = con_codigo(pagina, "ABCD1234")
    entrada = client.get(direccion(pagina, "responder"))
    assert entrada.url.startswith(direccion(pagina, "codigo"))
    assert client.post(direccion(pagina, "codigo"), {"codigo": "abcd-1234"}).url == direccion(pagina, "responder")
    revision = enviar(client, direccion(pagina, "secreta"), {"p_usa": "no"}, accion="revisar")
    assert client.post(direccion(pagina, "secreta"), ocultos(revision) | {"accion": "enviar"}).status_code == 302
    codigo.refresh_from_db()
    assert codigo.usado_el is not None and codigo.respuesta is None
    assert client.get(direccion(pagina, "recibida")).status_code == 200
