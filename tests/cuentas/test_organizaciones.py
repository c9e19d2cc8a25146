"""Registrar, editar y verificar organizaciones, y quiénes las integran."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from wagtail.models import ModelLogEntry

from cuentas import actions as cuentas
from cuentas.enums import RolMembresia, TipoActor
from cuentas.models import Membresia, Organizacion, RevisionOrganizacion, Soporte
from cuentas.organizaciones import actions
from tests import fabricas as f

pytestmark = pytest.mark.django_db
R, INTEGRANTE = RolMembresia.REPRESENTANTE, RolMembresia.INTEGRANTE
NIT, OTRO_NIT = "890903938-8", "860002964-4"
NUEVA = "/mi-cuenta/organizaciones/nueva/"


def datos(**cambios):
    base = {"tipo": "universidad", "nombre": "Universidad del Valle", "nit": NIT, "sector": "", "tamano": ""}
    return {**base, "correo": "", "telefono": "", **cambios}


def direccion(org, ruta=""):
    return f"/mi-cuenta/organizaciones/{org.pk}/{ruta}"


def entrar(usuario):
    cliente = Client()
    cliente.force_login(usuario)
    return cliente


def unir(org, rol=INTEGRANTE):
    persona = f.persona()
    return org.membresias.create(participante=cuentas.participante_de(persona), rol=rol)


def errores(respuesta, campo):
    return respuesta.context["formulario"].errors.get(campo, [])


@pytest.fixture
def ana():
    return f.persona(nombre="Ana")


@pytest.fixture
def cliente(ana):
    return entrar(ana)


@pytest.fixture
def org(ana):
    return f.organizacion(ana, nit="890903938-8".replace("-", ""), nombre="Universidad del Valle", correo="a@u.edu.co")


# --- Registrar y editar ------------------------------------------------------------------


def test_registrar_guarda_el_nit_sin_adornos_y_hace_representante(cliente, ana):
    completos = datos(nit="890.903.938-8", sector="publico", tamano="grande", correo="c@u.edu.co", telefono="+57 602 321")
    respuesta = cliente.post(NUEVA, completos)
    org = Organizacion.objects.get()
    assert respuesta.url == direccion(org)
    assert (org.nit, org.sector, org.tamano, org.correo) == ("8909039388", "publico", "grande", "c@u.edu.co")
    assert org.membresias.get().participante.cuenta == ana and org.membresias.get().rol == R


def test_registrar_vuelve_a_lo_que_se_hacia(cliente):
    assert cliente.post(NUEVA, datos(next="/retos/")).url == "/retos/"
    assert cliente.post(NUEVA, datos(nit=OTRO_NIT, next="https://malo.example/")).url.startswith("/mi-cuenta/")


@pytest.mark.parametrize(
    ("cambios", "campo", "mensaje"),
    [
        ({"nit": "890903938-1"}, "nit", "no es válido"),
        ({"nit": "abc"}, "nit", "no es válido"),
        ({"nit": ""}, "nit", "siempre lo tiene"),
        ({"nit": "", "tipo": "empresa"}, "nit", "siempre lo tiene"),
        ({"nit": "", "tipo": "entidad"}, "nit", "siempre lo tiene"),
        ({"tipo": "ciudadania"}, "tipo", "ciudadania"),
        ({"nombre": " \u200b "}, "nombre", "necesario"),
        ({"nombre": "x" * 201}, "nombre", "200"),
        ({"correo": "no-es"}, "correo", "válida"),
        ({"telefono": "llámeme"}, "telefono", "teléfono"),
        ({"tamano": "gigante"}, "tamano", "gigante"),
    ],
)
def test_registrar_mal_dice_que_y_conserva_lo_escrito(cliente, cambios, campo, mensaje):
    respuesta = cliente.post(NUEVA, datos(sector="publico", **cambios))
    assert respuesta.status_code == 422
    assert mensaje in " ".join(errores(respuesta, campo))
    assert respuesta.context["formulario"]["sector"].value() == "publico"
    assert not Organizacion.objects.exists()


@pytest.mark.parametrize("tipo", [TipoActor.ORGANIZACION, TipoActor.VEEDURIA])
def test_una_organizacion_social_o_veeduria_puede_no_tener_nit(cliente, tipo):
    for nombre in ("Una", "Otra"):
        assert cliente.post(NUEVA, datos(tipo=tipo, nit="", nombre=nombre)).status_code == 302
    assert Organizacion.objects.filter(nit="").count() == 2


def test_nit_repetido_dice_que_hacer_sin_decir_de_quien_es(cliente, org):
    otra = entrar(f.persona())
    respuesta = otra.post(NUEVA, datos(nombre="Intrusa"))
    assert respuesta.status_code == 422
    assert "pida a quien la representa que lo invite" in errores(respuesta, "nit")[0]
    assert "Universidad del Valle" not in respuesta.text and "a@u.edu.co" not in respuesta.text
    assert Organizacion.objects.count() == 1


def test_nit_repetido_entre_validar_y_guardar_se_explica(cliente, org, monkeypatch):
    monkeypatch.setattr("cuentas.organizaciones.forms.nit_ocupado", lambda nit, salvo=None: "")
    monkeypatch.setattr(Organizacion, "validate_constraints", lambda self, exclude=None: None)
    respuesta = cliente.post(NUEVA, datos(nombre="Otra"))
    assert respuesta.status_code == 422
    assert "pida a quien la representa que lo invite" in errores(respuesta, "nit")[0]


def test_hilos_el_mismo_nit_a_la_vez_registra_una(hilos):
    personas = [f.persona() for _ in range(8)]
    clientes = [entrar(persona) for persona in personas]
    salidas = hilos(*[lambda c=c: c.post(NUEVA, datos()).status_code for c in clientes])
    assert sorted(salidas) == [302] + [422] * 7
    assert Organizacion.objects.count() == Membresia.objects.count() == 1


def test_editar_lo_que_no_se_verifico_conserva_la_verificacion(cliente, org):
    Organizacion.objects.filter(pk=org.pk).update(verificada_en="2026-01-01T00:00Z")
    respuesta = cliente.get(direccion(org, "editar/"))
    assert "dejará de estar verificada" in respuesta.text and "sin_verificacion" not in respuesta.text
    assert cliente.post(direccion(org, "editar/"), datos(telefono="602 321 1234")).status_code == 302
    org.refresh_from_db()
    assert (org.telefono, bool(org.verificada_en)) == ("602 321 1234", True)
    entrada = ModelLogEntry.objects.get(action="cuentas.editar_organizacion")
    assert entrada.data == {"campos": ["correo", "telefono"], "pierde_verificacion": False}


@pytest.mark.parametrize("cambio", [{"nombre": "Otra"}, {"nit": OTRO_NIT}, {"tipo": "entidad"}])
def test_editar_nombre_nit_o_tipo_de_una_verificada_pide_confirmarlo(cliente, org, cambio):
    Organizacion.objects.filter(pk=org.pk).update(verificada_en="2026-01-01T00:00Z")
    respuesta = cliente.post(direccion(org, "editar/"), datos(**cambio))
    assert respuesta.status_code == 422 and errores(respuesta, "sin_verificacion")
    assert 'name="sin_verificacion"' in respuesta.text
    org.refresh_from_db()
    assert org.verificada_en and org.nombre == "Universidad del Valle"
    assert cliente.post(direccion(org, "editar/"), datos(sin_verificacion="on", **cambio)).status_code == 302
    org.refresh_from_db()
    assert org.verificada_en is None
    assert RevisionOrganizacion.objects.get().resultado == "retirada"
    assert ModelLogEntry.objects.get(action="cuentas.editar_organizacion").data["pierde_verificacion"] is True


def test_editar_con_el_nit_de_otra_se_rechaza(cliente, org):
    f.organizacion(f.persona(), nit=OTRO_NIT.replace("-", ""))
    respuesta = cliente.post(direccion(org, "editar/"), datos(nit=OTRO_NIT))
    assert respuesta.status_code == 422 and "Ya hay una organización" in errores(respuesta, "nit")[0]


# --- Quién entra -----------------------------------------------------------------------------

RUTAS = ["", "editar/", "verificacion/", "invitar/", "dejar/"]


@pytest.mark.parametrize("ruta", RUTAS)
def test_permisos_por_persona(org, ana, ruta):
    integrante = unir(org).participante.cuenta
    antes = unir(org)
    actions.terminar_membresia(membresia=antes, actor=ana)
    de_otra = f.persona()
    f.organizacion(de_otra)
    para_todos = ruta in ("", "dejar/")
    esperado = {
        None: 302,
        ana: 200,
        integrante: 200 if para_todos else 404,
        antes.participante.cuenta: 404,
        de_otra: 404,
    }
    for usuario, codigo in esperado.items():
        cliente = entrar(usuario) if usuario else Client()
        assert cliente.get(direccion(org, ruta)).status_code == codigo, usuario
        if codigo == 404:
            assert cliente.post(direccion(org, ruta), datos()).status_code in (404, 405)


def test_la_pagina_muestra_contacto_e_invitaciones_solo_a_quien_representa(cliente, org):
    from cuentas.organizaciones.invitaciones import invitar

    invitar(organizacion=org, correo="invitada@example.org", rol=INTEGRANTE, actor=org.membresias.get().participante.cuenta)
    suya = cliente.get(direccion(org)).text
    assert "a@u.edu.co" in suya and "invitada@example.org" in suya
    de_integrante = entrar(unir(org).participante.cuenta).get(direccion(org)).text
    assert "a@u.edu.co" not in de_integrante and "invitada@example.org" not in de_integrante


@pytest.mark.parametrize("pk", [0, 10**30])
def test_una_que_no_existe_es_404(cliente, pk):
    for ruta in RUTAS:
        assert cliente.get(f"/mi-cuenta/organizaciones/{pk}/{ruta}").status_code == 404
    assert cliente.get(f"/mi-cuenta/organizaciones/{pk}/integrantes/{pk}/").status_code == 404


def test_consultas_iguales_con_1_y_3_integrantes(cliente, org, django_assert_num_queries):
    from cuentas.organizaciones.invitaciones import invitar

    cliente.get(direccion(org))
    for vez in (1, 2):
        invitar(organizacion=org, correo=f"p{vez}@example.org", rol=INTEGRANTE, actor=org.membresias.first().participante.cuenta)
        with django_assert_num_queries(7):
            assert cliente.get(direccion(org)).status_code == 200
        unir(org), unir(org)


# --- Integrantes ------------------------------------------------------------------------------


def test_cambiar_el_rol_y_quitar_desde_la_pantalla(cliente, org):
    otra = unir(org)
    ruta = direccion(org, f"integrantes/{otra.pk}/")
    assert cliente.get(ruta).status_code == 200
    assert cliente.post(ruta, {"rol": R}).status_code == 302
    otra.refresh_from_db()
    assert otra.rol == R
    assert cliente.post(ruta, {"rol": "jefe"}).status_code == 422
    assert cliente.post(ruta, {"accion": "quitar"}).status_code == 302
    otra.refresh_from_db()
    assert otra.hasta
    assert cliente.get(ruta).status_code == 404
    assert entrar(otra.participante.cuenta).get(direccion(org)).status_code == 404


def test_un_integrante_no_cambia_roles_ni_quita(org):
    integrante, otra = unir(org), unir(org)
    ruta = direccion(org, f"integrantes/{otra.pk}/")
    cliente = entrar(integrante.participante.cuenta)
    assert [cliente.get(ruta).status_code, cliente.post(ruta, {"accion": "quitar"}).status_code] == [404, 404]
    for hacer in (
        lambda: actions.cambiar_rol(membresia=integrante, rol=R, actor=integrante.participante.cuenta),
        lambda: actions.terminar_membresia(membresia=otra, actor=integrante.participante.cuenta),
    ):
        with pytest.raises(PermissionDenied):
            hacer()
    assert org.membresias.vigentes().count() == 3


def test_no_se_toca_a_los_de_otra_organizacion(cliente, org):
    ajena = f.organizacion(f.persona()).membresias.get()
    assert cliente.post(direccion(org, f"integrantes/{ajena.pk}/"), {"accion": "quitar"}).status_code == 404
    ajena.refresh_from_db()
    assert ajena.hasta is None


def test_la_ultima_representante_no_se_va_ni_baja_mientras_haya_otros(cliente, org, ana):
    otra, propia = unir(org), org.membresias.get(rol=R)
    respuesta = cliente.post(direccion(org, "dejar/"), follow=True)
    assert "nombre antes a otra como representante" in respuesta.text
    respuesta = cliente.post(direccion(org, f"integrantes/{propia.pk}/"), {"rol": INTEGRANTE})
    assert respuesta.status_code == 422 and "nombre antes a otra" in errores(respuesta, "rol")[0]
    actions.cambiar_rol(membresia=otra, rol=R, actor=ana)
    assert cliente.post(direccion(org, "dejar/")).url == "/mi-cuenta/"
    assert [m.pk for m in org.membresias.vigentes()] == [otra.pk]


def test_quien_esta_sola_si_puede_dejarla(cliente, org):
    assert cliente.post(direccion(org, "dejar/")).status_code == 302
    assert not org.membresias.vigentes().exists()


def test_dejarla_por_get_no_hace_nada(cliente, org):
    cliente.get(direccion(org, "dejar/"))
    assert org.membresias.vigentes().count() == 1


def test_terminar_dos_veces_no_hace_nada_la_segunda(org, ana):
    propia = org.membresias.get()
    actions.terminar_membresia(membresia=propia, actor=ana)
    propia.refresh_from_db()
    cuando = propia.hasta
    actions.terminar_membresia(membresia=propia, actor=ana)
    propia.refresh_from_db()
    assert propia.hasta == cuando
    assert ModelLogEntry.objects.filter(action="cuentas.terminar_membresia").count() == 1


def test_formulario_abierto_por_quien_ya_no_representa_lo_dice(org, ana, monkeypatch):
    """La vista la dejó pasar y, al guardar, ya no: como si la quitaran entre una cosa y la otra."""
    otra = unir(org, rol=R)
    cliente = entrar(otra.participante.cuenta)
    monkeypatch.setattr("cuentas.organizaciones.actions.es_representante", lambda usuario, org: False)
    monkeypatch.setattr("cuentas.organizaciones.invitaciones.es_representante", lambda usuario, org: False)
    integrante = unir(org)
    for ruta, campos in (
        ("editar/", datos()),
        ("verificacion/", {"documento": f.pdf()}),
        ("invitar/", {"correo": "x@example.org", "rol": INTEGRANTE}),
        (f"integrantes/{integrante.pk}/", {"rol": R}),
        (f"integrantes/{integrante.pk}/", {"accion": "quitar"}),
    ):
        respuesta = cliente.post(direccion(org, ruta), campos, follow=True)
        assert respuesta.status_code == 200 and "Ya no representa a esa organización" in respuesta.text, ruta


def test_hilos_dos_representantes_se_quitan_a_la_vez_y_queda_uno(hilos):
    ana = f.persona()
    org = f.organizacion(ana)
    beto = unir(org, rol=R)
    unir(org)
    suya = org.membresias.get(participante=ana.participante)
    salidas = hilos(
        lambda: actions.terminar_membresia(membresia=beto, actor=ana),
        lambda: actions.terminar_membresia(membresia=suya, actor=beto.participante.cuenta),
    )
    assert sorted(type(s) for s in salidas if s is not None) == [PermissionDenied]
    assert org.membresias.vigentes().filter(rol=R).count() == 1


def test_hilos_los_representantes_se_van_a_la_vez_y_queda_uno(hilos):
    ana = f.persona()
    org = f.organizacion(ana)
    for _ in range(5):
        unir(org, rol=R)
    unir(org)
    representantes = list(org.membresias.filter(rol=R).select_related("participante__cuenta"))
    salidas = hilos(
        *[lambda m=m: actions.terminar_membresia(membresia=m, actor=m.participante.cuenta) for m in representantes]
    )
    assert [s.code for s in salidas if s is not None] == ["ultimo_representante"]
    assert org.membresias.vigentes().filter(rol=R).count() == 1


# --- Pedir la verificación ---------------------------------------------------------------------


def test_pedir_verificacion_guarda_el_documento_y_repetirla_lo_reemplaza(
    cliente, org, django_capture_on_commit_callbacks
):
    assert cliente.post(direccion(org, "verificacion/"), {"documento": f.pdf("camara.pdf")}).status_code == 302
    org.refresh_from_db()
    primero, pedida = org.soporte, org.verificacion_pedida_en
    assert (primero.nombre, primero.titular) == ("camara.pdf", None) and pedida
    assert "camara.pdf" in cliente.get(direccion(org, "verificacion/")).text
    with django_capture_on_commit_callbacks(execute=True):
        cliente.post(direccion(org, "verificacion/"), {"documento": f.png("rut.png")})
    org.refresh_from_db()
    assert (Soporte.objects.get().nombre, org.verificacion_pedida_en) == ("rut.png", pedida)
    assert not primero.archivo.storage.exists(primero.archivo.name)
    assert "Verificación en revisión" in cliente.get(direccion(org)).text


def test_pedir_verificacion_sin_documento_o_con_otro_tipo_se_explica(cliente, org):
    from django.core.files.uploadedfile import SimpleUploadedFile

    ruta = direccion(org, "verificacion/")
    assert errores(cliente.post(ruta), "documento") == ["Este campo es necesario."]
    disfrazado = SimpleUploadedFile("a.pdf", b"MZ no soy un PDF")
    respuesta = cliente.post(ruta, {"documento": disfrazado})
    assert respuesta.status_code == 422 and errores(respuesta, "documento")
    enorme = f.pdf(relleno=b"x" * (10 * 1024 * 1024 + 1))
    assert "demasiado grande" in errores(cliente.post(ruta, {"documento": enorme}), "documento")[0]
    assert not Soporte.objects.exists()


def test_pedirla_si_ya_esta_verificada_lleva_a_su_pagina(cliente, org, ana):
    Organizacion.objects.filter(pk=org.pk).update(verificada_en="2026-01-01T00:00Z")
    assert cliente.get(direccion(org, "verificacion/")).url == direccion(org)
    with pytest.raises(ValidationError):
        actions.pedir_verificacion(organizacion=org, archivo=f.pdf(), actor=ana)
