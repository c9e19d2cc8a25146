import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry, PageLogEntry

from cuentas.actions import participante_de
from cuentas.acudientes import rules as acudientes
from cuentas.consentimiento.actions import revocar
from cuentas.enums import OPCIONES_DIFERENCIALES, Finalidad, OpcionDiferencial, RangoDeclarado
from cuentas.models import Consentimiento, RespuestaDiferencial, VersionPolitica
from cuentas.perfil.actions import guardar_perfil, responder_diferencial
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]

DIFERENCIAL = "/mi-cuenta/enfoque-diferencial/"
SIN = [Finalidad.PARTICIPAR, Finalidad.NOMBRE_PUBLICO]


def version():
    return VersionPolitica.objects.vigente(f.sitio(), "es")


def respuestas(usuario):
    return sorted(RespuestaDiferencial.objects.filter(participante__cuenta=usuario).values_list("opcion", flat=True))


def datos(**cambios):
    base = {"version": version().pk, "etnia": "negra", "genero": "mujer", "otros": ["victima", "campesinado"]}
    return base | {"finalidad_caracterizacion": "on"} | cambios


@pytest.fixture
def ana():
    return f.persona("ana@example.org", finalidades=SIN)


@pytest.fixture
def cliente(client, ana):
    client.force_login(ana)
    return client


def test_nace_sin_responder_y_sin_autorizar(cliente):
    respuesta = cliente.get(DIFERENCIAL)
    assert "Son datos sensibles" in respuesta.text and "nadie está obligado" in respuesta.text
    formulario = respuesta.context["form"]
    assert [campo.value() for campo in formulario.preguntas] == ["", "", "", "", []]
    assert [campo.value() for campo in formulario.campos_autorizacion] == [None]
    assert respuesta.text.count("Prefiero no responder") == 4


def test_cada_opcion_se_puede_elegir():
    opciones = [opcion for grupo in OPCIONES_DIFERENCIALES.values() for opcion in grupo]
    assert sorted(opciones) == sorted(OpcionDiferencial)


def test_responder_autorizando_en_la_misma_pantalla(cliente, ana):
    respuesta = cliente.post(DIFERENCIAL, datos())
    assert (respuesta.status_code, respuesta.url) == (302, "/mi-cuenta/")
    assert respuestas(ana) == ["campesinado", "mujer", "negra", "victima"]
    assert Consentimiento.objects.get(finalidad="caracterizacion").texto_hash == version().texto_hash
    # Ya autorizada, no se pregunta otra vez y se ve lo que respondió.
    formulario = cliente.get(DIFERENCIAL).context["form"]
    assert formulario.campos_autorizacion == []
    assert [campo.value() for campo in formulario.preguntas] == ["negra", "", "", "mujer", ["victima", "campesinado"]]


def test_sin_autorizar_no_se_guarda_y_lo_elegido_sigue(cliente, ana):
    sin = datos()
    del sin["finalidad_caracterizacion"]
    respuesta = cliente.post(DIFERENCIAL, sin)
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == ["finalidad_caracterizacion"]
    assert respuesta.context["form"]["genero"].value() == "mujer"
    assert not RespuestaDiferencial.objects.exists()
    with pytest.raises(ValidationError) as error:
        responder_diferencial(participante=ana.participante, version=version(), opciones=["mujer"])
    assert error.value.code == "consentimiento"
    assert not RespuestaDiferencial.objects.exists()


def test_cambiar_y_borrar_las_respuestas(cliente, ana):
    cliente.post(DIFERENCIAL, datos())
    cliente.post(DIFERENCIAL, {"version": version().pk, "genero": "no_binario"})
    assert respuestas(ana) == ["no_binario"]
    cliente.post(DIFERENCIAL, {"version": version().pk})
    assert respuestas(ana) == []


@pytest.mark.parametrize("cambio", [{"genero": "otro"}, {"otros": ["x"]}, {"etnia": "mujer"}, {"genero": "a\x00"}])
def test_opcion_inventada_se_rechaza(cliente, cambio):
    respuesta = cliente.post(DIFERENCIAL, datos(**cambio))
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == list(cambio)
    assert not RespuestaDiferencial.objects.exists()


def test_politica_que_cambia_pide_autorizar_otra_vez(cliente, ana):
    vieja = datos()
    cliente.post(DIFERENCIAL, vieja)
    pagina = f.politica()
    pagina.cuerpo = "<p>Otra.</p>"
    pagina.save_revision().publish()
    respuesta = cliente.post(DIFERENCIAL, vieja | {"genero": "hombre"})
    assert respuesta.status_code == 422 and "cambió mientras la leía" in respuesta.text
    assert "mujer" in respuestas(ana)
    assert cliente.post(DIFERENCIAL, datos(genero="hombre")).status_code == 302
    assert "hombre" in respuestas(ana)


def test_politica_sin_esa_finalidad_no_pregunta(client, sin_politica):
    f.politica(finalidades=[Finalidad.PARTICIPAR])
    client.force_login(f.cuenta())
    respuesta = client.get(DIFERENCIAL)
    assert respuesta.status_code == 200 and "no hace estas preguntas" in respuesta.text
    assert client.post(DIFERENCIAL, {"genero": "mujer"}).status_code == 403
    assert not RespuestaDiferencial.objects.exists()


def test_de_14_a_17_solo_con_su_acudiente(client, monkeypatch):
    ana = f.persona(rango=RangoDeclarado.ADOLESCENTE, finalidades=SIN)
    client.force_login(ana)
    assert "su acudiente lo autoriza" in client.get(DIFERENCIAL).text
    assert client.post(DIFERENCIAL, datos()).status_code == 403
    with pytest.raises(ValidationError):
        responder_diferencial(participante=ana.participante, version=version(), opciones=["mujer"], autoriza=True)
    assert not RespuestaDiferencial.objects.exists()
    assert acudientes.finalidades_permitidas(ana.participante) == set()


def test_declararse_adolescente_borra_lo_que_exige_acudiente():
    ana = f.persona()
    responder_diferencial(participante=ana.participante, version=version(), opciones=["mujer"])
    guardar_perfil(participante=ana.participante, rango_declarado="14_17")
    assert respuestas(ana) == []


def test_revocar_borra_las_respuestas_y_solo_las_propias():
    ana, otra = f.persona(), f.persona()
    for persona in (ana, otra):
        responder_diferencial(participante=persona.participante, version=version(), opciones=["rrom"])
    revocar(participante=ana.participante, sitio=f.sitio(), finalidad=Finalidad.CARACTERIZACION)
    assert (respuestas(ana), respuestas(otra)) == ([], ["rrom"])


def test_nadie_mas_las_ve(client):
    ana = f.persona(nombre="Zoraida")
    # Ninguna otra etiqueta del sitio dice «Rrom» ni «Firmante».
    responder_diferencial(participante=ana.participante, version=version(), opciones=["rrom", "firmante"])
    reto = f.reto()
    propuesta = f.publicada(reto, ana)
    from participacion.moderacion.models import Entrada

    entrada = Entrada.objects.de(propuesta).get()
    publicas = ["/", reto.url, f"{reto.url}propuestas/", propuesta.get_absolute_url()]
    internas = ["/admin/moderacion/", f"/admin/moderacion/{entrada.pk}/", "/admin/indicadores/", "/admin/reports/site-history/"]
    client.force_login(f.persona(is_superuser=True))
    for ruta in publicas + internas:
        respuesta = client.get(ruta)
        assert respuesta.status_code == 200, ruta
        assert "Rrom" not in respuesta.text and "rrom" not in respuesta.text and "irmante" not in respuesta.text, ruta
    for modelo in (ModelLogEntry, PageLogEntry):
        assert not modelo.objects.filter(data__icontains="rrom").exists()
    assert "Rrom" in client.get(DIFERENCIAL).text  # la pregunta sí está; la respuesta de otra persona, no
    assert client.get(DIFERENCIAL).context["respuestas"] == set()


def test_dos_pestanas_responden_a_la_vez(hilos):
    ana = f.persona()
    participante, una = ana.participante, version()

    def responder(*opciones):
        return lambda: responder_diferencial(participante=participante, version=una, opciones=opciones)

    assert hilos(responder("mujer", "rrom"), responder("mujer", "negra")) == [None, None]
    assert respuestas(ana) in (["mujer", "rrom"], ["mujer", "negra"])


def test_lecturas_de_la_pantalla(client, django_assert_num_queries):
    ana = f.persona()
    responder_diferencial(participante=ana.participante, version=version(), opciones=["mujer", "rrom", "victima"])
    client.force_login(ana)
    client.get(DIFERENCIAL)
    with django_assert_num_queries(10):
        client.get(DIFERENCIAL)
    assert participante_de(ana) == ana.participante
