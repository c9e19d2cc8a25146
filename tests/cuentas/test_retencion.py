import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from cuentas.enums import (
    EstadoAutorizacion,
    EstadoPadron,
    EstadoSolicitud,
    MedioAutorizacion,
    RolPersonal,
)
from cuentas.models import (
    AutorizacionAcudiente,
    ConstanciaSupresion,
    DocumentoPadron,
    Invitacion,
    Padron,
    Participante,
    SolicitudDatos,
    Soporte,
    Usuario,
)
from cuentas.retencion import FINALIDADES
from home.archivos import datos_de
from participacion.adjuntos.actions import guardar
from participacion.adjuntos.models import Adjunto
from participacion.avisos.models import Aviso
from retos.models import Propuesta

from .. import fabricas as f

pytestmark = pytest.mark.django_db


def hace(dias, minutos=0):
    return timezone.now() - timedelta(days=dias, minutes=minutos)


def correr(*opciones) -> str:
    salida = io.StringIO()
    call_command("retencion", *opciones, stdout=salida)
    return salida.getvalue()


def cuenta_de(texto: str, clave: str) -> int:
    return int(re.search(rf"^{clave}: (\d+)", texto, re.M)[1])


# --- De cada finalidad: lo que ya cumplió, lo que aún no, y cómo se ve que sigue ---------------------


def sin_confirmar(dias):
    cuenta = f.cuenta()
    EmailAddress.objects.filter(user=cuenta).update(verified=False)
    Usuario.objects.filter(pk=cuenta.pk).update(date_joined=hace(dias))
    return cuenta


def invitacion(dias):
    return Invitacion.objects.create(
        organizacion=f.organizacion(f.persona()), correo="luz@example.org", huella=str(f._numero), vence_en=hace(dias)
    )


def acudiente(dias):
    soporte = Soporte.objects.create(**datos_de(f.pdf()))
    return AutorizacionAcudiente.objects.create(
        participante=f.persona().participante, medio=MedioAutorizacion.PAPEL, estado=EstadoAutorizacion.RECHAZADA,
        nombre="La mamá", vence_en=hace(dias), soporte=soporte,
    )  # fmt: skip


def padron(dias):
    fila = Padron.objects.create(
        sitio=f.sitio(), nombre="P", sal="s", estado=EstadoPadron.RETIRADO, retirado_en=hace(dias)
    )
    return DocumentoPadron.objects.create(padron=fila, hmac="x")


def sesion(dias):
    return Session.objects.create(session_key=f"s{dias}", session_data="", expire_date=hace(dias))


def aviso(dias):
    propuesta = f.enviada(f.reto())
    Aviso.objects.filter(objeto_id=propuesta.pk).update(enviado_en=hace(dias))
    return Aviso.objects.get(objeto_id=propuesta.pk)


def borrador(dias):
    ana = f.persona()
    adjunto = guardar(archivo=f.pdf(), participante=ana.participante)
    propuesta = f.borrador(f.reto(), ana, adjunto=adjunto)
    Propuesta.objects.filter(pk=propuesta.pk).update(actualizada_en=hace(dias))
    return propuesta


SE_BORRAN = {
    "sin_confirmar": (sin_confirmar, 7),
    "invitaciones": (invitacion, 90),
    "acudientes": (acudiente, 90),
    "padrones": (padron, 30),
    "sesiones": (sesion, 0),
    "avisos": (aviso, 180),
    "borradores": (borrador, 365),
}


@pytest.mark.parametrize("clave", SE_BORRAN)
def test_se_borra_lo_que_cumplio_y_nada_mas(clave):
    crear, dias = SE_BORRAN[clave]
    assert FINALIDADES[clave].dias == dias
    vieja, nueva = crear(dias + 1), crear(dias - 1)
    modelo = type(vieja)
    assert cuenta_de(correr(), clave) == 1
    assert modelo.objects.filter(pk=vieja.pk).exists()
    assert cuenta_de(correr("--ejecutar"), clave) == 1
    assert not modelo.objects.filter(pk=vieja.pk).exists()
    assert modelo.objects.filter(pk=nueva.pk).exists()
    assert cuenta_de(correr("--ejecutar"), clave) == 0


def test_los_archivos_se_van_con_su_fila():
    acudiente(91), acudiente(1)
    borrador(366), borrador(1)
    correr("--ejecutar")
    assert (Soporte.objects.count(), Adjunto.objects.count()) == (1, 1)


def test_los_dias_se_configuran(settings):
    invitacion(10)
    assert cuenta_de(correr(), "invitaciones") == 0
    settings.RETENCION = {"invitaciones": 5}
    assert cuenta_de(correr(), "invitaciones") == 1


def test_la_prueba_en_seco_no_dice_nombres_ni_correos():
    sin_confirmar(30)
    ana = f.persona("ana@example.org", nombre="Ana")
    Usuario.objects.filter(pk=ana.pk).update(last_login=hace(1000))
    salida = correr()
    assert "Nada cambió" in salida
    assert "@" not in salida
    assert "Ana" not in salida


# --- Cuentas -----------------------------------------------------------------------------------------


def test_una_cuenta_sin_confirmar_se_va_sin_constancia_ni_correo():
    cuenta = sin_confirmar(30)
    f.cuentas.participante_de(cuenta)
    correr("--ejecutar")
    assert not Participante.objects.exists()
    assert not ConstanciaSupresion.objects.exists()
    assert mail.outbox == []


def test_quien_confirmo_o_entro_o_es_del_personal_se_queda():
    entro = sin_confirmar(30)
    Usuario.objects.filter(pk=entro.pk).update(last_login=hace(20))
    personal = f.personal(RolPersonal.EDITOR)
    EmailAddress.objects.filter(user=personal).update(verified=False)
    confirmada = f.cuenta()
    Usuario.objects.update(date_joined=hace(30))
    assert cuenta_de(correr("--ejecutar"), "sin_confirmar") == 0
    assert set(Usuario.objects.all()) == {entro, personal, confirmada}


def test_el_desuso_se_avisa_y_despues_se_suprime(django_capture_on_commit_callbacks):
    vieja, activa = f.persona("vieja@example.org"), f.persona("activa@example.org")
    jefa = f.personal(RolPersonal.ADMINISTRACION)
    Usuario.objects.filter(pk=activa.pk).update(last_login=hace(700))
    Usuario.objects.filter(pk__in=[vieja.pk, jefa.pk]).update(last_login=hace(731))
    salida = correr("--ejecutar")
    assert (cuenta_de(salida, "desuso_aviso"), cuenta_de(salida, "desuso")) == (1, 0)
    assert [m.to for m in mail.outbox] == [["vieja@example.org"]]
    assert "60 días" in mail.outbox[0].body
    assert cuenta_de(correr("--ejecutar"), "desuso_aviso") == 0
    Usuario.objects.filter(pk=vieja.pk).update(inactividad_avisada_en=hace(59))
    assert cuenta_de(correr("--ejecutar"), "desuso") == 0
    Usuario.objects.filter(pk=vieja.pk).update(inactividad_avisada_en=hace(61))
    with django_capture_on_commit_callbacks(execute=True):
        assert cuenta_de(correr("--ejecutar"), "desuso") == 1
    assert set(Usuario.objects.all()) == {activa, jefa}
    assert ConstanciaSupresion.objects.count() == 1
    assert mail.outbox[-1].to == ["vieja@example.org"]


def test_quien_vuelve_a_entrar_se_queda_y_se_le_avisa_de_nuevo_despues():
    ana = f.persona()
    Usuario.objects.filter(pk=ana.pk).update(last_login=hace(800), inactividad_avisada_en=hace(900))
    salida = correr("--ejecutar")
    assert (cuenta_de(salida, "desuso_aviso"), cuenta_de(salida, "desuso")) == (1, 0)
    assert Usuario.objects.filter(pk=ana.pk).exists()


def test_con_el_correo_caido_no_se_da_por_avisada(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    ana = f.persona("ana@example.org")
    Usuario.objects.filter(pk=ana.pk).update(last_login=hace(800))
    assert cuenta_de(correr("--ejecutar"), "desuso_aviso") == 0
    ana.refresh_from_db()
    assert ana.inactividad_avisada_en is None
    assert "ana@example.org" not in caplog.text


# --- Solicitudes ------------------------------------------------------------------------------------------


def test_de_una_solicitud_respondida_quedan_numero_tipo_y_fechas():
    ana = f.persona()
    comunes = {
        "sitio": f.sitio(), "participante": ana.participante, "tipo": "queja", "texto": "Soy Ana", "respuesta": "Hecho",
        "recibida_en": hace(800), "vence_el": timezone.localdate(),
    }  # fmt: skip
    vieja = SolicitudDatos.objects.create(**comunes, estado=EstadoSolicitud.RESUELTA, resuelta_en=hace(731))
    nueva = SolicitudDatos.objects.create(**comunes, estado=EstadoSolicitud.RESUELTA, resuelta_en=hace(729))
    abierta = SolicitudDatos.objects.create(**comunes)
    assert cuenta_de(correr("--ejecutar"), "solicitudes") == 1
    assert cuenta_de(correr("--ejecutar"), "solicitudes") == 0
    textos = dict(SolicitudDatos.objects.values_list("pk", "texto"))
    assert textos == {vieja.pk: "", nueva.pk: "Soy Ana", abierta.pk: "Soy Ana"}


# --- El documento -----------------------------------------------------------------------------------------


def test_la_documentacion_dice_cada_finalidad_con_su_plazo():
    texto = (Path(__file__).parents[2] / "docs/privacidad.md").read_text()
    filas = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", texto, re.M))
    esperadas = {
        clave: f"{finalidad.etiqueta} | {finalidad.dias} | {finalidad.hace}" for clave, finalidad in FINALIDADES.items()
    }
    assert filas == esperadas


def test_el_trabajador_la_corre_cada_dia():
    from plataforma.management.commands.trabajador import Command

    invitacion(91)
    Command().podar()
    assert not Invitacion.objects.exists()
