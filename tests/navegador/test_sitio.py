"""Que el sitio se sirve de verdad y que los vigilantes de las demás pruebas saben ver una falta."""

import pytest


@pytest.mark.parametrize("ancho", [320, 1280])
@pytest.mark.parametrize("direccion", ["/", "/correo/", "/cuenta/login/", "/cuenta/signup/", "/no-existe/"])
def test_paginas_sueltas_accesibles(nueva_pagina, axe, vigia, direccion, ancho):
    vigia.admitir("no-existe")
    pagina = nueva_pagina(ancho=ancho)
    pagina.goto(direccion)
    axe(pagina)
    assert pagina.evaluate("document.documentElement.scrollWidth") <= ancho


def test_portada_se_ve_sin_javascript(pagina_sin_js):
    pagina_sin_js.goto("/")
    assert pagina_sin_js.locator("h1").is_visible()


def test_vigia_ve_una_peticion_ajena_y_un_error_de_consola(nueva_pagina, vigia):
    pagina = nueva_pagina()
    pagina.route("http://ajeno.invalid/**", lambda ruta: ruta.abort())
    pagina.goto("/")
    pagina.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://ajeno.invalid/x.png'}))")
    pagina.evaluate("console.error('se rompió')")
    pagina.wait_for_timeout(200)
    with pytest.raises(AssertionError, match="se rompió"):
        vigia.revisar()
    assert any("ajeno.invalid" in falta for falta in vigia.faltas)
    vigia.faltas.clear()


def test_axe_ve_una_falta(pagina, axe):
    pagina.goto("/")
    pagina.evaluate("document.querySelector('main').append(Object.assign(new Image(), {src: '/static/img/icono.svg'}))")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(pagina)


def test_correos_llegan_por_smtp(sitio, correos):
    sitio.manage("sendtestemail", "prueba@example.org")
    assert correos.esperar("prueba@example.org")["To"] == "prueba@example.org"
