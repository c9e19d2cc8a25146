import pytest
from django.core.exceptions import ValidationError

from cuentas.actions import participante_de
from cuentas.enums import RolPersonal
from cuentas.models import Soporte
from cuentas.soportes import guardar_soporte
from tests import fabricas as f
from tests.cuentas.test_personal import otro_sitio

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
R = RolPersonal


@pytest.fixture
def soporte():
    return guardar_soporte(archivo=f.pdf("acta firmada.pdf", b"el secreto"), titular=participante_de(f.persona()))


def url(soporte):
    return f"/admin/personas/soportes/{soporte.clave}/"


@pytest.mark.parametrize(
    ("roles", "baja"),
    [
        ([R.EDITOR], False),
        ([R.MODERACION], False),
        ([R.JURADO], False),
        ([R.ANALITICA], False),
        ([R.ASISTIDA], True),
        ([R.ADMINISTRACION], True),
    ],
)
def test_solo_lo_baja_quien_atiende_a_las_personas(client, soporte, roles, baja):
    client.force_login(f.personal(*roles))
    respuesta = client.get(url(soporte))
    assert respuesta.status_code == (200 if baja else 302)
    assert (b"el secreto" in respuesta.getvalue()) is baja


def test_ni_su_titular_ni_otro_sitio_ni_nadie_sin_entrar(client, soporte):
    for quien in (None, soporte.titular.cuenta, f.personal(R.ASISTIDA, en=otro_sitio())):
        if quien:
            client.force_login(quien)
        respuesta = client.get(url(soporte))
        assert respuesta.status_code == 302
        assert b"el secreto" not in respuesta.getvalue()


def test_se_entrega_como_descarga_que_no_se_guarda_ni_se_interpreta(client, soporte):
    client.force_login(f.personal(R.ASISTIDA))
    respuesta = client.get(url(soporte))
    assert respuesta.getvalue().startswith(b"%PDF-")
    assert respuesta["Content-Disposition"] == 'attachment; filename="acta firmada.pdf"'
    assert respuesta["Content-Type"] == "application/pdf"
    assert respuesta["X-Content-Type-Options"] == "nosniff"
    assert respuesta["Cache-Control"].startswith("private, no-store")
    assert client.post(url(soporte)).status_code == 405


def test_uno_que_no_existe_o_perdio_su_archivo_da_404(client, soporte):
    client.force_login(f.personal(R.ASISTIDA))
    assert client.get("/admin/personas/soportes/00000000-0000-4000-8000-000000000000/").status_code == 404
    soporte.archivo.storage.delete(soporte.archivo.name)
    assert client.get(url(soporte)).status_code == 404


def test_lo_que_no_se_acepta_no_se_guarda():
    falso = f.pdf("acta.pdf")
    falso.name = "acta.png"
    with pytest.raises(ValidationError):
        guardar_soporte(archivo=falso)
    assert not Soporte.objects.exists()
