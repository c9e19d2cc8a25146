"""El borrador de un equipo: quién lo borra, a quién se le dice, y qué no puede hacer por su autor quien lo escribe con él."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from cuentas import actions as cuentas
from cuentas.derechos.actions import suprimir_datos
from participacion.avisos.models import Aviso
from retos import actions
from retos.equipos.historia import AVISO_NO_SIGUE
from retos.models import Propuesta
from tests import fabricas as f
from tests.retos.versiones.fabricas_propuesta import reto_con_preguntas

from .fabricas_equipos import integrante

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return f.persona("ana@example.org")


@pytest.fixture
def beto():
    return f.persona("beto@example.org", nombre="Beto")


def guardar(propuesta, de, **campos):
    datos = {"titulo": "Otro título", "sello": propuesta.sello, **campos}
    return actions.guardar_borrador(
        actor=de, participante=cuentas.participante_de(de), ejercicio=propuesta.ejercicio, clave_envio=propuesta.clave_envio, **datos
    )


def test_al_borrarlo_su_autor_se_le_dice_al_equipo(client, trabajar, ana, beto):
    propuesta = f.borrador(f.reto("Plazas"), ana, titulo="Sombra en la plaza")
    integrante(propuesta, beto)
    client.force_login(ana)
    assert client.post(f"/propuestas/{propuesta.pk}/borrar/").url == "/mis-propuestas/"
    assert not Propuesta.objects.exists()
    trabajar()
    (correo,) = mail.outbox
    assert correo.to == [beto.email]
    assert "«Plazas»" in correo.body and "/mis-propuestas/" in correo.body


def test_lo_que_no_se_publico_tambien_y_lo_publico_va_por_sus_novedades(ana, beto):
    enviada, publica = f.enviada(f.reto(), ana), f.publicada(f.reto(), ana)
    for propuesta in (enviada, publica):
        integrante(propuesta, beto)
        actions.retirar_propuesta(propuesta=propuesta, actor=ana)
    suyos = Aviso.objects.filter(destinatario=beto).order_by("pk")
    assert list(suyos.values_list("tipo", flat=True)) == [AVISO_NO_SIGUE, "propuesta_novedad"]


def test_al_suprimir_sus_datos_quien_lo_empezo_se_le_dice_al_equipo(ana, beto):
    integrante(f.borrador(f.reto(), ana), beto)
    suprimir_datos(participante=ana.participante, sitio=f.sitio())
    assert not Propuesta.objects.exists()
    assert Aviso.objects.get(destinatario=beto).tipo == AVISO_NO_SIGUE


def test_lo_borrado_no_renace_al_guardarlo_otra_persona(ana, beto):
    propuesta = f.borrador(f.reto(), ana)
    integrante(propuesta, beto)
    actions.borrar_borrador(propuesta=Propuesta.objects.get(), actor=ana)
    with pytest.raises(ValidationError) as error:
        guardar(propuesta, beto)
    assert error.value.code == "borrado"
    assert not Propuesta.objects.exists()


def test_lo_escrito_en_un_borrador_que_ya_no_existe_sigue_en_pantalla(client, ana):
    reto = f.reto()
    propuesta = f.borrador(reto, ana)
    actions.borrar_borrador(propuesta=Propuesta.objects.get(), actor=ana)
    client.force_login(ana)
    datos = {"clave_envio": propuesta.clave_envio, "sello": propuesta.sello, "titulo": "Sombra en la plaza", "accion": "guardar"}
    respuesta = client.post(f"{reto.url}proponer/", datos)
    assert (respuesta.status_code, "Este borrador ya no existe" in respuesta.text) == (422, True)
    assert 'value="Sombra en la plaza"' in respuesta.text
    solo = client.post(f"{reto.url}proponer/", datos, headers={"X-Autoguardado": "1"})
    assert (solo.status_code, "ya no existe" in solo.json()["mensaje"]) == (409, True)
    assert not Propuesta.objects.exists()


def test_los_terminos_los_acepta_su_autor_y_no_quien_escribe_con_el(ana, beto):
    propuesta = f.borrador(f.reto(), ana, terminos=None)
    integrante(propuesta, beto)
    guardada = guardar(propuesta, beto, terminos=1, resumen="En breve.", descripcion="En detalle.")
    assert guardada.terminos is None
    with pytest.raises(ValidationError, match="términos"):
        actions.enviar_propuesta(propuesta=guardada, actor=ana)
    assert guardar(guardada, ana, terminos=1).terminos.numero == 1


def test_abrirlo_sin_sesion_no_tapa_lo_guardado(client, ana):
    reto = reto_con_preguntas()
    propuesta = f.borrador(reto, ana, licencia="mit", valores={"publica": "En la plaza"})
    url = f"/propuestas/{propuesta.pk}/editar/"
    assert client.get(url).url.startswith("/cuenta/login/?next=")
    client.post("/cuenta/login/", {"login": ana.email, "password": f.CLAVE})
    pagina = client.get(url).text
    assert 'value="En la plaza"' in pagina and "antes de entrar" not in pagina


def test_lo_que_resuelve_la_moderacion_se_le_dice_a_todo_el_equipo(ana, beto):
    propuesta = f.enviada(f.reto(), ana)
    integrante(propuesta, beto)
    f.resolver(propuesta, f.Decision.DEVUELTA, motivo="Falta el costo.")
    avisados = Aviso.objects.filter(tipo="propuesta_devuelta").values_list("destinatario", flat=True)
    assert sorted(avisados) == sorted([ana.pk, beto.pk])
