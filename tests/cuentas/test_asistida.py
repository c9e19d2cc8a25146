"""Reconocer y registrar a quien vino a la oficina o envió un papel."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import ModelLogEntry

from cuentas.actions import participante_de
from cuentas.asistida.actions import reconocer, registrar_persona
from cuentas.asistida.forms import DocumentoForm, PersonaForm, esta_completa
from cuentas.documentos import huella_de_documento
from cuentas.enums import (
    MENOR_DE_14,
    CanalConsentimiento,
    EstadoAutorizacion,
    Finalidad,
    MedioAutorizacion,
    NivelVerificacion,
    RangoDeclarado,
    RolPersonal,
)
from cuentas.models import (
    AutorizacionAcudiente,
    Consentimiento,
    Participante,
    Perfil,
    Soporte,
    Verificacion,
    VersionPolitica,
)
from cuentas.requisitos import faltantes
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
NUMERO = "1098765432"
DOCUMENTO = {"tipo": "CC", "numero": NUMERO}


@pytest.fixture
def funcionario():
    f.politica()
    return f.personal(RolPersonal.ASISTIDA)


def version():
    return VersionPolitica.objects.vigente(f.sitio(), "es")


def registrar(funcionario, **cambios):
    datos = DOCUMENTO | {
        "canal": CanalConsentimiento.PRESENCIAL,
        "comprobado": False,
        "sitio": f.sitio(),
        "funcionario": funcionario,
        "version": version(),
        "finalidades": [Finalidad.PARTICIPAR],
        "rango_declarado": RangoDeclarado.ADULTO,
    }
    return registrar_persona(**datos | cambios)


def reconocer_a(funcionario, **cambios):
    return reconocer(**DOCUMENTO | {"comprobado": False, "sitio": f.sitio(), "funcionario": funcionario} | cambios)


def formulario(participante=None, archivos=None, **datos):
    version_ = version()
    base = {"version": version_.pk, "rango_declarado": RangoDeclarado.ADULTO, "finalidad_participar": "on"}
    return PersonaForm(
        base | datos, archivos, participante=participante, sitio=f.sitio(), documento=("CC", NUMERO), version=version_
    )


def de_acudiente(**cambios):
    return {
        "rango_declarado": RangoDeclarado.ADOLESCENTE,
        "acudiente_nombre": "Rosa Mora",
        "acudiente_parentesco": "Madre",
        "acudiente_tipo": "CC",
        "acudiente_numero": "2000000",
    } | cambios


# --- Registrar ------------------------------------------------------------------------------


def test_registra_con_su_documento_y_deja_prueba_de_cada_autorizacion(funcionario):
    persona = registrar(
        funcionario, nombre="Luz Mora", canal=CanalConsentimiento.PAPEL, finalidades=[Finalidad.PARTICIPAR, Finalidad.NOMBRE_PUBLICO]
    )
    persona.refresh_from_db()
    assert persona.cuenta is None
    assert persona.documento_hmac == huella_de_documento("CC", NUMERO)
    assert persona.nombre_publico == "Luz Mora"
    assert set(Consentimiento.objects.values_list("finalidad", "canal")) == {("participar", "papel"), ("nombre_publico", "papel")}
    assert faltantes(persona, f.sitio(), NivelVerificacion.CORREO) == []


def test_el_numero_no_queda_en_ninguna_parte(funcionario):
    persona = registrar(funcionario, nombre="Luz Mora")
    reconocer_a(funcionario)
    assert {e.action for e in ModelLogEntry.objects.for_instance(persona)} == {"cuentas.registrar_persona", "cuentas.atender_persona"}
    guardado = " ".join(str(list(modelo.objects.values())) for modelo in (Participante, Perfil, Consentimiento, ModelLogEntry))
    assert NUMERO not in guardado
    assert "Luz" not in str(list(ModelLogEntry.objects.values()))


def test_el_mismo_documento_es_la_misma_persona_y_lo_declarado_no_cambia(funcionario):
    primera = registrar(funcionario, nombre="Luz Mora")
    segunda = registrar(funcionario, numero=" 1.098.765.432", nombre="Otra", rango_declarado=RangoDeclarado.ADOLESCENTE)
    assert primera == segunda
    assert segunda.nombre == "Luz Mora"
    assert Perfil.objects.get().rango_declarado == RangoDeclarado.ADULTO
    assert Consentimiento.objects.count() == 1


def test_dos_funcionarios_a_la_vez_registran_a_la_misma_persona_una_vez(hilos):
    f.politica()
    equipo = [f.personal(RolPersonal.ASISTIDA) for _ in range(4)]
    salidas = hilos(*[lambda quien=quien: registrar(quien, comprobado=True).pk for quien in equipo])
    assert len(set(salidas)) == 1, salidas
    assert (Participante.objects.exclude(documento_hmac=None).count(), Verificacion.objects.count()) == (1, 1)


def test_mostrar_el_documento_la_verifica_en_persona(funcionario):
    persona = registrar(funcionario, comprobado=True)
    assert (persona.nivel, Verificacion.objects.get().verificada_por) == (0, funcionario)
    persona.refresh_from_db()
    assert persona.nivel == NivelVerificacion.PRESENCIAL


def test_sin_verificarla_cumple_el_nivel_de_correo_y_ninguno_mas(funcionario):
    persona = registrar(funcionario)
    assert faltantes(persona, f.sitio(), NivelVerificacion.CORREO) == []
    assert [r.codigo for r in faltantes(persona, f.sitio(), NivelVerificacion.REGISTRO)] == ["nivel"]


def test_si_la_politica_cambio_no_se_registra_nada(funcionario):
    vieja = version()
    pagina = f.politica()
    pagina.cuerpo = "<p>Otro texto.</p>"
    pagina.save_revision().publish()
    with pytest.raises(ValidationError) as error:
        registrar(funcionario, version=vieja)
    assert error.value.code == "version"
    assert not Participante.objects.exclude(documento_hmac=None).exists()


# --- Reconocer ---------------------------------------------------------------------------------


def test_reconoce_a_quien_tiene_cuenta_y_no_toca_sus_datos(funcionario):
    ana = f.persona(nombre="Ana", apellido="Ríos")
    Participante.objects.filter(pk=ana.participante.pk).update(documento_hmac=huella_de_documento("CC", NUMERO))
    assert reconocer_a(funcionario) == ana.participante
    persona = registrar(funcionario, nombre="Otra", rango_declarado=RangoDeclarado.ADOLESCENTE)
    assert (persona.cuenta, persona.nombre, persona.perfil.rango_declarado) == (ana, "", RangoDeclarado.ADULTO)


def test_a_quien_no_ha_participado_no_se_le_crea_nada_al_buscarlo(funcionario):
    assert reconocer_a(funcionario, comprobado=True) is None
    assert not Participante.objects.exclude(documento_hmac=None).exists()
    assert not Verificacion.objects.exists()


def test_nadie_se_asiste_a_si_mismo(funcionario):
    f.habilitar(funcionario)
    Participante.objects.filter(cuenta=funcionario).update(documento_hmac=huella_de_documento("CC", NUMERO))
    for intento in (reconocer_a, registrar):
        with pytest.raises(ValidationError) as error:
            intento(funcionario, comprobado=True)
        assert error.value.code == "propio"
    assert not Verificacion.objects.exists()


@pytest.mark.parametrize("rol", [r for r in RolPersonal if r not in (RolPersonal.ASISTIDA, RolPersonal.ADMINISTRACION)])
def test_otro_rol_no_reconoce_ni_registra(funcionario, rol):
    otro = f.personal(rol)
    registrar(funcionario)
    for intento in (reconocer_a, registrar):
        with pytest.raises(PermissionDenied):
            intento(otro)
    with pytest.raises(PermissionDenied):
        registrar(otro, numero="555555")
    assert Participante.objects.exclude(documento_hmac=None).count() == 1


# --- Los formularios -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("datos", "con_error"),
    [
        ({}, {"canal", "tipo", "numero"}),
        ({"canal": "presencial", "tipo": "CC", "numero": "12"}, {"numero"}),
        ({"canal": "presencial", "tipo": "CC", "numero": "a\x00b"}, {"numero"}),
        ({"canal": "web", "tipo": "XX", "numero": "123456"}, {"canal", "tipo"}),
        ({"canal": "papel", "tipo": "CC", "numero": "123456", "comprobado": "on"}, {"comprobado"}),
    ],
)
def test_documento_malo(datos, con_error):
    assert set(DocumentoForm(datos).errors) == con_error


def test_ninguna_autorizacion_nace_marcada_y_la_necesaria_se_exige(funcionario):
    vacio = PersonaForm(participante=None, sitio=f.sitio(), documento=("CC", NUMERO), version=version())
    assert [bool(c.value()) for c in vacio.campos_autorizacion] == [False] * len(Finalidad)
    assert set(formulario(finalidad_participar="").errors) == {"finalidad_participar"}


def test_menor_de_14_se_rechaza_junto_al_campo(funcionario):
    malo = formulario(rango_declarado=MENOR_DE_14)
    assert set(malo.errors) == {"rango_declarado"}
    assert "14 años" in malo.errors["rango_declarado"][0]


def test_de_14_a_17_exige_la_autorizacion_de_su_acudiente(funcionario):
    malo = formulario(rango_declarado=RangoDeclarado.ADOLESCENTE)
    assert set(malo.errors) == {
        "acudiente_nombre", "acudiente_parentesco", "acudiente_tipo", "acudiente_numero", "acudiente_archivo",
    }  # fmt: skip
    suyo = formulario(archivos={"acudiente_archivo": f.pdf()}, **de_acudiente(acudiente_numero=NUMERO))
    assert set(suyo.errors) == {"acudiente_numero"}
    falso = f.pdf("firma.png")
    assert set(formulario(archivos={"acudiente_archivo": falso}, **de_acudiente()).errors) == {"acudiente_archivo"}


def test_de_14_a_17_con_su_acudiente_queda_lista_y_el_papel_guardado(funcionario):
    form = formulario(archivos={"acudiente_archivo": f.pdf()}, **de_acudiente())
    assert form.is_valid(), form.errors
    persona = registrar(funcionario, **form.para_registrar())
    autorizacion = AutorizacionAcudiente.objects.get()
    assert (autorizacion.estado, autorizacion.medio) == (EstadoAutorizacion.VIGENTE, MedioAutorizacion.PAPEL)
    assert (autorizacion.soporte, autorizacion.revisada_por) == (Soporte.objects.get(), funcionario)
    assert faltantes(persona, f.sitio(), NivelVerificacion.CORREO) == []


def test_a_quien_tiene_cuenta_solo_se_le_pregunta_lo_que_le_falta(funcionario):
    ana = f.cuenta()
    form = formulario(participante_de(ana))
    assert "nombre" not in form.fields
    assert "rango_declarado" in form.fields
    f.habilitar(ana, rango=RangoDeclarado.ADOLESCENTE)
    ana.participante.refresh_from_db()
    assert not esta_completa(ana.participante, f.sitio())
    form = formulario(ana.participante)
    assert {n for n in form.fields if not n.startswith("acudiente_")} == {"version"}
    assert not form.is_valid()


def test_sin_politica_publicada_no_se_registra_a_nadie():
    form = PersonaForm({}, participante=None, sitio=f.sitio(), documento=("CC", NUMERO), version=None)
    assert not form.is_valid()
    assert "no está publicada" in " ".join(form.non_field_errors())
