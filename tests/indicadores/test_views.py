import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Site

from cuentas.enums import RolPersonal
from cuentas.models import Usuario
from indicadores.forms import hoy, periodos
from participacion.registro.models import Acto
from tests import fabricas

from .conftest import INICIO, PERIODO, acto, crear_ejercicio

VISTAS = ["pagina", "csv", "xlsx", "actos"]


@pytest.fixture
def otro_sitio(db):
    return Site.objects.create(hostname="otra.example", root_page=fabricas.sitio().root_page)


def cuenta(quien, otro_sitio):
    if quien == "ciudadania":
        return fabricas.persona()
    if quien == "superusuario":
        return Usuario.objects.create_superuser("super@example.org", fabricas.CLAVE)
    if quien == "analitica de otro sitio":
        return fabricas.personal(RolPersonal.ANALITICA, en=otro_sitio)
    if quien == "analitica retirada":
        usuario = fabricas.personal(RolPersonal.ANALITICA)
        usuario.asignaciones.all().delete()
        return usuario
    if quien == "analitica inactiva":
        usuario = fabricas.personal(RolPersonal.ANALITICA)
        Usuario.objects.filter(pk=usuario.pk).update(is_active=False)
        return usuario
    return fabricas.personal(RolPersonal(quien))


ENTRA, A_INGRESAR, AL_ADMIN = "entra", settings.WAGTAILADMIN_LOGIN_URL, "/admin/"


@pytest.mark.parametrize("vista", VISTAS)
@pytest.mark.parametrize(
    ("quien", "esperado"),
    [
        ("nadie", A_INGRESAR),
        ("ciudadania", A_INGRESAR),
        ("editor", AL_ADMIN),
        ("moderacion", AL_ADMIN),
        ("analitica", ENTRA),
        ("administracion", ENTRA),
        ("superusuario", ENTRA),
        ("analitica de otro sitio", AL_ADMIN),
        ("analitica retirada", AL_ADMIN),
        ("analitica inactiva", A_INGRESAR),
    ],
)
def test_quien_ve_los_indicadores(otro_sitio, vista, quien, esperado):
    cliente = Client()
    if quien != "nadie":
        cliente.force_login(cuenta(quien, otro_sitio))
    respuesta = cliente.get(reverse(f"indicadores:{vista}"))
    if esperado == ENTRA:
        assert respuesta.status_code == 200
    else:
        assert respuesta.status_code == 302
        assert respuesta.url.split("?")[0] == esperado


@pytest.mark.parametrize(("rol", "se_ve"), [("analitica", True), ("administracion", True), ("editor", False)])
def test_la_entrada_del_menu_es_de_quien_puede(db, rol, se_ve):
    cliente = Client()
    cliente.force_login(fabricas.personal(RolPersonal(rol)))
    inicio = cliente.get("/admin/").content.decode()
    assert (reverse("indicadores:pagina") in inicio) is se_ve


def test_cada_sitio_ve_lo_suyo(otro_sitio, settings):
    settings.ALLOWED_HOSTS = ["testserver", "otra.example"]
    usuario = fabricas.personal(RolPersonal.ANALITICA, en=otro_sitio)
    acto(crear_ejercicio(fabricas.sitio(), "Ejercicio de aquí"), "apoyo", INICIO).save()
    for _ in range(2):
        acto(crear_ejercicio(otro_sitio, "Ejercicio de allá"), "apoyo", INICIO).save()
    cliente = Client(headers={"host": "otra.example"})
    cliente.force_login(usuario)
    respuesta = cliente.get(reverse("indicadores:pagina"), PERIODO)
    assert dict((m.clave, filas[0][1]) for m, filas in respuesta.context["cifras"] if filas)["ejercicios"] == 2
    assert "Ejercicio de aquí" not in respuesta.content.decode()


@pytest.mark.parametrize("vista", VISTAS)
@pytest.mark.parametrize(
    ("campo", "valor", "mensaje"),
    [
        ("desde", "2026-02-30", "Escriba una fecha que exista"),
        ("desde", "ayer", "Escriba una fecha que exista"),
        ("desde", "", "Escriba la fecha."),
        ("desde", "0001-01-01", "El año debe estar entre 2000 y 2100."),
        ("hasta", "9999-12-31", "El año debe estar entre 2000 y 2100."),
        ("hasta", "2025-12-31", "Debe ser el mismo día"),
        ("hasta", "2026-01-01" + "0" * 100_000, "Escriba una fecha que exista"),
        ("ejercicio", "abc", "Ese ejercicio no es de este sitio."),
        ("ejercicio", "9" * 40, "Ese ejercicio no es de este sitio."),
        ("ejercicio", "-1", "Ese ejercicio no es de este sitio."),
    ],
)
def test_un_filtro_invalido_se_explica_junto_a_su_campo(navegador, vista, campo, valor, mensaje):
    respuesta = navegador.get(reverse(f"indicadores:{vista}"), {**PERIODO, campo: valor})
    assert respuesta.status_code == 400
    assert [mensaje in error for error in respuesta.context["formulario"].errors[campo]] == [True]
    assert mensaje in respuesta.content.decode()
    assert "cifras" not in respuesta.context


@pytest.mark.parametrize("campo", ["desde", "hasta", "ejercicio", "otro"])
def test_un_nulo_en_la_direccion_se_rechaza(navegador, campo):
    assert navegador.get(reverse("indicadores:pagina"), {campo: "2026\x00"}).status_code == 400


def test_el_ejercicio_de_otro_sitio_no_se_puede_elegir(navegador, otro_sitio):
    ajeno = crear_ejercicio(otro_sitio, "Ajeno")
    respuesta = navegador.get(reverse("indicadores:actos"), {**PERIODO, "ejercicio": ajeno.pk})
    assert respuesta.status_code == 400
    assert "Ajeno" not in respuesta.content.decode()


def test_sin_filtro_es_el_anio_en_curso(navegador):
    respuesta = navegador.get(reverse("indicadores:pagina"))
    periodo = respuesta.context["consulta"].periodo
    assert (periodo.desde, periodo.hasta) == (hoy().replace(month=1, day=1), hoy().replace(month=12, day=31))
    assert [actual for _nombre, _direccion, actual in respuesta.context["periodos"]] == [True, False, False, False]


@pytest.mark.parametrize(
    ("dia", "este", "anterior"),
    [
        ("2026-01-15", ("2026-01-01", "2026-01-31"), ("2025-12-01", "2025-12-31")),
        ("2028-03-31", ("2028-03-01", "2028-03-31"), ("2028-02-01", "2028-02-29")),
        ("2026-12-31", ("2026-12-01", "2026-12-31"), ("2026-11-01", "2026-11-30")),
    ],
)
def test_los_meses_van_de_su_primer_a_su_ultimo_dia(dia, este, anterior):
    meses = [periodo for _nombre, periodo in periodos(hoy().fromisoformat(dia))][2:]
    assert [(str(p.desde), str(p.hasta)) for p in meses] == [este, anterior]


def test_los_enlaces_conservan_el_ejercicio(navegador):
    ejercicio = crear_ejercicio(fabricas.sitio())
    contexto = navegador.get(reverse("indicadores:pagina"), {**PERIODO, "ejercicio": ejercicio.pk}).context
    direcciones = [direccion for _nombre, direccion, _actual in contexto["periodos"]]
    assert all(
        f"ejercicio={ejercicio.pk}" in direccion for direccion in [*direcciones, *contexto["descargas"].values()]
    )
    for vista in ("csv", "xlsx", "actos"):
        assert navegador.get(contexto["descargas"][vista]).status_code == 200


def test_consultas_no_crecen_con_los_actos(navegador):
    ejercicio = crear_ejercicio(fabricas.sitio())

    def consultas(vista, actos):
        faltan = actos - Acto.objects.count()
        Acto.objects.bulk_create(
            acto(ejercicio, "propuesta_enviada", INICIO, estado="enviada", objeto_id=100 + n) for n in range(faltan)
        )
        with CaptureQueriesContext(connection) as capturadas:
            respuesta = navegador.get(reverse(f"indicadores:{vista}"), PERIODO)
            assert respuesta.status_code == 200
            if respuesta.streaming:
                assert len(respuesta.getvalue().splitlines()) == actos + 1
        del_registro = [q for q in capturadas if 'FROM "registro_acto"' in q["sql"]]
        return len(capturadas), len(del_registro)

    navegador.get(reverse("indicadores:pagina"))
    con_uno = {vista: consultas(vista, 1) for vista in VISTAS}
    con_muchos = {vista: consultas(vista, 300) for vista in VISTAS}
    assert con_uno == con_muchos
    assert {vista: del_registro for vista, (_todas, del_registro) in con_muchos.items()} == {
        "pagina": 8,
        "csv": 8,
        "xlsx": 8,
        "actos": 1,
    }


@pytest.mark.parametrize("vista", VISTAS)
def test_nada_se_cambia_desde_aqui(navegador, vista):
    assert navegador.post(reverse(f"indicadores:{vista}")).status_code == 405
