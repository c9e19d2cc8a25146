import os
import socket
import subprocess
import sys
from types import ModuleType

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from wagtail.models import Site

from plataforma.management.commands.preparar import Command as Preparar


@pytest.fixture
def contenido(monkeypatch):
    """Un contenido de demostración mínimo, que cuenta cuántas veces se cargó."""
    modulo = ModuleType("plataforma.demostracion")
    modulo.CUENTAS = [("editora@example.org", "clave-de-demostracion", "Editora")]
    modulo.cargas = 0

    def cargar():
        modulo.cargas += 1
        get_user_model().objects.create_user("editora@example.org", "clave-de-demostracion")
        if modulo.cargas == getattr(modulo, "falla_en", 0):
            raise RuntimeError("a medias")

    modulo.cargar = cargar
    monkeypatch.setitem(sys.modules, "plataforma.demostracion", modulo)
    return modulo


@pytest.fixture
def demostracion(settings):
    settings.DEMOSTRACION = True


def test_demo_se_niega_fuera_de_la_demostracion():
    with pytest.raises(CommandError, match="no se carga con ajustes de producción"):
        call_command("demo")


def test_demo_con_puerto_ocupado_lo_dice_antes_de_nada(demostracion):
    # Sin base de datos: si intentara preparar algo, la prueba fallaría.
    with socket.socket() as ocupado:
        ocupado.bind(("127.0.0.1", 0))
        ocupado.listen()
        puerto = ocupado.getsockname()[1]
        with pytest.raises(CommandError, match=f"No se puede usar el puerto {puerto}"):
            call_command("demo", puerto=puerto)


@pytest.mark.django_db
def test_demo_carga_el_contenido_una_sola_vez(demostracion, contenido, capsys):
    call_command("demo", solo_contenido=True)
    call_command("demo", solo_contenido=True)
    assert contenido.cargas == 1


@pytest.mark.django_db
def test_demo_no_deja_nada_a_medias(demostracion, contenido):
    contenido.falla_en = 1
    with pytest.raises(RuntimeError, match="a medias"):
        call_command("demo", solo_contenido=True)
    assert not get_user_model().objects.filter(email="editora@example.org").exists()
    call_command("demo", solo_contenido=True)
    assert get_user_model().objects.filter(email="editora@example.org").exists()


@pytest.mark.django_db
def test_preparar_se_puede_repetir(settings):
    call_command("preparar", verbosity=0)
    call_command("preparar", verbosity=0)
    assert list(settings.STATIC_ROOT.iterdir())


@pytest.mark.django_db
def test_preparar_pone_la_direccion_del_sitio_una_sola_vez(settings):
    settings.WAGTAILADMIN_BASE_URL = "https://participa.example.gov.co"
    Preparar().poner_direccion()
    sitio = Site.objects.get(is_default_site=True)
    assert (sitio.hostname, sitio.port, sitio.root_url) == (
        "participa.example.gov.co", 443, "https://participa.example.gov.co",
    )  # fmt: skip
    settings.WAGTAILADMIN_BASE_URL = "https://otra.example.gov.co"
    Preparar().poner_direccion()
    assert Site.objects.get(is_default_site=True).hostname == "participa.example.gov.co"


def test_preparar_sobre_una_base_vacia(tmp_path):
    """La primera instalación de verdad, en su propio proceso: sin tablas, sin caché y con dirección propia."""
    entorno = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "plataforma.settings.pruebas",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'nueva.sqlite3'}",
        "CACHE_URL": "",
        "PRUEBAS_DIR": str(tmp_path),
        "URL_BASE": "https://participa.example.gov.co",
    }
    for _vez in range(2):
        hecho = subprocess.run(
            [sys.executable, "manage.py", "preparar"], cwd=settings.RAIZ, env=entorno, capture_output=True, text=True
        )
        assert hecho.returncode == 0, hecho.stderr
        assert "plataforma.settings.pruebas" in hecho.stdout
