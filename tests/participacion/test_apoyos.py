"""Apoyar en nombre propio, en el de una organización o por alguien que vino a la oficina."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from cuentas import actions as cuentas
from cuentas.enums import RolPersonal, TipoActor
from cuentas.models import Participante
from cuentas.organizaciones.actions import terminar_membresia
from participacion.apoyos.actions import apoyar, retirar_apoyo
from participacion.apoyos.models import Apoyo
from participacion.registro.enums import Canal
from participacion.registro.models import Acto, Asistencia
from tests import fabricas as f

pytestmark = pytest.mark.django_db


def participante(**campos) -> Participante:
    return cuentas.participante_de(f.persona(**campos))


def integrantes(org, cuantos) -> list[Participante]:
    personas = [participante() for _ in range(cuantos)]
    for persona in personas:
        org.membresias.create(participante=persona, rol="integrante")
    return personas


@pytest.fixture
def propuesta():
    return f.publicada(f.reto())


def apoyos_de(propuesta) -> int:
    propuesta.refresh_from_db(fields=["apoyos"])
    assert propuesta.apoyos == Apoyo.objects.de(propuesta).count()
    return propuesta.apoyos


# --- En nombre de quién -----------------------------------------------------------------


def test_en_nombre_de_organizacion_el_acto_dice_cual_de_que_tipo_y_sector(propuesta):
    ana = f.persona()
    org = f.organizacion(ana, tipo=TipoActor.EMPRESA, sector="privado")
    assert apoyar(objeto=propuesta, participante=ana.participante, organizacion=org) is True
    acto = Acto.objects.get(tipo="apoyo")
    assert (acto.participante, acto.organizacion) == (ana.participante.clave, org.clave)
    assert (acto.organizacion_tipo, acto.organizacion_sector, acto.actor_tipo) == ("empresa", "privado", "empresa")
    assert Apoyo.objects.get().organizacion == org
    retirar_apoyo(objeto=propuesta, participante=ana.participante)
    retiro = Acto.objects.get(tipo="apoyo_retirado")
    assert (retiro.anula, retiro.organizacion, retiro.actor_tipo) == (acto, org.clave, "empresa")
    call_command("verificar_registro")


def test_una_persona_apoya_una_vez_en_el_nombre_que_sea(propuesta):
    ana = f.persona()
    org, yo = f.organizacion(ana), ana.participante
    assert apoyar(objeto=propuesta, participante=yo) is True
    assert apoyar(objeto=propuesta, participante=yo) is False
    with pytest.raises(ValidationError) as caso:
        apoyar(objeto=propuesta, participante=yo, organizacion=org)
    assert (caso.value.code, apoyos_de(propuesta)) == ("en_otro_nombre", 1)
    retirar_apoyo(objeto=propuesta, participante=yo)
    assert apoyar(objeto=propuesta, participante=yo, organizacion=org) is True
    assert apoyar(objeto=propuesta, participante=yo, organizacion=org) is False
    with pytest.raises(ValidationError):
        apoyar(objeto=propuesta, participante=yo)
    assert apoyos_de(propuesta) == 1


def test_una_organizacion_apoya_una_vez_y_sus_otros_integrantes_como_personas(propuesta):
    ana = f.persona()
    org = f.organizacion(ana)
    beto, carla = integrantes(org, 2)
    apoyar(objeto=propuesta, participante=ana.participante, organizacion=org)
    with pytest.raises(ValidationError) as caso:
        apoyar(objeto=propuesta, participante=beto, organizacion=org)
    assert caso.value.code == "organizacion_ya_apoyo"
    assert apoyar(objeto=propuesta, participante=beto) is True
    assert apoyos_de(propuesta) == 2
    # Si quien lo dio lo retira, la organización puede apoyar otra vez.
    retirar_apoyo(objeto=propuesta, participante=ana.participante)
    assert apoyar(objeto=propuesta, participante=carla, organizacion=org) is True


def test_sin_membresia_o_con_una_terminada_no_se_apoya_por_la_organizacion(propuesta):
    ana, otra = f.persona(), participante()
    org = f.organizacion(ana)
    (beto,) = integrantes(org, 1)
    for quien in (otra, beto):
        if quien == beto:
            terminar_membresia(membresia=org.membresias.get(participante=beto), actor=beto.cuenta)
        with pytest.raises(ValidationError) as caso:
            apoyar(objeto=propuesta, participante=quien, organizacion=org)
        assert caso.value.code == "organizacion"
    assert apoyos_de(propuesta) == 0


def test_perder_la_membresia_deja_el_apoyo_como_estaba_y_solo_quien_lo_dio_lo_retira(propuesta):
    ana = f.persona()
    org = f.organizacion(ana)
    (beto,) = integrantes(org, 1)
    apoyar(objeto=propuesta, participante=beto, organizacion=org)
    terminar_membresia(membresia=org.membresias.get(participante=beto), actor=beto.cuenta)
    assert (Apoyo.objects.get().organizacion, Acto.objects.get(tipo="apoyo").organizacion) == (org, org.clave)
    assert retirar_apoyo(objeto=propuesta, participante=ana.participante) is False
    assert retirar_apoyo(objeto=propuesta, participante=beto) is True
    assert apoyos_de(propuesta) == 0


def test_un_reto_solo_para_universidades_se_apoya_en_cualquier_nombre():
    ana = f.persona()
    uni = f.organizacion(ana, tipo=TipoActor.UNIVERSIDAD)
    propuesta = f.publicada(f.reto(actores=["universidad"]), ana, en_nombre_de=uni)
    assert apoyar(objeto=propuesta, participante=participante()) is True


def test_la_base_de_datos_impide_dos_apoyos_de_una_organizacion(propuesta):
    ana = f.persona()
    org = f.organizacion(ana)
    (beto,) = integrantes(org, 1)
    apoyar(objeto=propuesta, participante=ana.participante, organizacion=org)
    apoyar(objeto=propuesta, participante=beto)
    with pytest.raises(IntegrityError), transaction.atomic():
        Apoyo.objects.filter(participante=beto).update(organizacion=org)


def test_hilos_doce_integrantes_a_la_vez_un_solo_apoyo_de_la_organizacion(hilos):
    propuesta, ana = f.publicada(f.reto()), f.persona()
    org = f.organizacion(ana)
    personas = integrantes(org, 12)
    salidas = hilos(*[lambda p=p: apoyar(objeto=propuesta, participante=p, organizacion=org) for p in personas])
    assert sum(s is True for s in salidas) == 1
    assert [s.code for s in salidas if s is not True] == ["organizacion_ya_apoyo"] * 11
    assert apoyos_de(propuesta) == Acto.objects.filter(tipo="apoyo").count() == 1
    call_command("verificar_registro")


# --- Asistida -----------------------------------------------------------------------------


def test_asistida_el_acto_dice_canal_y_quien_lo_registro(propuesta):
    funcionario, persona = f.personal(RolPersonal.ASISTIDA), participante()
    datos = {"objeto": propuesta, "participante": persona, "canal": Canal.PAPEL, "asistido_por": funcionario}
    assert apoyar(**datos) is True
    assert apoyar(**datos) is False
    acto = Acto.objects.get(tipo="apoyo")
    assert (acto.canal, acto.participante, acto.actor_tipo) == ("papel", persona.clave, "ciudadania")
    assert Asistencia.objects.get().funcionario == funcionario
    # La misma persona, desde la web, no cuenta otra vez.
    assert apoyar(objeto=propuesta, participante=persona) is False
    assert apoyos_de(propuesta) == 1


@pytest.mark.parametrize("rol", [r for r in RolPersonal if r not in (RolPersonal.ASISTIDA, RolPersonal.ADMINISTRACION)])
def test_asistida_sin_ese_rol_se_rechaza(propuesta, rol):
    with pytest.raises(PermissionDenied):
        apoyar(objeto=propuesta, participante=participante(), canal=Canal.ASISTIDA, asistido_por=f.personal(rol))
    assert apoyos_de(propuesta) == 0


def test_nadie_se_asiste_a_si_mismo(propuesta):
    funcionario = f.habilitar(f.personal(RolPersonal.ASISTIDA))
    with pytest.raises(PermissionDenied):
        apoyar(
            objeto=propuesta, participante=funcionario.participante, canal=Canal.ASISTIDA, asistido_por=funcionario
        )
    assert apoyos_de(propuesta) == 0


def test_canal_asistido_sin_decir_quien_no_se_anota(propuesta):
    with pytest.raises(ValueError), transaction.atomic():
        apoyar(objeto=propuesta, participante=participante(), canal=Canal.ASISTIDA)
    assert apoyos_de(propuesta) == 0
