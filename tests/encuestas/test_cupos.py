import uuid

import pytest
from django.core.exceptions import ValidationError

from encuestas.enums import Modo
from encuestas.models import Cupo, EncuestaPage
from participacion.formularios.enums import EstadoRespuesta, TipoPregunta
from participacion.formularios.models import Respuesta
from tests import fabricas

from .fabricas_encuestas import contestada, encuesta, pregunta
from .recorrido import direccion, enviar, primera

pytestmark = pytest.mark.django_db
T = TipoPregunta


def cupo(limite, actor_tipo="", pregunta="", opcion="", mensaje=""):
    valor = {"actor_tipo": actor_tipo, "pregunta": pregunta, "valor": opcion, "limite": limite, "mensaje": mensaje}
    return {"type": "cupo", "id": str(uuid.uuid4()), "value": valor}


def con_cupos(*cupos, **campos):
    bloques = [pregunta(T.UNICA, "transporte", opciones=["Bus", "Bici"]), pregunta(T.SI_NO, "vive")]
    return encuesta(bloques, cupos=list(cupos), **campos)


def republicar(pagina, *cupos):
    pagina = EncuestaPage.objects.get(pk=pagina.pk)
    pagina.cupos = list(cupos)
    pagina.save_revision().publish()


def test_publicar_escribe_los_cupos():
    pagina = con_cupos(cupo(10, "empresa", mensaje="Ya no caben"), cupo(3, "", "transporte", "transporte-o2"), cupo(50))
    hechos = Cupo.objects.filter(ejercicio=pagina.ejercicio)
    assert set(hechos.values_list("actor_tipo", "opcion__clave", "limite", "usados", "mensaje")) == {
        ("empresa", None, 10, 0, "Ya no caben"),
        ("", "transporte-o2", 3, 0, ""),
        ("", None, 50, 0, ""),
    }


def test_un_cupo_nuevo_cuenta_lo_ya_respondido_y_el_que_sigue_lo_conserva():
    pagina = con_cupos(modo=Modo.ANONIMA)
    for elegida in ("transporte-o2", "transporte-o2", "transporte-o1"):
        contestada(pagina, {"transporte": {"opcion": elegida, "otra": ""}})
    de_bici = ("", "transporte", "transporte-o2")
    republicar(pagina, cupo(5, *de_bici), cupo(10))
    assert set(Cupo.objects.values_list("opcion__clave", "usados")) == {("transporte-o2", 2), (None, 3)}
    republicar(pagina, cupo(2, *de_bici))
    assert list(Cupo.objects.values_list("limite", "usados")) == [(2, 2)]
    with pytest.raises(ValidationError) as error:
        republicar(pagina, cupo(1, *de_bici))
    assert "2 respuestas" in str(error.value)
    assert Cupo.objects.get().limite == 2


@pytest.mark.parametrize(
    ("malo", "campos"),
    [
        (cupo(1, "", "transporte", ""), {}),
        (cupo(1, "", "transporte", "otra-cosa"), {}),
        (cupo(1, "", "vive", "si"), {}),
        (cupo(1, "", "no-existe", "x"), {}),
        (cupo(1, "", "", "transporte-o1"), {}),
        (cupo(1, "", "transporte", "transporte-o1"), {"secreta": True}),
        (cupo(1, "empresa"), {"modo": Modo.ANONIMA}),
    ],
)
def test_un_cupo_mal_hecho_no_se_publica(malo, campos):
    with pytest.raises(ValidationError) as error:
        con_cupos(malo, **campos)
    assert "cupos" in error.value.message_dict
    assert not Cupo.objects.exists()


def test_dos_cupos_del_mismo_grupo_no_se_publican():
    with pytest.raises(ValidationError) as error:
        con_cupos(cupo(1, "empresa"), cupo(2, "empresa"))
    assert "cupos" in error.value.message_dict


def test_cupo_completo_se_dice_antes_de_empezar(client):
    pagina = con_cupos(cupo(1, "ciudadania", mensaje="Ya oímos a mil personas"), cupo(1, "", "transporte", "transporte-o1"))
    client.force_login(fabricas.persona())
    assert client.get(direccion(pagina, "responder")).status_code == 302
    Cupo.objects.filter(opcion=None).update(usados=1)
    dicho = client.get(direccion(pagina, "responder")).content.decode()
    assert "Cupo completo" in dicho and "Ya oímos a mil personas" in dicho


def test_con_una_organizacion_de_otro_tipo_aun_puede_responder(client):
    pagina, quien = con_cupos(cupo(1, "ciudadania")), fabricas.persona()
    Cupo.objects.update(usados=1)
    fabricas.organizacion(quien)
    client.force_login(quien)
    assert client.get(direccion(pagina, "responder")).status_code == 302


def test_un_cupo_que_se_llena_mientras_se_responde_no_borra_lo_escrito(client):
    pagina = con_cupos(cupo(1, "", "transporte", "transporte-o1", mensaje="Ya oímos a quienes van en bus"), modo=Modo.ANONIMA)
    revision = enviar(client, primera(pagina), {"p_transporte": "transporte-o1", "p_vive": "si"}).url
    Cupo.objects.update(usados=1)
    recibida = client.post(revision)
    cuerpo = recibida.content.decode()
    assert recibida.status_code == 422 and "Ya oímos a quienes van en bus" in cuerpo and "no se envió ni se cuenta" in cuerpo
    respuesta = Respuesta.objects.get()
    assert respuesta.estado == EstadoRespuesta.PARCIAL and respuesta.parcial["vive"] is True
    # Lo que no gasta ese cupo sí se recibe, y lo demás sigue escrito.
    revision = enviar(client, revision.replace("revisar", "1"), {"p_transporte": "transporte-o2", "p_vive": "si"}).url
    assert client.post(revision).status_code == 302
    assert Cupo.objects.get().usados == 1 and Respuesta.objects.get().estado == EstadoRespuesta.ENVIADA
