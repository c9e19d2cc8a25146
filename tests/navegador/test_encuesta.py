"""Armar una encuesta en el editor y contestar otra con todos los tipos, en un teléfono, sólo con el teclado."""

import re

import pytest
from playwright.sync_api import expect

from . import pasos


@pytest.fixture(scope="module")
def completa(sitio):
    """La dirección y el número de página de la encuesta con todos los tipos."""
    salida = sitio.manage("shell", "-v0", "-c", "from tests.navegador.encuesta_completa import sembrar; sembrar()")
    return salida.split()[-2:]


def ir_a(pagina, control):
    """Llega al control con la tecla Tab, como quien no usa ratón."""
    for _vez in range(60):
        if control.evaluate("c => c === document.activeElement"):
            return
        pagina.keyboard.press("Tab")
    raise AssertionError(f"La tecla Tab no llega a {control}")


def escribir(pagina, rotulo, texto):
    ir_a(pagina, pagina.get_by_label(rotulo))
    pagina.keyboard.type(texto)


def elegir(pagina, grupo, opcion):
    """Una opción de un grupo de botones: se entra con Tab al primero y se baja con la flecha."""
    opciones = pagina.get_by_role("group", name=grupo).get_by_role("radio")
    # A lo opcional se entra por «Sin respuesta», que nace marcada y es la última: con la flecha se pasa a la primera.
    marcada = pagina.get_by_role("group", name=grupo).get_by_role("radio", checked=True)
    ir_a(pagina, marcada if marcada.count() else opciones.first)
    pagina.keyboard.press("Space")
    for _vez in range(opciones.count()):
        if pagina.get_by_role("group", name=grupo).get_by_role("radio", name=opcion, exact=True).is_checked():
            return
        pagina.keyboard.press("ArrowDown")
    raise AssertionError(f"No se pudo elegir «{opcion}»")


def pulsar(pagina, boton):
    ir_a(pagina, pagina.locator("main").get_by_role("button", name=boton))
    with pagina.expect_navigation():
        pagina.keyboard.press("Enter")


def enviadas(sitio, referencia) -> int:
    """Cuántas respuestas guardó el sitio con esa referencia."""
    orden = "from participacion.formularios.models import Respuesta; "
    orden += f"print(Respuesta.objects.filter(referencia={referencia!r}, estado='enviada').count())"
    return int(sitio.manage("shell", "-v0", "-c", orden).split()[-1])


def contestar(pagina, url, revisar, *, con_js):
    """Responde toda la encuesta y devuelve la referencia del recibo."""
    pagina.goto(url)
    revisar(pagina, "encuesta")
    ir_a(pagina, pagina.get_by_role("link", name="Responder", exact=True))
    with pagina.expect_navigation():
        pagina.keyboard.press("Enter")
    expect(pagina.get_by_text("Página 1 de 4")).to_be_visible()

    pulsar(pagina, "Siguiente")  # nada contestado
    expect(pagina.get_by_role("alert")).to_contain_text("¿En qué barrio vive?: Esta pregunta es obligatoria.")
    revisar(pagina, "encuesta con errores")
    escribir(pagina, "¿En qué barrio vive?", "La Floresta")
    escribir(pagina, "¿Cuántas personas viven", "cuatro")
    elegir(pagina, re.compile("En qué se mueve"), "Bicicleta")
    if con_js:
        # Aparece sin recargar, se anuncia y el foco sigue donde estaba.
        expect(pagina.locator("#novedades")).to_contain_text("Pregunta nueva: ¿Por qué en bicicleta?")
        expect(pagina.get_by_role("radio", name="Bicicleta")).to_be_focused()
        revisar(pagina, "encuesta con pregunta nueva")
    pulsar(pagina, "Siguiente")
    expect(pagina.get_by_label("¿Cuántas personas viven")).to_have_value("cuatro")
    expect(pagina.get_by_label("¿Por qué en bicicleta?")).to_be_visible()
    pagina.get_by_label("¿Cuántas personas viven").focus()
    pagina.keyboard.press("Control+A")
    pagina.keyboard.type("4")
    escribir(pagina, "¿Por qué en bicicleta?", "Es más rápida.")
    pulsar(pagina, "Siguiente")

    expect(pagina.get_by_text("Página 2 de 4")).to_be_visible()
    for opcion in ("Rutas", "Precio"):
        ir_a(pagina, pagina.get_by_role("checkbox", name=opcion, exact=True))
        pagina.keyboard.press("Space")
    escribir(pagina, "¿Cada cuánto lo usa?", "Cada s")
    elegir(pagina, re.compile("llega a tiempo"), "De acuerdo")
    elegir(pagina, re.compile("Recomendaría"), "8")
    revisar(pagina, "encuesta, escalas")
    pulsar(pagina, "Guardar y seguir después")
    enlace = pagina.get_by_label("Su enlace para seguir después").input_value()
    revisar(pagina, "encuesta guardada")
    pagina.goto(enlace)
    expect(pagina.get_by_role("checkbox", name="Rutas")).to_be_checked()
    pulsar(pagina, "Siguiente")

    for fila in ("La frecuencia", "El aseo"):
        elegir(pagina, fila, "Bien")
    escribir(pagina, re.compile("^Precio"), "1")
    pagina.get_by_label("Tiempo", exact=True).focus()
    pagina.keyboard.type("2")
    elegir(pagina, re.compile("vehículo propio"), "No")
    revisar(pagina, "encuesta, matriz y orden")
    pulsar(pagina, "Siguiente")
    escribir(pagina, "Su correo", "vecina@example.org")
    ir_a(pagina, pagina.get_by_role("checkbox", name="Acepto que se publique"))
    pagina.keyboard.press("Space")
    pulsar(pagina, "Revisar mis respuestas")

    expect(pagina.get_by_role("heading", level=1)).to_have_text("Revise sus respuestas")
    for dicho in ("La Floresta", "Bicicleta", "Rutas", "Cada semana", "El aseo: Bien", "1. Precio", "vecina@example.org"):
        expect(pagina.get_by_text(dicho).first).to_be_visible()
    revisar(pagina, "encuesta, revisión")
    pulsar(pagina, "Enviar")
    expect(pagina.locator(".referencia")).to_have_text(re.compile(r"^E-\d{4}-\d{5}$"))
    revisar(pagina, "encuesta, recibo")
    recibo = pagina.url
    referencia = pagina.locator(".referencia").inner_text()
    pagina.go_back()  # el botón «atrás» llega al recibo: no se envía otra vez
    expect(pagina).to_have_url(recibo)
    return referencia


def test_contestar_todos_los_tipos_con_el_teclado_en_un_telefono(nueva_pagina, completa, sitio, axe, vigia):
    vigia.admitir(r"status of 422")
    referencia = contestar(nueva_pagina(ancho=360, alto=800), completa[0], pasos.Revisor(axe), con_js=True)
    assert enviadas(sitio, referencia) == 1


def test_contestar_sin_javascript(nueva_pagina, completa, sitio, vigia):
    vigia.admitir(r"status of 422")

    def revisar(*_argumentos):
        """axe necesita JavaScript; la otra prueba lo pasa por las mismas plantillas."""

    referencia = contestar(nueva_pagina(js=False, ancho=360, alto=800), completa[0], revisar, con_js=False)
    assert enviadas(sitio, referencia) == 1


def test_el_editor_arma_una_condicion_sin_escribir_claves(nueva_pagina, completa):
    editor = nueva_pagina()
    pasos.entrar(editor, "editor@demo.example", "/admin/")
    editor.goto(f"/admin/pages/{completa[1]}/edit/")
    regla = "formulario-4-value-condicion-reglas-0-value-"
    pregunta, valor = (editor.locator(f"[name='{regla}{papel}'] + div > *") for papel in ("pregunta", "valor"))
    expect(valor).to_have_value("medio-o2")
    editor.evaluate("document.querySelectorAll('[data-panel-toggle][aria-expanded=false]').forEach(b => b.click())")
    expect(pregunta.locator("option")).to_have_count(5)
    assert pregunta.locator("option").all_inner_texts()[1:] == [
        "1. ¿En qué barrio vive?", "2. ¿Cuántas personas viven en su casa?", "3. ¿Cuándo usó el bus por última vez?", "4. ¿En qué se mueve más?",
    ]  # fmt: skip
    expect(editor.get_by_label("Si en la pregunta").first).to_have_value("medio")
    pregunta.select_option("casa")
    operador = editor.locator(f"[name='{regla}operador']")
    # `expect` espera a que el editor rehaga las listas; leerlas de una vez daría las de antes.
    expect(operador.locator("option:not([disabled])")).to_have_text(
        ["es", "no es", "es mayor que", "es menor que", "fue contestada", "quedó sin contestar"]
    )
    expect(valor).to_have_attribute("type", "number")
    expect(valor).to_have_value("")
    operador.select_option("contestada")
    expect(valor).to_be_hidden()
    # Renombrar una opción, aún sin guardar, ya se ve en la lista.
    operador.select_option("igual")
    pregunta.select_option("medio")
    editor.locator("[name='formulario-3-value-opciones-1-value-texto']").fill("Cicla")
    expect(valor.locator("option", has_text="Cicla")).to_have_count(1)


class Editor:
    """La pantalla de edición de una página, con sus bloques por puesto de nacimiento: moverlos no lo cambia."""

    def __init__(self, pagina):
        self.pagina, self.hay = pagina, 0

    def anadir(self, tipo, texto, opciones=(), campo="texto"):
        """Añade un bloque al final; devuelve su puesto."""
        puesto, self.hay = self.hay, self.hay + 1
        self.pagina.locator("[data-contentpath=formulario] button[title='Insertar un bloque']").last.click()
        self.pagina.get_by_role("option", name=tipo, exact=True).click()
        self.dato(puesto, campo).fill(texto)
        for n, opcion in enumerate(opciones):
            self.dato(puesto, f"opciones-{n}-value-texto").fill(opcion)
        return puesto

    def dato(self, puesto, nombre):
        return self.pagina.locator(f"[name='formulario-{puesto}-value-{nombre}']")

    def boton(self, puesto, nombre):
        bloque = self.pagina.locator(f"[data-streamfield-child]:has(> [name='formulario-{puesto}-id'])")
        return bloque.get_by_role("button", name=nombre).first

    def condicion(self, puesto, regla, papel):
        """La lista visible de una condición."""
        return self.pagina.locator(f"[name='formulario-{puesto}-value-condicion-reglas-{regla}-value-{papel}'] + div > select")

    def condicionar(self, puesto, pregunta, valor):
        """Añade la regla «pregunta es valor» a un bloque."""
        reglas = self.dato(puesto, "condicion-reglas-count")
        regla = int(reglas.input_value())
        cuando = self.pagina.locator(f"section:has([name='formulario-{puesto}-value-condicion-reunir'])").last
        if regla == 0:
            cuando.locator("[data-panel-toggle]").first.click()
        cuando.locator("[data-streamfield-list-add]").last.click()
        self.condicion(puesto, regla, "pregunta").select_option(label=pregunta)
        self.condicion(puesto, regla, "valor").select_option(label=valor)

    def claves(self):
        return self.pagina.evaluate("[...document.querySelectorAll(\"[name^=formulario-][name$='-id']\")].map(c => c.value)")


def test_el_editor_arma_una_encuesta_desde_cero_la_previsualiza_y_la_publica(nueva_pagina, sitio):
    pagina = nueva_pagina()
    pasos.entrar(pagina, "editor@demo.example", "/admin/")
    madre = sitio.manage("shell", "-v0", "-c", "from home.models import InicioPage; print(InicioPage.objects.first().pk)")
    pagina.goto(f"/admin/pages/add/encuestas/encuestapage/{madre.split()[-1]}/")
    pagina.locator("[name=title]").fill("El parque del barrio")
    pagina.locator("[name=resumen]").fill("Para decidir qué arreglar.")
    pagina.locator("[name=proposito]").fill("Arreglar primero lo que más se use.")
    pagina.locator("[name=modo]").select_option("anonima")
    editor = Editor(pagina)
    editor.anadir("Una opción", "¿Va al parque?", ["Sí, a menudo", "Nunca"])
    hora = editor.anadir("Una opción", "¿A qué hora?", ["Mañana", "Tarde"])
    editor.anadir("Página nueva", "Su opinión", campo="titulo")
    por_que = editor.anadir("Texto largo", "¿Por qué no?")
    # Dos preguntas del mismo tipo añadidas seguidas no comparten la clave de ninguna opción.
    claves = editor.claves()
    assert len(claves) == 8 and len(set(claves)) == 8

    # Cómo se reúnen las condiciones sólo se pregunta cuando hay varias.
    reunir = editor.dato(por_que, "condicion-reunir")
    editor.condicionar(por_que, "1. ¿Va al parque?", "Nunca")
    expect(reunir).to_be_hidden()
    editor.condicionar(por_que, "2. ¿A qué hora?", "Tarde")
    expect(reunir).to_be_visible()
    reunir.select_option("alguna")

    # La copia de una pregunta con condición mira las mismas preguntas; la copia de una mirada no las reemplaza.
    editor.boton(por_que, "Duplicar").click()
    copia, editor.hay = editor.hay, editor.hay + 1
    expect(editor.condicion(copia, 0, "pregunta").locator("option:checked")).to_have_text("1. ¿Va al parque?")
    expect(editor.condicion(copia, 0, "valor").locator("option:checked")).to_have_text("Nunca")
    assert len(set(editor.claves())) == len(editor.claves()) == 8 + 1 + 4  # la copia y las reglas de las dos
    editor.dato(copia, "texto").fill("¿Algo más?")
    editor.boton(copia, "Eliminar").click()
    expect(editor.dato(copia, "texto")).to_be_hidden()

    # Mover una pregunta detrás de quien la mira se dice allí mismo; al devolverla, se olvida.
    elegida = editor.condicion(por_que, 1, "pregunta").locator("option:checked")
    for _vez in range(2):
        editor.boton(hora, "Bajar").click()
    expect(elegida).to_have_text("(ya no está antes de ésta: elija otra)")
    expect(pagina.get_by_label("Si en la pregunta").nth(1)).to_be_visible()  # el rótulo sigue siendo suyo
    for _vez in range(2):
        editor.boton(hora, "Subir").click()
    expect(elegida).to_have_text("2. ¿A qué hora?")

    pagina.get_by_role("button", name="Alternar vista previa").click()
    previa = pagina.frame_locator("iframe#w-preview-iframe, [data-preview-iframe], iframe[title*=revia]")
    expect(previa.get_by_role("group", name="Página 2", exact=True)).to_contain_text("¿Por qué no?")
    expect(previa.get_by_role("radio", name="Sí, a menudo")).to_be_disabled()
    expect(previa.get_by_role("link", name="Responder", exact=True)).to_have_count(0)

    pagina.get_by_role("button", name="Más acciones").click()
    pasos.pulsar(pagina.get_by_role("button", name="Publicar"))
    pasos.pulsar(pagina.get_by_role("link", name="Ver en vivo").first)
    vecina = nueva_pagina(ancho=360, alto=800)
    vecina.goto(pagina.url)
    pasos.pulsar(vecina.get_by_role("link", name="Responder", exact=True))
    vecina.get_by_label("Nunca").check()
    pasos.pulsar(vecina.get_by_role("button", name="Siguiente"))
    vecina.get_by_label("¿Por qué no?").fill("Está oscuro.")
    pasos.pulsar(vecina.get_by_role("button", name="Revisar mis respuestas"))
    expect(vecina.get_by_text("Sin responder (es opcional)")).to_have_count(1)
    pasos.pulsar(vecina.get_by_role("button", name="Enviar"))
    expect(vecina.locator(".referencia")).to_have_text(re.compile(r"^E-\d{4}-\d{5}$"))
    expect(vecina.get_by_text("Los resultados se publicarán cuando cierre la encuesta")).to_be_visible()
