"""Registrarse, proponer, moderar, corregir, leer y apoyar con JavaScript apagado."""

import re

from playwright.sync_api import expect

from . import pasos


def test_proponer_moderar_y_apoyar_sin_javascript(nueva_pagina, correos, tmp_path, vigia):
    vigia.admitir(r"status of 422")

    def revisar(*_argumentos, **_opciones):
        """axe necesita JavaScript; el otro recorrido lo pasa por las mismas plantillas."""

    url_reto = "/retos/concejo-que-resuelve-con-la-gente/"
    marta = nueva_pagina(js=False, ancho=360)
    pasos.registrarse(marta, correos, "marta@sinjs.example", "Marta", "Lara", revisar)
    pasos.registrar_organizacion(marta, "Organización social", "Fundación Sin Guion", revisar)
    archivo = pasos.archivo_pdf(tmp_path, "plan de Marta.pdf")
    referencia = pasos.proponer(marta, url_reto, "Cartelera en cada vereda", archivo, "Fundación Sin Guion", revisar)

    modera = nueva_pagina(js=False)
    pasos.entrar(modera, "moderador@demo.example", "/admin/moderacion/")
    pasos.moderar(modera, "Cartelera en cada vereda", "Devolver para corregir", "Diga dónde.", revisar)
    aviso = correos.esperar("marta@sinjs.example", contiene="Diga dónde.")
    marta.goto(re.search(r"http\S+/propuestas/\d+/", aviso.get_content())[0])
    marta.get_by_role("link", name="Corregir").click()
    marta.get_by_label("Descripción").fill("En las catorce veredas.")
    marta.get_by_role("button", name="Enviar propuesta").click()
    expect(marta.locator(".referencia")).to_have_text(referencia)
    pasos.moderar(modera, "Cartelera en cada vereda", "Aprobar y publicar", "", revisar)
    correos.esperar("marta@sinjs.example", contiene="fue publicada")

    vecina = nueva_pagina(js=False, ancho=320)
    vecina.goto(f"{url_reto}propuestas/")
    vecina.get_by_text("Buscar y filtrar").click()
    vecina.get_by_label("Palabras").fill("cartelera")
    vecina.get_by_role("button", name="Filtrar").click()
    vecina.get_by_role("link", name="Cartelera en cada vereda").click()
    vecina.get_by_role("button", name="Apoyar esta propuesta").click()
    # Sin sesión lleva a entrar y devuelve a la misma propuesta.
    vecina.get_by_label("Correo electrónico").fill("ciudadana@demo.example")
    vecina.get_by_label("Contraseña").fill(pasos.CLAVE_DEMO)
    vecina.locator("main").get_by_role("button", name="Ingresar").click()
    vecina.get_by_role("button", name="Apoyar esta propuesta").click()
    expect(vecina.locator("#apoyo")).to_contain_text("el suyo incluido")
    vecina.get_by_role("button", name="Retirar mi apoyo").click()
    expect(vecina.locator("#apoyo")).not_to_contain_text("el suyo incluido")


def test_lo_escrito_sin_sesion_vuelve_tras_entrar(nueva_pagina, tmp_path):
    pagina = nueva_pagina(js=False, ancho=360)
    pagina.goto("/retos/concejo-que-resuelve-con-la-gente/proponer/")
    pagina.get_by_label("Título").fill("Escrito antes de entrar")
    pagina.get_by_label("Resumen").fill("No debe perderse.")
    pagina.get_by_label("Añadir archivos").set_input_files(pasos.archivo_pdf(tmp_path, "adjunto previo.pdf"))
    pagina.get_by_role("button", name="Guardar borrador").click()
    pagina.get_by_label("Correo electrónico").fill("ciudadana@demo.example")
    pagina.get_by_label("Contraseña").fill(pasos.CLAVE_DEMO)
    pagina.locator("main").get_by_role("button", name="Ingresar").click()
    expect(pagina.get_by_label("Título")).to_have_value("Escrito antes de entrar")
    expect(pagina.get_by_label("Resumen")).to_have_value("No debe perderse.")
    expect(pagina.get_by_text("adjunto previo.pdf").first).to_be_visible()
    pagina.get_by_role("button", name="Guardar borrador").click()
    expect(pagina.get_by_text("Borrador guardado")).to_be_visible()
    expect(pagina.get_by_text("adjunto previo.pdf").first).to_be_visible()
