"""Lo que falta para participar, dicho donde hace falta: al escribir, al enviar y al apoyar."""

import uuid

import pytest
from django.test import Client

from cuentas.enums import EstadoAutorizacion, Finalidad, MedioAutorizacion, NivelVerificacion, RangoDeclarado
from cuentas.models import AutorizacionAcudiente, Perfil
from cuentas.perfil.actions import guardar_perfil
from participacion.apoyos.models import Apoyo
from participacion.ejercicios.models import Ejercicio
from participacion.registro.models import Acto
from retos.models import Propuesta
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
TEXTOS = {"titulo": "Riego por goteo", "resumen": "En breve.", "descripcion": "En detalle."}


def entrar(usuario):
    cliente = Client()
    cliente.force_login(usuario)
    return cliente


def sin_perfil():
    persona = f.persona()
    Perfil.objects.all().delete()
    return persona


def sin_consentimiento():
    return f.persona(finalidades=[Finalidad.NOMBRE_PUBLICO])


def adolescente():
    return f.persona(rango=RangoDeclarado.ADOLESCENTE)


def sin_nivel():
    Ejercicio.objects.update(nivel_minimo=NivelVerificacion.REGISTRO)
    return f.persona()


FALTAS = {
    "perfil": (sin_perfil, "/mi-cuenta/perfil/"),
    "consentimiento": (sin_consentimiento, "/mi-cuenta/autorizaciones/"),
    "acudiente": (adolescente, "/mi-cuenta/acudiente/"),
    "nivel": (sin_nivel, "/mi-cuenta/verificacion/"),
}


@pytest.fixture(params=FALTAS)
def falta(request):
    return FALTAS[request.param]


@pytest.fixture
def reto():
    return f.reto()


def proponer(reto):
    return f"{reto.url.removeprefix('http://localhost')}proponer/"


def enviar(cliente, reto, accion="enviar", clave=None, **cambios):
    datos = {**TEXTOS, "terminos": "on", "version_terminos": "1", "clave_envio": str(clave or uuid.uuid4()), "accion": accion, **cambios}
    return cliente.post(cambios.pop("url", None) or proponer(reto), datos)


def test_al_escribir_dice_que_falta_con_la_vuelta(reto, falta):
    crear, direccion = falta
    respuesta = entrar(crear()).get(proponer(reto))
    assert respuesta.status_code == 200
    assert "Para enviarla le falta" in respuesta.text
    assert f'href="{direccion}?next={proponer(reto)}"' in respuesta.text
    assert 'role="alert"' not in respuesta.text


def test_sin_faltas_o_sin_sesion_no_dice_nada(reto):
    for cliente in (Client(), entrar(f.persona())):
        assert "le falta" not in cliente.get(proponer(reto)).text


def test_guardar_el_borrador_no_lo_impide(reto, falta):
    crear, direccion = falta
    cliente = entrar(crear())
    respuesta = enviar(cliente, reto, "guardar")
    propuesta = Propuesta.objects.get()
    assert respuesta.url == f"/propuestas/{propuesta.pk}/editar/"
    assert f'href="{direccion}?next={respuesta.url}"' in cliente.get(respuesta.url).text


def test_enviar_responde_422_con_la_lista_y_el_borrador_queda(reto, falta):
    crear, direccion = falta
    persona, clave = crear(), uuid.uuid4()
    cliente = entrar(persona)
    respuesta = enviar(cliente, reto, clave=clave)
    propuesta = Propuesta.objects.get()
    assert respuesta.status_code == 422
    assert "Todavía no se envió" in respuesta.text and 'role="alert"' in respuesta.text
    # La vuelta lleva al borrador guardado, no a un formulario vacío.
    assert f'href="{direccion}?next=/propuestas/{propuesta.pk}/editar/"' in respuesta.text
    assert (propuesta.titulo, propuesta.estado) == (TEXTOS["titulo"], "borrador")
    assert respuesta.context["formulario"]["titulo"].value() == TEXTOS["titulo"]
    assert not Acto.objects.exists()
    # Cumplido lo que faltaba, el mismo formulario se envía.
    f.habilitar(persona)
    Ejercicio.objects.update(nivel_minimo=NivelVerificacion.CORREO)
    assert enviar(cliente, reto, clave=clave).url == f"/propuestas/{propuesta.pk}/recibida/"


def test_quien_tiene_14_a_17_envia_con_su_acudiente(reto):
    persona = adolescente()
    AutorizacionAcudiente.objects.create(
        participante=persona.participante,
        medio=MedioAutorizacion.ENLACE,
        estado=EstadoAutorizacion.VIGENTE,
        nombre="Rosa",
        vence_en="2030-01-01T00:00Z",
        firmada_en="2026-01-01T00:00Z",
    )
    cliente = entrar(persona)
    assert "le falta" not in cliente.get(proponer(reto)).text
    assert enviar(cliente, reto).status_code == 302
    assert Propuesta.objects.get().estado == "enviada"


def test_faltando_varias_se_dicen_todas(reto):
    persona = f.cuenta()
    pagina = entrar(persona).get(proponer(reto)).text
    assert "/mi-cuenta/perfil/" in pagina and "/mi-cuenta/autorizaciones/" in pagina
    guardar_perfil(participante=persona.participante, rango_declarado=RangoDeclarado.ADOLESCENTE)
    pagina = entrar(persona).get(proponer(reto)).text
    assert "/mi-cuenta/acudiente/?next" in pagina and "/mi-cuenta/perfil/?next" not in pagina


def test_corregir_lo_devuelto_tambien_lo_pide(reto, falta):
    from participacion.moderacion.enums import Decision

    ana = f.persona()
    propuesta = f.enviada(reto, ana)
    f.resolver(propuesta, Decision.DEVUELTA, motivo="m")
    Perfil.objects.filter(participante=ana.participante).delete()
    url = f"/propuestas/{propuesta.pk}/editar/"
    cliente = entrar(ana)
    assert f'href="/mi-cuenta/perfil/?next={url}"' in cliente.get(url).text
    respuesta = enviar(cliente, reto, clave=propuesta.clave_envio, url=url)
    assert respuesta.status_code == 422 and f"?next={url}" in respuesta.text
    propuesta.refresh_from_db()
    assert propuesta.estado == "devuelta"


def test_con_otro_error_se_dicen_los_dos(reto, falta):
    crear, _direccion = falta
    respuesta = enviar(entrar(crear()), reto, titulo="")
    assert respuesta.status_code == 422
    assert respuesta.context["formulario"].errors["titulo"] and "Para enviarla le falta" in respuesta.text


# --- Apoyar ------------------------------------------------------------------------------------


def test_apoyar_sin_cumplir_lleva_a_una_pagina_que_lo_dice(reto, falta):
    crear, direccion = falta
    propuesta = f.publicada(reto)
    cliente = entrar(crear() if crear is not sin_perfil else f.cuenta())
    respuesta = cliente.post(f"/propuestas/{propuesta.pk}/apoyar/")
    assert respuesta.status_code == 422
    assert "Su apoyo no se anotó" in respuesta.text
    assert f'href="{direccion}?next=/propuestas/{propuesta.pk}/%23apoyo"' in respuesta.text
    assert not Apoyo.objects.exists()


def test_apoyar_con_htmx_sin_cumplir_lo_dice_en_el_fragmento(reto, falta):
    crear, direccion = falta
    propuesta = f.publicada(reto)
    cliente = entrar(crear() if crear is not sin_perfil else f.cuenta())
    respuesta = cliente.post(f"/propuestas/{propuesta.pk}/apoyar/", headers={"HX-Request": "true"})
    assert respuesta.status_code == 200 and "<html" not in respuesta.text
    assert direccion in respuesta.text and "Apoyar esta propuesta" in respuesta.text
    assert not Apoyo.objects.exists()


def test_retirar_el_apoyo_no_pide_nada(reto):
    persona, propuesta = f.persona(), f.publicada(reto)
    cliente = entrar(persona)
    cliente.post(f"/propuestas/{propuesta.pk}/apoyar/")
    Perfil.objects.filter(participante=persona.participante).delete()
    cliente.post(f"/propuestas/{propuesta.pk}/apoyar/", {"accion": "retirar"})
    assert not Apoyo.objects.exists()
