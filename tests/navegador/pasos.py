"""Lo que hace una persona en el navegador, paso a paso. Cada paso sirve con y sin JavaScript."""

import os
import re
from pathlib import Path

from playwright.sync_api import Page as Pagina
from playwright.sync_api import expect
from stdnum.co import nit

from plataforma.demostracion.personas import CLAVE as CLAVE_DEMO
from tests import fabricas

CLAVE = "clave-de-recorrido-2026"
# Lo que axe encuentra en pantallas de Wagtail y no es nuestro. Una regla más, o en otra pantalla, es una falta.
LINEA_BASE_WAGTAIL = {
    "editor de página": {
        "aria-input-field-name",  # el cuadro de texto enriquecido (Draftail) no tiene nombre accesible
        "color-contrast",  # el aviso de página programada y su botón
    },
}


class Revisor:
    """Pasa axe por cada plantilla, una vez, y comprueba que nada se salga de la pantalla a 320 ni a 1280 px.

    `con_axe`: a qué anchos lo pasa. El marco de las páginas, que es lo que cambia con el ancho, ya lo revisa
    `test_recorrido` a los dos.

    Con `CAPTURAS=carpeta` en el entorno deja además una imagen de cada una a 360 y a 1280 px, para mirarlas.
    """

    def __init__(self, axe, con_axe=(320, 1280)):
        self.axe, self.con_axe, self.vistas, self.carpeta = axe, con_axe, set(), os.environ.get("CAPTURAS")

    def __call__(self, pagina: Pagina, nombre: str):
        if nombre in self.vistas:
            return
        self.vistas.add(nombre)
        pagina.wait_for_load_state()
        tamano = pagina.viewport_size
        for ancho in (320, 1280):
            pagina.set_viewport_size({"width": ancho, "height": 900})
            if ancho in self.con_axe:
                self.axe(pagina, admite=LINEA_BASE_WAGTAIL.get(nombre, ()))
            assert pagina.evaluate("document.documentElement.scrollWidth") <= ancho, (nombre, ancho)
        if self.carpeta:
            self._fotografiar(pagina, nombre)
        pagina.set_viewport_size(tamano)

    def _fotografiar(self, pagina: Pagina, nombre: str):
        for ancho in (360, 1280):
            pagina.set_viewport_size({"width": ancho, "height": 900})
            # En el administrador no crece la página sino un marco suyo: sin darle su alto saldría cortada.
            alto = pagina.evaluate("Math.max(900, ...[...document.querySelectorAll('main')].map((m) => m.scrollHeight))")
            pagina.set_viewport_size({"width": ancho, "height": min(alto, 8000)})
            pagina.screenshot(path=Path(self.carpeta) / f"{nombre} {ancho}.png", full_page=True)


def pulsar(control):
    """Pulsa algo que lleva a otra página y espera a que esté entera: leerla a medio llegar daría listas vacías."""
    with control.page.expect_navigation():
        control.click()


def entrar(pagina: Pagina, correo: str, destino="/mi-cuenta/", clave=CLAVE_DEMO):
    pagina.goto(f"/cuenta/login/?next={destino}")
    pagina.get_by_label("Correo electrónico").fill(correo)
    pagina.get_by_label("Contraseña").fill(clave)
    pulsar(pagina.locator("main").get_by_role("button", name="Ingresar"))
    expect(pagina).to_have_url(re.compile(re.escape(destino) + "$"))


def declarar_y_autorizar(pagina: Pagina):
    """La edad y las casillas del registro, que nacen sin marcar: gestionar la participación y publicar el nombre."""
    expect(pagina.get_by_role("checkbox", checked=True)).to_have_count(0)
    pagina.get_by_label("18 años o más").check()
    pagina.locator("[name=finalidad_participar]").check()
    pagina.locator("[name=finalidad_nombre_publico]").check()


def registrarse(pagina: Pagina, correos, correo: str, nombres: str, apellidos: str, revisar):
    """Crea la cuenta y la confirma con el código que llega por correo."""
    pagina.goto("/")
    pagina.get_by_role("link", name="Registrarse").first.click()
    revisar(pagina, "registro")
    pagina.get_by_label("Nombres").fill(nombres)
    pagina.get_by_label("Apellidos").fill(apellidos)
    pagina.get_by_label("Correo electrónico").fill(correo)
    pagina.get_by_role("textbox", name="Contraseña").fill(CLAVE)
    declarar_y_autorizar(pagina)
    pulsar(pagina.get_by_role("button", name="Crear mi cuenta"))
    revisar(pagina, "código de confirmación")
    mensaje = correos.esperar(correo)
    codigo = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", mensaje.get_content(), re.M)[1]
    pagina.locator("input[name=code]").fill(codigo)
    pagina.get_by_role("button", name="Confirmar").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Mi cuenta")
    revisar(pagina, "mi cuenta")


def registrar_organizacion(pagina: Pagina, tipo: str, nombre: str, revisar):
    pagina.goto("/mi-cuenta/")
    pagina.get_by_role("link", name="Registrar una organización").click()
    revisar(pagina, "organización nueva")
    pagina.get_by_label("tipo").select_option(label=tipo)
    pagina.get_by_label("nombre o razón social").fill(nombre)
    if tipo not in ("Organización social", "Veeduría"):
        numero = str(900_000_000 + sum(nombre.encode()))
        pagina.get_by_label("NIT").fill(numero + nit.calc_check_digit(numero))
    pagina.get_by_role("button", name="Registrar").click()
    expect(pagina.get_by_role("heading", name=nombre)).to_be_visible()
    revisar(pagina, "organización")


def proponer(pagina: Pagina, url_reto: str, titulo: str, archivo: Path, en_nombre_de: str | None, revisar) -> str:
    """Escribe el borrador, lo guarda, lo revisa y lo envía. Devuelve la referencia."""
    pagina.goto(url_reto)
    pagina.get_by_role("link", name="Enviar una propuesta").click()
    revisar(pagina, "formulario de propuesta")
    pagina.get_by_label("Título").fill(titulo)
    pagina.get_by_role("button", name="Enviar propuesta").click()
    expect(pagina.get_by_role("alert")).to_contain_text("Resumen")
    revisar(pagina, "formulario con errores")
    pagina.get_by_label("Resumen").fill("Un resumen corto de lo que se haría.")
    pagina.get_by_label("Añadir archivos").set_input_files(archivo)
    pagina.get_by_role("button", name="Guardar borrador").click()
    expect(pagina.get_by_text("Borrador guardado")).to_be_visible()
    expect(pagina.get_by_text(archivo.name).first).to_be_visible()
    revisar(pagina, "borrador guardado")
    pagina.get_by_label("Descripción").fill("Primero esto.\n\nDespués aquello, con <b>cuidado</b>.")
    if en_nombre_de:
        pagina.get_by_label(en_nombre_de).check()
    pagina.get_by_role("checkbox", name="Acepto los términos").check()
    pagina.get_by_role("button", name="Enviar propuesta").click()
    expect(pagina.get_by_role("heading", level=1)).to_contain_text("Recibimos su propuesta")
    revisar(pagina, "propuesta recibida")
    return pagina.locator(".referencia").inner_text()


def moderar(pagina: Pagina, titulo: str, boton: str, motivo: str, revisar):
    """Busca la entrada en la cola y la decide."""
    pagina.goto("/admin/moderacion/")
    revisar(pagina, "cola de moderación")
    pagina.locator("form[role=search]").get_by_label(re.compile("Texto|Palabras|Título")).fill(titulo)
    pulsar(pagina.get_by_role("button", name="Filtrar"))
    pulsar(pagina.get_by_role("link", name=titulo))
    revisar(pagina, "entrada de moderación")
    if motivo:
        pagina.locator("textarea[name=motivo]").fill(motivo)
    pulsar(pagina.get_by_role("button", name=boton))


def archivo_pdf(carpeta: Path, nombre: str) -> Path:
    ruta = carpeta / nombre
    ruta.write_bytes(fabricas.pdf().read())
    return ruta
