"""Lo que el personal escribe y envía por otra persona, y lo que no puede tocar."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from cuentas import actions as cuentas
from cuentas.enums import RolPersonal
from participacion.avisos.models import Aviso
from participacion.moderacion.enums import Decision
from participacion.registro.enums import Canal
from participacion.registro.models import Acto, Asistencia
from retos import actions
from retos.models import Propuesta
from retos.rules import asiste
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
TEXTOS = {"titulo": "De Rosa", "resumen": "En breve.", "descripcion": "En detalle.", "terminos": 1}


def recoger(funcionario, participante, *, reto=None, clave=None, **campos):
    return actions.guardar_borrador(
        actor=funcionario,
        participante=participante,
        ejercicio=(reto or f.reto()).ejercicio,
        clave_envio=clave or uuid.uuid4(),
        asistido_por=funcionario,
        **{**TEXTOS, **campos},
    )


def enviar(propuesta, funcionario):
    return actions.enviar_propuesta(
        propuesta=propuesta, actor=funcionario, canal=Canal.ASISTIDA, asistido_por=funcionario
    )


@pytest.fixture
def funcionario():
    return f.personal(RolPersonal.ASISTIDA)


@pytest.fixture
def rosa():
    """Una persona lista para participar que, además, ya no tiene cuenta."""
    participante = cuentas.participante_de(f.persona())
    participante.cuenta, participante.nivel = None, 3
    participante.save()
    return participante


def test_recoger_y_enviar_por_quien_no_tiene_cuenta(funcionario, rosa):
    propuesta = enviar(recoger(funcionario, rosa), funcionario)
    assert (propuesta.estado, propuesta.autor, propuesta.asistida) == ("enviada", rosa, True)
    acto = Acto.objects.get()
    assert (acto.canal, acto.participante, acto.actor_tipo) == ("asistida", rosa.clave, "ciudadania")
    assert Asistencia.objects.get() == acto.asistencia and acto.asistencia.funcionario == funcionario
    assert not Aviso.objects.exists()


def test_otro_funcionario_corrige_lo_devuelto(funcionario, rosa):
    reto = f.reto()
    propuesta = enviar(recoger(funcionario, rosa, reto=reto), funcionario)
    f.resolver(propuesta, Decision.DEVUELTA, motivo="Falta el costo")
    otro = f.personal(RolPersonal.ADMINISTRACION)
    recoger(otro, rosa, reto=reto, clave=propuesta.clave_envio, titulo="Con costo")
    enviar(propuesta, otro)
    envios = Acto.objects.filter(tipo="propuesta_enviada").order_by("pk")
    assert [a.asistencia.funcionario for a in envios] == [funcionario, otro]
    assert Propuesta.objects.get().titulo == "Con costo"


def test_con_cuenta_la_propuesta_es_tambien_suya_y_el_aviso_le_llega(funcionario):
    ana = f.persona()
    propuesta = enviar(recoger(funcionario, ana.participante), funcionario)
    assert Aviso.objects.get().destinatario == ana
    actions.retirar_propuesta(propuesta=propuesta, actor=ana)
    assert Acto.objects.get(tipo="propuesta_retirada").canal == "web"


def test_lo_escrito_en_la_web_no_lo_toca_el_personal(funcionario):
    ana, reto = f.persona(), f.reto()
    propuesta = f.borrador(reto, ana)
    with pytest.raises(PermissionDenied):
        enviar(propuesta, funcionario)
    with pytest.raises(PermissionDenied):
        recoger(funcionario, ana.participante, reto=reto, clave=propuesta.clave_envio)
    propuesta.refresh_from_db()
    assert (propuesta.estado, propuesta.asistida) == ("borrador", False)


def test_el_formulario_de_una_persona_no_sirve_para_otra(funcionario, rosa):
    reto = f.reto()
    propuesta = recoger(funcionario, rosa, reto=reto)
    with pytest.raises(PermissionDenied):
        recoger(funcionario, f.persona().participante, reto=reto, clave=propuesta.clave_envio, titulo="De otra")
    assert Propuesta.objects.get().titulo == "De Rosa"


@pytest.mark.parametrize("rol", [r for r in RolPersonal if r not in (RolPersonal.ASISTIDA, RolPersonal.ADMINISTRACION)])
def test_sin_ese_rol_no_se_recoge_ni_se_envia(funcionario, rosa, rol):
    reto, otro = f.reto(), f.personal(rol)
    propuesta = recoger(funcionario, rosa, reto=reto)
    for intento in (lambda: enviar(propuesta, otro), lambda: recoger(otro, rosa, reto=reto)):
        with pytest.raises(PermissionDenied):
            intento()
    assert Propuesta.objects.get().estado == "borrador"


def test_actuar_por_otro_sin_decirlo_o_en_nombre_de_otro_funcionario_se_rechaza(funcionario, rosa):
    propuesta = recoger(funcionario, rosa)
    with pytest.raises(PermissionDenied):
        actions.enviar_propuesta(propuesta=propuesta, actor=funcionario)
    with pytest.raises(PermissionDenied):
        actions.enviar_propuesta(
            propuesta=propuesta, actor=f.persona(), canal=Canal.PAPEL, asistido_por=funcionario
        )


def test_nadie_se_asiste_a_si_mismo(funcionario):
    f.habilitar(funcionario)
    with pytest.raises(PermissionDenied):
        recoger(funcionario, funcionario.participante)
    propuesta = f.borrador(f.reto(), funcionario)
    Propuesta.objects.filter(pk=propuesta.pk).update(asistida=True)
    assert not asiste.test(funcionario, Propuesta.objects.get())
