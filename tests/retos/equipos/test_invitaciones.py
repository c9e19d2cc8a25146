"""Invitar a escribir en equipo: a quién, hasta cuándo y qué ve quien recibe el enlace."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from cuentas import actions as cuentas
from cuentas.enums import RangoDeclarado, RolPersonal
from participacion.avisos.models import Aviso
from participacion.registro.models import Acto
from retos import actions as retos
from retos.equipos import integrantes, invitaciones
from retos.equipos.condiciones import LIMITE
from retos.evaluacion.enums import EstadoJurado
from retos.fases import TipoFase
from retos.models import InvitacionEquipo, Jurado, Propuesta
from tests import fabricas as f

from .fabricas_equipos import integrante, invitada

pytestmark = pytest.mark.django_db
CON_DECISION = (TipoFase.CONVOCATORIA, TipoFase.DECISION)


@pytest.fixture
def ana():
    return f.persona("ana@example.org")


@pytest.fixture
def beto():
    return f.persona("beto@example.org", nombre="Beto", apellido="Paz")


@pytest.fixture
def borrador(ana):
    return f.borrador(f.reto(), ana, titulo="Sombra en la plaza", resumen="Sembrar guayacanes.")


def codigo_de(error) -> str:
    return error.value.code


def test_se_invita_se_acepta_y_edita_el_borrador(client, ana, beto, borrador):
    client.force_login(ana)
    respuesta = client.post(f"/propuestas/{borrador.pk}/equipo/", {"correo": " BETO@example.org "}, follow=True)
    assert "Invitación enviada a beto@example.org" in respuesta.text
    (correo,) = mail.outbox
    assert correo.to == ["beto@example.org"] and "Ana Ríos" in correo.body
    assert "Sombra en la plaza" not in correo.body + correo.subject  # el correo puede estar mal escrito
    enlace = next(renglon for renglon in correo.body.splitlines() if "/equipos/invitacion/" in renglon)
    client.logout()
    sin_entrar = client.get(enlace)
    assert sin_entrar.status_code == 200 and "b***@example.org" in sin_entrar.text
    assert "Sembrar guayacanes" not in sin_entrar.text and "beto@" not in sin_entrar.text and "Ríos" not in sin_entrar.text
    client.force_login(beto)
    antes = client.get(enlace)
    assert "Sembrar guayacanes" in antes.text and "Ana Ríos" in antes.text
    assert not borrador.integrantes.exists()  # abrirlo no es aceptar
    assert client.post(enlace).url == f"/propuestas/{borrador.pk}/equipo/"
    assert borrador.integrantes.get().participante.cuenta == beto
    assert client.get(f"/propuestas/{borrador.pk}/editar/").status_code == 200
    assert "Sombra en la plaza" in client.get(reverse("retos:mis_propuestas")).text
    assert Acto.objects.filter(tipo="integrante_sumado", participante=beto.participante.clave).count() == 1
    assert Aviso.objects.get(tipo="equipo_sumado").destinatario == ana
    with pytest.raises(PermissionDenied):
        retos.enviar_propuesta(propuesta=borrador, actor=beto)


def test_enlace_de_un_solo_uso_y_repetirlo_no_hace_nada(client, beto, borrador):
    invitacion, codigo = invitada(borrador, beto)
    primero = invitaciones.aceptar(invitacion=invitacion, actor=beto)
    assert invitaciones.aceptar(invitacion=invitacion, actor=beto) == primero
    assert client.get(f"/equipos/invitacion/{codigo}/").status_code == 410
    integrantes.dejar(integrante=primero, actor=beto)
    with pytest.raises(ValidationError) as error:
        invitaciones.aceptar(invitacion=invitacion, actor=beto)
    assert codigo_de(error) == "no_vigente"
    assert client.get("/equipos/invitacion/falso/").status_code == 404


def test_reenviar_anula_el_enlace_anterior(client, ana, beto, borrador):
    vieja, _codigo = invitada(borrador, beto)
    client.force_login(ana)
    client.post(f"/propuestas/{borrador.pk}/equipo/invitaciones/{vieja.pk}/", {"accion": "reenviar"})
    vieja.refresh_from_db()
    nueva = InvitacionEquipo.objects.vigentes().get()
    assert vieja.anulada_en and nueva.correo == vieja.correo and len(mail.outbox) == 1
    client.post(f"/propuestas/{borrador.pk}/equipo/invitaciones/{nueva.pk}/", {"accion": "anular"})
    assert not InvitacionEquipo.objects.vigentes().exists()
    respuesta = client.post(f"/propuestas/{borrador.pk}/equipo/invitaciones/{nueva.pk}/", {"accion": "reenviar"}, follow=True)
    assert "ya se usó o se anuló" in respuesta.text and len(mail.outbox) == 1


def test_vencida_segun_la_base_de_datos(client, beto, borrador):
    invitacion, codigo = invitada(borrador, beto)
    InvitacionEquipo.objects.update(vence_en=timezone.now() - timedelta(seconds=1))
    client.force_login(beto)
    assert client.post(f"/equipos/invitacion/{codigo}/").status_code == 410
    assert not borrador.integrantes.exists()


def test_es_de_otra_persona(client, beto, borrador):
    _invitacion, codigo = invitada(borrador, beto)
    client.force_login(f.persona())
    respuesta = client.post(f"/equipos/invitacion/{codigo}/")
    assert respuesta.status_code == 403 and "Sembrar guayacanes" not in respuesta.text
    assert not borrador.integrantes.exists()


def test_a_quien_no_se_invita(client, ana, beto, borrador):
    client.force_login(ana)
    integrante(borrador, beto)
    for correo, dice in (
        ("ana@example.org", "usted ya es del equipo"),
        ("beto@example.org", "ya es del equipo"),
        ("no-es-correo", "correo electrónico válida"),
    ):
        respuesta = client.post(f"/propuestas/{borrador.pk}/equipo/", {"correo": correo, "organizacion": "900"})
        assert respuesta.status_code == 422, correo
        if correo == "no-es-correo":
            assert "No hay una organización registrada" in respuesta.text and 'value="900"' in respuesta.text
        respuesta = client.post(f"/propuestas/{borrador.pk}/equipo/", {"correo": correo})
        assert dice in respuesta.text and f'value="{correo}"' in respuesta.text
    assert not InvitacionEquipo.objects.exists() and not mail.outbox


@pytest.mark.parametrize("caso", ["organización ajena", "organización sin verificar", "menor sin acudiente", "completo", "cerrada"])
def test_no_se_acepta(client, ana, caso):
    pagina = f.reto(**f.programa(fases=CON_DECISION), solo_verificadas=caso == "organización sin verificar")
    propuesta = f.enviada(pagina, ana)
    quien = f.persona("beto@example.org", rango=RangoDeclarado.ADOLESCENTE if caso.startswith("menor") else RangoDeclarado.ADULTO)
    org = None
    if caso.startswith("organización"):
        org = f.organizacion(f.persona() if caso == "organización ajena" else quien, nombre="Colegio Central")
    invitacion, codigo = invitada(propuesta, quien, organizacion=org)
    if caso == "completo":
        for _ in range(LIMITE - 1):
            integrante(propuesta)
    elif caso == "cerrada":
        f.mover_reloj(pagina, "decision")
    client.force_login(quien)
    respuesta = client.post(f"/equipos/invitacion/{codigo}/")
    assert respuesta.status_code == 422
    dice = {
        "organización ajena": "No puede actuar en nombre de Colegio Central",
        "organización sin verificar": "pida que verifique a Colegio Central",
        "menor sin acudiente": "autorización de su padre",
        "completo": "hasta 10 personas",
        "cerrada": "Ya no se puede enviar propuestas",
    }[caso]
    assert dice in respuesta.text
    assert not propuesta.integrantes.filter(participante__cuenta=quien).exists()
    assert InvitacionEquipo.objects.get().usada_en is None


@pytest.mark.parametrize("estado", [EstadoJurado.INVITADO, EstadoJurado.ACEPTADO])
def test_al_jurado_invitado_a_un_equipo_no_se_le_dice_de_quien_es_ni_de_que_trata(client, ana, beto, borrador, estado):
    integrante(borrador, f.persona(nombre="Dora", apellido="Gil"))
    _invitacion, codigo = invitada(borrador, beto)
    Jurado.objects.create(ejercicio=borrador.ejercicio, usuario=beto, estado=estado, invitado_en=timezone.now())
    client.force_login(beto)
    for pedir in (client.get, client.post):
        respuesta = pedir(f"/equipos/invitacion/{codigo}/")
        assert (respuesta.status_code, "Es del jurado de este reto" in respuesta.text) == (403, True)
        assert not {dicho for dicho in ("Sombra en la plaza", "guayacanes", "Ríos", "Dora", "Gil") if dicho in respuesta.text}
    assert InvitacionEquipo.objects.get().usada_en is None
    with pytest.raises(ValidationError) as error:
        invitaciones.aceptar(invitacion=_invitacion, actor=beto)
    assert error.value.code == "jurado"


def test_sin_nada_en_el_formulario_cada_campo_dice_lo_que_falta(client, ana, borrador):
    client.force_login(ana)
    respuesta = client.post(f"/propuestas/{borrador.pk}/equipo/", {})
    assert respuesta.status_code == 422 and respuesta.context["formulario"].errors["correo"]


def test_en_nombre_de_una_organizacion(client, ana, beto, borrador):
    org = f.organizacion(beto, nombre="Colegio Central", nit="9001234568")
    client.force_login(ana)
    client.post(f"/propuestas/{borrador.pk}/equipo/", {"correo": beto.email, "organizacion": "colegio central"})
    assert InvitacionEquipo.objects.get().organizacion == org
    client.post(f"/propuestas/{borrador.pk}/equipo/", {"correo": beto.email, "organizacion": "900.123.456-8"})
    invitacion = InvitacionEquipo.objects.vigentes().get()
    assert invitaciones.aceptar(invitacion=invitacion, actor=beto).organizacion == org


def test_limites(ana, borrador, monkeypatch):
    for n in range(LIMITE - 1):
        invitaciones.invitar(propuesta=borrador, correo=f"p{n}@example.org", actor=ana)
    with pytest.raises(ValidationError) as error:
        invitaciones.invitar(propuesta=borrador, correo="otra@example.org", actor=ana)
    assert codigo_de(error) == "cupo"
    invitaciones.invitar(propuesta=borrador, correo="p0@example.org", actor=ana)  # reemplaza la suya
    for invitacion in InvitacionEquipo.objects.vigentes():
        invitaciones.anular(invitacion=invitacion, actor=ana)
    otra = f.borrador(f.reto(), ana)
    for n in range(invitaciones.LIMITE_DIARIO - LIMITE):
        propuesta = (borrador, otra)[n % 2]
        invitaciones.invitar(propuesta=propuesta, correo=f"q{n}@example.org", actor=ana)
    with pytest.raises(ValidationError) as error:
        invitaciones.invitar(propuesta=otra, correo="mas@example.org", actor=ana)
    assert codigo_de(error) == "limite"


def test_solo_su_autor_invita_quita_y_anula(beto, borrador):
    uno = integrante(borrador, beto)
    invitacion, _codigo = invitada(borrador, f.persona())
    for hacer in (
        lambda: invitaciones.invitar(propuesta=borrador, correo="x@example.org", actor=beto),
        lambda: invitaciones.reenviar(invitacion=invitacion, actor=beto),
        lambda: invitaciones.anular(invitacion=invitacion, actor=beto),
        lambda: integrantes.quitar(integrante=uno, actor=beto),
        lambda: integrantes.dejar(integrante=uno, actor=borrador.autor.cuenta),
    ):
        with pytest.raises(PermissionDenied):
            hacer()
    assert borrador.integrantes.count() == 1 and InvitacionEquipo.objects.vigentes().count() == 1


def test_quitar_y_dejar(client, ana, beto, borrador):
    uno, carla = integrante(borrador, beto), f.persona()
    otra = integrante(borrador, carla)
    client.force_login(ana)
    assert "Beto Paz" in client.get(f"/propuestas/{borrador.pk}/equipo/integrantes/{uno.pk}/").text
    client.post(f"/propuestas/{borrador.pk}/equipo/integrantes/{uno.pk}/")
    assert [i.pk for i in borrador.integrantes.all()] == [otra.pk]
    assert Aviso.objects.get(tipo="equipo_quitado").destinatario == beto
    client.force_login(beto)
    assert client.get(f"/propuestas/{borrador.pk}/editar/").status_code == 404
    client.force_login(carla)
    client.post(f"/propuestas/{borrador.pk}/equipo/dejar/")
    assert not borrador.integrantes.exists()
    assert Aviso.objects.get(tipo="equipo_dejado").destinatario == ana
    assert Acto.objects.filter(tipo="integrante_salido").count() == 2


def test_cerrada_la_convocatoria_nadie_quita_pero_cualquiera_deja(ana, beto):
    pagina = f.reto(**f.programa(fases=CON_DECISION))
    propuesta = f.publicada(pagina, ana)
    uno = integrante(propuesta, beto)
    f.mover_reloj(pagina, "decision")
    with pytest.raises(ValidationError):
        integrantes.quitar(integrante=uno, actor=ana)
    integrantes.dejar(integrante=uno, actor=beto)
    assert not propuesta.integrantes.exists()


def test_al_retirarla_sus_invitaciones_dejan_de_servir(client, ana, beto):
    propuesta = f.enviada(f.reto(), ana)
    _invitacion, codigo = invitada(propuesta, beto)
    retos.retirar_propuesta(propuesta=propuesta, actor=ana)
    client.force_login(beto)
    assert client.post(f"/equipos/invitacion/{codigo}/").status_code == 410


def test_equipo_solo_para_el_equipo(client, ana, beto, borrador):
    for quien in (f.persona(), f.personal(RolPersonal.GESTION)):
        client.force_login(quien)
        assert client.get(f"/propuestas/{borrador.pk}/equipo/").status_code == 404
    integrante(borrador, beto)
    invitada(borrador, f.cuenta("secreto@example.org"))
    client.force_login(beto)
    visto = client.get(f"/propuestas/{borrador.pk}/equipo/")
    assert "Ana Ríos" in visto.text and "secreto@" not in visto.text and "Dejar el equipo" in visto.text
    assert client.post(f"/propuestas/{borrador.pk}/equipo/", {"correo": "x@example.org"}).status_code == 403


def test_consultas_del_equipo_iguales_con_1_y_3(client, ana, borrador, django_assert_num_queries):
    client.force_login(ana)

    def poner():
        integrante(borrador, f.persona())
        invitada(borrador, f.cuenta())

    poner()
    client.get(f"/propuestas/{borrador.pk}/equipo/")
    with django_assert_num_queries(9):
        assert client.get(f"/propuestas/{borrador.pk}/equipo/").status_code == 200
    poner(), poner()
    with django_assert_num_queries(9):
        assert client.get(f"/propuestas/{borrador.pk}/equipo/").status_code == 200


def test_hilos_el_ultimo_cupo_es_de_una_sola(hilos):
    ana = f.persona()
    propuesta = f.borrador(f.reto(), ana)
    aspirantes = [f.persona() for _ in range(4)]
    for _ in range(LIMITE - 1 - len(aspirantes)):
        integrante(propuesta)
    pedidas = [invitada(propuesta, quien)[0] for quien in aspirantes]
    for _ in range(len(aspirantes) - 1):
        integrante(propuesta)

    def aceptar(invitacion, quien):
        return lambda: invitaciones.aceptar(invitacion=invitacion, actor=quien)

    salida = hilos(*(aceptar(i, q) for i, q in zip(pedidas, aspirantes, strict=True)))
    codigos = sorted(getattr(r, "code", "dentro") for r in salida)
    assert codigos == ["cupo", "cupo", "cupo", "dentro"]
    assert Propuesta.objects.get(pk=propuesta.pk).integrantes.count() == LIMITE - 1
    assert cuentas.participante_de(ana) == propuesta.autor
