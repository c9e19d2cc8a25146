import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry, Page, Site

from cuentas.actions import participante_de
from cuentas.enums import NivelVerificacion, RangoDeclarado, RolPersonal, TipoTerritorio, Zona
from cuentas.models import Perfil, Territorio
from cuentas.perfil.actions import guardar_perfil
from cuentas.requisitos import faltantes
from participacion.registro.models import Acto
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]

PERFIL = "/mi-cuenta/perfil/"
TERRITORIOS = "/admin/personas/territorios/"
R = RolPersonal


def territorio(nombre="Comuna 1", sitio=None, **campos):
    datos = {"tipo": TipoTerritorio.COMUNA, "zona": Zona.URBANA, "nombre": nombre, **campos}
    return Territorio.objects.create(sitio=sitio or f.sitio(), **datos)


def otro_sitio():
    raiz = Page.objects.get(depth=1).add_child(instance=Page(title="Otra entidad", slug="otra-entidad"))
    return Site.objects.create(hostname="otra.example.org", site_name="Otra entidad", root_page=raiz)


def datos(**cambios):
    base = {"first_name": "Ana", "last_name": "Ríos", "idioma": "es", "rango_declarado": "18_mas"}
    return {clave: valor for clave, valor in (base | cambios).items() if valor is not None}


@pytest.fixture
def ana():
    return f.persona("ana@example.org")


@pytest.fixture
def cliente(client, ana):
    client.force_login(ana)
    return client


# --- La pantalla ---------------------------------------------------------------------------


def test_perfil_completo_se_guarda(cliente, ana):
    comuna = territorio(zona=Zona.RURAL)
    respuesta = cliente.post(
        PERFIL,
        datos(
            first_name="Ana  María\u200b", last_name="Ríos Paz", idioma="en", grupo_edad="29_59",
            municipio="Cartago", territorio=comuna.pk, zona="urbana",
        ),
    )  # fmt: skip
    assert (respuesta.status_code, respuesta.url) == (302, "/mi-cuenta/")
    ana.refresh_from_db()
    assert (ana.get_full_name(), ana.idioma) == ("Ana María Ríos Paz", "en")
    perfil = Perfil.objects.get()
    assert (perfil.rango_edad, perfil.municipio, perfil.territorio, perfil.zona) == ("29_59", "Cartago", comuna, "rural")


def test_lo_optativo_se_puede_callar(cliente):
    assert cliente.post(PERFIL, datos()).status_code == 302
    perfil = Perfil.objects.get()
    assert (perfil.rango_edad, perfil.municipio, perfil.territorio, perfil.zona) == ("18_mas", "", None, "")


def test_vuelve_a_lo_que_estaba_haciendo_y_no_a_otro_sitio(cliente):
    assert cliente.post(PERFIL, datos(next="/retos/")).url == "/retos/"
    assert cliente.post(PERFIL, datos(next="https://malo.example/")).url == "/mi-cuenta/"
    assert 'href="/retos/"' in cliente.get(f"{PERFIL}?next=/retos/").text  # «Ahora no»


@pytest.mark.parametrize(
    ("cambio", "campo"),
    [
        ({"first_name": " "}, "first_name"),
        ({"last_name": "x" * 151}, "last_name"),
        ({"rango_declarado": None}, "rango_declarado"),
        ({"rango_declarado": "menor_14"}, "rango_declarado"),
        ({"grupo_edad": "14_17"}, "grupo_edad"),
        ({"municipio": "a\x00"}, "municipio"),
        ({"territorio": "9" * 40}, "territorio"),
        ({"zona": "lunar"}, "zona"),
        ({"idioma": "fr"}, "idioma"),
    ],
)
def test_entrada_invalida_no_guarda_nada(cliente, ana, cambio, campo):
    territorio()
    respuesta = cliente.post(PERFIL, datos(**({"municipio": "Sin guardar"} | cambio)))
    assert respuesta.status_code == 422
    assert list(respuesta.context["formulario"].errors) == [campo]
    assert Perfil.objects.get().municipio == ""
    ana.refresh_from_db()
    assert ana.get_full_name() == "Ana Ríos"


def test_formulario_vacio_se_rechaza(cliente):
    respuesta = cliente.post(PERFIL, {})
    assert respuesta.status_code == 422
    assert list(respuesta.context["formulario"].errors) == ["first_name", "last_name", "rango_declarado", "idioma"]


def test_territorio_de_otro_sitio_no_se_puede_elegir(cliente):
    territorio()
    ajeno = territorio("Barrio ajeno", sitio=otro_sitio())
    assert "Barrio ajeno" not in cliente.get(PERFIL).text
    assert cliente.post(PERFIL, datos(territorio=ajeno.pk)).status_code == 422


def test_sin_territorios_no_se_pregunta(cliente):
    assert "territorio" not in cliente.get(PERFIL).context["formulario"].fields


@pytest.mark.parametrize("cuantos", [1, 3])
def test_lecturas_de_la_pantalla(cliente, cuantos, django_assert_num_queries):
    for n in range(cuantos):
        territorio(f"Comuna {n}")
    cliente.get(PERFIL)
    with django_assert_num_queries(7):
        cliente.get(PERFIL)


def test_sin_sesion_lleva_a_ingresar(client):
    for ruta in (PERFIL, "/mi-cuenta/", "/mi-cuenta/autorizaciones/", "/mi-cuenta/enfoque-diferencial/"):
        respuesta = client.get(ruta)
        assert (respuesta.status_code, respuesta.url) == (302, f"/cuenta/login/?next={ruta}")


def test_sin_ficha_csrf_no_cambia_nada(ana):
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(ana)
    for ruta in (PERFIL, "/mi-cuenta/autorizaciones/", "/mi-cuenta/autorizaciones/participar/revocar/"):
        assert cliente.post(ruta, datos()).status_code == 403
    assert participante_de(ana).consentimientos.filter(revocado_en=None).count() == 3


def test_cada_quien_ve_lo_suyo(cliente, ana):
    otra = f.persona("otra@example.org", nombre="Ximena", apellido="Oculta")
    guardar_perfil(participante=otra.participante, rango_declarado="18_mas", municipio="Villa Secreta")
    for ruta in (PERFIL, "/mi-cuenta/"):
        assert not {"Ximena", "Villa Secreta"} & set(cliente.get(ruta).text.split())


# --- Cambiar de edad -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("de", "a", "falta"), [("14_17", "18_mas", []), ("18_mas", "14_17", ["acudiente"])]
)
def test_cambiar_de_rango_queda_en_el_historial_y_cambia_lo_que_falta(de, a, falta):
    ana = f.persona(rango=RangoDeclarado(de))
    guardar_perfil(participante=ana.participante, rango_declarado=a)
    assert [r.codigo for r in faltantes(ana.participante, f.sitio(), NivelVerificacion.CORREO)] == falta
    entrada = ModelLogEntry.objects.get(action="cuentas.cambiar_rango")
    assert (entrada.user, entrada.data) == (ana, {})
    assert de not in entrada.label and a not in entrada.label


def test_guardar_lo_mismo_no_dice_que_cambio(ana):
    guardar_perfil(participante=ana.participante, rango_declarado="18_mas", municipio="Cartago")
    assert not ModelLogEntry.objects.filter(action="cuentas.cambiar_rango").exists()


def test_los_actos_conservan_lo_que_decia_el_perfil(ana):
    comuna = territorio()
    guardar_perfil(participante=ana.participante, rango_declarado="18_mas", grupo_edad="18_28", territorio=comuna)
    f.enviada(f.reto(), ana)
    guardar_perfil(participante=ana.participante, rango_declarado="18_mas", grupo_edad="29_59")
    comuna.nombre = "Otro nombre"
    comuna.save()
    acto = Acto.objects.get(tipo="propuesta_enviada")
    assert (acto.rango_edad, acto.area, acto.zona) == ("18_28", "Comuna 1", "urbana")


def test_corregir_el_nombre_lo_cambia_donde_se_publica(cliente, ana):
    reto = f.reto()
    propuesta = f.publicada(reto, ana)
    assert "Ana Ríos" in cliente.get(f"{reto.url}propuestas/").text
    cliente.post(PERFIL, datos(first_name="Anabel"))
    for ruta in (propuesta.get_absolute_url(), f"{reto.url}propuestas/"):
        texto = cliente.get(ruta).text
        assert "Anabel Ríos" in texto and "Ana Ríos" not in texto
    assert not ModelLogEntry.objects.filter(data__icontains="Ana").exists()


def test_dos_pestanas_guardan_a_la_vez(hilos):
    ana = f.cuenta()
    participante = participante_de(ana)

    def guardar(rango):
        return lambda: guardar_perfil(participante=participante, rango_declarado=rango).rango_declarado

    assert sorted(hilos(guardar("18_mas"), guardar("14_17"))) == ["14_17", "18_mas"]
    assert Perfil.objects.count() == 1


# --- Las comunas y veredas, en el administrador ----------------------------------------------

QUIENES = {
    "anonima": (None, 302),
    "ciudadania": (lambda: f.persona(), 302),
    "editor": (lambda: f.personal(R.EDITOR), 200),
    "moderacion": (lambda: f.personal(R.MODERACION), 302),
    "jurado": (lambda: f.personal(R.JURADO), 302),
    "analitica": (lambda: f.personal(R.ANALITICA), 302),
    "asistida": (lambda: f.personal(R.ASISTIDA), 302),
    "administracion": (lambda: f.personal(R.ADMINISTRACION), 200),
    "administracion_de_otro_sitio": (lambda: f.personal(R.ADMINISTRACION, en=otro_sitio()), 302),
    "superusuario": (lambda: f.persona(is_superuser=True), 200),
}


@pytest.mark.parametrize("quien", QUIENES)
def test_quien_escribe_territorios(client, quien):
    crear, esperado = QUIENES[quien]
    fila = territorio()
    if crear:
        client.force_login(crear())
    for ruta in ("", "new/", f"edit/{fila.pk}/", f"delete/{fila.pk}/", f"history/{fila.pk}/", f"usage/{fila.pk}/"):
        assert client.get(TERRITORIOS + ruta).status_code == esperado, ruta
    client.post(f"{TERRITORIOS}delete/{fila.pk}/")
    assert Territorio.objects.exists() is (esperado != 200)


def test_territorio_se_crea_en_el_sitio_y_sin_repetir(client):
    client.force_login(f.personal(R.EDITOR))
    campos = {"tipo": "vereda", "nombre": " La  Grecia ", "zona": "rural", "orden": "3"}
    assert client.post(f"{TERRITORIOS}new/", campos).status_code == 302
    fila = Territorio.objects.get()
    assert (fila.sitio, fila.nombre) == (f.sitio(), "La Grecia")
    respuesta = client.post(f"{TERRITORIOS}new/", campos)
    assert "Ya hay una comuna o vereda con ese nombre." in respuesta.text
    assert Territorio.objects.count() == 1
    assert ModelLogEntry.objects.filter(action="wagtail.create").count() == 1


def test_territorio_de_otro_sitio_no_se_toca(client):
    ajeno = territorio("Ajena", sitio=otro_sitio())
    territorio("Propia")
    client.force_login(f.personal(R.ADMINISTRACION))
    assert "Ajena" not in client.get(TERRITORIOS).text
    for ruta in ("edit", "delete", "history", "usage"):
        assert client.get(f"{TERRITORIOS}{ruta}/{ajeno.pk}/").status_code == 404


def test_borrar_un_territorio_no_borra_perfiles(ana):
    comuna = territorio()
    guardar_perfil(participante=ana.participante, rango_declarado="18_mas", territorio=comuna)
    comuna.delete()
    assert Perfil.objects.get().territorio is None


def test_lecturas_de_la_lista_de_territorios(client):
    client.force_login(f.personal(R.EDITOR))

    def cuantas():
        with CaptureQueriesContext(connection) as capturadas:
            client.get(TERRITORIOS)
        return len([q for q in capturadas if "cuentas_territorio" in q["sql"]])

    territorio()
    client.get(TERRITORIOS)
    con_una = cuantas()
    territorio("Comuna 2"), territorio("Comuna 3")
    assert con_una == cuantas() == 2


def test_territorio_repetido_lo_impide_la_base():
    territorio()
    with pytest.raises(ValidationError):
        Territorio(sitio=f.sitio(), nombre="Comuna 1", tipo="comuna", zona="urbana").full_clean()
