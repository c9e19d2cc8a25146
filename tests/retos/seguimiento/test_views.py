from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from participacion.adjuntos.models import Adjunto
from retos.models import CierreReto, HitoPlan, Implementacion, Novedad, Propuesta
from retos.seguimiento import actions
from retos.seguimiento.cierre import cerrar_reto
from retos.seguimiento.enums import EstadoHito
from tests import fabricas as f

from ..decision.fabricas_decision import en_decision, gestora, publicada
from .fabricas_seguimiento import elegida, empezada, hito, plan

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
# Como las manda el navegador: las dos filas vacías traen su lista con la primera opción.
SIN_ALIANZAS = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0, "form-0-tipo": "retos", "form-1-tipo": "retos"}
# Consultas de la página pública, con un plan o con tres.
CONSULTAS = 5


def ruta(nombre, reto, *mas):
    return reverse(f"retos_seguimiento:{nombre}", args=[reto.ejercicio.pk, *mas])


def test_del_plan_a_lo_logrado_en_pantalla(client):
    reto, propuesta, actor = elegida()
    client.force_login(actor)
    suyo = ruta("plan", reto, propuesta.pk)
    assertContains(client.get(ruta("lista", reto)), "sin plan de trabajo")
    client.post(suyo, {"accion": "plan", "responsable": "Obras", "presupuesto": "1000"})
    hoy = timezone.localdate()
    nuevo = {"nombre": "Comprar", "responsable": "Ana", "inicia": hoy - timedelta(days=5), "vence": hoy + timedelta(days=4)}
    pasado = client.post(ruta("hito_nuevo", reto, propuesta.pk), nuevo | {"presupuesto": "1001"})
    assertContains(pasado, "Los hitos suman", status_code=422)
    assertContains(pasado, "Comprar", status_code=422)
    assertRedirects(client.post(ruta("hito_nuevo", reto, propuesta.pk), nuevo | {"presupuesto": "900"}), suyo)
    assertContains(client.get(suyo), "En riesgo")
    client.post(suyo, {"accion": "implementacion"})
    paso = ruta("hito", reto, propuesta.pk, HitoPlan.objects.get().pk)
    client.post(paso, {"accion": "en_curso"})
    malo = client.post(paso, {"accion": "avance", "avance": "140", "archivo": f.pdf("a.exe")})
    assertContains(malo, "menor o igual a 100", status_code=422)
    client.post(paso, {"accion": "avance", "avance": "60", "texto": "Ya hay cotización.", "archivo": f.pdf("cotizacion.pdf")})
    client.post(paso, {"accion": "cumplido"})
    logro = ruta("logro", reto, propuesta.pk)
    assertContains(client.post(logro, SIN_ALIANZAS | {"problema_resuelto": "si"}), "Explique qué se logró", status_code=422)
    alianza = SIN_ALIANZAS | {"form-0-con": "SENA", "form-0-tipo": "datos", "form-0-beneficio": "Sensores"}
    assertRedirects(client.post(logro, SIN_ALIANZAS | {"beneficiarios": 12}), suyo)
    assertRedirects(
        client.post(logro, alianza | {"problema_resuelto": "si", "explicacion": "Bajó.", "beneficios": ["alianzas"], "beneficiarios": 30}), suyo
    )
    client.post(suyo, {"accion": "implementada"})
    assert Propuesta.objects.get(pk=propuesta.pk).resultado == "implementada"
    client.logout()
    for direccion in (f"/retos/{reto.slug}/seguimiento/", propuesta.get_absolute_url()):
        pagina = client.get(direccion)
        for dicho in ("Comprar", "Cumplido", "30 personas beneficiadas", "Con SENA: Compartir o analizar datos. Sensores", "Bajó."):
            assertContains(pagina, dicho)
    archivo = reverse("adjuntos:descargar", args=[Adjunto.objects.de(Novedad.objects.get(texto="Ya hay cotización.")).get().clave])
    assertContains(client.get(propuesta.get_absolute_url()), archivo)
    assert b"".join(client.get(archivo).streaming_content).startswith(b"%PDF")
    assertContains(client.get(reto.url), "1 propuesta elegida tiene su plan de trabajo")


def test_la_evidencia_deja_de_verse_con_la_pagina(client):
    reto, propuesta, actor, _plan, _hito = empezada()
    novedad = actions.anotar(propuesta=propuesta, actor=actor, titulo="Avanza", archivos=[f.pdf()])
    archivo = reverse("adjuntos:descargar", args=[Adjunto.objects.de(novedad).get().clave])
    assert b"".join(client.get(archivo).streaming_content).startswith(b"%PDF")
    reto.unpublish()
    assert client.get(archivo).status_code == 404


def test_archivo_que_no_se_acepta_se_dice_junto_a_su_campo(client, settings):
    reto, propuesta, actor, _plan, _hito = empezada()
    client.force_login(actor)
    suyo, nota = ruta("plan", reto, propuesta.pk), {"accion": "nota", "titulo": "Avanza"}
    antes = Novedad.objects.count()
    assertContains(client.post(suyo, nota | {"archivo": f.pdf("a.docx")}), "su contenido es PDF", status_code=422)
    settings.ADJUNTO_MAXIMO = 10
    assertContains(client.post(suyo, nota | {"archivo": f.pdf()}), "pasa de 10 MB", status_code=422)
    assertContains(client.post(suyo, nota | {"titulo": "x" * 201}), "200", status_code=422)
    assert Novedad.objects.count() == antes and not Adjunto.objects.exists()


def test_cancelado_dice_por_que_en_publico(client):
    reto, propuesta, actor, _plan, paso = empezada()
    client.force_login(actor)
    suyo = ruta("hito", reto, propuesta.pk, paso.pk)
    assertContains(client.post(suyo, {"accion": "cancelado"}), "por qué se cancela", status_code=422)
    client.post(suyo, {"accion": "cancelado", "motivo": "Lo donaron."})
    assert HitoPlan.objects.get().estado == EstadoHito.CANCELADO
    assertContains(client.get(f"/retos/{reto.slug}/seguimiento/"), "Lo donaron.")


def test_numeros_imposibles_se_rechazan_sin_caer(client):
    reto, propuesta, actor, _plan, paso = empezada()
    client.force_login(actor)
    suyo = ruta("plan", reto, propuesta.pk)
    for presupuesto in ("-1", "NaN", "1e30", "9" * 20, "0.001", "mil"):
        assert client.post(suyo, {"accion": "plan", "responsable": "Obras", "presupuesto": presupuesto}).status_code == 422
    for fecha in ("ayer", "2026-02-30", "99999-01-01"):
        datos = {"nombre": "X", "responsable": "Y", "inicia": fecha, "vence": fecha}
        assert client.post(ruta("hito", reto, propuesta.pk, paso.pk), datos).status_code == 422
    for beneficiarios in ("-1", "9" * 12):
        assert client.post(ruta("logro", reto, propuesta.pk), SIN_ALIANZAS | {"beneficiarios": beneficiarios}).status_code == 422
    assert Implementacion.objects.get().presupuesto == 1000


def test_cerrar_el_reto_en_pantalla_y_en_publico(client):
    reto, _propuestas = en_decision(1)
    client.force_login(gestora())
    url = ruta("cierre", reto)
    assertContains(client.post(url, {"conclusiones": "Aprendimos."}), "Queda 1 propuesta sin respuesta", status_code=422)
    client.post(url, {"conclusiones": "Aprendimos.", "excepcion": "Se acabó el presupuesto."})
    assert CierreReto.objects.get().sin_responder == 1
    client.logout()
    assertContains(client.get(f"/retos/{reto.slug}/respuestas/"), "Se acabó el presupuesto.")
    for pagina in (reto.url, f"/retos/{reto.slug}/seguimiento/"):
        assertContains(client.get(pagina), "Aprendimos.")


def test_abierta_la_convocatoria_nada_de_esto_se_muestra(client):
    reto = f.reto()
    propuesta = f.publicada(reto)
    pagina = client.get(reto.url)
    for ausente in ("Decisión", "Seguimiento"):
        assertNotContains(pagina, f">{ausente}</h2>")
    assertNotContains(client.get(propuesta.get_absolute_url()), "Espera respuesta")


@pytest.mark.parametrize("n", [1, 3])
def test_el_seguimiento_publico_no_pregunta_por_cada_plan(client, django_assert_num_queries, n):
    reto, propuestas = en_decision(n)
    actor = gestora()
    publicada(reto, actor, *[(p, "elegida") for p in propuestas])
    f.mover_reloj(reto, "implementacion")
    for propuesta in propuestas:
        suyo = plan(propuesta, actor)
        for nombre in ("Uno", "Dos"):
            hito(suyo, actor, nombre=nombre)
    url = f"/retos/{reto.slug}/seguimiento/"
    client.get(url)
    with django_assert_num_queries(CONSULTAS):
        assertContains(client.get(url), "Dos", count=n)


def test_cerrado_se_ve_en_la_pantalla_de_quien_gestiona(client):
    reto, propuesta, actor, _plan, _hito = empezada()
    cerrar_reto(ejercicio=reto.ejercicio, actor=actor, conclusiones="Aprendimos.")
    client.force_login(actor)
    assertContains(client.get(ruta("cierre", reto)), "Aprendimos.")
    assertContains(client.post(ruta("plan", reto, propuesta.pk), {"accion": "plan", "responsable": "X"}), "ya se cerró", status_code=422)
