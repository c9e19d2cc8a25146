"""Las costuras: lo que hace una parte de las cuentas no se deshace ni se salta desde otra."""

import io
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cuentas.actions import participante_de
from cuentas.acudientes import actions as acudientes
from cuentas.acudientes.views import necesita_acudiente
from cuentas.derechos import actions as derechos
from cuentas.derechos import finalidades
from cuentas.derechos.actions import suprimir_datos
from cuentas.enums import (
    EstadoAutorizacion,
    MedioAutorizacion,
    RangoDeclarado,
    RolMembresia,
    RolPersonal,
    TipoSolicitud,
)
from cuentas.models import (
    AutorizacionAcudiente,
    Invitacion,
    Membresia,
    Participante,
    SolicitudDatos,
    Usuario,
    VersionPolitica,
)
from cuentas.organizaciones import invitaciones
from cuentas.registrarse import SignupForm
from cuentas.verificacion.actions import verificar_presencial
from cuentas.verificacion.union import tiene_actividad
from participacion.adjuntos.actions import guardar
from plataforma.bitacora import SinCodigos
from retos.actions import guardar_borrador
from retos.models import Propuesta
from tests import fabricas as f

from . import entrada as e

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]

DOCUMENTO = {"tipo": "CC", "numero": "1032456789", "nota": "Vino con su cédula."}


# --- Supresión -----------------------------------------------------------------------


def test_quien_suprime_sus_datos_no_deja_invitaciones_abiertas():
    ana, berta = f.persona(), f.persona()
    org = f.organizacion(ana)
    Membresia.objects.create(participante=berta.participante, organizacion=org, rol=RolMembresia.REPRESENTANTE)
    invitaciones.invitar(organizacion=org, correo="x@example.org", rol=RolMembresia.REPRESENTANTE, actor=ana)
    de_berta, _codigo = invitaciones.invitar(organizacion=org, correo="y@example.org", rol="integrante", actor=berta)
    suprimir_datos(participante=ana.participante, sitio=f.sitio())
    assert list(Invitacion.objects.vigentes()) == [de_berta]


def test_el_historial_de_la_supresion_no_dice_la_hora_ni_con_que_se_hizo():
    ana, jefa = f.persona(), f.personal(RolPersonal.ADMINISTRACION)
    f.enviada(f.reto(), ana)
    suprimir_datos(participante=ana.participante, sitio=f.sitio(), actor=jefa)
    entrada = ModelLogEntry.objects.get(action="cuentas.suprimir_datos")
    local = timezone.localtime(entrada.timestamp)
    assert (local.date(), local.hour, local.minute, local.second) == (timezone.localdate(), 0, 0, 0)
    assert ModelLogEntry.objects.filter(uuid=entrada.uuid).count() == 1


def test_el_personal_suprime_en_el_mismo_orden_que_la_persona(monkeypatch):
    """Persona y después solicitud: en PostgreSQL, al revés, las dos supresiones a la vez se bloquearían."""
    ana, jefa = f.persona(), f.personal(RolPersonal.ADMINISTRACION)
    solicitud = derechos.presentar_solicitud(
        sitio=f.sitio(), tipo=TipoSolicitud.SUPRESION, texto="Borren lo mío.", participante=ana.participante
    )
    orden = []
    original = QuerySet.select_for_update

    def anotar(self, *args, **campos):
        orden.append(self.model)
        return original(self, *args, **campos)

    monkeypatch.setattr(QuerySet, "select_for_update", anotar)
    derechos.atender_supresion(solicitud=solicitud, participante=ana.participante, actor=jefa)
    assert orden.index(Participante) < orden.index(SolicitudDatos)


def test_un_borrador_a_medio_guardar_no_nace_despues_de_la_supresion():
    ana, reto = f.persona(), f.reto()
    participante = Participante.objects.select_related("cuenta").get(cuenta=ana)  # leído antes, en otra petición
    suprimir_datos(participante=ana.participante, sitio=f.sitio())
    with pytest.raises(ValidationError):
        guardar_borrador(
            actor=ana, participante=participante, ejercicio=reto.ejercicio, clave_envio=uuid4(), titulo="Mi idea"
        )
    assert not Propuesta.objects.exists()


# --- Retención -----------------------------------------------------------------------


def sin_confirmar():
    cuenta = f.cuenta()
    EmailAddress.objects.filter(user=cuenta).update(verified=False)
    Usuario.objects.filter(pk=cuenta.pk).update(date_joined=timezone.now() - timedelta(days=30))
    return cuenta


def test_no_se_descarta_a_quien_el_personal_ya_verifico():
    """Unida a lo que hizo en la oficina, descartar la cuenta suprimiría también eso."""
    cuenta, jefa = sin_confirmar(), f.personal(RolPersonal.ADMINISTRACION)
    verificar_presencial(participante=participante_de(cuenta), actor=jefa, **DOCUMENTO)
    call_command("retencion", "--ejecutar", stdout=io.StringIO())
    assert Usuario.objects.filter(pk=cuenta.pk).exists()


def test_quien_vuelve_mientras_corre_la_retencion_se_queda(monkeypatch):
    vieja, vuelve = f.persona(), f.persona()
    hace = timezone.now() - timedelta(days=900)
    Usuario.objects.update(last_login=hace, inactividad_avisada_en=hace + timedelta(days=800))
    original = finalidades.actions.suprimir_datos

    def y_otra_entra(**campos):
        Usuario.objects.filter(pk=vuelve.pk).update(last_login=timezone.now())
        return original(**campos)

    monkeypatch.setattr(finalidades.actions, "suprimir_datos", y_otra_entra)
    assert finalidades.suprimir_cuentas(finalidades.avisadas_sin_volver(timezone.now() - timedelta(days=60))) == 1
    assert list(Usuario.objects.all()) == [vuelve]
    assert not Usuario.objects.filter(pk=vieja.pk).exists()


# --- Unir ----------------------------------------------------------------------------


def test_un_archivo_suelto_es_actividad():
    ana = f.persona()
    assert not tiene_actividad(ana.participante)
    guardar(archivo=f.pdf(), participante=ana.participante)
    assert tiene_actividad(ana.participante)


def test_al_unir_siguen_siendo_suyas_las_invitaciones_que_envio():
    ana, jefa = f.persona(), f.personal(RolPersonal.ADMINISTRACION)
    org = f.organizacion(ana)
    invitaciones.invitar(organizacion=org, correo="x@example.org", rol="integrante", actor=ana)
    de_oficina = Participante.objects.create()
    verificar_presencial(participante=de_oficina, actor=jefa, **DOCUMENTO)
    verificar_presencial(participante=ana.participante, actor=jefa, unir=True, **DOCUMENTO)
    assert Invitacion.objects.get().invitada_por == de_oficina


# --- Acudientes ----------------------------------------------------------------------


@pytest.fixture
def menor():
    return f.persona(rango=RangoDeclarado.ADOLESCENTE)


def test_ningun_correo_del_menor_sirve_para_su_acudiente(menor):
    EmailAddress.objects.create(user=menor, email="otro-mio@example.org", verified=True)
    assert necesita_acudiente(menor.participante)
    with pytest.raises(ValidationError) as error:
        acudientes.pedir_firma(participante=menor.participante, nombre="Rosa", correo="Otro-Mio@example.org")
    assert "correo" in error.value.message_dict


def test_el_personal_no_aprueba_un_formato_con_el_documento_del_menor(menor):
    jefa = f.personal(RolPersonal.ADMINISTRACION)
    verificar_presencial(participante=menor.participante, actor=jefa, **DOCUMENTO)
    version = VersionPolitica.objects.vigente(f.sitio(), "es")
    autorizacion = AutorizacionAcudiente.objects.create(
        participante=menor.participante,
        medio=MedioAutorizacion.PAPEL,
        estado=EstadoAutorizacion.POR_REVISAR,
        nombre="Rosa",
        texto_hash=version.texto_hash,
        vence_en=Now() + timedelta(days=1),
    )
    with pytest.raises(ValidationError):
        acudientes.aprobar(autorizacion=autorizacion, finalidades=["participar"], actor=jefa, documento="CC:1032456789")


# --- Segundo paso --------------------------------------------------------------------


@pytest.fixture
def sesion_de_antes(client, settings):
    """Del personal, abierta con contraseña antes de que la cuenta tuviera un segundo paso."""
    settings.SEGUNDO_FACTOR_PERSONAL = True
    cache.clear()
    modera = f.personal(RolPersonal.MODERACION)
    e.entrar(client, modera)
    return modera, e.con_totp(modera)


@pytest.mark.parametrize(
    "nombre", ["mfa_view_recovery_codes", "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_generate_recovery_codes"]
)
def test_con_la_contrasena_no_se_cambia_ni_se_ve_el_segundo_paso(client, sesion_de_antes, nombre):
    modera, clave = sesion_de_antes
    client.post("/cuenta/reauthenticate/", {"password": f.CLAVE})
    respuesta = client.get(reverse(nombre))
    assert respuesta.url.startswith("/cuenta/segundo-paso/reauthenticate/?next=")
    assert client.post(reverse(nombre)).status_code == 302
    assert Authenticator.objects.filter(user=modera).count() == 2
    client.post(respuesta.url, {"code": e.codigo_totp(clave)})
    assert "reauthenticate" not in client.get(reverse(nombre)).get("Location", "")


def test_a_la_ciudadania_no_le_cambia_nada(client, settings):
    settings.SEGUNDO_FACTOR_PERSONAL = True
    cache.clear()
    ana = f.persona()
    e.entrar(client, ana)
    e.con_totp(ana)
    client.post("/cuenta/reauthenticate/", {"password": f.CLAVE})
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


# --- Bitácora ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ruta",
    [
        "/mi-cuenta/acudiente/firmar/SECRETO/",
        "/en/mi-cuenta/acudiente/firmar/SECRETO/retirar/",
        "/mi-cuenta/invitaciones/SECRETO/",
        "/cuenta/password/reset/key/1-SECRETO/",
    ],
)
def test_los_codigos_de_los_enlaces_no_quedan_en_la_bitacora(ruta):
    anotado = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Unprocessable", ruta), None)
    assert SinCodigos().filter(anotado)
    assert "SECRETO" not in anotado.getMessage()
    assert ruta.split("SECRETO")[0].rstrip("1-") in anotado.getMessage()


def test_la_consola_los_calla(settings):
    assert settings.LOGGING["handlers"]["consola"]["filters"] == ["sin_codigos"]


# --- Registro y candados -------------------------------------------------------------


def test_si_la_politica_cambia_al_guardar_responde_igual_con_cuenta_o_sin_ella(client, monkeypatch):
    f.cuenta("existe@example.org")
    datos = [e.datos_registro(correo) for correo in ("existe@example.org", "nueva@example.org")]

    def cambio(self, request, usuario):
        raise ValidationError("La política cambió", code="version")

    monkeypatch.setattr(SignupForm, "custom_signup", cambio)
    respuestas = [client.post(e.REGISTRO, campos) for campos in datos]
    assert {(r.status_code, r.url) for r in respuestas} == {(302, e.REGISTRO)}
    assert Usuario.objects.count() == 1


def test_el_perfil_se_guarda_en_el_orden_de_la_supresion(client):
    """Persona y después cuenta: en PostgreSQL, al revés, dos pestañas se bloquearían."""
    ana = f.persona()
    client.force_login(ana)
    datos = {"first_name": "Ana", "last_name": "Ríos", "rango_declarado": "18_mas", "idioma": "es"}
    with CaptureQueriesContext(connection) as consultas:
        assert client.post(reverse("cuentas:perfil"), datos).status_code == 302
    escrituras = [c["sql"] for c in consultas if c["sql"].startswith("UPDATE")]
    tablas = [sql.split('"')[1] for sql in escrituras]
    assert tablas.index("cuentas_participante") < tablas.index("cuentas_usuario")
