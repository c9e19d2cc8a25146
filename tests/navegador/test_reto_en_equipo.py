"""Lo que en un reto hacen varias personas a la vez: contar problemas, escribir en equipo, unirse, completar y votar."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from . import pasos
from .reto_en_equipo import SEMBRADAS, VOTO

PROBLEMA, EN_EQUIPO, PARECIDA = "No hay dónde sentarse", "Paraderos que dan sombra", "Paraderos con sombra de guadua"
URL_PARQUE, URL_VOTO = "/retos/parque/", "/retos/paraderos/"
NUEVA = "jurado.nueva@ejemplo.co"


@pytest.fixture
def revisar(axe):
    return pasos.Revisor(axe, con_axe=(320,))


@pytest.fixture
def entrar(nueva_pagina):
    def abrir(usuario, destino="/mi-cuenta/", **ventana):
        pagina = nueva_pagina(**ventana)
        pasos.entrar(pagina, f"{usuario}@demo.example", destino)
        return pagina

    return abrir


@pytest.fixture
def numero(sitio):
    """El del ejercicio que se vota por orden."""
    return int(sitio.manage("shell", "-v0", "-c", "from tests.navegador import reto_en_equipo as r; r.sembrar()").split()[-1])


def pulsar(pagina, papel, nombre):
    pasos.pulsar(pagina.get_by_role("main").get_by_role(papel, name=nombre).first)


def test_del_problema_a_la_propuesta_en_equipo(entrar, nueva_pagina, numero, correos, revisar, vigia):
    vigia.admitir(r"status of 4(22|10)")
    ciudadana, universidad = entrar("ciudadana", ancho=360), entrar("universidad", ancho=360)
    moderadora, gestion = entrar("moderador", "/admin/"), entrar("gestion", "/admin/programa/convocatoria/")
    contar_un_problema(ciudadana, universidad, moderadora, revisar)
    propuesta = escribir_en_equipo(ciudadana, universidad, moderadora, correos, revisar)
    empresa = entrar("empresa", ancho=360)
    unirse(empresa, ciudadana, propuesta, moderadora, revisar)
    completar(gestion, ciudadana, numero, correos, revisar)
    votar_por_orden(universidad, revisar)
    jurado_con_cuenta_nueva(gestion, nueva_pagina(ancho=360), numero, correos, revisar)
    leer_en_ingles(nueva_pagina(ancho=360), revisar)
    recorridas = {"problema", "equipo", "petición recibida", "completar información", "mi voto sin guardar", "contraseña nueva"}
    assert recorridas | {"reto en inglés"} <= revisar.vistas


def contar_un_problema(ciudadana, universidad, moderadora, revisar):
    ciudadana.goto(URL_PARQUE)
    revisar(ciudadana, "reto en diagnóstico")
    pulsar(ciudadana, "link", "Contar un problema")
    revisar(ciudadana, "contar un problema")
    pulsar(ciudadana, "button", "Enviar")
    expect(ciudadana.get_by_role("alert")).to_contain_text("El problema en una frase")
    ciudadana.get_by_label("El problema en una frase").fill(PROBLEMA)
    ciudadana.get_by_label("Cuéntelo").fill("Las bancas se dañaron y la gente mayor espera de pie.")
    pulsar(ciudadana, "button", "Enviar")
    expect(ciudadana.get_by_text(PROBLEMA).first).to_be_visible()
    revisar(ciudadana, "problema en revisión")
    pasos.moderar(moderadora, PROBLEMA, "Aprobar y publicar", "", lambda *_: None)
    universidad.goto(f"{URL_PARQUE}problemas/")
    revisar(universidad, "problemas")
    pulsar(universidad, "link", PROBLEMA)
    pulsar(universidad, "button", "También vivo este problema")
    expect(universidad.get_by_role("main")).to_contain_text("el suyo incluido")
    revisar(universidad, "problema")
    ciudadana.goto(universidad.url)
    pulsar(ciudadana, "link", "Retirar")
    revisar(ciudadana, "retirar un problema")


def escribir_en_equipo(ciudadana, universidad, moderadora, correos, revisar) -> str:
    """Un borrador de dos personas, que envía quien lo empezó. Devuelve la dirección de la propuesta."""
    ciudadana.goto(f"{URL_VOTO}proponer/")
    for rotulo, texto in (("Título", EN_EQUIPO), ("Resumen", "Un techo liviano."), ("Descripción", "De lámina.")):
        ciudadana.get_by_label(rotulo).fill(texto)
    pulsar(ciudadana, "button", "Guardar borrador")
    pulsar(ciudadana, "link", "Escribirla en equipo")
    ciudadana.get_by_label("Correo de la persona").fill("universidad@demo.example")
    pulsar(ciudadana, "button", "Enviar la invitación")
    expect(ciudadana.get_by_role("main")).to_contain_text("Invitación enviada")
    revisar(ciudadana, "equipo")
    correo = correos.esperar("universidad@demo.example", contiene="/equipos/invitacion/")
    enlace = re.search(r"/equipos/invitacion/\S+", correo.get_content())[0]
    universidad.goto(enlace)
    revisar(universidad, "invitación a un equipo")
    pulsar(universidad, "button", "Aceptar")
    pulsar(universidad, "link", "Seguir escribiendo")
    universidad.get_by_label("Descripción").fill("De guadua, con canal para el agua.")
    pulsar(universidad, "button", "Guardar borrador")
    universidad.goto(universidad.url.replace("editar", "equipo"))
    pulsar(universidad, "link", "Dejar el equipo")
    revisar(universidad, "dejar el equipo")
    ciudadana.goto("/mis-propuestas/")
    revisar(ciudadana, "mis propuestas")
    pulsar(ciudadana, "link", EN_EQUIPO)
    direccion = ciudadana.url
    pulsar(ciudadana, "link", "Seguir escribiendo")
    expect(ciudadana.get_by_label("Descripción")).to_have_value("De guadua, con canal para el agua.")
    ciudadana.get_by_role("checkbox", name=re.compile("términos")).check()
    pulsar(ciudadana, "button", "Enviar propuesta")
    expect(ciudadana.get_by_role("heading", level=1)).to_contain_text("Recibimos su propuesta")
    pasos.moderar(moderadora, EN_EQUIPO, "Aprobar y publicar", "", lambda *_: None)
    return direccion


def unirse(empresa, ciudadana, propuesta, moderadora, revisar):
    """La empresa envía una parecida y pide fusionarla; quien empezó la otra acepta."""
    empresa.goto(f"{URL_VOTO}proponer/")
    for rotulo, texto in (("Título", PARECIDA), ("Resumen", "Un techo de guadua."), ("Descripción", "Con canal.")):
        empresa.get_by_label(rotulo).fill(texto)
    empresa.get_by_role("checkbox", name=re.compile("términos")).check()
    pulsar(empresa, "button", "Enviar propuesta")
    pasos.moderar(moderadora, PARECIDA, "Aprobar y publicar", "", lambda *_: None)
    empresa.goto(f"{URL_VOTO}parecidas/?titulo=paraderos+con+sombra")
    expect(empresa.get_by_role("main").get_by_role("status")).to_contain_text(EN_EQUIPO)
    revisar(empresa, "parecidas")
    empresa.goto(propuesta)
    pulsar(empresa, "link", "Pedir sumarse o fusionar la suya")
    revisar(empresa, "sumarse")
    pulsar(empresa, "link", "Pedir fusionar la mía con ésta")
    revisar(empresa, "fusionar")
    empresa.get_by_role("radio", name=re.compile(PARECIDA)).check()
    empresa.get_by_label("Mensaje").fill("Ya tenemos los planos.")
    pulsar(empresa, "button", "Pedirlo")
    revisar(empresa, "petición de unirse")
    ciudadana.goto(propuesta)
    pulsar(ciudadana, "link", "Ver el equipo")
    pulsar(ciudadana, "link", "Ver y responder")
    revisar(ciudadana, "petición recibida")
    pulsar(ciudadana, "button", "Aceptar y fusionar")
    ciudadana.goto(propuesta)
    expect(ciudadana.get_by_role("region", name="Propuestas que se le fusionaron")).to_contain_text(PARECIDA)
    revisar(ciudadana, "propuesta que recibió otra")
    pulsar(ciudadana, "link", "Ver el equipo")
    pulsar(ciudadana, "link", re.compile("Quitar del equipo"))
    revisar(ciudadana, "quitar del equipo")


def completar(gestion, ciudadana, numero, correos, revisar):
    """La entidad reabre la descripción; el equipo la completa y se ve qué cambió."""
    gestion.goto(f"/admin/programa/versiones/{numero}/")
    gestion.get_by_label("Número o palabras del título").fill(EN_EQUIPO)
    pulsar(gestion, "button", "Buscar")
    pasos.pulsar(gestion.get_by_role("listitem").filter(has_text=EN_EQUIPO).get_by_role("link"))
    revisar(gestion, "pedir información")
    gestion.get_by_role("checkbox", name="Descripción").check()
    gestion.get_by_label("Qué se pide").fill("Diga cuánto pesa el techo.")
    gestion.get_by_label("Hasta cuándo").fill((datetime.now() + timedelta(days=5)).strftime("%Y-%m-%dT17:00"))
    pulsar(gestion, "button", "Pedir")
    gestion.goto(f"/admin/programa/versiones/{numero}/")  # otra vez: el aviso que se desvanece confunde a axe
    revisar(gestion, "solicitudes de información")
    correos.esperar("ciudadana@demo.example", contiene="cuánto pesa")
    ciudadana.goto("/mis-propuestas/")
    pulsar(ciudadana, "link", EN_EQUIPO)
    pulsar(ciudadana, "link", "Completarla")
    revisar(ciudadana, "completar información")
    ciudadana.get_by_label("Descripción").fill("De guadua, con canal para el agua. Pesa 90 kilos.")
    pulsar(ciudadana, "button", "Enviar a la entidad")
    pulsar(ciudadana, "link", "Ver qué cambió")
    expect(ciudadana.locator("ins").filter(has_text="Pesa 90 kilos.")).to_be_visible()
    revisar(ciudadana, "versiones")


def votar_por_orden(pagina, revisar):
    """Dos propuestas en orden, al revés de como se añadieron."""
    pagina.goto(URL_VOTO)
    revisar(pagina, "reto que se vota por orden")
    pulsar(pagina, "link", "Ir a mi voto")
    for titulo in SEMBRADAS:
        pagina.get_by_role("button", name=f"Añadir {titulo}").click()
        expect(pagina.locator(".papeleta__lista")).to_contain_text(titulo)
    pagina.get_by_role("button", name=f"Subir {SEMBRADAS[1]}").click()
    expect(pagina.locator(".papeleta__renglon").first).to_contain_text(SEMBRADAS[1])
    revisar(pagina, "mi voto sin guardar")
    pagina.get_by_role("button", name="Guardar mi voto").click()
    expect(pagina.get_by_text("Así está guardado.")).to_be_visible()
    pagina.goto(f"{URL_VOTO}votos/")
    expect(pagina.get_by_role("row", name=re.compile(SEMBRADAS[1]))).to_contain_text("2")
    revisar(pagina, "votos por orden")


def jurado_con_cuenta_nueva(gestion, persona, numero, correos, revisar):
    """A quien no tenía cuenta le llega cómo poner su contraseña; con ella entra, acepta y encuentra su mesa en «Mi cuenta»."""
    gestion.goto(f"/admin/programa/evaluacion/{numero}/jurado/")
    for rotulo, texto in (("Correo electrónico", NUEVA), ("Nombres", "Rosa"), ("Apellidos", "Vélez")):
        gestion.get_by_label(rotulo).fill(texto)
    pulsar(gestion, "button", "Invitar")
    invitacion = correos.esperar(NUEVA, contiene=VOTO).get_content()
    persona.goto(re.search(r"/cuenta/password/reset/\S*", invitacion)[0])
    persona.get_by_label("Correo electrónico").fill(NUEVA)
    pulsar(persona, "button", "Enviar el enlace")
    clave = correos.esperar(NUEVA, contiene="contraseña nueva")
    persona.goto(re.search(r"/cuenta/password/reset/key/\S+", clave.get_content())[0])
    for campo in persona.get_by_role("main").locator("input[type=password]").all():
        campo.fill(pasos.CLAVE)
    revisar(persona, "contraseña nueva")
    pulsar(persona, "button", "Guardar la contraseña")
    pasos.entrar(persona, NUEVA, clave=pasos.CLAVE)
    revisar(persona, "mi cuenta de jurado")
    pulsar(persona, "link", "Mi mesa de jurado")
    revisar(persona, "invitación al jurado")
    pulsar(persona, "button", "Acepto")
    expect(persona.get_by_role("region", name=VOTO)).to_contain_text("Todavía no le han asignado propuestas")


def leer_en_ingles(pagina, revisar):
    """La lista de retos, uno de ellos y lo que cuelga de él, en la otra lengua."""
    pagina.goto("/en/challenges/")
    expect(pagina.locator("html")).to_have_attribute("lang", "en")
    revisar(pagina, "retos en inglés")
    pulsar(pagina, "link", "A Council that solves problems with people")
    reto = pagina.url
    revisar(pagina, "reto en inglés")
    for ruta in ("proponer/", "propuestas/", "preguntas/", "votos/"):
        pagina.goto(f"{reto}{ruta}")
        expect(pagina.locator("html")).to_have_attribute("lang", "en")
        revisar(pagina, f"{ruta[:-1]} en inglés")
