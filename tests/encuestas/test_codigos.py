import re

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cuentas.enums import RolPersonal
from encuestas import codigos
from encuestas.enums import Modo
from encuestas.gestion import lotes
from encuestas.models import Codigo, LoteCodigos
from participacion.formularios.enums import TipoPregunta
from participacion.formularios.models import Respuesta
from tests import fabricas

from .fabricas_encuestas import encuesta, pregunta, reglas_de
from .recorrido import direccion, enviar

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
T = TipoPregunta


@pytest.fixture(autouse=True)
def _sin_limites():
    caches["default"].clear()


def con_codigo(**campos):
    return encuesta([pregunta(T.ESCALA, "nota", escala="satisfaccion", obligatoria=True)], modo=Modo.CODIGO, **campos)


def lote_de(pagina, cantidad=3, **campos):
    actor = fabricas.personal(RolPersonal.ADMINISTRACION)
    return lotes.generar_lote(encuesta=reglas_de(pagina), nombre="Colegio", cantidad=cantidad, actor=actor, **campos)


def texto_de(lote, numero=1):
    return codigos.derivar(lote.ejercicio_id, lote.pk, numero)


def entrar(client, pagina, texto):
    return client.post(direccion(pagina, "codigo"), {"codigo": texto})


def responder(client, pagina):
    url = client.get(direccion(pagina, "responder")).url
    return client.post(enviar(client, url, {"p_nota": "4"}).url)


# --- Los códigos -------------------------------------------------------------------------


def test_un_codigo_es_corto_sin_letras_que_confunden_y_siempre_el_mismo():
    pagina = con_codigo()
    lote = lote_de(pagina, 200)
    textos = [texto_de(lote, n) for n in range(1, 201)]
    assert textos == [texto_de(lote, n) for n in range(1, 201)]
    assert len(set(textos)) == 200
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{9}", texto) and codigos.bien_escrito(texto) for texto in textos)
    assert codigos.escrito("ABCDEFGH1") == "ABC-DEF-GH1"


def test_cambiar_una_letra_se_nota():
    lote = lote_de(con_codigo())
    texto = texto_de(lote)
    for puesto in range(9):
        for otra in set(codigos.ALFABETO) - {texto[puesto]}:
            assert not codigos.bien_escrito(texto[:puesto] + otra + texto[puesto + 1 :])


def test_en_la_base_de_datos_no_hay_codigos():
    lote = lote_de(con_codigo(), 5)
    guardado = str(list(Codigo.objects.values())) + str(list(LoteCodigos.objects.values()))
    assert not any(texto_de(lote, n) in guardado for n in range(1, 6))
    assert Codigo.objects.filter(lote=lote).count() == 5


def test_se_reconoce_aunque_se_escriba_distinto():
    pagina = con_codigo()
    lote = lote_de(pagina, 40)
    for numero in range(1, 41):
        texto = texto_de(lote, numero)
        raro = " ".join(texto.lower()).replace("0", "o").replace("1", "l") + " - "
        assert codigos.por_texto(pagina.ejercicio, raro) == codigos.por_texto(pagina.ejercicio, texto)
        assert codigos.por_texto(pagina.ejercicio, texto) is not None
    otra = con_codigo()
    assert codigos.por_texto(otra.ejercicio, texto_de(lote)) is None


@pytest.mark.parametrize("cantidad", [0, 5001, -1])
def test_un_lote_tiene_entre_uno_y_cinco_mil(cantidad):
    with pytest.raises(ValidationError) as error:
        lote_de(con_codigo(), cantidad)
    assert error.value.code == "cantidad"


def test_sin_modo_codigo_no_hay_lotes():
    pagina = encuesta([pregunta(T.SI_NO, "si")])
    with pytest.raises(ValidationError) as error:
        lote_de(pagina)
    assert error.value.code == "modo"
    assert not LoteCodigos.objects.exists()


# --- Escribirlo y responder --------------------------------------------------------------


def test_responder_con_la_tarjeta_y_volver_al_recibo(client):
    pagina = con_codigo()
    texto = texto_de(lote_de(pagina))
    abierta = client.get(direccion(pagina, "responder") + f"?codigo={texto}", follow=True)
    assert f'value="{texto}"' in abierta.content.decode()
    assert not Codigo.objects.exclude(usado_el=None).exists()
    assert entrar(client, pagina, codigos.escrito(texto)).status_code == 302
    assert responder(client, pagina).status_code == 302
    codigo = Codigo.objects.exclude(usado_el=None).get()
    assert codigo.respuesta == Respuesta.objects.get()
    # El mismo navegador vuelve a su recibo; otro no lee lo que se contestó.
    vuelve = client.post(direccion(pagina, "codigo"), {"codigo": texto}, follow=True)
    assert Respuesta.objects.get().referencia in vuelve.content.decode()


def test_los_mensajes_de_un_codigo_que_no_sirve(client, django_user_model):
    pagina = con_codigo()
    lote, anulado, ajeno = lote_de(pagina), lote_de(pagina), lote_de(con_codigo())
    lotes.anular_lote(lote=anulado, motivo="Se perdieron", actor=fabricas.personal(RolPersonal.ADMINISTRACION))
    Codigo.objects.filter(huella=codigos.huella_de(pagina.ejercicio, texto_de(lote))).update(usado_el="2026-01-01")
    for texto, mensaje in [
        (texto_de(lote), "ya se respondió"),
        (texto_de(anulado), "anuló ese código"),
        (texto_de(ajeno), "no sirve para esta encuesta"),
        (texto_de(lote, 2)[:-1], "mal copiado"),
        ("'; DROP TABLE", "mal copiado"),
    ]:
        recibida = entrar(client, pagina, texto)
        assert recibida.status_code == 422
        assert mensaje in recibida.content.decode()
    assert entrar(client, pagina, texto_de(lote, 2)).status_code == 302


def test_anular_un_lote_no_toca_lo_respondido_y_corta_lo_empezado(client):
    pagina = con_codigo()
    lote = lote_de(pagina)
    entrar(client, pagina, texto_de(lote))
    lotes.anular_lote(lote=lote, motivo="x", actor=fabricas.personal(RolPersonal.ADMINISTRACION))
    assert direccion(pagina, "codigo") in client.get(direccion(pagina, "responder")).url
    assert "La entidad anuló el código" in client.get(direccion(pagina, "codigo")).content.decode()
    assert "La entidad anuló el código" not in Client().get(direccion(pagina, "codigo")).content.decode()
    with pytest.raises(ValidationError):
        lotes.anular_lote(lote=lote, motivo="x", actor=None)


def test_adivinar_tiene_freno(client):
    pagina = con_codigo()
    estados = [entrar(client, pagina, f"AAAAAAA{n}").status_code for n in range(32)]
    assert estados[:30] == [422] * 30
    assert estados[-1] == 429


# --- Las pantallas -----------------------------------------------------------------------


def _url(nombre, *args):
    return reverse(f"encuestas_gestion:{nombre}", args=args)


def test_generar_imprimir_y_anular_desde_el_administrador(client):
    pagina = con_codigo(titulo='Título con #set y "comillas" \\ y $x$')
    quien = fabricas.personal(RolPersonal.ADMINISTRACION)
    client.force_login(quien)
    creado = client.post(_url("encuesta", pagina.ejercicio.pk), {"nombre": "Barrio #1", "cantidad": "12"})
    lote = LoteCodigos.objects.get()
    assert creado.url == _url("lote", pagina.ejercicio.pk, lote.pk)
    assert "0 de 12" in client.get(creado.url).content.decode()
    hoja = client.post(_url("hoja", pagina.ejercicio.pk, lote.pk, 1))
    assert hoja["Content-Type"] == "application/pdf" and hoja.content.startswith(b"%PDF")
    assert "no-store" in hoja["Cache-Control"]
    assert "Título con #set y" in hoja.content.decode(errors="ignore")  # lo que dice la pestaña del lector de PDF
    assert client.post(_url("hoja", pagina.ejercicio.pk, lote.pk, 2)).status_code == 404
    assert client.get(_url("hoja", pagina.ejercicio.pk, lote.pk, 1)).status_code == 405
    assert client.post(creado.url, {"motivo": ""}).status_code == 422
    assert client.post(creado.url, {"motivo": "Se perdieron"}).status_code == 302
    assert "Se perdieron" in client.get(creado.url).content.decode()
    assert client.post(_url("hoja", pagina.ejercicio.pk, lote.pk, 1)).status_code == 404
    hechas = set(ModelLogEntry.objects.filter(user=quien).values_list("action", flat=True))
    assert {"encuestas.generar_codigos", "encuestas.imprimir_codigos", "encuestas.anular_codigos"} <= hechas


def test_un_lote_mal_pedido_se_explica(client):
    pagina = con_codigo()
    client.force_login(fabricas.personal(RolPersonal.ADMINISTRACION))
    for datos in ({"nombre": "", "cantidad": "3"}, {"nombre": "x", "cantidad": "muchos"}, {"nombre": "x", "cantidad": "5001"}):
        assert client.post(_url("encuesta", pagina.ejercicio.pk), datos).status_code == 422
    assert not LoteCodigos.objects.exists()


@pytest.mark.parametrize("rol", list(RolPersonal))
def test_quien_ve_y_quien_reparte_codigos(client, rol):
    pagina = con_codigo()
    lote = lote_de(pagina)
    client.force_login(fabricas.personal(rol))
    administra, atiende = rol == RolPersonal.ADMINISTRACION, rol in (RolPersonal.ADMINISTRACION, RolPersonal.ASISTIDA)
    pk = pagina.ejercicio.pk
    fuera = reverse("wagtailadmin_home")
    for puede, recibida in [
        (atiende, client.get(_url("lista"))),
        (atiende, client.get(_url("encuesta", pk))),
        (administra, client.get(_url("lote", pk, lote.pk))),
        (administra, client.get(_url("anular", pk))),
        (administra, client.post(_url("hoja", pk, lote.pk, 1))),
    ]:
        assert recibida.status_code == 200 if puede else (recibida.status_code, recibida.url) == (302, fuera)
    generar = client.post(_url("encuesta", pk), {"nombre": "x", "cantidad": "1"})
    assert (LoteCodigos.objects.count() == 2) is administra, generar.status_code


def test_la_lista_no_crece_en_consultas(client, django_assert_num_queries):
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    con_codigo()
    client.get(_url("lista"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as una:
        client.get(_url("lista"))
    con_codigo(), con_codigo()
    with django_assert_num_queries(len(una)):
        client.get(_url("lista"))
