import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cuentas.enums import RolPersonal
from retos import actions as retos
from retos.decision import respuestas
from retos.decision.enums import EstadoDecision
from retos.enums import Resultado
from retos.models import DecisionReto, Deliberacion, Fallo, Propuesta
from retos.seguimiento.actions import mover_propuesta
from tests import fabricas as f

from .fabricas_decision import TEXTOS, en_decision, gestora, preparar, publicada, tomada

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
R = Resultado
# Consultas de cada página, con una propuesta o con tres.
DECISION_PUBLICA, SIN_RESPUESTA, POR_DECIDIR, POR_RESPONDER = 11, 9, 28, 25


def ruta(nombre, reto, *mas):
    return reverse(f"retos_decision:{nombre}", args=[reto.ejercicio.pk, *mas])


def comun(**campos):
    return {"tipo": "elige", "motivos": "Fue la mejor.", **TEXTOS, **campos}


def test_de_la_preparacion_a_la_publicacion(client):
    reto, (una, otra) = en_decision(2)
    client.force_login(gestora())
    url, propuestas = ruta("decision", reto), ruta("propuestas", reto)
    assertContains(client.get(url), "faltan 2 por decidir")
    fila = {"accion": "guardar", "propuestas": [una.pk, otra.pk], f"p{una.pk}-resultado": "elegida", f"p{una.pk}-respuesta": "La suya."}
    assert client.post(propuestas, fila).status_code == 302
    assertContains(client.get(propuestas), "La suya.")
    respuesta = client.post(url, comun(accion="tomar"))
    assertContains(respuesta, "Falta 1 propuesta por decidir", status_code=422)
    assertContains(respuesta, "Fue la mejor.", status_code=422)  # lo escrito se conserva
    client.post(propuestas, {"accion": "demas"})
    assertRedirects(client.post(url, comun(accion="tomar")), ruta("mensajes", reto))
    bandeja = client.get(ruta("mensajes", reto))
    assertContains(bandeja, una.autor.cuenta.email)
    assertContains(bandeja, "La suya.")
    assertContains(bandeja, f"No elegida: {otra.titulo}")
    direccion = f"/retos/{reto.slug}/decision/"
    assert client.get(direccion).status_code == 404  # tomada no es pública
    assertNotContains(client.get(una.get_absolute_url()), "La suya.")
    assertContains(client.post(url, {"accion": "publicar"}, follow=True), "2 propuestas respondidas")
    assertContains(client.post(url, {"accion": "publicar"}), "no puede pasar", status_code=422)
    for pagina in (direccion, una.get_absolute_url()):
        assertContains(client.get(pagina), "La suya.")
    assert client.get(ruta("mensajes", reto)).status_code == 302


def test_lo_mal_escrito_se_dice_junto_a_su_campo(client):
    reto, (una, otra) = en_decision(2)
    client.force_login(gestora())
    url = ruta("propuestas", reto)
    filas = {"accion": "guardar", "propuestas": [una.pk, otra.pk]}
    banco = {f"p{p.pk}-resultado": "elegible" for p in (una, otra)}
    sin_puesto = client.post(url, filas | banco)
    assertContains(sin_puesto, "Escriba el puesto", count=2, status_code=422)
    repetido = client.post(url, filas | banco | {f"p{p.pk}-puesto": 1 for p in (una, otra)})
    assertContains(repetido, "ya tiene ese puesto", count=2, status_code=422)
    for malo in ({f"p{una.pk}-resultado": "ganadora"}, {f"p{una.pk}-puesto": "cero"}, {f"p{una.pk}-respuesta": "x" * 5001}):
        assert client.post(url, filas | malo).status_code == 422
    assert not Fallo.objects.exists()
    for forjado in ({"propuestas": ["x", "9" * 30, "-1"]}, {"propuestas": []}):
        assert client.post(url, {"accion": "guardar"} | forjado).status_code == 302
    assert client.post(ruta("decision", reto), {"accion": "quemar"}).status_code == 422
    assert client.post(ruta("decision", reto), comun(accion="guardar", tipo="otra")).status_code == 422
    assert not DecisionReto.objects.exclude(estado=EstadoDecision.BORRADOR).exists()


def test_fuera_de_la_fase_no_se_guarda(client):
    reto, (una,) = en_decision(1)
    f.mover_reloj(reto, "implementacion")
    client.force_login(gestora())
    assertContains(client.get(ruta("decision", reto)), "ahora no se puede decidir")
    assertContains(client.post(ruta("decision", reto), comun(accion="guardar")), "Ya no se puede decidir", status_code=422)
    assertContains(client.post(ruta("propuestas", reto), {"accion": "demas"}), "Ya no se puede decidir", status_code=422)
    fila = {"accion": "guardar", "propuestas": una.pk, f"p{una.pk}-resultado": "elegida"}
    assertContains(client.post(ruta("propuestas", reto), fila), "Ya no se puede decidir", status_code=422)
    assert not Fallo.objects.exists()


def test_la_retirada_se_omite_y_se_dice(client):
    reto, (una, otra) = en_decision(2)
    actor = gestora()
    client.force_login(actor)
    tomada(reto, actor, (una, R.ELEGIDA), (otra, R.NO_ELEGIDA))
    retos.retirar_propuesta(propuesta=otra, actor=otra.autor.cuenta)
    for nombre in ("decision", "mensajes"):
        assertContains(client.get(ruta(nombre, reto)), otra.referencia)
    hecho = client.post(ruta("decision", reto), {"accion": "publicar"}, follow=True)
    assertContains(hecho, f"Se omitieron, porque ya no concursan: {otra.referencia}")


def test_de_otro_sitio_no_existe(client):
    reto, (una,) = en_decision(1)
    client.force_login(gestora())
    for nombre in ("decision", "propuestas", "mensajes", "banco", "respuestas"):
        assert client.get(reverse(f"retos_decision:{nombre}", args=[reto.ejercicio.pk + 99])).status_code == 404
    ajena = f.publicada(f.reto())
    assert client.get(ruta("responder", reto, ajena.pk)).status_code == 404


def test_publica_dice_criterios_actas_marcadas_y_huella(client):
    reto, (una, otra) = en_decision(2)
    actor = gestora()
    actas = [
        Deliberacion.objects.create(ejercicio=reto.ejercicio, fecha="2026-03-01", asistentes="Rosa", texto=t, en=timezone.now())
        for t in ("Se habló de costos.", "Asunto reservado.")
    ]
    publicada(reto, actor, (una, R.ELEGIDA), (otra, R.NO_ELEGIDA), actas=actas[:1])
    pagina = client.get(f"/retos/{reto.slug}/decision/")
    for dicho in (una.titulo, otra.titulo, "Fue la mejor.", "Criterio 1", "60 %", "Se habló de costos.", reto.ejercicio.reto.huella_criterios):
        assertContains(pagina, dicho)
    assertNotContains(pagina, "Asunto reservado.")


@pytest.mark.parametrize("n", [1, 3])
def test_las_listas_no_preguntan_por_cada_propuesta(client, django_assert_num_queries, n):
    reto, propuestas = en_decision(2 * n)
    actor = gestora()

    def contar(url, cuantas):
        client.get(url)
        with django_assert_num_queries(cuantas):
            client.get(url)

    contar(f"/retos/{reto.slug}/respuestas/", SIN_RESPUESTA)
    client.force_login(actor)
    contar(ruta("propuestas", reto), POR_DECIDIR)
    contar(ruta("respuestas", reto), POR_RESPONDER)
    client.logout()
    publicada(reto, actor, *[(p, R.ELEGIDA if i % 2 else R.NO_ELEGIDA) for i, p in enumerate(propuestas)])
    contar(f"/retos/{reto.slug}/decision/", DECISION_PUBLICA)


def test_publica_las_que_esperan_respuesta(client):
    reto, (una, otra) = en_decision(2)
    Propuesta.objects.update(resultado=R.NO_ADMITIDA)
    respuestas.responder(propuesta=una, actor=gestora(), texto="Falta algo.")
    pagina = client.get(f"/retos/{reto.slug}/respuestas/")
    assertContains(pagina, otra.titulo)
    assertContains(pagina, "Dentro del plazo")
    assertNotContains(pagina, una.titulo)


def test_responder_y_corregir_en_pantalla(client):
    reto, (una,) = en_decision(1)
    client.force_login(gestora())
    url = ruta("responder", reto, una.pk)
    assertContains(client.get(url), una.titulo)
    assertContains(client.get(url), "le responde la decisión")
    assertContains(client.post(url, {"texto": "No."}), "le responde la decisión", status_code=422)
    Propuesta.objects.update(resultado=R.NO_ADMITIDA)
    assertContains(client.post(url, {"texto": " "}), "necesario", status_code=422)
    assertRedirects(client.post(url, {"texto": "Falta el presupuesto."}), ruta("respuestas", reto))
    client.post(url, {"texto": "Faltan el presupuesto y el equipo."})
    publica = client.get(una.get_absolute_url())
    assertContains(publica, "Respuesta anterior")
    assertContains(publica, "Faltan el presupuesto y el equipo.")


def test_elegir_del_banco_en_pantalla(client):
    reto, (una, otra) = en_decision(2)
    actor = gestora()
    client.force_login(actor)
    publicada(reto, actor, (una, R.ELEGIDA), (otra, R.ELEGIBLE, 1))
    f.mover_reloj(reto, "implementacion")
    url = ruta("banco", reto)
    datos = {"propuesta": otra.pk, "respuesta": "Renunció la elegida."}
    assertContains(client.get(url), "No falta ninguna elegida")
    assertContains(client.post(url, datos), "el banco espera", status_code=422)
    mover_propuesta(propuesta=una, hacia=R.NO_IMPLEMENTADA, actor=actor, motivo="Renunció.")
    assert client.post(url, datos | {"propuesta": una.pk}).status_code == 422
    assertContains(client.post(url, datos, follow=True), "quedó elegida")
    assert Propuesta.objects.get(pk=otra.pk).resultado == R.ELEGIDA


def test_el_jurado_que_ademas_gestiona_no_ve_de_quien_es(client):
    """En una evaluación ciega los mensajes dirían el correo y el nombre de quien propone."""
    reto, (una,) = en_decision(1, evaluacion_ciega=True)
    actor = gestora()
    tomada(reto, actor, (una, R.ELEGIDA))
    ambos = f.personal(RolPersonal.GESTION, RolPersonal.JURADO)
    client.force_login(ambos)
    assertNotContains(client.get(ruta("mensajes", reto)), una.autor.cuenta.email)
    client.force_login(actor)
    assertContains(client.get(ruta("mensajes", reto)), una.autor.cuenta.email)


def test_los_textos_comunes_se_reutilizan_en_el_siguiente_reto(client):
    reto, (una,) = en_decision(1)
    actor = gestora()
    publicada(reto, actor, (una, R.ELEGIDA))
    otro, _ = en_decision(0)
    client.force_login(actor)
    assertContains(client.get(ruta("decision", otro)), TEXTOS["no_elegida"])
    preparar(otro, actor, textos={"no_elegida": "Otra cosa."})
    assertNotContains(client.get(ruta("decision", otro)), TEXTOS["no_elegida"])


