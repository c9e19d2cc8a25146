import pytest

from cuentas.enums import RolPersonal
from retos import actions
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


def test_quien_propone_en_un_reto_no_lo_lleva(client):
    """Ley 1437 de 2011, art. 11. De los demás retos sí; lo que no compite no estorba."""
    suyo, otro = f.reto("El suyo"), f.reto("El otro")
    gestora = f.habilitar(f.personal(RolPersonal.GESTION))
    borrador = f.borrador(suyo, gestora)
    client.force_login(gestora)
    urls = [f"/admin/programa/{parte}/{suyo.ejercicio.pk}/" for parte in ("convocatoria", "decision", "seguimiento")]
    antes = [client.get(url).status_code for url in urls]
    actions.enviar_propuesta(propuesta=borrador, actor=gestora)
    for url in urls:
        for respuesta in (client.get(url, follow=True), client.post(url, {"accion": "tomar"}, follow=True)):
            assert respuesta.redirect_chain[0][0] == "/admin/programa/convocatoria/" and "lo lleva otra persona" in respuesta.text, url
    assert antes[0] == client.get(f"/admin/programa/convocatoria/{otro.ejercicio.pk}/").status_code == 200
