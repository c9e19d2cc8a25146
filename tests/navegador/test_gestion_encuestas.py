"""Repartir códigos, transcribir un papel y anular una respuesta, como lo hace quien administra."""

import re

import pytest
from playwright.sync_api import expect

from encuestas.codigos import derivar, escrito
from encuestas.enums import Modo
from encuestas.models import EncuestaPage, LoteCodigos
from participacion.formularios.enums import TipoPregunta
from tests.encuestas.fabricas_encuestas import encuesta, pregunta

from . import pasos

TITULO = "El aseo de las calles del centro y de los barrios de la ladera"


def sembrar():
    """La encuesta con código; escribe su número. La llama `manage.py shell` en el sitio servido."""
    bloques = [
        pregunta(TipoPregunta.ESCALA, "aseo", "¿Está satisfecho con el aseo?", escala="satisfaccion", obligatoria=True),
        pregunta(TipoPregunta.TEXTO_LARGO, "porque", "¿Por qué?"),
    ]
    pagina = EncuestaPage.objects.filter(title=TITULO).first() or encuesta(bloques, TITULO, modo=Modo.CODIGO)
    print(pagina.ejercicio.pk)  # noqa: T201


def codigo(ejercicio):
    """Escribe el de la primera tarjeta del último lote."""
    print(escrito(derivar(ejercicio, LoteCodigos.objects.filter(ejercicio=ejercicio).first().pk, 1)))  # noqa: T201


@pytest.fixture
def en_el_sitio(sitio):
    """Llama una función de este módulo sobre la base del sitio servido; devuelve la última palabra que escribe."""
    return lambda llamada: sitio.manage("shell", "-v0", "-c", f"from {__name__} import *; {llamada}").split()[-1]


def pulsar(pagina, nombre):
    pasos.pulsar(pagina.locator("main").get_by_role("button", name=nombre))


def responder_con(celular, numero, texto, revisar):
    """Responde con el código de una tarjeta en un teléfono; otra vez con el mismo, no entra. Devuelve la referencia."""
    celular.goto(f"/encuestas/{numero}/responder/?codigo={texto}")
    expect(celular.get_by_label("Su código")).to_have_value(texto)
    pulsar(celular, "Continuar")
    celular.get_by_role("radio", name="Satisfecho", exact=True).check()
    celular.get_by_label("¿Por qué?").fill("Pasan dos veces por semana.")
    pulsar(celular, "Revisar mis respuestas")
    pulsar(celular, "Enviar")
    referencia = celular.locator(".referencia").inner_text()
    celular.context.clear_cookies()
    celular.goto(f"/encuestas/{numero}/codigo/?codigo={texto}")
    pulsar(celular, "Continuar")
    expect(celular.get_by_role("alert")).to_contain_text("Con ese código ya se respondió.")
    revisar(celular, "código usado")
    return referencia


def transcribir(personal, revisar):
    """Un papel, con una falta que se corrige. Devuelve la referencia."""
    pasos.pulsar(personal.get_by_role("link", name="Transcribir un papel"))
    personal.get_by_label("¿Por qué?").fill("No pasan los festivos.")
    pulsar(personal, "Registrar esta respuesta")
    expect(personal.get_by_role("alert")).to_contain_text("¿Está satisfecho con el aseo?: Esta pregunta es obligatoria.")
    revisar(personal, "papel con errores")
    expect(personal.get_by_label("¿Por qué?")).to_have_value("No pasan los festivos.")
    personal.get_by_role("radio", name="Insatisfecho", exact=True).check()
    pulsar(personal, "Registrar esta respuesta")
    return re.search(r"E-\d{4}-\d{5}", personal.get_by_text("Quedó registrada").inner_text())[0]


def test_del_lote_de_codigos_a_la_respuesta_anulada(nueva_pagina, axe, en_el_sitio, vigia):
    vigia.admitir(r"status of 422")
    revisar = pasos.Revisor(axe)
    numero = en_el_sitio("sembrar()")
    personal, celular = nueva_pagina(), nueva_pagina(ancho=360, alto=740)
    pasos.entrar(personal, "administrador@demo.example", "/admin/")
    personal.goto("/admin/encuestas-papel/")
    revisar(personal, "papel y códigos")
    pasos.pulsar(personal.get_by_role("link", name=TITULO))
    personal.get_by_label("Para quién son").fill("Colegio La Floresta")
    personal.get_by_label("Cuántos códigos").fill("12")
    pulsar(personal, "Generar")
    expect(personal.get_by_text("0 de 12 usados.")).to_be_visible()
    with personal.expect_download() as bajada:
        personal.get_by_role("button", name="Descargar las tarjetas 1 a 12 (PDF)").click()
    assert bajada.value.path().read_bytes().startswith(b"%PDF")

    tarjeta = en_el_sitio(f"codigo({numero})")
    por_la_web = responder_con(celular, numero, tarjeta, revisar)
    personal.reload()
    expect(personal.get_by_text("1 de 12 usados.")).to_be_visible()
    revisar(personal, "lote de códigos")
    assert transcribir(personal, revisar) != por_la_web
    pasos.pulsar(personal.get_by_role("link", name="Importar un archivo"))
    personal.get_by_label("Archivo CSV o XLSX").set_input_files(
        {"name": "papeles.csv", "mimeType": "text/csv", "buffer": b"id;otra\n1;2\n"}
    )
    pulsar(personal, "Importar")
    expect(personal.get_by_role("alert")).to_contain_text("La columna «otra» no es de esta encuesta.")
    revisar(personal, "importación con errores")

    def resultados(cuantas):
        personal.goto(f"/admin/encuestas-resultados/{numero}/")
        expect(personal.get_by_text(cuantas, exact=True)).to_be_visible()

    resultados("2 respuestas.")
    personal.goto(f"/admin/encuestas-papel/{numero}/anular/")
    personal.get_by_label("Referencia de la respuesta").fill(por_la_web)
    personal.get_by_label("Motivo").fill("La respondió una persona de otro municipio.")
    revisar(personal, "anular una respuesta")
    pulsar(personal, "Anular la respuesta")
    expect(personal.get_by_text("La respuesta dejó de contar.")).to_be_visible()
    resultados("1 respuesta.")
    personal.goto(f"/admin/encuestas-papel/{numero}/")
    revisar(personal, "encuesta con lotes")
    # Su código vuelve a servir.
    celular.goto(f"/encuestas/{numero}/codigo/?codigo={tarjeta}")
    pulsar(celular, "Continuar")
    expect(celular.get_by_role("radio", name="Satisfecho", exact=True)).to_be_visible()
