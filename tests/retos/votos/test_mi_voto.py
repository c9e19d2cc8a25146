"""Ordenar las preferidas o repartir puntos: la papeleta, con y sin JavaScript."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from participacion.apoyos.actions import apoyar
from participacion.apoyos.models import Apoyo, Papeleta
from participacion.registro.models import Acto
from retos.enums import EstadoPropuesta
from retos.models import Propuesta
from tests import fabricas as f

from .fabricas_votos import cuadra, reto, sembrar

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return f.persona()


def entrar(usuario):
    cliente = Client()
    cliente.force_login(usuario)
    return cliente


def papeleta(usuario):
    apoyos = Apoyo.objects.filter(participante__cuenta=usuario).order_by("posicion", "objeto_id")
    return [(a.objeto_id, a.posicion, a.puntos) for a in apoyos]


def datos(base, pks, **mas):
    return {"base": base, "voto": [str(pk) for pk in pks], **mas}


def test_ordenar_mover_quitar_y_guardar_sin_javascript(ana):
    r = reto("orden", 3)
    a, b, c = (p.pk for p in sembrar(r, 3))
    url, cliente = f"{r.url}mi-voto/", entrar(ana)
    assert "Su voto está vacío" in cliente.get(url).text
    # Cada botón redibuja el borrador; nada cuenta hasta guardar.
    pagina = cliente.post(url, datos("", [a, b], anadir=c)).text
    assert pagina.index(f'name="voto" value="{a}"') < pagina.index(f'name="voto" value="{c}"')
    assert "Hay cambios sin guardar" in pagina and "Para añadir otra, quite antes una" in pagina
    pagina = cliente.post(url, datos("", [a, b, c], subir=c)).text
    assert pagina.index(f'name="voto" value="{c}"') < pagina.index(f'name="voto" value="{b}"')
    assert not Apoyo.objects.exists()
    assert cliente.post(url, datos("", [a, c, b], guardar="si")).url == url
    assert papeleta(ana) == [(a, 1, 3), (c, 2, 2), (b, 3, 1)]
    assert Papeleta.objects.get().usados == 3
    # Quitar la primera sube a las demás: se retira y se vuelve a dar sólo lo que cambia.
    antes = Acto.objects.count()
    cliente.post(url, datos(f"{a}:,{c}:,{b}:", [c, b], guardar="si"))
    assert papeleta(ana) == [(c, 1, 3), (b, 2, 2)]
    assert Acto.objects.count() - antes == 5
    cliente.post(url, datos(f"{c}:,{b}:", [c, b], guardar="si"))
    assert Acto.objects.count() - antes == 5
    cuadra()


def test_puntos_errores_junto_a_su_casilla_y_lo_escrito_se_conserva(ana):
    r = reto("puntos", 10)
    a, b = (p.pk for p in sembrar(r, 2))
    url, cliente = f"{r.url}mi-voto/", entrar(ana)
    respuesta = cliente.post(url, datos("", [a, b], guardar="si", **{f"puntos-{a}": "4,5", f"puntos-{b}": "3"}))
    assert respuesta.status_code == 422
    assert f'id="error-{a}"' in respuesta.text and f'id="error-{b}"' not in respuesta.text
    assert 'value="4,5"' in respuesta.text and 'value="3"' in respuesta.text
    respuesta = cliente.post(url, datos("", [a, b], guardar="si", **{f"puntos-{a}": "9", f"puntos-{b}": "3"}))
    assert (respuesta.status_code, "Repartió 12 puntos y tiene 10: quite 2." in respuesta.text) == (422, True)
    assert "Le quedan 3." in cliente.post(url, datos("", [a, b], contar="si", **{f"puntos-{a}": "5", f"puntos-{b}": "2"})).text
    assert not Apoyo.objects.exists()
    # Cero, o nada, es quitarla.
    cliente.post(url, datos("", [a, b], guardar="si", **{f"puntos-{a}": "0", f"puntos-{b}": "10"}))
    assert papeleta(ana) == [(b, None, 10)]
    cliente.post(url, datos(f"{b}:10", [b], guardar="si", **{f"puntos-{b}": ""}))
    assert papeleta(ana) == []
    cuadra()


def test_otra_ventana_cambio_el_voto_y_no_se_pisa(ana):
    r = reto("orden", 3)
    a, b = (p.pk for p in sembrar(r, 2))
    url, cliente = f"{r.url}mi-voto/", entrar(ana)
    cliente.post(url, datos("", [a], guardar="si"))
    respuesta = cliente.post(url, datos("", [b], guardar="si"))
    assert (respuesta.status_code, "Su voto cambió en otra ventana" in respuesta.text) == (422, True)
    assert f'name="base" value="{a}:"' in respuesta.text and papeleta(ana) == [(a, 1, 3)]
    cliente.post(url, datos(f"{a}:", [b], guardar="si"))
    assert papeleta(ana) == [(b, 1, 3)]


@pytest.mark.parametrize(
    "basura",
    [
        {"voto": ["x", "-1", "9" * 30, "²"]},
        {"voto": ["1"] * 5000, "base": "1:" * 9000},
        {"subir": "x", "bajar": "", "quitar": "99999999", "anadir": "0"},
        {"base": "a:b,::,1:x", "q": "\x00%"},
    ],
)
def test_basura_no_rompe_ni_vota(ana, basura):
    r = reto("puntos", 3)
    sembrar(r, 1)
    cliente = entrar(ana)
    for extra in ({}, {"guardar": "si"}):
        assert cliente.post(f"{r.url}mi-voto/", basura | extra).status_code in (200, 302, 422)
    assert not Apoyo.objects.exists()


def test_quien_llega_sin_sesion_sin_requisitos_o_fuera_de_plazo(client, ana):
    r = reto("orden", 2, **f.programa("apoyo"))
    a = sembrar(r, 1)[0].pk
    url = f"{r.url}mi-voto/"
    assert client.get(url).url == f"/cuenta/login/?{urlencode({'next': url})}"
    nueva = entrar(f.cuenta())
    assert "Antes de votar le falta" in nueva.get(url).text
    respuesta = nueva.post(url, datos("", [a], guardar="si"))
    assert (respuesta.status_code, f'name="voto" value="{a}"' in respuesta.text) == (422, True)
    cliente = entrar(ana)
    cliente.post(url, datos("", [a], guardar="si"))
    f.mover_reloj(r, "evaluacion")
    pagina = cliente.get(url).text
    assert "Ya no se puede apoyar propuestas" in pagina and "Guardar mi voto" not in pagina and "Propuesta A" in pagina
    respuesta = cliente.post(url, datos(f"{a}:", [], guardar="si"))
    assert (respuesta.status_code, "Ya no se puede apoyar propuestas" in respuesta.text) == (422, True)
    assert papeleta(ana) == [(a, 1, 2)]


def test_donde_se_apoya_de_a_una_no_hay_papeleta(ana):
    assert entrar(ana).get(f"{reto().url}mi-voto/").status_code == 404


def test_lo_que_su_autor_retiro_se_dice_y_se_puede_quitar(ana):
    r = reto("orden", 2)
    a, b = sembrar(r, 2)
    url, cliente = f"{r.url}mi-voto/", entrar(ana)
    cliente.post(url, datos("", [a.pk, b.pk], guardar="si"))
    Propuesta.objects.filter(pk=a.pk).update(estado=EstadoPropuesta.RETIRADA)
    assert "Está «Retirada por su autor»" in cliente.get(url).text
    cliente.post(url, datos(f"{a.pk}:,{b.pk}:", [b.pk], guardar="si"))
    assert papeleta(ana) == [(b.pk, 1, 2)]
    respuesta = cliente.post(url, datos(f"{b.pk}:", [b.pk, a.pk], guardar="si"))
    assert (respuesta.status_code, papeleta(ana)) == (422, [(b.pk, 1, 2)])


def test_se_buscan_y_se_anaden_otras_sin_perder_el_borrador(ana):
    r = reto("puntos", 9)
    a, b, c = sembrar(r, 3)
    pagina = entrar(ana).post(f"{r.url}mi-voto/", datos("", [a.pk], buscar="si", q="propuesta B", **{f"puntos-{a.pk}": "7"})).text
    assert 'value="7"' in pagina and f'name="anadir" value="{b.pk}"' in pagina
    assert f'name="anadir" value="{c.pk}"' not in pagina and f'name="anadir" value="{a.pk}"' not in pagina


@pytest.mark.parametrize("modo", ["orden", "puntos"])
def test_el_recuadro_de_la_propuesta_anade_cambia_y_quita(ana, modo):
    r = reto(modo, 2)
    a, b, c = sembrar(r, 3)
    cliente = entrar(ana)

    def dar(propuesta, **mas):
        return cliente.post(f"/propuestas/{propuesta.pk}/apoyar/", {"puntos": "1", **mas}, headers={"HX-Request": "true"}).text

    assert "Quitarla de mi voto" in dar(a) and "Le queda 1 de sus 2" in dar(a)
    dar(b)
    assert ("Ya repartió todos sus puntos" if modo == "puntos" else "Ya usó todos sus apoyos") in cliente.get(f"/propuestas/{c.pk}/").text
    esperado = "No le alcanzan los puntos" if modo == "puntos" else "Puede apoyar hasta 2 propuestas"
    assert esperado in dar(c)
    dar(a, accion="retirar")
    assert papeleta(ana) == [(b.pk, None, 1)] if modo == "puntos" else [(b.pk, 1, 2)]
    if modo == "puntos":
        assert "Escriba cuántos puntos le da" in dar(c, puntos="x") and 'value="x"' in dar(c, puntos="x")
        assert "Usted le dio 2 puntos" in dar(b, puntos="2")
    cuadra()


def test_consultas_iguales_con_1_y_3_en_la_papeleta(ana, django_assert_num_queries):
    r = reto("orden", 5)
    propuestas, cliente = sembrar(r, 4), entrar(ana)
    cliente.get(f"{r.url}mi-voto/")
    base = []
    for cuantas in (1, 3):
        votos = [p.pk for p in propuestas[:cuantas]]
        cliente.post(f"{r.url}mi-voto/", datos(",".join(f"{pk}:" for pk in base), votos, guardar="si"))
        base = votos
        with django_assert_num_queries(11):
            assert cliente.get(f"{r.url}mi-voto/").status_code == 200


def test_a_lo_que_su_autor_retiro_no_se_le_suben_los_puntos(ana):
    r = reto("puntos", 10)
    a, b = sembrar(r, 2)
    url, cliente = f"{r.url}mi-voto/", entrar(ana)
    cliente.post(url, datos("", [a.pk, b.pk], guardar="si", **{f"puntos-{a.pk}": "4", f"puntos-{b.pk}": "1"}))
    Propuesta.objects.filter(pk=a.pk).update(estado=EstadoPropuesta.FUSIONADA, fusionada_en=b)
    base = f"{a.pk}:4,{b.pk}:1"
    respuesta = cliente.post(url, datos(base, [a.pk, b.pk], guardar="si", **{f"puntos-{a.pk}": "9", f"puntos-{b.pk}": "1"}))
    assert (respuesta.status_code, "no está publicada" in respuesta.text) == (422, True)
    # Dejarlos, y bajarlos para dárselos a otra, sí.
    cliente.post(url, datos(base, [a.pk, b.pk], guardar="si", **{f"puntos-{a.pk}": "4", f"puntos-{b.pk}": "2"}))
    cliente.post(url, datos(f"{a.pk}:4,{b.pk}:2", [a.pk, b.pk], guardar="si", **{f"puntos-{a.pk}": "1", f"puntos-{b.pk}": "9"}))
    assert papeleta(ana) == [(a.pk, None, 1), (b.pk, None, 9)]
    cuadra()


def test_lo_que_no_cabe_en_la_pantalla_no_se_pierde_al_guardar(ana, monkeypatch):
    monkeypatch.setattr("retos.votos.papeleta.RENGLONES", 2)
    r = reto("puntos", 10)
    pks = [p.pk for p in sembrar(r, 3)]
    for pk in pks:
        apoyar(objeto=Propuesta.objects.get(pk=pk), participante=ana.participante, puntos=1)
    puntos = {f"puntos-{pk}": "1" for pk in pks}
    base = ",".join(f"{pk}:1" for pk in pks)
    respuesta = entrar(ana).post(f"{r.url}mi-voto/", datos(base, pks, guardar="si", **puntos))
    assert (respuesta.status_code, "hasta 2 propuestas: quite 1" in respuesta.text) == (422, True)
    assert papeleta(ana) == [(pk, None, 1) for pk in pks]


def test_si_la_sesion_termino_la_papeleta_vuelve_al_entrar(client, ana):
    r = reto("orden", 3)
    a, b = (p.pk for p in sembrar(r, 2))
    url = f"{r.url}mi-voto/"
    entrar(ana).post(url, datos("", [a], guardar="si"))
    # Abrirla sin sesión no conserva nada: al entrar está lo guardado.
    client.get(url)
    client.post("/cuenta/login/", {"login": ana.email, "password": f.CLAVE})
    assert "Así está guardado" in client.get(url).text
    client.logout()
    borrador = datos(f"{a}:", [b, a], guardar="si")
    assert client.post(url, borrador).url.startswith("/cuenta/login/?next=")
    assert client.post(url, borrador, headers={"HX-Request": "true"})["HX-Redirect"].startswith("/cuenta/login/?next=")
    client.post("/cuenta/login/", {"login": ana.email, "password": f.CLAVE})
    pagina = client.get(url).text
    assert "Hay cambios sin guardar" in pagina
    assert pagina.index(f'name="voto" value="{b}"') < pagina.index(f'name="voto" value="{a}"')
    client.post(url, borrador)
    assert papeleta(ana) == [(b, 1, 3), (a, 2, 2)]
    assert "Así está guardado" in client.get(url).text
