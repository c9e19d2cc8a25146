from collections import Counter

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from cuentas.models import Territorio, Usuario
from encuestas.analisis.comparacion import comparar
from encuestas.analisis.medidas import publicadas
from encuestas.models import Encuesta
from encuestas.resultados.consulta import resultados
from participacion.ejercicios.enums import Fase
from participacion.formularios.condiciones import sin_completar
from participacion.formularios.models import Respuesta
from participacion.formularios.valores import de_respuesta
from plataforma.demostracion import cargar

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
BASE, SEGUIMIENTO, ANUNCIADA = (
    "Línea base: atención y confianza en el Concejo",
    "Seguimiento: atención y confianza en el Concejo",
    "¿Cómo se entera de lo que hace el Concejo?",
)


@pytest.fixture(scope="module", autouse=True)
def demostracion(django_db_setup, django_db_blocker):
    """Se carga una vez para todo el módulo, en una transacción que se deshace; cada prueba va en una interior."""
    with django_db_blocker.unblock(), transaction.atomic():
        cargar()
        yield
        transaction.set_rollback(True)


def encuesta(titulo) -> Encuesta:
    return Encuesta.objects.select_related("ejercicio", "linea_base").get(ejercicio__titulo=titulo)


def contar(titulo, campo):
    return Counter(Respuesta.objects.filter(ejercicio__titulo=titulo).values_list(campo, flat=True))


def test_una_por_abrir_una_cerrada_y_una_abierta():
    assert {e.ejercicio.titulo: e.ejercicio.fase for e in Encuesta.objects.select_related("ejercicio")} == {
        ANUNCIADA: Fase.PROXIMA,
        BASE: Fase.CERRADA,
        SEGUIMIENTO: Fase.ABIERTA,
    }


@pytest.mark.parametrize(("titulo", "cuantas"), [(BASE, 224), (SEGUIMIENTO, 222)])
def test_responden_cientos_de_toda_clase(titulo, cuantas):
    actores = contar(titulo, "actor_tipo")
    assert sum(actores.values()) == cuantas
    assert set(actores) == {"ciudadania", "universidad", "empresa", "organizacion", "veeduria", "entidad"}
    assert set(contar(titulo, "rango_edad")) == {"18_28", "29_59", "60_mas", "18_mas"}
    assert set(contar(titulo, "area")) == {"", *Territorio.objects.values_list("nombre", flat=True)}
    assert len(set(contar(titulo, "referencia"))) == cuantas


def test_los_conteos_son_los_de_las_respuestas(capsys):
    call_command("recontar_encuestas")
    assert capsys.readouterr().out == "Los conteos coinciden con las respuestas.\n"


@pytest.mark.parametrize("titulo", [BASE, SEGUIMIENTO])
def test_nadie_contesta_lo_que_no_ve_ni_deja_lo_obligatorio(titulo):
    respuestas = Respuesta.objects.filter(ejercicio__titulo=titulo).select_related("version")
    formulario = respuestas[0].version.formulario()
    acudio, satisfaccion = list(formulario.preguntas)[:2]
    nunca = formulario.preguntas[acudio].opciones[2].clave
    vistas = Counter()
    for respuesta in respuestas:
        valores = de_respuesta(respuesta)
        assert not sin_completar(formulario, valores)
        vistas[valores[acudio]["opcion"] == nunca, satisfaccion in valores] += 1
    assert set(vistas) == {(True, False), (False, True)}


def test_el_seguimiento_se_compara_con_la_linea_base_y_mejora():
    seguimiento = encuesta(SEGUIMIENTO)
    assert seguimiento.linea_base.titulo == BASE
    comunes = set(resultados(encuesta(BASE)).por_clave())
    assert comunes == set(resultados(seguimiento).por_clave())
    satisfaccion = list(resultados(seguimiento).por_clave())[1]
    (comparada,) = [c for c in comparar(encuesta(BASE), seguimiento) if c.vista.clave == satisfaccion]
    media = comparada.cambios[0]
    assert media.texto == "Media" and media.concluye and media.sube


def test_medida_con_linea_base_y_meta():
    ejercicio = encuesta(SEGUIMIENTO).ejercicio
    (cifra,) = publicadas(ejercicio.sitio, ejercicio.apertura, ejercicio.cierre)
    assert cifra.nombre == "Satisfacción con la atención del Concejo"
    assert cifra.linea_base == pytest.approx(resultado_satisfaccion(BASE), abs=0.01)
    assert cifra.ejecutado == pytest.approx(resultado_satisfaccion(SEGUIMIENTO), abs=0.01)
    assert cifra.linea_base < cifra.ejecutado < cifra.meta == 60


def resultado_satisfaccion(titulo) -> float:
    return resultados(encuesta(titulo)).preguntas[1].distribuciones[0].favorables


@pytest.mark.parametrize("prefijo", ["", "/en"])
@pytest.mark.parametrize("titulo", [BASE, SEGUIMIENTO])
def test_resultados_publicos_en_dos_idiomas(client, titulo, prefijo):
    direccion = reverse("encuestas:resultados", args=[encuesta(titulo).pk])
    contenido = client.get(prefijo + direccion)
    assert contenido.status_code == 200
    espera = "How satisfied were you with the service?" if prefijo else "¿Qué tan satisfecho quedó con la atención?"
    assert espera in contenido.content.decode()
    assert "Que contesten el teléfono" not in contenido.content.decode()  # las abiertas no se publican


def test_la_ciudadana_puede_responder_el_seguimiento(client):
    client.force_login(Usuario.objects.get(email="ciudadana@demo.example"))
    ejercicio = encuesta(SEGUIMIENTO).ejercicio
    pagina = client.get("/encuestas-y-foros/seguimiento-atencion-y-confianza/").content.decode()
    direccion = reverse("encuestas:responder", args=[ejercicio.pk])
    assert direccion in pagina
    respuesta = client.get(direccion, follow=True)
    assert "¿Cuándo acudió por última vez al Concejo?" in respuesta.content.decode()


def test_la_portada_anuncia_la_abierta_y_la_cerrada(client):
    portada = client.get("/").content.decode()
    assert SEGUIMIENTO in portada
    assert BASE in portada
