"""Un reto entero, de la convocatoria al informe de cierre, como lo llevan quienes toman parte en él."""

import re
import subprocess
import sys
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from . import pasos
from .conftest import RAIZ
from .reto_completo import PREGUNTA, TITULO
from .test_recorrido import pestana, publicar

PASILLOS, TECHOS = "Pasillos con matas", "Techos pintados de blanco"
JURADO = ["jurado1", "jurado2", "jurado3"]


class Reloj:
    """Lleva el reto sembrado de una fase a otra moviendo sus fechas publicadas."""

    def __init__(self, sitio):
        orden = "from tests.navegador import reto_completo; reto_completo.atender()"
        self.proceso = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v0", "-c", orden],
            cwd=RAIZ, env=sitio.entorno, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.pagina = int(self.proceso.stdout.readline())

    def ir_a(self, fase: str) -> int:
        """Devuelve el número del ejercicio."""
        self.proceso.stdin.write(f"{fase}\n")
        self.proceso.stdin.flush()
        return int(self.proceso.stdout.readline())

    def parar(self):
        self.proceso.communicate(timeout=20)
        assert self.proceso.returncode == 0


@pytest.fixture
def reloj(sitio):
    reloj = Reloj(sitio)
    yield reloj
    reloj.parar()


@pytest.fixture
def entrar(nueva_pagina):
    def abrir(usuario, destino="/mi-cuenta/", **ventana):
        pagina = nueva_pagina(**ventana)
        pasos.entrar(pagina, f"{usuario}@demo.example", destino)
        return pagina

    return abrir


def test_un_reto_de_la_convocatoria_al_informe(nueva_pagina, entrar, reloj, correos, axe, tmp_path, vigia):
    vigia.admitir(r"status of 422")
    revisar = pasos.Revisor(axe, con_axe=(320,))
    url = publicar_reto(entrar("editor", "/admin/"), reloj.pagina)
    publico = nueva_pagina(ancho=360)
    publico.goto(url)
    revisar(publico, "reto con programa")

    ciudadana, empresa = entrar("ciudadana", ancho=360), entrar("empresa")
    proponer(ciudadana, url, PASILLOS, "4", revisar)
    proponer(empresa, url, TECHOS, "12", revisar, en_nombre_de="Software El Samán S. A. S.")
    moderadora = entrar("moderador", "/admin/")
    for titulo in (PASILLOS, TECHOS):
        pasos.moderar(moderadora, titulo, "Aprobar y publicar", "", lambda *_: None)

    numero = reloj.ir_a("admisibilidad")
    gestion = entrar("gestion", "/admin/programa/convocatoria/")
    revisar(gestion, "programa de retos")
    pasos.pulsar(gestion.get_by_role("link", name=TITULO))
    revisar(gestion, "resumen de un reto")
    for titulo in (PASILLOS, TECHOS):
        admitir(gestion, numero, titulo, revisar)

    reloj.ir_a("apoyo")
    vecina = entrar("universidad", ancho=360)
    apoyar(vecina, url, TECHOS)
    publico.goto(f"{url}votos/")
    expect(publico.get_by_role("heading", level=1)).to_contain_text("Votos")
    revisar(publico, "votos")

    jurado = convocar_jurado(gestion, numero, entrar, correos, revisar)
    reloj.ir_a("evaluacion")
    for usuario, pagina in jurado.items():
        calificar(pagina, {TECHOS: "5", PASILLOS: "2" if usuario != "jurado3" else "3"}, revisar)

    reloj.ir_a("decision")
    mirar(gestion, f"evaluacion/{numero}", ("resultados",), revisar)
    decidir(gestion, numero, revisar)
    mirar(gestion, f"decision/{numero}", ("banco", "respuestas"), revisar)
    for correo, contiene in (("empresa", "Elegida"), ("ciudadana", "banco de elegibles"), ("universidad", "Elegida")):
        correos.esperar(f"{correo}@demo.example", contiene=contiene)
    publico.goto(f"{url}decision/")
    expect(publico.get_by_role("main")).to_contain_text("Software El Samán S. A. S.")
    expect(publico.get_by_role("main")).to_contain_text("Baja seis grados")
    revisar(publico, "decisión")
    publico.goto(f"{url}respuestas/")
    revisar(publico, "respuestas")
    ciudadana.goto("/mis-propuestas/")
    pasos.pulsar(ciudadana.get_by_role("link", name=PASILLOS).first)
    expect(ciudadana.get_by_text("Se entiende y cuesta poco.").first).to_be_visible()  # lo que le escribió el jurado
    revisar(ciudadana, "propuesta respondida")

    reloj.ir_a("implementacion")
    implementar(gestion, numero, pasos.archivo_pdf(tmp_path, "mediciones.pdf"), revisar)
    correos.esperar("universidad@demo.example", contiene="Van tres aulas")
    publico.goto(f"{url}seguimiento/")
    expect(publico.get_by_role("main")).to_contain_text("Pintar doce aulas")
    revisar(publico, "seguimiento")
    pasos.pulsar(publico.get_by_role("link", name=TECHOS).first)
    with publico.expect_download() as bajada:
        publico.get_by_role("link", name="mediciones.pdf").click()
    assert bajada.value.suggested_filename == "mediciones.pdf"
    revisar(publico, "propuesta con su plan")

    reloj.ir_a("cierre")
    gestion.goto(f"/admin/programa/seguimiento/{numero}/cierre/")
    gestion.get_by_label("Conclusiones").fill("Doce aulas más frescas.")
    pasos.pulsar(gestion.get_by_role("button", name="Cerrar el reto"))
    expect(gestion.get_by_text("El reto se cerró el")).to_be_visible()
    mirar(gestion, f"seguimiento/{numero}", ("cierre",), revisar)
    mirar(gestion, "informe", (f"{numero}",), revisar)
    leer_el_informe(publico, url, revisar)


def publicar_reto(editora, pagina) -> str:
    """Termina de escribir el reto sembrado y lo publica. Devuelve su dirección."""
    editora.goto(f"/admin/pages/{pagina}/edit/")
    editora.locator("#id_title").fill(TITULO)
    editora.locator("#id_resumen").fill("A mediodía las aulas pasan de 34 grados.")
    editora.locator("#id_pregunta_central").fill("¿Cómo refrescar las aulas sin aire acondicionado?")
    publicar(editora)
    pestana(editora, "Cómo se elige")
    expect(editora.get_by_text("Los pesos deben sumar 100; ahora suman 90.")).to_be_visible()
    editora.locator("#criterios-1-value-peso").fill("40")
    publicar(editora)
    pasos.pulsar(editora.get_by_role("link", name="Ver en vivo").first)
    expect(editora.get_by_role("heading", level=1)).to_have_text(TITULO)
    return editora.url


def proponer(pagina, url, titulo, aulas, revisar, en_nombre_de=None):
    pagina.goto(url)
    pasos.pulsar(pagina.get_by_role("link", name="Enviar una propuesta"))
    for rotulo, texto in (("Título", titulo), ("Resumen", "Menos sol, más brisa.")):
        with pagina.expect_response(re.compile("/parecidas/")):  # escribir más deprisa cancelaría la búsqueda
            pagina.get_by_label(rotulo).fill(texto)
            pagina.get_by_label(rotulo).blur()
    pagina.get_by_label("Descripción").fill("Primero se mide; después se hace; al final se mide otra vez.")
    if en_nombre_de:
        pagina.get_by_label(en_nombre_de).check()
    pagina.get_by_role("checkbox", name=re.compile("términos")).check()
    pasos.pulsar(pagina.get_by_role("button", name="Enviar propuesta"))
    expect(pagina.get_by_role("alert")).to_contain_text(PREGUNTA)
    pagina.get_by_label(PREGUNTA).fill(aulas)
    revisar(pagina, "propuesta con pregunta propia")
    pasos.pulsar(pagina.get_by_role("button", name="Enviar propuesta"))
    expect(pagina.get_by_role("heading", level=1)).to_contain_text("Recibimos su propuesta")


def mirar(gestion, donde, pantallas, revisar):
    """Pantallas de gestión recién abiertas: el aviso de lo que se acaba de hacer, que se desvanece, confunde a axe."""
    for pantalla in pantallas:
        gestion.goto(f"/admin/programa/{donde}/{pantalla}/")
        revisar(gestion, f"{donde.split('/')[0]} {pantalla}")


def admitir(gestion, numero, titulo, revisar):
    gestion.goto(f"/admin/programa/evaluacion/{numero}/requisitos/")
    revisar(gestion, "requisitos")
    pasos.pulsar(gestion.get_by_role("link", name=re.compile(titulo)))
    revisar(gestion, "revisión de requisitos")
    gestion.get_by_label("Cumple", exact=True).check()
    pasos.pulsar(gestion.get_by_role("button", name="Admitir: cumple todo"))


def apoyar(pagina, url, titulo):
    pagina.goto(f"{url}propuestas/")
    pasos.pulsar(pagina.get_by_role("link", name=titulo))
    expect(pagina.get_by_text("Quien propone se conocerá con la decisión").first).to_be_visible()
    pagina.get_by_label("Avíseme por correo").check()
    pagina.get_by_role("button", name="Apoyar esta propuesta").click()
    expect(pagina.locator("#apoyo")).to_contain_text("el suyo incluido")


def convocar_jurado(gestion, numero, entrar, correos, revisar) -> dict:
    """Invita a tres personas, que aceptan desde el enlace del correo, y reparte. Devuelve la ventana de cada una."""
    jurado = {}
    for usuario in JURADO:
        gestion.goto(f"/admin/programa/evaluacion/{numero}/jurado/")
        gestion.get_by_label("Correo electrónico").fill(f"{usuario}@demo.example")
        gestion.get_by_label("Nombres").fill("Como")
        gestion.get_by_label("Apellidos").fill("Se llame")
        pasos.pulsar(gestion.get_by_role("button", name="Invitar"))
        invitacion = correos.esperar(f"{usuario}@demo.example", contiene=TITULO)
        assert "/jurado/" in invitacion.get_content()
        pagina = jurado[usuario] = entrar(usuario, "/jurado/", ancho=360)
        seccion = pagina.get_by_role("region", name=TITULO)
        pasos.pulsar(seccion.get_by_role("button", name="Acepto", exact=True))
    gestion.goto(f"/admin/programa/evaluacion/{numero}/asignacion/")
    pasos.pulsar(gestion.get_by_role("button", name="Repartir"))
    mirar(gestion, f"evaluacion/{numero}", ("asignacion", "jurado", "avance", "deliberacion"), revisar)
    for pagina in jurado.values():
        pagina.goto("/jurado/")
        expect(pagina.get_by_role("region", name=TITULO).get_by_text("0 de 2 enviadas")).to_be_visible()
        revisar(pagina, "mesa del jurado")
    return jurado


def calificar(pagina, notas, revisar):
    """Califica lo que tiene en la mesa, por «Siguiente pendiente», y comprueba que no se le dice de quién es."""
    pagina.goto("/jurado/")
    pasos.pulsar(pagina.get_by_role("region", name=TITULO).get_by_role("link", name="Siguiente pendiente"))
    for vez in range(len(notas)):
        nota = notas[pagina.get_by_role("heading", level=1).inner_text()]
        expect(pagina.get_by_text("Evaluación ciega")).to_be_visible()
        expect(pagina.get_by_role("main")).not_to_contain_text(re.compile("Samán|Marín"))
        for criterio in ("Frescura", "Costo"):
            pagina.get_by_role("group", name=re.compile(criterio)).get_by_role("radio", name=re.compile(f"^{nota}")).check()
        pagina.get_by_label("Comentario para quien propone").fill("Se entiende y cuesta poco.")
        revisar(pagina, "evaluar")
        pasos.pulsar(pagina.get_by_role("button", name="Enviar la evaluación"))
        pagina.goto("/jurado/")
        seccion = pagina.get_by_role("region", name=TITULO)
        expect(seccion.get_by_text(f"{vez + 1} de {len(notas)} enviadas")).to_be_visible()
        if vez + 1 < len(notas):
            pasos.pulsar(seccion.get_by_role("link", name="Siguiente pendiente"))


def decidir(gestion, numero, revisar):
    """Decide, revisa lo que saldrá y publica."""
    gestion.goto(f"/admin/programa/decision/{numero}/propuestas/")
    primera, segunda = (gestion.get_by_role("group", name=re.compile(titulo)) for titulo in (TECHOS, PASILLOS))
    expect(primera).to_contain_text("Puesto 1: media 100,00")
    revisar(gestion, "decidir propuesta por propuesta")
    primera.get_by_label("Resultado").select_option("elegida")
    primera.get_by_label("Respuesta").fill("Baja seis grados y cuesta poco.")
    segunda.get_by_label("Resultado").select_option("elegible")
    segunda.get_by_label("Puesto en el banco").fill("1")
    pasos.pulsar(gestion.get_by_role("button", name="Guardar esta página"))
    gestion.goto(f"/admin/programa/decision/{numero}/")
    revisar(gestion, "decisión en preparación")
    gestion.get_by_label("Motivos").fill("Las tres personas del jurado coincidieron.")
    gestion.get_by_label("Respuesta común: En el banco de elegibles").fill("«{titulo}» espera en el banco.")
    pasos.pulsar(gestion.get_by_role("button", name="Tomar la decisión"))
    for saldra in ("empresa@demo.example", "ciudadana@demo.example", f"«{PASILLOS}» espera en el banco.", "1 persona que la apoyó"):
        expect(gestion.locator("main").get_by_text(saldra).first).to_be_visible()
    mirar(gestion, f"decision/{numero}", ("mensajes",), revisar)
    gestion.goto(f"/admin/programa/decision/{numero}/")
    pasos.pulsar(gestion.get_by_role("button", name="Publicar la decisión"))
    expect(gestion.get_by_text("2 propuestas respondidas")).to_be_visible()


def implementar(gestion, numero, evidencia, revisar):
    """Un plan de un hito, de principio a fin, y lo que se logró."""
    gestion.goto(f"/admin/programa/seguimiento/{numero}/")
    pasos.pulsar(gestion.get_by_role("link", name=TECHOS))
    plan = gestion.url
    gestion.get_by_label("Responsable en la entidad").fill("Secretaría de Educación")
    gestion.get_by_label("Presupuesto (COP)").fill("12.500.000")
    pasos.pulsar(gestion.get_by_role("button", name="Guardar el plan"))
    expect(gestion.get_by_label("Presupuesto (COP)")).to_have_value("12.500.000")
    pasos.pulsar(gestion.get_by_role("link", name="Añadir un hito"))
    gestion.get_by_label("Hito").fill("Pintar doce aulas")
    gestion.get_by_label("Inicia").fill(date.today().isoformat())
    gestion.get_by_label("Vence").fill((date.today() + timedelta(days=20)).isoformat())
    pasos.pulsar(gestion.get_by_role("button", name="Guardar el hito"))
    gestion.goto(plan)
    pasos.pulsar(gestion.get_by_role("button", name="Empezar la implementación"))
    pasos.pulsar(gestion.get_by_role("link", name="Pintar doce aulas"))
    hito = gestion.url
    pasos.pulsar(gestion.get_by_role("button", name="Empezarlo"))
    gestion.goto(hito)
    revisar(gestion, "hito")
    gestion.get_by_label("Avance (%)").fill("25")
    gestion.get_by_label("Qué pasó").fill("Van tres aulas.")
    gestion.get_by_label("Evidencia").set_input_files(evidencia)
    pasos.pulsar(gestion.get_by_role("button", name="Publicar el avance"))
    gestion.goto(hito)
    pasos.pulsar(gestion.get_by_role("button", name="Darlo por cumplido"))
    gestion.goto(plan)
    pasos.pulsar(gestion.get_by_role("link", name="Lo que se logró"))
    revisar(gestion, "lo que se logró")
    gestion.get_by_label("Personas beneficiadas").fill("420")
    gestion.get_by_label("En parte").check()
    gestion.get_by_label("Qué se logró y cómo se sabe").fill("Seis grados menos, medidos en doce aulas.")
    pasos.pulsar(gestion.get_by_role("button", name="Guardar"))
    gestion.goto(plan)
    revisar(gestion, "plan de trabajo")
    pasos.pulsar(gestion.get_by_role("button", name="Darla por implementada"))
    mirar(gestion, "seguimiento", (f"{numero}",), revisar)


def leer_el_informe(publico, url, revisar):
    """El informe final y su PDF, con lo que pasó."""
    publico.goto(url)
    pasos.pulsar(publico.get_by_role("link", name="Leer el informe").first)
    informe = publico.get_by_role("main")
    for dicho in ("Informe de cierre", TECHOS, "Doce aulas más frescas.", "Pintar doce aulas", "420", "Las tres personas del jurado"):
        expect(informe).to_contain_text(dicho)
    expect(informe.get_by_text("Informe preliminar")).to_have_count(0)
    revisar(publico, "informe")
    enlace = publico.get_by_role("link", name="Descargar en PDF").get_attribute("href")
    pdf = publico.request.get(enlace)
    assert (pdf.headers["content-type"], pdf.body()[:5]) == ("application/pdf", b"%PDF-")
    publico.goto(url)
    revisar(publico, "reto cerrado")
