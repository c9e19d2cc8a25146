import pytest
from django.core.management import CommandError, call_command
from wagtail.models import ModelLogEntry

from cuentas.enums import RolPersonal
from cuentas.models import Usuario
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]

LISTA = "/admin/personal/"
R = RolPersonal


def grupos_de(usuario):
    return set(usuario.groups.values_list("name", flat=True))


@pytest.fixture
def clave(monkeypatch):
    monkeypatch.setenv("CLAVE_PERSONAL", "una clave larga 9")


def test_comando_crea_la_primera_cuenta_y_entra(clave, client):
    call_command("crear_personal", "Jefe@example.org", "--rol", "administracion", "--rol", "editor")
    jefe = Usuario.objects.get(email="jefe@example.org")
    assert (grupos_de(jefe), jefe.is_superuser) == ({R.ADMINISTRACION, R.EDITOR}, False)
    client.post("/cuenta/login/", {"login": jefe.email, "password": "una clave larga 9"})
    assert client.get(LISTA).status_code == 200


def test_comando_superusuario(clave):
    call_command("crear_personal", "jefe@example.org", "--superusuario")
    assert Usuario.objects.get(email="jefe@example.org").is_superuser
    assert ModelLogEntry.objects.filter(action="cuentas.hacer_superusuario").count() == 1


def test_comando_con_cuenta_existente(clave):
    ana = f.persona("ana@example.org")
    antes = ana.password
    with pytest.raises(CommandError, match="--usar-cuenta"):
        call_command("crear_personal", "ana@example.org", "--rol", "editor")
    call_command("crear_personal", "ana@example.org", "--rol", "editor", "--usar-cuenta")
    ana.refresh_from_db()
    assert (grupos_de(ana), ana.password) == ({R.EDITOR}, antes)


@pytest.mark.parametrize(
    ("argumentos", "dice"),
    [
        (["a@example.org"], "al menos un --rol"),
        (["no-es-correo", "--rol", "editor"], "correo"),
        (["a@example.org", "--rol", "editor", "--sitio", "nada.example.org"], "No hay un sitio"),
        (["a@example.org", "--rol", "jefe"], "invalid choice|opción no válida|elección"),
    ],
)
def test_comando_dice_que_falta(clave, argumentos, dice):
    with pytest.raises(CommandError, match=dice):
        call_command("crear_personal", *argumentos)
    assert not Usuario.objects.exists()


def test_comando_rechaza_una_clave_debil(monkeypatch):
    monkeypatch.setenv("CLAVE_PERSONAL", "12345")
    with pytest.raises(CommandError, match="10 caracteres"):
        call_command("crear_personal", "a@example.org", "--rol", "editor")
    assert not Usuario.objects.exists()


def test_comando_pide_la_clave_en_la_terminal(monkeypatch):
    monkeypatch.delenv("CLAVE_PERSONAL", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(CommandError, match="CLAVE_PERSONAL"):
        call_command("crear_personal", "a@example.org", "--rol", "editor")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    respuestas = iter(["una clave larga 9", "otra clave larga 9", "una clave larga 9", "una clave larga 9"])
    monkeypatch.setattr("getpass.getpass", lambda _texto: next(respuestas))
    with pytest.raises(CommandError, match="no son iguales"):
        call_command("crear_personal", "a@example.org", "--rol", "editor")
    call_command("crear_personal", "a@example.org", "--rol", "editor")
    assert Usuario.objects.get(email="a@example.org").check_password("una clave larga 9")
