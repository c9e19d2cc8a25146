"""Las versiones que se enviaron, qué cambió entre ellas, y lo que la entidad pide completar."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from cuentas import actions as cuentas
from cuentas.derechos.actions import suprimir_datos
from cuentas.enums import RolPersonal
from participacion.avisos.models import Aviso
from participacion.formularios.forms import MOSTRADAS
from participacion.registro.models import Acto
from retos import actions
from retos.models import CierreReto, Integrante, Propuesta, SolicitudInformacion, VersionPropuesta
from retos.versiones.actions import anular_solicitud, pedir_informacion, responder_solicitud
from retos.versiones.diferencias import trozos
from tests import fabricas as f

from .fabricas_propuesta import contestado, publicada_con_preguntas, reto_con_preguntas

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
EN_UN_DIA = timedelta(days=1)


def cliente_de(cuenta) -> Client:
    cliente = Client()
    if cuenta:
        cliente.force_login(cuenta)
    return cliente


@pytest.fixture
def mundo():
    class Mundo:
        ana, gestor, otra = f.persona(), f.personal(RolPersonal.GESTION), f.persona()

        def __init__(self, **campos):
            self.reto = reto_con_preguntas(**campos)
            self.propuesta = publicada_con_preguntas(self.reto, self.ana)

        def pedir(self, campos=("descripcion",), **cambios):
            datos = {"mensaje": "Diga cuánto cuesta.", "vence_en": timezone.now() + EN_UN_DIA, "actor": self.gestor, **cambios}
            return pedir_informacion(propuesta=self.propuesta, campos=campos, **datos)

        def responder(self, solicitud, *, actor=None, **cambios):
            actor = actor or self.ana
            datos = {"textos": {"descripcion": "Cuesta diez."}, "valores": {}, **cambios}
            return responder_solicitud(
                solicitud=solicitud, actor=actor, participante=cuentas.participante_de(actor), **datos
            )

    return Mundo


# --- La diferencia -----------------------------------------------------------------------------


def test_diferencia_por_palabras_reconstruye_los_dos_textos():
    antes = "Sembrar diez árboles.\nRegarlos.\n\nFin."
    despues = "Sembrar veinte árboles nativos.\n\nRegarlos cada día.\nFin."
    partes = trozos(antes, despues)
    assert "".join(t.texto for t in partes if t.clase != "anadido") == antes
    assert "".join(t.texto for t in partes if t.clase != "quitado") == despues
    assert "Sembrar " in [t.texto for t in partes if t.clase == "igual"]


def test_diferencia_de_lo_mas_largo_no_tarda():
    antes, despues = (" ".join(f"{letra}{n}" for n in range(2_000)) for letra in "ab")
    assert {t.clase for t in trozos(antes[:10_000], despues[:10_000])} == {"quitado", "anadido"}


# --- Las versiones -----------------------------------------------------------------------------


def test_cada_envio_es_una_version_y_se_comparan(mundo):
    m = mundo()
    m.responder(m.pedir(), textos={"descripcion": "En detalle, y cuesta diez."})
    assert list(m.propuesta.versiones.values_list("numero", flat=True)) == [2, 1]
    pagina = cliente_de(m.ana).get(f"/propuestas/{m.propuesta.pk}/versiones/?de=1&a=2").text
    assert "<ins>" in pagina and "<del>" in pagina and "Se añadió:" in pagina and "Se quitó:" in pagina
    assert cliente_de(m.ana).get(f"/propuestas/{m.propuesta.pk}/versiones/?de=x&a=99").status_code == 200
    publica = Client().get(f"/propuestas/{m.propuesta.pk}/").text
    assert "la corrigieron" in publica and "Ver qué cambió" not in publica and "cuesta diez" in publica


def test_versiones_solo_su_equipo_y_quien_la_lee(mundo):
    m = mundo()
    m.responder(m.pedir(["reservada"]), textos={}, valores={"reservada": "SECRETO-2"})
    respuestas = {}
    for quien in (None, m.otra, m.ana, m.gestor, f.personal(RolPersonal.ANALITICA), f.personal(RolPersonal.JURADO)):
        respuesta = cliente_de(quien).get(f"/propuestas/{m.propuesta.pk}/versiones/")
        respuestas[quien] = (respuesta.status_code, "SECRETO-2" in respuesta.text)
    assert list(respuestas.values()) == [(302, False), (404, False), (200, True), (200, True), (200, False), (404, False)]


@pytest.mark.parametrize("cuantas", [1, 3])
def test_consultas_de_la_lista_de_solicitudes(mundo, django_assert_num_queries, cuantas):
    m = mundo()
    for _vez in range(cuantas):
        anular_solicitud(solicitud=m.pedir(), actor=m.gestor)
    cliente, url = cliente_de(m.gestor), f"/admin/programa/versiones/{m.reto.ejercicio.pk}/"
    cliente.get(url)
    with django_assert_num_queries(23):
        assert cliente.get(url).status_code == 200


# --- Pedir ---------------------------------------------------------------------------------------


def test_pedir_avisa_al_equipo_y_no_cambia_el_estado(mundo, trabajar, mailoutbox):
    m = mundo()
    companera = f.persona()
    Integrante.objects.create(propuesta=m.propuesta, participante=cuentas.participante_de(companera), desde=timezone.now())
    trabajar()
    mailoutbox.clear()
    m.pedir(["descripcion", "publica"])
    trabajar()
    assert sorted(correo.to[0] for correo in mailoutbox) == sorted([m.ana.email, companera.email])
    assert "Diga cuánto cuesta." in mailoutbox[0].body and "¿Dónde se haría?" in mailoutbox[0].body
    assert f"/propuestas/{m.propuesta.pk}/informacion/" in mailoutbox[0].body
    m.propuesta.refresh_from_db()
    assert (m.propuesta.estado, m.propuesta.resultado) == ("publicada", "en_estudio")


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"campos": []}, "campos"),
        ({"campos": ["autor"]}, "campos"),
        ({"mensaje": " \u200b "}, "mensaje"),
        ({"mensaje": "x" * 2001}, "mensaje"),
        ({"vence_en": timezone.now() - EN_UN_DIA}, "vence_en"),
        ({"vence_en": timezone.now() + timedelta(days=400)}, "vence_en"),
    ],
)
def test_pedir_mal_dice_el_campo(mundo, cambios, campo):
    m = mundo()
    with pytest.raises(ValidationError) as caso:
        m.pedir(**cambios)
    assert list(caso.value.message_dict) == [campo]
    assert not SolicitudInformacion.objects.exists() and not Acto.objects.filter(tipo="informacion_pedida").exists()


@pytest.mark.parametrize("rol", [*RolPersonal, None])
def test_solo_quien_gestiona_pide_y_anula(mundo, rol):
    m = mundo()
    solicitud = m.pedir()
    cuenta = f.personal(rol) if rol else m.ana
    if rol in (RolPersonal.GESTION, RolPersonal.ADMINISTRACION):
        assert anular_solicitud(solicitud=solicitud, actor=cuenta).anulada_en
        return
    with pytest.raises(PermissionDenied):
        anular_solicitud(solicitud=solicitud, actor=cuenta)
    with pytest.raises(PermissionDenied):
        m.pedir(actor=cuenta)


def test_una_sola_abierta_y_la_vencida_deja_lugar(mundo):
    m = mundo()
    primera = m.pedir()
    with pytest.raises(ValidationError) as caso:
        m.pedir()
    assert caso.value.code == "abierta"
    SolicitudInformacion.objects.update(vence_en=timezone.now() - timedelta(seconds=1))
    segunda = m.pedir()
    primera.refresh_from_db()
    assert primera.anulada_en and segunda.anulada_en is None


@pytest.mark.parametrize(("estado", "resultado"), [("enviada", "en_estudio"), ("retirada", "en_estudio"), ("publicada", "elegida")])
def test_solo_a_la_que_concursa(mundo, estado, resultado):
    m = mundo()
    Propuesta.objects.update(estado=estado, resultado=resultado)
    with pytest.raises(ValidationError) as caso:
        m.pedir()
    assert caso.value.code == "transicion"


# --- Responder --------------------------------------------------------------------------------------


def test_responder_cambia_solo_lo_pedido_y_estrena_version(mundo):
    m = mundo()
    solicitud = m.pedir(["descripcion", "publica"])
    m.responder(solicitud, valores={"publica": "En el río"})
    m.propuesta.refresh_from_db()
    solicitud.refresh_from_db()
    assert (m.propuesta.descripcion, m.propuesta.titulo[:9], m.propuesta.estado) == ("Cuesta diez.", "Propuesta", "publicada")
    assert solicitud.atendida_en and m.propuesta.corregida_en
    assert "cuesta diez" in m.propuesta.texto_busqueda
    ultima = VersionPropuesta.objects.first()
    assert (ultima.numero, ultima.contenido["valores"]["publica"]) == (2, "En el río")
    assert ultima.contenido["valores"]["reservada"] == "CONFIDENCIAL-77"
    assert Acto.objects.filter(tipo="informacion_completada").count() == 1


@pytest.mark.parametrize("cambios", [{"textos": {"titulo": "Otro"}}, {"valores": {"publica": "x"}}, {"quitar": ["x"]}])
def test_tocar_lo_no_pedido_se_rechaza_entero(mundo, cambios):
    m = mundo()
    with pytest.raises(PermissionDenied):
        m.responder(m.pedir(), **cambios)
    assert m.propuesta.versiones.count() == 1


def test_por_la_pagina_lo_forjado_no_entra(mundo):
    m = mundo()
    m.pedir()
    url = f"/propuestas/{m.propuesta.pk}/informacion/"
    assert "Diga cuánto cuesta." in cliente_de(m.ana).get(url).text
    datos = contestado(titulo="FORJADO", publica="FORJADO", descripcion="Cuesta diez.", archivo=f.pdf())
    assert cliente_de(m.ana).post(url, datos).status_code == 302
    m.propuesta.refresh_from_db()
    ultima = m.propuesta.versiones.first()
    assert m.propuesta.descripcion == "Cuesta diez." and "FORJADO" not in str(ultima.contenido) and ultima.contenido["archivos"] == []


@pytest.mark.parametrize(("segundos", "entra"), [(3600, True), (-1, False)])
def test_el_plazo_lo_dice_el_reloj_de_la_base(mundo, segundos, entra):
    m = mundo()
    solicitud = m.pedir()
    SolicitudInformacion.objects.update(vence_en=timezone.now() + timedelta(seconds=segundos))
    if entra:
        assert m.responder(solicitud).corregida_en
        return
    with pytest.raises(ValidationError) as caso:
        m.responder(solicitud)
    assert caso.value.code == "plazo"
    respuesta = cliente_de(m.ana).post(f"/propuestas/{m.propuesta.pk}/informacion/", {"descripcion": "Tarde pero escrito"})
    assert respuesta.status_code == 422 and "Tarde pero escrito" in respuesta.text and "venció" in respuesta.text


def test_anulada_ya_no_se_responde_y_lo_ajeno_no_existe(mundo):
    m = mundo()
    solicitud = m.pedir()
    with pytest.raises(PermissionDenied):
        m.responder(solicitud, actor=m.otra)
    assert cliente_de(m.otra).get(f"/propuestas/{m.propuesta.pk}/informacion/").status_code == 404
    anular_solicitud(solicitud=solicitud, actor=m.gestor)
    with pytest.raises(ValidationError) as caso:
        m.responder(solicitud)
    assert caso.value.code == "transicion"


def test_cerrado_el_reto_ni_se_pide_ni_se_completa(mundo):
    m = mundo()
    solicitud = m.pedir()
    CierreReto.objects.create(ejercicio=m.reto.ejercicio, conclusiones="Fin.", en=timezone.now())
    for hacer in (lambda: m.responder(solicitud), m.pedir):
        with pytest.raises(ValidationError) as caso:
            hacer()
        assert caso.value.code == "cerrado"
    assert Propuesta.objects.get().descripcion == "En detalle."


def test_en_ciega_lo_que_se_completa_tampoco_dice_quien(mundo):
    m = mundo(evaluacion_ciega=True)
    solicitud = m.pedir()
    with pytest.raises(ValidationError) as caso:
        m.responder(solicitud, textos={"descripcion": "Llámeme al 315 555 1234"})
    assert list(caso.value.message_dict) == ["descripcion"]
    m.responder(solicitud, textos={"descripcion": "Llámeme al 315 555 1234"}, confirma_identidad=True)


def test_retirarla_cierra_lo_pedido_y_se_cuenta_a_quien_lo_pidio(mundo):
    m = mundo()
    solicitud = m.pedir()
    actions.retirar_propuesta(propuesta=m.propuesta, actor=m.ana)
    solicitud.refresh_from_db()
    assert solicitud.anulada_en
    assert m.propuesta.novedades.get().titulo == "Retirada por su autor"
    assert Aviso.objects.filter(tipo="propuesta_novedad", destinatario=m.ana).count() == 1


def test_hilos_dos_respuestas_a_la_vez_una_version(hilos):
    ana, gestor = f.persona(), f.personal(RolPersonal.GESTION)
    propuesta = publicada_con_preguntas(reto_con_preguntas(), ana)
    solicitud = pedir_informacion(
        propuesta=propuesta, actor=gestor, campos=["descripcion"], mensaje="m", vence_en=timezone.now() + EN_UN_DIA
    )
    participante = cuentas.participante_de(ana)

    def responder():
        return responder_solicitud(
            solicitud=solicitud, actor=ana, participante=participante, textos={"descripcion": "Otra"}, valores={}
        )

    salidas = hilos(*[responder] * 6)
    assert sum(isinstance(s, Propuesta) for s in salidas) == 1
    assert {s.code for s in salidas if not isinstance(s, Propuesta)} == {"transicion"}
    assert VersionPropuesta.objects.count() == 2


# --- Sus datos ----------------------------------------------------------------------------------------


def test_suprimir_deja_lo_publico_sin_versiones_ni_lo_confidencial(mundo):
    m = mundo()
    m.pedir(mensaje="Ana, diga cuánto cuesta.")
    suprimir_datos(participante=cuentas.participante_de(m.ana), sitio=f.sitio())
    m.propuesta.refresh_from_db()
    assert not VersionPropuesta.objects.exists()
    assert [v.texto for v in m.propuesta.respuesta.valores.exclude(texto="")] == ["En la plaza"]
    assert SolicitudInformacion.objects.get().mensaje == "(suprimido)"
    pagina = Client().get(f"/propuestas/{m.propuesta.pk}/").text
    assert "En detalle." in pagina and "En la plaza" in pagina


# --- Si la sesión terminó ------------------------------------------------------------------------------


def test_si_la_sesion_termino_lo_completado_vuelve_al_entrar(mundo, client):
    m = mundo()
    m.pedir(["descripcion", "publica", "archivo"])
    url, entrar = f"/propuestas/{m.propuesta.pk}/informacion/", {"login": m.ana.email, "password": f.CLAVE}
    client.get(url)
    client.post("/cuenta/login/", entrar)
    assert "En la plaza" in client.get(url).text
    client.logout()
    escrito = {"descripcion": "Cuesta diez.", "p_publica": "En el parque", MOSTRADAS: "publica", "archivo": f.pdf("plano.pdf")}
    assert client.post(url, escrito).url.startswith("/cuenta/login/?next=")
    client.post("/cuenta/login/", entrar)
    pagina = client.get(url).text
    assert all(dicho in pagina for dicho in ("Cuesta diez.", "En el parque", "plano.pdf"))
    assert "En la plaza" not in pagina
