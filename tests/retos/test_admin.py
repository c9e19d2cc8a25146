import pytest

from cuentas.enums import RolPersonal
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]


@pytest.mark.parametrize(
    ("rol", "lo_ve"), [(RolPersonal.EDITOR, True), (RolPersonal.MODERACION, False), (RolPersonal.ANALITICA, False)]
)
def test_menu_de_retos_solo_para_quien_edita(client, rol, lo_ve):
    f.reto("Agua limpia")
    client.force_login(f.personal(rol))
    assert ('"/admin/retos/"' in client.get("/admin/").text) is lo_ve
    assert ("Agua limpia" in client.get("/admin/retos/", follow=True).text) is lo_ve
