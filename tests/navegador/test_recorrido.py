"""El trabajo entero, como lo hacen cuatro personas: quien edita, quien propone, quien modera y quien analiza."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from . import pasos

CIERRE = (datetime.now() + timedelta(days=20)).strftime("%Y-%m-%d 17:00")
APERTURA = (datetime.now() - timedelta(days=1)).strftime("%Y-%m-%d 08:00")


@pytest.fixture
def revisar(axe):
    return pasos.Revisor(axe)


def escribir_enriquecido(pagina, campo, texto):
    pagina.locator(f'[data-contentpath="{campo}"] .public-DraftEditor-content').click()
    pagina.keyboard.type(texto)


def pestana(pagina, nombre):
    pagina.get_by_role("tab", name=nombre, exact=True).click()


def agregar_bloque(pagina, campo):
    zona = pagina.locator(f'[data-contentpath="{campo}"]')
    zona.get_by_role("button", name="Insertar un bloque").last.click()
    return zona


def escribir_reto(pagina, retos, titulo, anexo, revisar) -> str:
    """Escribe, previsualiza, programa y publica un reto. Devuelve su dirección."""
    pasos.entrar(pagina, "editor@demo.example", "/admin/")
    revisar(pagina, "inicio del administrador")
    pagina.goto("/retos/")
    revisar(pagina, "lista de retos")
    pagina.goto(f"/admin/pages/add/retos/retopage/{retos}/")
    pagina.locator("#id_title").fill(titulo)
    pagina.locator("#id_resumen").fill("El agua del acueducto veredal llega turbia.")
    pagina.locator("#id_pregunta_central").fill("¿Cómo llevar agua limpia a las veredas?")
    # Wagtail saca la dirección del título un instante después: una persona no llega antes al botón.
    expect(pagina.locator("#id_slug")).to_have_value("agua-limpia-en-las-veredas")
    pagina.get_by_role("button", name="Guardar borrador").click()
    expect(pagina.get_by_role("heading", level=1)).to_contain_text("Editando Reto", timeout=20_000)
    escribir_enriquecido(pagina, "problema", "Después de cada aguacero el agua llega con barro.")
    escribir_enriquecido(pagina, "contexto", "Hay nueve acueductos veredales.")
    subir_documento(pagina, anexo)
    pestana(pagina, "Fechas y quién")
    escribir_enriquecido(pagina, "quienes", "Cualquier persona u organización.")
    pagina.locator("#id_apertura").fill(APERTURA)
    pagina.locator("#id_cierre").fill(CIERRE)
    pagina.keyboard.press("Escape")
    agregar_bloque(pagina, "cronograma")
    pagina.locator("#cronograma-0-value-fecha").fill(CIERRE[:10])
    pagina.keyboard.press("Escape")
    pagina.locator("#cronograma-0-value-hito").fill("Cierra la recepción")
    pestana(pagina, "Qué se envía")
    escribir_enriquecido(pagina, "terminos", "La propuesta debe ser propia.")
    pestana(pagina, "Cómo se elige")
    for numero, (nombre, peso) in enumerate([("Impacto", "60"), ("Costo", "30")]):
        agregar_bloque(pagina, "criterios")
        pagina.locator(f"#criterios-{numero}-value-nombre").fill(nombre)
        pagina.locator(f"#criterios-{numero}-value-peso").fill(peso)

    # Previsualizar.
    pagina.get_by_role("button", name="Alternar vista previa").click()
    marco = pagina.frame_locator("#w-preview-iframe")
    expect(marco.get_by_role("heading", level=1)).to_have_text(titulo, timeout=20_000)
    pagina.get_by_role("button", name="Alternar vista previa").click()

    # Un error: los pesos no suman 100.
    publicar(pagina)
    pestana(pagina, "Cómo se elige")
    expect(pagina.get_by_text("Los pesos deben sumar 100; ahora suman 90.")).to_be_visible()
    pagina.locator("#criterios-1-value-peso").fill("40")

    # Programar: no se ve hasta su hora.
    programar(pagina, (datetime.now() + timedelta(days=1)).strftime("%Y-%m-%d 08:00"))
    publicar(pagina)
    expect(pagina.get_by_text(re.compile("programad", re.I)).first).to_be_visible()
    pagina.goto("/retos/")
    expect(pagina.get_by_role("link", name=titulo)).to_have_count(0)
    pagina.goto(f"/admin/pages/{retos}/")
    pagina.get_by_role("link", name=titulo, exact=True).first.click()
    revisar(pagina, "editor de página")
    direccion_editor = pagina.url

    # Publicar ya: lo programado está bajo llave hasta que se cancela.
    pasos.pulsar(pagina.get_by_role("button", name="Cancelar publicación programada").first)
    pagina.goto(direccion_editor)
    programar(pagina, "")
    publicar(pagina)
    pagina.goto("/retos/")
    pagina.get_by_role("link", name=titulo).click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text(titulo)
    revisar(pagina, "reto")
    anexo_publico = pagina.request.get(pagina.get_by_role("link", name="Términos de referencia").get_attribute("href"))
    assert anexo_publico.headers["content-type"] == "application/pdf"
    return pagina.url


def subir_documento(pagina, anexo):
    zona = agregar_bloque(pagina, "documentos")
    zona.get_by_role("button", name=re.compile("documento", re.I)).first.click()
    ventana = pagina.locator(".modal-dialog")
    ventana.get_by_role("tab", name="Subir").click()
    ventana.locator("input[type=file]").set_input_files(anexo)
    ventana.locator("#id_document-chooser-upload-title").fill("Términos de referencia")
    ventana.get_by_role("button", name="Subir").click()
    expect(zona.get_by_text("Términos de referencia")).to_be_visible()


def publicar(pagina):
    pagina.get_by_role("button", name="Más acciones").click()
    pasos.pulsar(pagina.locator("button[name=action-publish]"))


def programar(pagina, cuando):
    estado = pagina.get_by_role("button", name="Alternar estado")
    if estado.get_attribute("aria-expanded") != "true":
        estado.click()
    pagina.locator("[data-a11y-dialog-show='schedule-publishing-dialog']").first.click()
    ventana = pagina.locator("#schedule-publishing-dialog")
    ventana.locator("#id_go_live_at").fill(cuando)
    # Con el teclado: el calendario desplegado tapa el botón.
    ventana.get_by_role("button", name="Guardar fecha").press("Enter")
    expect(ventana).to_be_hidden()
    pagina.wait_for_load_state()


PERSONAS = [
    ("camilo@recorrido.example", "Camilo", "Pérez", None, None, "Filtros de arena lenta"),
    ("sofia@recorrido.example", "Sofía", "Gómez", "Empresa", "Aguas del Norte S. A. S.", "Sensores de turbidez"),
    ("ines@recorrido.example", "Inés", "Toro", "Universidad", "Universidad de la Vega", "Laboratorio de aguas"),
]


def test_el_trabajo_entero(nueva_pagina, correos, sitio, revisar, tmp_path, vigia):
    vigia.admitir(r"status of 422")  # las entradas inválidas que se envían a propósito
    editora = nueva_pagina()
    indice = "from retos.models import *; print(RetosIndicePage.objects.get(locale__language_code='es').pk)"
    retos = sitio.manage("shell", "-v0", "-c", indice).strip()
    url_reto = escribir_reto(editora, retos, "Agua limpia en las veredas", pasos.archivo_pdf(tmp_path, "terminos.pdf"), revisar)

    gente, referencias = {}, {}
    for correo, nombres, apellidos, tipo, organizacion, titulo in PERSONAS:
        pagina = gente[titulo] = nueva_pagina(ancho=360)
        pasos.registrarse(pagina, correos, correo, nombres, apellidos, revisar)
        if tipo:
            pasos.registrar_organizacion(pagina, tipo, organizacion, revisar)
        archivo = pasos.archivo_pdf(tmp_path, f"plan de {nombres}.pdf")
        referencias[titulo] = pasos.proponer(pagina, url_reto, titulo, archivo, organizacion, revisar)
        assert re.fullmatch(r"R-\d{4}-\d{5}", referencias[titulo])
        assert referencias[titulo] in correos.esperar(correo, contiene="Recibimos")["Subject"]
    assert len(set(referencias.values())) == 3

    # Nada se ve antes de moderar, tampoco los archivos.
    publico = nueva_pagina()
    publico.goto(f"{url_reto}propuestas/")
    expect(publico.get_by_text("0 propuestas")).to_be_visible()
    autora = gente["Laboratorio de aguas"]
    autora.get_by_role("link", name="Ver esta propuesta").click()
    direccion_archivo = autora.get_by_role("link", name="plan de Inés.pdf").get_attribute("href")
    assert publico.request.get(direccion_archivo).status == 404

    moderadora = nueva_pagina()
    pasos.entrar(moderadora, "moderador@demo.example", "/admin/")
    pasos.moderar(moderadora, "Filtros de arena lenta", "Aprobar y publicar", "", revisar)
    pasos.moderar(moderadora, "Sensores de turbidez", "Aprobar y publicar", "", revisar)
    pasos.moderar(moderadora, "Laboratorio de aguas", "Devolver para corregir", "Diga cuánto costaría.", revisar)
    correos.esperar("camilo@recorrido.example", contiene="fue publicada")
    correos.esperar("sofia@recorrido.example", contiene="fue publicada")
    aviso = correos.esperar("ines@recorrido.example", contiene="Diga cuánto costaría.")
    enlace = re.search(r"http\S+/propuestas/\d+/", aviso.get_content())[0]

    autora.goto(enlace)
    expect(autora.get_by_text("Diga cuánto costaría.")).to_be_visible()
    revisar(autora, "propuesta devuelta")
    autora.get_by_role("link", name="Corregir").click()
    autora.get_by_label("Descripción").fill("Costaría 20 millones de pesos.")
    autora.get_by_role("button", name="Enviar propuesta").click()
    expect(autora.locator(".referencia")).to_have_text(referencias["Laboratorio de aguas"])
    autora.goto("/mis-propuestas/")
    revisar(autora, "mis propuestas")
    pasos.moderar(moderadora, "Laboratorio de aguas", "Aprobar y publicar", "", revisar)
    correos.esperar("ines@recorrido.example", contiene="fue publicada")

    # Lo publicado: lista, filtro, orden, detalle, archivo.
    publico.goto(f"{url_reto}propuestas/")
    expect(publico.get_by_text("3 propuestas")).to_be_visible()
    publico.get_by_text("Buscar y filtrar").click()
    revisar(publico, "lista de propuestas")
    publico.get_by_label("Universidad").check()
    publico.get_by_role("button", name="Filtrar").click()
    expect(publico.locator(".tarjeta__titulo")).to_have_text(["Laboratorio de aguas"])
    publico.goto(f"{url_reto}propuestas/?q=sensores&orden=apoyos")
    publico.get_by_role("link", name="Sensores de turbidez").click()
    revisar(publico, "detalle de propuesta")
    with publico.expect_download() as bajada:
        publico.get_by_role("link", name="plan de Sofía.pdf").click()
    assert bajada.value.suggested_filename == "plan de Sofía.pdf"
    assert publico.request.get(direccion_archivo).status == 200

    # Apoyar con un clic, sin recargar, y retirar el apoyo.
    camilo = gente["Filtros de arena lenta"]
    camilo.goto(publico.url)
    camilo.get_by_role("button", name="Apoyar esta propuesta").click()
    expect(camilo.locator("#apoyo")).to_contain_text("el suyo incluido")
    revisar(camilo, "propuesta apoyada")
    camilo.get_by_role("button", name="Retirar mi apoyo").click()
    expect(camilo.get_by_role("button", name="Apoyar esta propuesta")).to_be_visible()
    camilo.get_by_role("button", name="Apoyar esta propuesta").click()
    expect(camilo.locator("#apoyo")).to_contain_text("el suyo incluido")

    indicadores(nueva_pagina(), sitio, revisar)
    assert "diferencias" not in sitio.manage("verificar_registro")


def indicadores(analista, sitio, revisar):
    """Página, CSV y XLSX dicen lo mismo, y lo mismo que la base de datos."""
    pasos.entrar(analista, "analista@demo.example", "/admin/")
    analista.goto("/admin/indicadores/")
    revisar(analista, "indicadores")
    analista.locator("select[name=ejercicio]").select_option(label="Agua limpia en las veredas")
    pasos.pulsar(analista.get_by_role("button", name="Ver indicadores"))
    en_pagina = {
        seccion.locator("h2").inner_text(): [
            [fila.locator("th").inner_text(), fila.locator("td").inner_text()]
            for fila in seccion.locator("tbody tr:has(th)").all()
        ]
        for seccion in analista.locator(".indicadores-cifras section").all()
    }
    filas = {nombre: dict(pares) for nombre, pares in en_pagina.items()}
    assert any(v == "3" and "Publicada" in d for f in filas.values() for d, v in f.items()), filas
    en_csv = analista.request.get(analista.get_by_role("link", name="Cifras en CSV").get_attribute("href")).body()
    celdas_csv = list(csv.reader(io.StringIO(en_csv.decode("utf-8-sig")), delimiter=";"))
    en_xlsx = analista.request.get(analista.get_by_role("link", name="Cifras en Excel").get_attribute("href")).body()
    libro = load_workbook(io.BytesIO(en_xlsx))
    celdas_xlsx = [[str(c) if c is not None else "" for c in fila] for hoja in libro for fila in hoja.iter_rows(values_only=True)]
    for nombre, pares in en_pagina.items():
        for desagregacion, valor in pares:
            for celdas in (celdas_csv, celdas_xlsx):
                assert any(
                    nombre in fila and desagregacion in fila and valor.replace(".", "") in fila for fila in celdas
                ), (nombre, desagregacion, valor)
    orden = (
        "from participacion.registro.models import Acto;"
        "a = Acto.objects.filter(ejercicio__titulo='Agua limpia en las veredas');"
        "print('ENVIADAS', a.filter(tipo='propuesta_enviada').values('objeto_id').distinct().count(),"
        " 'APOYOS', a.vigentes().filter(tipo='apoyo').count())"
    )
    assert "ENVIADAS 3 APOYOS 1" in sitio.manage("shell", "-v0", "-c", orden)
