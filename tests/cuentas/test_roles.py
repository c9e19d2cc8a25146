"""Qué puede cada rol, escrito entero: un permiso de más o de menos hace fallar aquí."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from cuentas.actions import preparar_roles
from cuentas.enums import RolPersonal
from cuentas.personal.forms import AYUDA_ROLES
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
R = RolPersonal
ENTRAR = {"wagtailadmin.access_admin"}
TERRITORIOS = {f"cuentas.{accion}_territorio" for accion in ("add", "change", "delete")}
EDITAR = ENTRAR | TERRITORIOS | {"wagtail_localize.submit_translation"}
ANALIZAR = {"encuestas.ver_resultados", "encuestas.leer_respuestas", "encuestas.descargar_personales"}
PERMISOS = {
    R.EDITOR: EDITAR | {"encuestas.ver_resultados"},
    R.MODERACION: ENTRAR | {"moderacion.moderar"},
    # Lo suyo lo decide `retos.rules.gestiona`, por sitio.
    R.GESTION: ENTRAR,
    R.JURADO: ENTRAR,
    R.ANALITICA: ENTRAR | {"indicadores.ver_indicadores"} | ANALIZAR,
    # Lo suyo lo decide `cuentas.rules.puede_asistir`, por sitio.
    R.ASISTIDA: ENTRAR,
    R.ADMINISTRACION: EDITAR
    | ANALIZAR
    | {
        "home.change_ajustessitio",
        "indicadores.ver_indicadores",
        "moderacion.moderar",
        "retos.importar_propuestas",
    },
}
DE_PAGINA = {"add_page", "change_page", "publish_page", "lock_page", "unlock_page"}
DE_COLECCION = {f"{accion}_{que}" for accion in ("add", "change", "choose", "delete") for que in ("image", "document")}
# Las salas con datos de personas y los modelos con los que se dan poderes.
CON_PERSONAS = {"cuentas", "account", "mfa", "socialaccount", "usersessions", "registro", "avisos", "adjuntos", "apoyos"}
CON_PODERES = {"auth", "contenttypes", "wagtailusers", "sessions"}


def permisos_de(rol) -> set[str]:
    filas = Group.objects.get(name=rol).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codigo}" for app, codigo in filas}


@pytest.mark.parametrize("rol", list(R))
def test_permisos_exactos_de_cada_rol(rol):
    assert permisos_de(rol) == PERMISOS[rol]


@pytest.mark.parametrize("rol", list(R))
def test_permisos_de_paginas_y_archivos_solo_de_quien_edita(rol):
    paginas = GroupPagePermission.objects.filter(group__name=rol).values_list("permission__codename", flat=True)
    archivos = GroupCollectionPermission.objects.filter(group__name=rol).values_list("permission__codename", flat=True)
    edita = rol in (R.EDITOR, R.ADMINISTRACION)
    assert set(paginas) == (DE_PAGINA if edita else set())
    assert set(archivos) == (DE_COLECCION if edita else set())


@pytest.mark.parametrize("rol", list(R))
def test_ningun_rol_sube_sus_poderes_ni_cambia_datos_de_personas(rol):
    usuario = f.personal(rol)
    todos = usuario.get_all_permissions()
    assert not usuario.is_superuser
    assert {p for p in todos if p.split(".")[0] in CON_PODERES} == set()
    assert {p for p in todos if p.split(".")[0] in CON_PERSONAS} <= TERRITORIOS
    # Ni por el nombre: cualquier modelo de cuentas o grupos, de la aplicación que sea.
    assert {p for p in todos if p.split("_")[-1] in ("usuario", "user", "group", "permission", "asignacionrol")} == set()


def test_un_permiso_dado_a_mano_se_quita_al_preparar():
    grupo = Group.objects.get(name=R.JURADO)
    grupo.permissions.add(Permission.objects.get(codename="change_usuario"))
    preparar_roles()
    assert permisos_de(R.JURADO) == ENTRAR


@pytest.mark.parametrize("rol", list(R))
def test_nadie_cambia_sus_propios_roles(client, rol):
    usuario = f.personal(rol)
    client.force_login(usuario)
    client.post(f"/admin/personal/{usuario.pk}/", {f"sitio{f.sitio().pk}-roles": list(R)})
    assert set(usuario.groups.values_list("name", flat=True)) == {rol}
    client.post("/admin/personal/nuevo/", {
        "correo": usuario.email, "nombre": "Yo", "apellido": "Mismo", "sitio": f.sitio().pk, "roles": list(R), "usar_cuenta": "on",
    })  # fmt: skip
    assert set(usuario.groups.values_list("name", flat=True)) == {rol}


@pytest.mark.parametrize("rol", [r for r in R if r is not R.ADMINISTRACION])
def test_solo_administracion_llega_al_personal(client, rol):
    client.force_login(f.personal(rol))
    assert client.get("/admin/personal/").status_code == 302
    assert client.post("/admin/personal/nuevo/", {}).status_code == 302


@pytest.mark.parametrize("rol", list(R))
@pytest.mark.parametrize("campo", ["is_superuser", "groups"])
def test_las_pantallas_de_cuentas_de_wagtail_no_reciben_a_nadie(client, rol, campo):
    usuario = f.personal(rol)
    client.force_login(usuario)
    administracion = Group.objects.get(name=R.ADMINISTRACION)
    datos = {"email": usuario.email, "first_name": "A", "last_name": "B", "is_active": "on"}
    datos[campo] = "on" if campo == "is_superuser" else [administracion.pk]
    for url in (f"/admin/users/edit/{usuario.pk}/", "/admin/users/new/", f"/admin/groups/edit/{administracion.pk}/", "/admin/groups/new/"):
        assert client.post(url, datos).status_code == 302, url
        assert client.get(url).url == "/admin/", url
    usuario.refresh_from_db()
    assert not usuario.is_superuser
    assert set(usuario.groups.values_list("name", flat=True)) == {rol}


@pytest.mark.parametrize("rol", list(R))
def test_cada_rol_tiene_su_pagina_y_su_ayuda(rol):
    pagina = Path(__file__).resolve().parents[2] / "docs" / "roles" / f"{rol.value}.md"
    assert pagina.read_text().startswith(f"# {rol.label}\n")
    assert f"{rol.label}:" in str(AYUDA_ROLES)
