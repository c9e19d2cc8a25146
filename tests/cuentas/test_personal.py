import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.admin.menu import admin_menu
from wagtail.models import ModelLogEntry, Page, Site

from cuentas.actions import asignar_rol, quitar_rol
from cuentas.enums import RolPersonal
from cuentas.models import AsignacionRol, Usuario
from cuentas.personal.actions import cambiar_roles, incorporar
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]

LISTA = "/admin/personal/"
NUEVO = "/admin/personal/nuevo/"
R = RolPersonal


def url_de(persona):
    return f"{LISTA}{persona.pk}/"


def campo(sitio):
    return f"sitio{sitio.pk}-roles"


def otro_sitio():
    raiz = Page.objects.get(depth=1).add_child(instance=Page(title="Otra entidad", slug="otra-entidad"))
    return Site.objects.create(hostname="otra.example.org", site_name="Otra entidad", root_page=raiz)


def roles_de(usuario):
    return {(a.sitio_id, a.grupo.name) for a in AsignacionRol.objects.filter(usuario=usuario).select_related("grupo")}


def grupos_de(usuario):
    return set(usuario.groups.values_list("name", flat=True))


def datos(**cambios):
    base = {
        "correo": "nueva@example.org",
        "nombre": "Luz",
        "apellido": "Mora",
        "sitio": f.sitio().pk,
        "roles": [R.MODERACION],
    }
    return base | cambios


@pytest.fixture
def administra():
    return f.personal(R.ADMINISTRACION)


@pytest.fixture
def cliente(client, administra):
    client.force_login(administra)
    return client


# --- Quién entra -----------------------------------------------------------------------

QUIENES = {
    "anonima": None,
    "ciudadania": lambda: f.persona(),
    "editor": lambda: f.personal(R.EDITOR),
    "moderacion": lambda: f.personal(R.MODERACION),
    "analitica": lambda: f.personal(R.ANALITICA),
    "administracion_de_otro_sitio": lambda: f.personal(R.ADMINISTRACION, en=otro_sitio()),
    "administracion": lambda: f.personal(R.ADMINISTRACION),
    "superusuario": lambda: f.persona(is_superuser=True),
}


@pytest.mark.parametrize(
    ("quien", "lista", "detalle"),
    [
        ("anonima", "puerta", "puerta"),
        ("ciudadania", "puerta", "puerta"),
        ("editor", "/admin/", "/admin/"),
        ("moderacion", "/admin/", "/admin/"),
        ("analitica", "/admin/", "/admin/"),
        ("administracion_de_otro_sitio", 200, 404),
        ("administracion", 200, 200),
        ("superusuario", 200, 200),
    ],
)
def test_permisos_por_rol(client, settings, quien, lista, detalle):
    persona = f.personal(R.EDITOR)
    if QUIENES[quien]:
        client.force_login(QUIENES[quien]())

    def resultado(respuesta):
        if respuesta.status_code != 302:
            return respuesta.status_code
        direccion = respuesta.url.split("?")[0]
        return "puerta" if direccion == settings.WAGTAILADMIN_LOGIN_URL else direccion

    assert resultado(client.get(LISTA)) == lista
    assert resultado(client.get(NUEVO)) == lista
    assert resultado(client.get(url_de(persona))) == detalle
    respuesta = client.post(url_de(persona), {campo(f.sitio()): [R.ANALITICA]})
    puede = detalle == 200
    assert grupos_de(persona) == ({R.ANALITICA} if puede else {R.EDITOR})
    if not puede:
        assert resultado(respuesta) == detalle
    client.post(NUEVO, datos())
    assert Usuario.objects.filter(email="nueva@example.org").exists() is puede


def test_la_lista_muestra_solo_el_personal_de_sus_sitios(cliente, administra):
    aqui = f.personal(R.EDITOR, R.ANALITICA)
    ajena = f.personal(R.EDITOR, en=otro_sitio())
    ciudadana = f.persona()
    respuesta = cliente.get(LISTA)
    texto = respuesta.content.decode()
    assert {p.pk for p in respuesta.context["object_list"]} == {administra.pk, aqui.pk}
    assert "Edición · Analítica" in texto
    assert ajena.email not in texto
    assert ciudadana.email not in texto


@pytest.mark.parametrize("cuantas", [1, 3, 300])
def test_consultas_de_la_lista(cliente, monkeypatch, django_assert_num_queries, cuantas):
    grupo = Group.objects.get(name=R.EDITOR)
    nuevas = Usuario.objects.bulk_create(Usuario(email=f"masiva{i}@example.org") for i in range(cuantas - 1))
    AsignacionRol.objects.bulk_create(AsignacionRol(usuario=u, sitio=f.sitio(), grupo=grupo) for u in nuevas)
    # El menú crece con las otras salas.
    monkeypatch.setattr(admin_menu, "menu_items_for_request", lambda request: [])
    cliente.get(LISTA)
    with django_assert_num_queries(12):
        cliente.get(LISTA)


def test_sin_ficha_csrf_no_se_cambia_nada(administra):
    persona = f.personal(R.EDITOR)
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(administra)
    assert cliente.post(url_de(persona), {campo(f.sitio()): []}).status_code == 403
    assert cliente.post(NUEVO, datos()).status_code == 403
    assert grupos_de(persona) == {R.EDITOR}
    assert not Usuario.objects.filter(email="nueva@example.org").exists()


def test_leer_no_cambia_nada(cliente):
    persona = f.personal(R.EDITOR)
    cliente.get(url_de(persona), {campo(f.sitio()): [R.ADMINISTRACION]})
    cliente.get(NUEVO, datos())
    assert grupos_de(persona) == {R.EDITOR}
    assert not Usuario.objects.filter(email="nueva@example.org").exists()


# --- Añadir a una persona ------------------------------------------------------------------


def test_una_cuenta_nueva_recibe_correo_pone_su_clave_y_entra(cliente, administra):
    respuesta = cliente.post(NUEVO, datos(correo=" Nueva@Example.org ", roles=[R.MODERACION, R.EDITOR]), follow=True)
    assert "Se creó la cuenta de nueva@example.org" in respuesta.content.decode()
    nueva = Usuario.objects.get(email="nueva@example.org")
    assert not nueva.is_superuser
    assert not nueva.has_usable_password()
    assert roles_de(nueva) == {(f.sitio().pk, R.MODERACION), (f.sitio().pk, R.EDITOR)}
    assert {a.otorgado_por for a in nueva.asignaciones.all()} == {administra}

    (aviso,) = mail.outbox
    assert aviso.to == ["nueva@example.org"]
    assert "Moderación, Edición" in aviso.body
    persona = Client()
    persona.post(re.search(r"http://testserver(/cuenta/password/reset/)\s", aviso.body)[1], {"email": nueva.email})
    enlace = re.search(r"http://testserver(/cuenta/password/reset/key/\S+)", mail.outbox[1].body)[1]
    formulario = persona.get(enlace, follow=True).redirect_chain[-1][0]
    persona.post(formulario, {"password1": "una clave larga 9", "password2": "una clave larga 9"})
    entrada = persona.post(
        "/cuenta/login/?next=/admin/moderacion/", {"login": nueva.email, "password": "una clave larga 9"}, follow=True
    )
    assert entrada.redirect_chain[-1][0] == "/admin/moderacion/"
    assert entrada.status_code == 200


def test_con_el_correo_caido_la_cuenta_queda_y_se_dice(cliente, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    texto = cliente.post(NUEVO, datos(), follow=True).content.decode()
    assert "no se le pudo escribir" in texto
    assert grupos_de(Usuario.objects.get(email="nueva@example.org")) == {R.MODERACION}


@pytest.mark.parametrize(
    ("cambios", "con_error"),
    [
        ({"correo": ""}, "correo"),
        ({"correo": "no es correo"}, "correo"),
        ({"correo": "a\x00@example.org"}, "correo"),
        ({"correo": "a" * 300 + "@example.org"}, "correo"),
        ({"nombre": "\u202e"}, "nombre"),
        ({"apellido": "a" * 151}, "apellido"),
        ({"roles": []}, "roles"),
        ({"roles": ["superusuario"]}, "roles"),
        ({"sitio": "x"}, "sitio"),
        ({"sitio": "9" * 40}, "sitio"),
    ],
)
def test_datos_invalidos_se_dicen_junto_al_campo(cliente, cambios, con_error):
    antes = Usuario.objects.count()
    respuesta = cliente.post(NUEVO, datos(**cambios))
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == [con_error]
    assert Usuario.objects.count() == antes


def test_no_se_otorga_en_un_sitio_que_no_administra(cliente):
    ajeno = otro_sitio()
    respuesta = cliente.post(NUEVO, datos(sitio=ajeno.pk))
    assert list(respuesta.context["form"].errors) == ["sitio"]
    persona = f.personal(R.EDITOR)
    cliente.post(url_de(persona), {campo(f.sitio()): [R.EDITOR], campo(ajeno): [R.ADMINISTRACION]})
    assert roles_de(persona) == {(f.sitio().pk, R.EDITOR)}


def test_una_cuenta_que_ya_existe_pide_confirmar(cliente):
    ana = f.persona("ana@example.org")
    clave = ana.password
    respuesta = cliente.post(NUEVO, datos(correo="ANA@example.org"))
    assert respuesta.status_code == 422
    assert "Dar los roles a la cuenta que ya existe" in respuesta.content.decode()
    assert grupos_de(ana) == set()
    cliente.post(NUEVO, datos(correo="ANA@example.org", usar_cuenta="on"))
    ana.refresh_from_db()
    assert grupos_de(ana) == {R.MODERACION}
    assert (ana.first_name, ana.password) == ("Ana", clave)
    assert "Entre con el correo y la contraseña de siempre" in mail.outbox[0].body
    assert Usuario.objects.filter(email__iexact="ana@example.org").count() == 1


def test_la_casilla_no_aparece_sin_motivo(cliente):
    assert "usar_cuenta" not in cliente.get(NUEVO).content.decode()
    assert "usar_cuenta" not in cliente.post(NUEVO, datos(correo="")).content.decode()


@pytest.mark.parametrize("problema", ["sin_confirmar", "sin_direccion", "desactivada"])
def test_una_cuenta_dudosa_no_recibe_roles(cliente, problema):
    """Cualquiera abre una cuenta con un correo ajeno: sin confirmar no prueba nada."""
    ana = f.persona("ana@example.org", is_active=problema != "desactivada")
    if problema == "sin_confirmar":
        EmailAddress.objects.filter(user=ana).update(verified=False)
    elif problema == "sin_direccion":
        EmailAddress.objects.filter(user=ana).delete()
    respuesta = cliente.post(NUEVO, datos(correo="ana@example.org", usar_cuenta="on"))
    assert respuesta.status_code == 422
    assert list(respuesta.context["form"].errors) == ["correo"]
    assert grupos_de(ana) == set()
    assert mail.outbox == []


def test_dos_anaden_a_la_misma_persona_a_la_vez(hilos):
    actor = f.personal(R.ADMINISTRACION)

    def anadir():
        return incorporar(
            correo="nueva@example.org", nombre="Luz", apellido="Mora", sitio=f.sitio(), roles=[R.EDITOR], actor=actor
        )

    resultados = hilos(anadir, anadir)
    assert sorted(type(r) for r in resultados if isinstance(r, Exception)) == [ValidationError]
    assert roles_de(Usuario.objects.get(email="nueva@example.org")) == {(f.sitio().pk, R.EDITOR)}


# --- Cambiar los roles -----------------------------------------------------------------------


@pytest.mark.parametrize("desde", [[], [R.EDITOR], list(R)])
@pytest.mark.parametrize("hacia", [[], [R.MODERACION], list(R)])
def test_cambiar_roles_deja_exactamente_los_pedidos(desde, hacia, administra):
    persona = f.personal(*desde)
    cambiar_roles(usuario=persona, sitio=f.sitio(), roles=hacia, actor=administra)
    assert roles_de(persona) == {(f.sitio().pk, rol) for rol in hacia}
    assert grupos_de(persona) == set(hacia)


def test_cambiar_los_roles_en_pantalla(cliente):
    persona = f.personal(R.EDITOR)
    marcadas = re.findall(r'value="(\w+)"[^>]*checked', cliente.get(url_de(persona)).content.decode())
    assert marcadas == [R.EDITOR]
    respuesta = cliente.post(url_de(persona), {campo(f.sitio()): [R.ANALITICA, R.MODERACION]}, follow=True)
    assert "quedaron guardados" in respuesta.content.decode()
    assert grupos_de(persona) == {R.ANALITICA, R.MODERACION}


def test_un_rol_inventado_no_cambia_nada(cliente):
    persona = f.personal(R.EDITOR)
    assert cliente.post(url_de(persona), {campo(f.sitio()): ["superusuario"]}).status_code == 422
    assert cliente.post(url_de(persona), {campo(f.sitio()): ["a\x00"]}).status_code == 422
    assert grupos_de(persona) == {R.EDITOR}


@pytest.mark.parametrize("quien", ["administracion", "superusuario"])
def test_nadie_cambia_sus_propios_roles(client, quien):
    persona = f.personal(R.ADMINISTRACION)
    Usuario.objects.filter(pk=persona.pk).update(is_superuser=quien == "superusuario")
    client.force_login(persona)
    assert "Nadie cambia sus propios roles" in client.get(url_de(persona)).content.decode()
    respuesta = client.post(url_de(persona), {campo(f.sitio()): [R.EDITOR]}, follow=True)
    assert "Nadie cambia sus propios roles" in respuesta.content.decode()
    respuesta = client.post(NUEVO, datos(correo=persona.email, usar_cuenta="on"))
    assert "Nadie cambia sus propios roles" in respuesta.content.decode()
    assert grupos_de(persona) == {R.ADMINISTRACION}


def test_quitar_un_rol_conserva_el_grupo_que_da_otro_sitio(administra):
    persona, ajeno = f.personal(R.EDITOR), otro_sitio()
    asignar_rol(usuario=persona, sitio=ajeno, rol=R.EDITOR, actor=None)
    quitar_rol(usuario=persona, sitio=f.sitio(), rol=R.EDITOR, actor=administra)
    assert (roles_de(persona), grupos_de(persona)) == ({(ajeno.pk, R.EDITOR)}, {R.EDITOR})
    quitar_rol(usuario=persona, sitio=ajeno, rol=R.EDITOR, actor=administra)
    assert (roles_de(persona), grupos_de(persona)) == (set(), set())


def test_quitar_un_rol_que_no_tiene_no_deja_rastro(administra):
    persona = f.personal(R.EDITOR)
    quitar_rol(usuario=persona, sitio=f.sitio(), rol=R.MODERACION, actor=administra)
    assert grupos_de(persona) == {R.EDITOR}
    assert not ModelLogEntry.objects.filter(action="cuentas.quitar_rol").exists()


def test_cambiar_roles_de_dos_sitios_a_la_vez_no_pierde_el_grupo(hilos):
    ajeno = otro_sitio()
    for _ronda in range(3):
        actor, persona = f.personal(R.ADMINISTRACION), f.personal(R.EDITOR)
        hilos(
            lambda: cambiar_roles(usuario=persona, sitio=f.sitio(), roles=[], actor=actor),  # noqa: B023
            lambda: cambiar_roles(usuario=persona, sitio=ajeno, roles=[R.EDITOR], actor=actor),  # noqa: B023
        )
        assert (roles_de(persona), grupos_de(persona)) == ({(ajeno.pk, R.EDITOR)}, {R.EDITOR})


def test_el_html_de_los_nombres_es_inerte(cliente):
    hostil = "<script>alert(1)</script>"
    persona = f.personal(R.EDITOR)
    Usuario.objects.filter(pk=persona.pk).update(first_name=hostil)
    for respuesta in (
        cliente.get(LISTA),
        cliente.get(url_de(persona)),
        cliente.post(url_de(persona), {campo(f.sitio()): [R.EDITOR]}, follow=True),
        cliente.post(NUEVO, datos(correo="", nombre=hostil)),
    ):
        assert "<script>alert" not in respuesta.content.decode()
        assert "&lt;script&gt;" in respuesta.content.decode()


def test_el_historial_dice_que_rol_sin_datos_personales(cliente, administra):
    persona = f.personal(R.EDITOR)
    cambiar_roles(usuario=persona, sitio=f.sitio(), roles=[R.MODERACION], actor=administra)
    jefa = f.persona("jefa@example.org", nombre="Jefa", is_superuser=True)
    cliente.force_login(jefa)
    texto = cliente.get("/admin/reports/site-history/").content.decode()
    for mensaje in ("Cuenta del personal creada", "Rol otorgado: Moderación", "Rol quitado: Edición"):
        assert mensaje in texto
    assert persona.email not in texto
