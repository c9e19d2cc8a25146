"""Invitar a alguien a una organización: quién, con qué límite, y lo que ve quien abre el enlace."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cuentas import actions as cuentas
from cuentas.enlaces import huella_de_codigo
from cuentas.enums import RolMembresia, RolPersonal
from cuentas.models import Invitacion, Usuario
from cuentas.organizaciones import invitaciones
from cuentas.organizaciones.actions import cambiar_rol, terminar_membresia
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
R, INTEGRANTE = RolMembresia.REPRESENTANTE, RolMembresia.INTEGRANTE
LUZ = "luz@example.org"


def entrar(usuario):
    cliente = Client()
    cliente.force_login(usuario)
    return cliente


def invitar(org, correo=LUZ, rol=INTEGRANTE, actor=None):
    """La dirección del enlace que llega por correo."""
    actor = actor or org.membresias.get(rol=R).participante.cuenta
    _fila, codigo = invitaciones.invitar(organizacion=org, correo=correo, rol=rol, actor=actor)
    return f"/mi-cuenta/invitaciones/{codigo}/"


def enlace_del_correo(correo) -> str:
    return re.search(r"http://[^/]+(/mi-cuenta/invitaciones/\S+)", correo.body)[1]


@pytest.fixture
def ana():
    return f.persona()


@pytest.fixture
def org(ana):
    return f.organizacion(ana, nombre="Junta El Roble")


def pagina(org):
    return f"/mi-cuenta/organizaciones/{org.pk}/"


# --- Enviar -------------------------------------------------------------------------------


def test_invitar_escribe_y_guarda_solo_la_huella(ana, org):
    respuesta = entrar(ana).post(f"{pagina(org)}invitar/", {"correo": " Luz@Example.org ", "rol": INTEGRANTE}, follow=True)
    assert "Se envió la invitación a luz@example.org" in respuesta.text
    (correo,) = mail.outbox
    assert correo.to == [LUZ] and "Junta El Roble" in correo.body
    codigo = enlace_del_correo(correo).rstrip("/").rsplit("/", 1)[-1]
    invitacion = Invitacion.objects.get()
    assert invitacion.huella == huella_de_codigo(codigo) and codigo not in str(Invitacion.objects.values())
    assert invitacion.invitada_por.cuenta == ana
    assert timedelta(days=6, hours=23) < invitacion.vence_en - timezone.now() <= timedelta(days=7)
    assert LUZ not in str(ModelLogEntry.objects.values())


def test_invitar_dice_lo_mismo_tenga_o_no_cuenta_el_correo(ana, org):
    f.persona("uno@example.org")
    cliente, mensajes = entrar(ana), []
    for correo in ("uno@example.org", "dos@example.org"):
        respuesta = cliente.post(f"{pagina(org)}invitar/", {"correo": correo, "rol": INTEGRANTE})
        assert respuesta.url == pagina(org)
        mensajes.append([str(m).replace(correo, "") for m in cliente.get(pagina(org)).context["messages"]])
    assert mensajes[0] == mensajes[1] == ["Se envió la invitación a ."]
    uno, dos = (re.sub(r"invitaciones/\S+", "", correo.body) for correo in mail.outbox)
    assert uno == dos


@pytest.mark.parametrize("campos", [{"correo": "no", "rol": INTEGRANTE}, {"correo": LUZ, "rol": "jefa"}, {"correo": "", "rol": INTEGRANTE}])
def test_invitar_mal_se_explica(ana, org, campos):
    assert entrar(ana).post(f"{pagina(org)}invitar/", campos).status_code == 422
    assert not Invitacion.objects.exists() and not mail.outbox


def test_con_el_correo_caido_queda_y_se_puede_reenviar(ana, org, monkeypatch):
    def caido(*args, **kwargs):
        raise OSError

    with monkeypatch.context() as m:
        m.setattr("cuentas.adaptador.AdaptadorCuentas.enviar", caido)
        respuesta = entrar(ana).post(f"{pagina(org)}invitar/", {"correo": LUZ, "rol": INTEGRANTE}, follow=True)
        assert respuesta.status_code == 200 and "el correo no salió" in respuesta.text
    entrar(ana).post(f"{pagina(org)}invitaciones/{Invitacion.objects.get().pk}/", {"accion": "reenviar"})
    assert len(mail.outbox) == 1


def test_reenviar_da_otro_enlace_y_el_viejo_muere(ana, org):
    viejo = invitar(org, rol=R)
    cliente = entrar(ana)
    cliente.post(f"{pagina(org)}invitaciones/{Invitacion.objects.get().pk}/", {"accion": "reenviar"})
    luz = entrar(f.cuenta(LUZ))
    assert luz.post(viejo).status_code == 410
    nuevo = enlace_del_correo(mail.outbox[-1])
    assert luz.post(nuevo).status_code == 302
    assert org.membresias.vigentes().get(participante__cuenta__email=LUZ).rol == R


def test_anular_mata_el_enlace_y_repetirlo_no_hace_nada(ana, org):
    enlace = invitar(org)
    ruta = f"{pagina(org)}invitaciones/{Invitacion.objects.get().pk}/"
    for _ in range(2):
        assert entrar(ana).post(ruta, {"accion": "anular"}).status_code == 302
    assert ModelLogEntry.objects.filter(action="cuentas.anular_invitacion").count() == 1
    assert entrar(f.cuenta(LUZ)).post(enlace).status_code == 410
    assert "no sirve" not in entrar(ana).get(pagina(org)).text and LUZ not in entrar(ana).get(pagina(org)).text
    # Y una anulada no se reenvía.
    assert "invite de nuevo" in entrar(ana).post(ruta, {"accion": "reenviar"}, follow=True).text
    assert not mail.outbox


def test_solo_quien_representa_invita_reenvia_o_anula(org):
    integrante, ajena = f.persona(), f.persona()
    org.membresias.create(participante=integrante.participante, rol=INTEGRANTE)
    otra = f.organizacion(ajena)
    invitar(org)
    invitacion = Invitacion.objects.get()
    for usuario in (integrante, ajena):
        for hacer in (
            lambda u=usuario: invitaciones.invitar(organizacion=org, correo="x@x.co", rol=INTEGRANTE, actor=u),
            lambda u=usuario: invitaciones.reenviar_invitacion(invitacion=invitacion, actor=u),
            lambda u=usuario: invitaciones.anular_invitacion(invitacion=invitacion, actor=u),
        ):
            with pytest.raises(PermissionDenied):
                hacer()
        for accion in ("reenviar", "anular"):
            ruta = f"{pagina(org)}invitaciones/{invitacion.pk}/"
            assert entrar(usuario).post(ruta, {"accion": accion}).status_code == 404
    # Ni por la dirección de su propia organización.
    assert entrar(ajena).post(f"{pagina(otra)}invitaciones/{invitacion.pk}/", {"accion": "anular"}).status_code == 404
    invitacion.refresh_from_db()
    assert invitacion.anulada_en is None and Invitacion.objects.count() == 1


def test_veinte_por_dia_por_organizacion_y_por_persona(ana, org):
    for numero in range(20):
        invitar(org, f"p{numero}@example.org")
    respuesta = entrar(ana).post(f"{pagina(org)}invitar/", {"correo": LUZ, "rol": INTEGRANTE})
    assert respuesta.status_code == 422 and "Espere a mañana" in respuesta.text
    with pytest.raises(ValidationError) as caso:  # tampoco desde otra organización suya
        invitar(f.organizacion(ana))
    assert caso.value.code == "limite"
    otra = f.organizacion(f.persona())
    invitar(otra)
    Invitacion.objects.update(creada_en=timezone.now() - timedelta(hours=24, minutes=1))
    invitar(org)


def test_hilos_el_limite_diario_se_cumple_a_la_vez(hilos):
    ana = f.persona()
    org = f.organizacion(ana)
    for numero in range(16):
        invitar(org, f"p{numero}@example.org")
    salidas = hilos(*[lambda n=n: invitar(org, f"q{n}@example.org", actor=ana) for n in range(8)])
    assert sum(isinstance(s, str) for s in salidas) == 4
    assert {s.code for s in salidas if not isinstance(s, str)} == {"limite"}


@pytest.mark.parametrize("como", ["la_quitan", "baja_de_rol"])
def test_quien_deja_de_representar_no_deja_invitaciones_abiertas(ana, org, como):
    beto = f.persona()
    membresia = org.membresias.create(participante=beto.participante, rol=R)
    enlace = invitar(org, actor=beto)
    de_ana = invitar(org, "otra@example.org", actor=ana)
    if como == "la_quitan":
        terminar_membresia(membresia=membresia, actor=ana)
    else:
        cambiar_rol(membresia=membresia, rol=INTEGRANTE, actor=ana)
    assert entrar(f.cuenta(LUZ)).post(enlace).status_code == 410
    assert entrar(f.cuenta("otra@example.org")).post(de_ana).status_code == 302


# --- Aceptar ------------------------------------------------------------------------------------


def test_aceptar_une_una_sola_vez(org):
    enlace, luz = invitar(org), f.cuenta(LUZ)
    cliente = entrar(luz)
    respuesta = cliente.get(enlace)
    assert respuesta.status_code == 200 and "Junta El Roble" in respuesta.text
    assert not org.membresias.filter(participante__cuenta=luz).exists()  # mirar no acepta
    assert cliente.post(enlace).url == pagina(org)
    assert org.membresias.get(participante__cuenta=luz).rol == INTEGRANTE
    # Recargar o volver atrás, ya dentro, lleva a la organización y no la une otra vez.
    assert [cliente.get(enlace).url, cliente.post(enlace).url] == [pagina(org)] * 2
    assert org.membresias.filter(participante__cuenta=luz).count() == 1
    assert LUZ not in str(ModelLogEntry.objects.values())


def test_usada_no_sirve_para_volver_despues_de_dejarla(org):
    enlace, luz = invitar(org), f.cuenta(LUZ)
    cliente = entrar(luz)
    cliente.post(enlace)
    terminar_membresia(membresia=org.membresias.get(participante__cuenta=luz), actor=luz)
    assert cliente.post(enlace).status_code == 410
    assert not org.membresias.vigentes().filter(participante__cuenta=luz).exists()


def test_a_quien_ya_la_integra_no_le_cambia_el_rol(ana, org):
    EmailAddress.objects.create(user=ana, email=LUZ, verified=True)
    invitar(org, rol=INTEGRANTE)
    assert entrar(ana).post(invitar(org)).url == pagina(org)
    assert org.membresias.get().rol == R


def test_vencida_dice_que_hacer_segun_el_reloj_de_la_base(org):
    enlace, luz = invitar(org), f.cuenta(LUZ)
    Invitacion.objects.update(vence_en=timezone.now() - timedelta(seconds=1))
    for respuesta in (entrar(luz).get(enlace), entrar(luz).post(enlace), Client().get(enlace)):
        assert respuesta.status_code == 410 and "pida a quien lo invitó" in respuesta.text
        assert "Junta El Roble" not in respuesta.text
    assert not org.membresias.filter(participante__cuenta=luz).exists()


@pytest.mark.parametrize("codigo", ["x", "x" * 3000, "%00", "..", "ñ"])
def test_codigo_que_no_existe(codigo):
    respuesta = Client().get(f"/mi-cuenta/invitaciones/{codigo}/")
    assert respuesta.status_code in (400, 404)
    respuesta = Client().get("/mi-cuenta/invitaciones/inventado/")
    assert respuesta.status_code == 404 and "pida a quien lo invitó" in respuesta.text


@pytest.mark.parametrize("confirmado", [False, True])
def test_para_otra_persona_no_se_acepta_y_dice_como(org, confirmado):
    enlace, otra = invitar(org), f.persona()
    if not confirmado:  # tener el correo sin confirmar no basta: cualquiera puede escribirlo
        EmailAddress.objects.create(user=otra, email=LUZ, verified=False)
    for respuesta in (entrar(otra).get(enlace), entrar(otra).post(enlace)):
        assert respuesta.status_code == 403
        assert "l***@example.org" in respuesta.text and LUZ not in respuesta.text
        assert 'name="next" value="' + enlace in respuesta.text
    assert org.membresias.count() == 1


def test_vale_para_un_correo_confirmado_que_no_es_el_principal(org):
    otra = f.persona()
    EmailAddress.objects.create(user=otra, email=LUZ.upper(), verified=True)
    assert entrar(otra).post(invitar(org)).url == pagina(org)


def test_sin_sesion_invita_a_entrar_y_el_enlace_sobrevive(org):
    enlace = invitar(org)
    f.cuenta(LUZ)
    cliente = Client()
    for respuesta in (cliente.get(enlace), cliente.post(enlace)):
        assert respuesta.status_code == 200
        assert f'href="/cuenta/login/?next={enlace}"' in respuesta.text and LUZ not in respuesta.text
    assert org.membresias.count() == 1
    respuesta = cliente.post("/cuenta/login/", {"login": LUZ, "password": f.CLAVE, "next": enlace})
    assert respuesta.url == enlace
    assert cliente.post(enlace).url == pagina(org)


def test_salir_para_entrar_con_el_otro_correo_vuelve_al_enlace(org):
    enlace = invitar(org)
    respuesta = entrar(f.persona()).post("/cuenta/logout/", {"next": enlace})
    assert respuesta.url == enlace


def test_aceptar_por_sesion_ajena_sin_csrf_no_hace_nada(org):
    enlace, luz = invitar(org), f.cuenta(LUZ)
    cliente = Client(enforce_csrf_checks=True)
    cliente.force_login(luz)
    assert cliente.post(enlace).status_code == 403
    assert org.membresias.count() == 1


def test_hilos_dos_pestanas_aceptan_a_la_vez_una_membresia(hilos):
    org = f.organizacion(f.persona())
    enlace, luz = invitar(org), f.cuenta(LUZ)
    clientes = [entrar(luz) for _ in range(6)]
    salidas = hilos(*[lambda c=c: c.post(enlace).status_code for c in clientes])
    assert salidas == [302] * 6
    assert org.membresias.filter(participante__cuenta=luz).count() == 1
    assert ModelLogEntry.objects.filter(action="cuentas.aceptar_invitacion").count() == 1


def test_hilos_anular_y_aceptar_a_la_vez_gana_uno(hilos):
    ana, luz = f.persona(), f.cuenta(LUZ)
    org = f.organizacion(ana)
    cuentas.participante_de(luz)
    invitar(org)
    invitacion = Invitacion.objects.get()
    hilos(
        lambda: invitaciones.anular_invitacion(invitacion=invitacion, actor=ana),
        lambda: invitaciones.aceptar_invitacion(invitacion=invitacion, actor=luz),
    )
    invitacion.refresh_from_db()
    integra = org.membresias.filter(participante__cuenta=luz).exists()
    assert integra == bool(invitacion.usada_en) == (not invitacion.anulada_en)


# --- Sin quien la represente -----------------------------------------------------------------


def test_el_personal_devuelve_una_organizacion_sin_representante(ana, org):
    funcionaria = f.personal(RolPersonal.ASISTIDA)
    ruta = f"/admin/personas/organizaciones/{org.pk}/"
    cliente = entrar(funcionaria)
    assert "Invitar como representante" not in cliente.get(ruta).text
    assert cliente.post(ruta, {"accion": "invitar", "correo": LUZ}).status_code == 422
    terminar_membresia(membresia=org.membresias.get(), actor=ana)
    assert "Invitar como representante" in cliente.get(ruta).text
    assert cliente.post(ruta, {"accion": "invitar", "correo": "mal"}).status_code == 422
    assert cliente.post(ruta, {"accion": "invitar", "correo": LUZ}).status_code == 302
    luz = entrar(f.cuenta(LUZ))
    luz.post(enlace_del_correo(mail.outbox[-1]))
    assert org.membresias.vigentes().get().rol == R
    assert Usuario.objects.get(email=LUZ).participante == org.membresias.vigentes().get().participante
