"""Las preguntas propias del reto, la licencia, los términos y el borrador que se guarda solo."""

import uuid

import pytest
from django.test import Client

from cuentas import actions as cuentas
from cuentas.enums import RolPersonal
from participacion.adjuntos.models import Adjunto
from participacion.formularios.models import Respuesta, VersionFormulario
from retos.models import Evaluacion, Integrante, Jurado, Propuesta
from retos.models import VersionTerminos as Terminos
from tests import fabricas as f
from tests.retos.versiones.fabricas_propuesta import PREGUNTAS, contestado, publicada_con_preguntas, reto_con_preguntas

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client):
    ana = f.persona()
    client.force_login(ana)
    return ana


def mandar(client, reto, accion="enviar", clave=None, url=None, **campos):
    datos = contestado(clave_envio=str(clave or uuid.uuid4()), accion=accion, **campos)
    return client.post(url or f"{reto.url}proponer/", {k: v for k, v in datos.items() if v is not None})


def test_se_contesta_y_se_envia_todo_junto(client, ana):
    mandar(client, reto_con_preguntas(), p_plano=f.pdf("plano de casilda.pdf"))
    propuesta = Propuesta.objects.get()
    respuesta = propuesta.respuesta
    assert (propuesta.estado, propuesta.licencia, propuesta.terminos.numero) == ("enviada", "mit", 1)
    assert (respuesta.estado, respuesta.participante, respuesta.parcial) == ("enviada", None, {})
    assert respuesta.valores.count() == 4 and Adjunto.objects.de(respuesta).count() == 1
    version = propuesta.versiones.get()
    assert version.contenido["valores"]["publica"] == "En la plaza" and version.contenido["terminos"] == 1
    assert "CONFIDENCIAL" not in propuesta.texto_busqueda


@pytest.mark.parametrize(
    ("campos", "dice"),
    [
        ({"p_publica": ""}, "Esta pregunta es obligatoria."),
        ({"licencia": None}, "Elija con qué derechos la entrega."),
        ({"licencia": "cc0"}, "Elija una de las que ofrece el reto."),
        ({"terminos": None}, "Lea y acepte los términos de participación, versión 1."),
    ],
)
def test_lo_que_falta_se_dice_y_conserva_lo_escrito(client, ana, campos, dice):
    respuesta = mandar(client, reto_con_preguntas(), **campos)
    assert respuesta.status_code == 422 and dice in respuesta.text
    assert "CONFIDENCIAL-77" in respuesta.text and "En detalle." in respuesta.text
    assert not Propuesta.objects.exclude(estado="borrador").exists()


def test_borrador_a_medias_no_exige_y_se_retoma(client, ana):
    reto = reto_con_preguntas()
    respuesta = mandar(client, reto, "guardar", publica="", terminos=None, licencia=None)
    assert "CONFIDENCIAL-77" in client.get(respuesta.url).text
    assert Respuesta.objects.get().estado == "parcial"


def test_pregunta_que_aparece_sin_javascript_se_muestra_antes_de_enviar(client, ana):
    respuesta = mandar(client, reto_con_preguntas(), p_piloto="si")
    propuesta = Propuesta.objects.get()
    assert (respuesta.url, propuesta.estado) == (f"/propuestas/{propuesta.pk}/editar/#e-detalle", "borrador")


def test_terminos_nuevos_se_piden_otra_vez_al_reenviar(client, ana):
    reto = reto_con_preguntas()
    mandar(client, reto)
    propuesta = f.resolver(Propuesta.objects.get(), f.Decision.DEVUELTA, motivo="Falta")
    url = f"/propuestas/{propuesta.pk}/editar/"
    assert "Ya aceptó los términos" in client.get(url).text
    Terminos.objects.create(ejercicio=reto.ejercicio, numero=2, texto="<p>Otros.</p>")
    # Marcó la casilla de la versión 1, que ya no es la que rige.
    respuesta = mandar(client, reto, url=url, clave=propuesta.clave_envio)
    assert respuesta.status_code == 422 and "términos de participación, versión 2" in respuesta.text
    assert mandar(client, reto, url=url, clave=propuesta.clave_envio, version_terminos="2").status_code == 302


def test_formulario_que_cambia_con_el_borrador_abierto(client, ana):
    reto = reto_con_preguntas()
    mandar(client, reto, "guardar")
    reto.formulario = [PREGUNTAS[0], *[{**PREGUNTAS[1], "id": "nueva", "value": {**PREGUNTAS[1]["value"], "obligatoria": True}}]]
    reto.save_revision().publish()
    propuesta = Propuesta.objects.get()
    respuesta = mandar(client, reto, url=f"/propuestas/{propuesta.pk}/editar/", clave=propuesta.clave_envio, mostradas="publica,nueva")
    assert respuesta.status_code == 422
    mandar(client, reto, url=f"/propuestas/{propuesta.pk}/editar/", clave=propuesta.clave_envio, p_nueva="1", mostradas="publica,nueva")
    propuesta.refresh_from_db()
    assert propuesta.estado == "enviada"
    assert propuesta.respuesta.version == VersionFormulario.objects.vigente(reto.ejercicio)


# --- Quién lee lo confidencial -----------------------------------------------------------------


def que_evalua(propuesta):
    """Alguien del jurado que la tiene en sus manos: la lee en su mesa."""
    cuenta = f.personal(RolPersonal.JURADO)
    lugar = Jurado.objects.create(ejercicio=propuesta.ejercicio, usuario=cuenta, estado="aceptado", invitado_en=propuesta.enviada_en)
    Evaluacion.objects.create(propuesta=propuesta, jurado=lugar, asignada_en=propuesta.enviada_en)
    return cuenta


@pytest.mark.parametrize("ciega", [False, True])
def test_quien_evalua_baja_lo_confidencial_si_la_evaluacion_no_es_ciega(client, ciega):
    reto = reto_con_preguntas(evaluacion_ciega=ciega)
    propuesta = publicada_con_preguntas(reto, f.persona())
    plano = f.retos.adjuntos.guardar(archivo=f.pdf("plano.pdf"), participante=None)
    f.retos.adjuntos.agregar(adjuntos=[plano], objeto=propuesta.respuesta)
    client.force_login(que_evalua(propuesta))
    mesa = client.get(f"/jurado/evaluaciones/{propuesta.evaluaciones.get().pk}/").text
    assert ("CONFIDENCIAL-77" in mesa, str(plano.clave) in mesa) == (not ciega, not ciega)
    bajada = client.get(f"/adjuntos/{plano.clave}/")
    bajada.getvalue()
    assert bajada.status_code == (404 if ciega else 200)
    propuesta.evaluaciones.update(estado="retirada")
    assert client.get(f"/adjuntos/{plano.clave}/").status_code == 404


def test_lo_confidencial_solo_lo_leen_su_equipo_y_quien_modera_o_gestiona():
    ana, integrante = f.persona(), f.persona()
    reto = reto_con_preguntas()
    propuesta = publicada_con_preguntas(reto, ana)
    plano = f.retos.adjuntos.guardar(archivo=f.pdf("plano.pdf"), participante=None)
    f.retos.adjuntos.agregar(adjuntos=[plano], objeto=propuesta.respuesta)
    Integrante.objects.create(
        propuesta=propuesta, participante=cuentas.participante_de(integrante), desde=propuesta.enviada_en
    )
    leen = {"ana": ana, "integrante": integrante, **{rol: f.personal(rol) for rol in RolPersonal}, "otra": f.persona(), "nadie": None}
    vieron, bajaron = set(), set()
    for quien, cuenta in leen.items():
        cliente = Client()
        if cuenta:
            cliente.force_login(cuenta)
        pagina = cliente.get(f"/propuestas/{propuesta.pk}/").text
        assert "En la plaza" in pagina
        if "CONFIDENCIAL-77" in pagina:
            vieron.add(quien)
        respuesta = cliente.get(f"/adjuntos/{plano.clave}/")
        respuesta.getvalue()
        if respuesta.status_code == 200:
            bajaron.add(quien)
        for lista in (f"{reto.url}propuestas/", reto.url, "/buscar/?q=CONFIDENCIAL-77", f"{reto.url}propuestas/?q=CONFIDENCIAL"):
            assert "CONFIDENCIAL-77" not in cliente.get(lista).text.replace("q=CONFIDENCIAL-77", "").replace('value="CONFIDENCIAL-77"', "").replace("«CONFIDENCIAL-77»", "")
    assert vieron == bajaron == {"ana", "integrante", RolPersonal.MODERACION, RolPersonal.GESTION, RolPersonal.ADMINISTRACION}


# --- Se guarda solo, y no por encima de otra ventana -------------------------------------------------


def solo(client, reto, clave, url=None, **campos):
    datos = contestado(clave_envio=str(clave), **campos)
    return client.post(url or f"{reto.url}proponer/", {k: v for k, v in datos.items() if v is not None}, headers={"X-Autoguardado": "1"})


def test_se_guarda_solo_sin_enviar(client, ana):
    reto, clave = reto_con_preguntas(), uuid.uuid4()
    primera = solo(client, reto, clave, accion="enviar").json()
    propuesta = Propuesta.objects.get()
    assert (propuesta.estado, primera["url"], primera["sello"]) == ("borrador", f"/propuestas/{propuesta.pk}/editar/", propuesta.sello)
    assert primera["mensaje"].startswith("Guardado ")
    assert solo(client, reto, clave, titulo="Otra sombra", sello=primera["sello"]).status_code == 200
    assert solo(client, reto, clave, titulo="").status_code == 422
    propuesta.refresh_from_db()
    assert propuesta.titulo == "Otra sombra"


def test_dos_ventanas_no_se_pisan_sin_avisar(client, ana):
    reto, clave = reto_con_preguntas(), uuid.uuid4()
    viejo = solo(client, reto, clave).json()["sello"]
    propuesta = Propuesta.objects.get()
    url = f"/propuestas/{propuesta.pk}/editar/"
    solo(client, reto, clave, url, publica="Lo de la otra ventana", sello=viejo)
    conflicto = solo(client, reto, clave, url, publica="Lo mío", sello=viejo)
    assert conflicto.status_code == 409 and "desde otra ventana" in conflicto.json()["mensaje"]
    con_boton = mandar(client, reto, "guardar", clave, url, publica="Lo mío", sello=viejo)
    assert con_boton.status_code == 409 and "Lo mío" in con_boton.text and "desde otra ventana" in con_boton.text
    assert Respuesta.objects.get().parcial["publica"] == "Lo de la otra ventana"
    # Ya avisada, decide: lo vuelve a guardar con el sello que trae la página.
    nuevo = con_boton.context["formulario"]["sello"].value()
    assert mandar(client, reto, "guardar", clave, url, publica="Lo mío", sello=nuevo).status_code == 302
    assert Respuesta.objects.get().parcial["publica"] == "Lo mío"


def test_sin_sesion_el_guardado_solo_no_conserva_nada_en_la_sesion(client):
    reto = reto_con_preguntas()
    respuesta = solo(client, reto, uuid.uuid4())
    assert respuesta.status_code == 403 and "rescate" not in client.session


# --- El equipo ------------------------------------------------------------------------------------


def test_integrante_lee_y_edita_pero_no_envia_ni_retira(client):
    autor, integrante = f.persona(), f.persona()
    reto = reto_con_preguntas()
    organizacion = f.organizacion(autor)
    propuesta = f.borrador(reto, autor, en_nombre_de=organizacion)
    Integrante.objects.create(propuesta=propuesta, participante=cuentas.participante_de(integrante), desde=propuesta.creada_en)
    client.force_login(integrante)
    url = f"/propuestas/{propuesta.pk}/editar/"
    pagina = client.get(url)
    assert pagina.status_code == 200 and 'value="enviar"' not in pagina.text and 'name="organizacion"' not in pagina.text
    assert mandar(client, reto, "guardar", propuesta.clave_envio, url, sello=propuesta.sello, titulo="Entre dos").status_code == 302
    assert mandar(client, reto, "enviar", propuesta.clave_envio, url).status_code == 403
    propuesta.refresh_from_db()
    assert (propuesta.titulo, propuesta.organizacion, propuesta.estado) == ("Entre dos", organizacion, "borrador")
    assert "Entre dos" in client.get("/mis-propuestas/").text
    for ruta in ("retirar", "borrar"):
        assert client.post(f"/propuestas/{propuesta.pk}/{ruta}/").status_code == 404
