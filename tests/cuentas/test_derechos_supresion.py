"""Suprimir los datos de alguien: qué se va, qué queda y qué no cambia."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cuentas.datos_personales import FUENTES, SUPRIMIDO
from cuentas.derechos.actions import suprimir_datos
from cuentas.documentos import huella_de_correo
from cuentas.enums import (
    EstadoAutorizacion,
    MedioAutorizacion,
    NivelVerificacion,
    OpcionDiferencial,
    RolMembresia,
    RolPersonal,
    TipoSolicitud,
)
from cuentas.models import (
    AutorizacionAcudiente,
    Consentimiento,
    ConstanciaSupresion,
    Invitacion,
    Membresia,
    Participante,
    Perfil,
    RespuestaDiferencial,
    SolicitudDatos,
    Soporte,
    Usuario,
    Verificacion,
)
from home.archivos import datos_de
from participacion.adjuntos.actions import guardar
from participacion.adjuntos.models import Adjunto
from participacion.apoyos.actions import apoyar
from participacion.avisos.models import Aviso
from participacion.moderacion.enums import Decision
from participacion.moderacion.models import Entrada
from participacion.registro.models import Acto
from retos.actions import retirar_propuesta
from retos.enums import EstadoPropuesta
from retos.models import Propuesta

from .. import fabricas as f

pytestmark = pytest.mark.django_db


def suprimir(cuenta, **campos):
    return suprimir_datos(participante=cuenta.participante, sitio=f.sitio(), **campos)


def con_adjunto(cuenta, nombre="cédula de ana.pdf"):
    return guardar(archivo=f.pdf(nombre), participante=cuenta.participante)


def en_disco() -> set[Path]:
    return {ruta for ruta in Path(settings.PRIVADO_ROOT).rglob("*") if ruta.is_file()}


@pytest.fixture
def ana():
    return f.persona("ana@example.org", nombre="Ana", apellido="Ríos")


@pytest.fixture
def reto():
    return f.reto()


def con_de_todo(ana, reto):
    """Una persona con algo en cada fuente de `cuentas`."""
    participante = ana.participante
    RespuestaDiferencial.objects.create(participante=participante, opcion=OpcionDiferencial.MUJER)
    soporte = Soporte.objects.create(titular=participante, **datos_de(f.pdf()))
    Verificacion.objects.create(participante=participante, nivel=NivelVerificacion.PRESENCIAL, nota="Vino", soporte=soporte)
    Participante.objects.filter(pk=participante.pk).update(nivel=3, documento_hmac=f"{participante.pk:064d}")
    papel = Soporte.objects.create(titular=participante, **datos_de(f.pdf()))
    AutorizacionAcudiente.objects.create(
        participante=participante,
        medio=MedioAutorizacion.PAPEL,
        estado=EstadoAutorizacion.POR_REVISAR,
        nombre="La mamá",
        vence_en=timezone.now(),
        soporte=papel,
    )
    SolicitudDatos.objects.create(
        sitio=f.sitio(), participante=participante, tipo=TipoSolicitud.QUEJA, texto="Soy Ana",
        recibida_en=timezone.now(), vence_el=timezone.localdate(), motivo_prorroga="Ana pidió mucho",
    )  # fmt: skip
    f.organizacion(ana, correo="ana@empresa.example", telefono="300")
    con_adjunto(ana)
    participante.refresh_from_db()


# --- Qué se va ---------------------------------------------------------------------------------------


def test_se_va_la_cuenta_y_todo_lo_que_dice_quien_era(ana, reto, django_capture_on_commit_callbacks):
    con_de_todo(ana, reto)
    antes = en_disco()
    clave = ana.participante.clave
    with django_capture_on_commit_callbacks(execute=True):
        constancia = suprimir(ana)
    assert not Usuario.objects.filter(email="ana@example.org").exists()
    assert not EmailAddress.objects.exists()
    queda = Participante.objects.get(clave=clave)
    assert (queda.cuenta, queda.nombre, queda.documento_hmac, queda.muestra_nombre, queda.nivel) == (None, "", None, False, 0)
    assert queda.suprimido
    for modelo in (Perfil, Consentimiento, RespuestaDiferencial, Verificacion, AutorizacionAcudiente, Soporte, Adjunto, Aviso):
        assert not modelo.objects.exists(), modelo
    solicitud = SolicitudDatos.objects.get()
    assert (solicitud.participante, solicitud.texto, solicitud.motivo_prorroga) == (None, "", SUPRIMIDO)
    assert len(antes - en_disco()) == 3
    assert constancia.correo_hmac == huella_de_correo("ana@example.org")
    assert [m.to for m in mail.outbox] == [["ana@example.org"]]
    assert constancia.numero in mail.outbox[0].subject


def test_el_correo_caido_no_deshace_nada(ana, settings, caplog, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with django_capture_on_commit_callbacks(execute=True):
        suprimir(ana)
    assert Participante.objects.get(suprimido=True)
    assert "constancia" in caplog.text
    assert "ana@example.org" not in caplog.text


def test_si_algo_falla_no_se_borra_nada(ana, reto, monkeypatch, django_capture_on_commit_callbacks):
    con_de_todo(ana, reto)
    antes = en_disco()
    rota = FUENTES["cuentas.cuenta"]

    def fallar(_participante):
        raise RuntimeError

    monkeypatch.setitem(FUENTES, "cuentas.cuenta", rota.__class__(**{**vars(rota), "suprimir": fallar}))
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        suprimir(ana)
    assert Perfil.objects.filter(participante=ana.participante).exists()
    assert en_disco() == antes
    assert mail.outbox == []


def test_repetirla_no_cambia_nada(ana):
    participante = ana.participante
    assert suprimir(ana) is not None
    assert suprimir_datos(participante=participante, sitio=f.sitio()) is None
    assert ConstanciaSupresion.objects.count() == 1


def test_quien_participo_en_papel_tambien(reto):
    participante = Participante.objects.create(nombre="Luz Mora", documento_hmac="b" * 64)
    constancia = suprimir_datos(participante=participante, sitio=f.sitio())
    participante.refresh_from_db()
    assert (participante.nombre, participante.documento_hmac, participante.suprimido) == ("", None, True)
    assert constancia.correo_hmac == ""
    assert mail.outbox == []


@pytest.mark.parametrize(
    "campos", [{"nombre": "Ana"}, {"documento_hmac": "c" * 64}, {"muestra_nombre": True}, {"nivel": 2}]
)
def test_la_base_de_datos_impide_devolverle_la_identidad(ana, campos):
    participante = ana.participante
    suprimir(ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participante.objects.filter(pk=participante.pk).update(**campos)


def test_el_historial_no_dice_cual_clave_era_la_suya(ana):
    jefa = f.personal(RolPersonal.ADMINISTRACION)
    participante, pk = ana.participante, ana.pk
    suprimir(ana, actor=jefa)
    entrada = ModelLogEntry.objects.get(action="cuentas.suprimir_datos")
    assert entrada.user_id == jefa.pk
    assert str(participante.clave)[:8] not in entrada.label + str(entrada.data)
    assert str(pk) not in str(entrada.data)


# --- Sesiones ------------------------------------------------------------------------------------------


def test_se_cierran_sus_sesiones_y_ninguna_otra(ana):
    berta = f.persona("berta@example.org")
    clientes = [Client(), Client(), Client()]
    for cliente, quien in zip(clientes, [ana, ana, berta], strict=True):
        cliente.force_login(quien)
    a_medias = clientes[2].session.__class__()
    a_medias["account_login"] = {"email": "ana@example.org"}
    a_medias.save()
    assert Session.objects.count() == 4
    suprimir(ana)
    assert [s.get_decoded()["_auth_user_id"] for s in Session.objects.all()] == [str(berta.pk)]
    assert clientes[0].get("/mi-cuenta/").status_code == 302
    assert clientes[2].get("/mi-cuenta/").status_code == 200


# --- Organizaciones --------------------------------------------------------------------------------------


def test_la_organizacion_que_queda_sola_pierde_su_contacto(ana):
    organizacion = f.organizacion(ana, correo="ana@empresa.example", telefono="300 123")
    Invitacion.objects.create(organizacion=organizacion, correo="luz@example.org", huella="x", vence_en=timezone.now())
    suprimir(ana)
    organizacion.refresh_from_db()
    assert (organizacion.correo, organizacion.telefono) == ("", "")
    assert not Invitacion.objects.exists()
    assert not Membresia.objects.vigentes().exists()


def test_la_que_tiene_mas_gente_conserva_su_contacto_y_no_queda_sin_representante(ana):
    organizacion = f.organizacion(ana, correo="contacto@empresa.example")
    segunda, tercera = f.persona(), f.persona()
    for cuenta in (segunda, tercera):
        Membresia.objects.create(
            participante=cuenta.participante, organizacion=organizacion, rol=RolMembresia.INTEGRANTE
        )
    suprimir(ana)
    organizacion.refresh_from_db()
    assert organizacion.correo == "contacto@empresa.example"
    roles = dict(Membresia.objects.vigentes().values_list("participante", "rol"))
    assert roles == {
        segunda.participante.pk: RolMembresia.REPRESENTANTE,
        tercera.participante.pk: RolMembresia.INTEGRANTE,
    }


def test_las_invitaciones_que_le_hicieron_se_borran(ana):
    otra = f.organizacion(f.persona())
    for correo in ("ANA@example.org", "luz@example.org"):
        Invitacion.objects.create(organizacion=otra, correo=correo, huella=correo, vence_en=timezone.now())
    suprimir(ana)
    assert list(Invitacion.objects.values_list("correo", flat=True)) == ["luz@example.org"]


# --- Propuestas ----------------------------------------------------------------------------------------------


def en_estado(estado, ana, reto):
    textos = {"titulo": "Título de Ana", "resumen": "Resumen de Ana", "descripcion": "Descripción de Ana"}
    adjunto = con_adjunto(ana)
    if estado == EstadoPropuesta.BORRADOR:
        return f.borrador(reto, ana, adjunto=adjunto, **textos)
    propuesta = f.enviada(reto, ana, adjunto=adjunto, **textos)
    decisiones = {
        EstadoPropuesta.DEVUELTA: (Decision.DEVUELTA, "Quite su cédula, Ana"),
        EstadoPropuesta.RECHAZADA: (Decision.RECHAZADA, "No, Ana"),
        EstadoPropuesta.PUBLICADA: (Decision.APROBADA, ""),
    }
    if estado in decisiones:
        decision, motivo = decisiones[estado]
        f.resolver(propuesta, decision, motivo=motivo)
    elif estado == EstadoPropuesta.RETIRADA:
        retirar_propuesta(propuesta=propuesta, actor=ana)
    return propuesta


@pytest.mark.parametrize(
    "estado", [EstadoPropuesta.ENVIADA, EstadoPropuesta.DEVUELTA, EstadoPropuesta.RECHAZADA, EstadoPropuesta.RETIRADA]
)
def test_lo_que_nunca_fue_publico_queda_retirado_y_sin_texto(estado, ana, reto):
    propuesta = en_estado(estado, ana, reto)
    suprimir(ana)
    propuesta.refresh_from_db()
    retirable = estado in (EstadoPropuesta.ENVIADA, EstadoPropuesta.DEVUELTA)
    assert propuesta.estado == (EstadoPropuesta.RETIRADA if retirable else estado)
    assert (propuesta.titulo, propuesta.resumen, propuesta.descripcion, propuesta.texto_busqueda) == (SUPRIMIDO, "", "", "")
    assert not Adjunto.objects.exists()
    assert {e.titulo for e in Entrada.objects.all()} == {SUPRIMIDO}
    assert not Entrada.objects.pendientes().exists()
    assert "Ana" not in "".join(Entrada.objects.values_list("motivo", flat=True))
    retiros = Acto.objects.filter(tipo="propuesta_retirada", participante=propuesta.autor.clave)
    assert retiros.count() == (1 if estado != EstadoPropuesta.RECHAZADA else 0)
    call_command("verificar_registro", stdout=io.StringIO())


def test_los_borradores_se_borran_con_su_archivo(ana, reto):
    en_estado(EstadoPropuesta.BORRADOR, ana, reto)
    suprimir(ana)
    assert not Propuesta.objects.exists()
    assert not Adjunto.objects.exists()


def test_lo_publicado_queda_con_su_texto_y_sin_nombre(client, ana, reto):
    propuesta = en_estado(EstadoPropuesta.PUBLICADA, ana, reto)
    lista = f"{reto.url}propuestas/"
    assert "Ana Ríos" in client.get(propuesta.get_absolute_url()).content.decode()
    assert "Ana Ríos" in client.get(lista).content.decode()
    suprimir(ana)
    for url in (propuesta.get_absolute_url(), lista):
        texto = client.get(url).content.decode()
        assert "Título de Ana" in texto
        assert "Ana Ríos" not in texto
        assert "Persona que retiró sus datos" in texto
        assert "cédula" not in texto
    adjunto = Adjunto.objects.get()
    assert adjunto.nombre == "anexo.pdf"
    descarga = client.get(f"/adjuntos/{adjunto.clave}/")
    assert (descarga.status_code, descarga.filename) == (200, "anexo.pdf")
    assert b"".join(descarga.streaming_content).startswith(b"%PDF")


def test_lo_publicado_y_despues_retirado_pierde_el_archivo_que_ya_nadie_baja(client, ana, reto):
    propuesta = en_estado(EstadoPropuesta.PUBLICADA, ana, reto)
    retirar_propuesta(propuesta=propuesta, actor=ana)
    suprimir(ana)
    propuesta.refresh_from_db()
    assert propuesta.titulo == "Título de Ana"
    assert not Adjunto.objects.exists()


def test_lo_de_otra_persona_no_se_toca(ana, reto):
    berta = f.persona("berta@example.org", nombre="Berta")
    con_de_todo(berta, reto)
    ajenas = [en_estado(estado, berta, reto) for estado in EstadoPropuesta]

    def foto():
        return {
            modelo: sorted(map(str, modelo.objects.filter(**{llave: berta.participante}).values()))
            for modelo, llave in (
                (Perfil, "participante"), (Consentimiento, "participante"), (Verificacion, "participante"),
                (AutorizacionAcudiente, "participante"), (Membresia, "participante"), (Soporte, "titular"),
                (SolicitudDatos, "participante"), (Propuesta, "autor"), (Adjunto, "subido_por"),
            )
        }  # fmt: skip

    antes, archivos = foto(), en_disco()
    assert all(antes.values())
    assert len(ajenas) == 7
    con_de_todo(ana, reto)
    suprimir(ana)
    assert foto() == antes
    assert archivos <= en_disco()
    assert Usuario.objects.filter(pk=berta.pk, participante=berta.participante).exists()


# --- Lo ya contado no cambia --------------------------------------------------------------------------------------


def test_las_cifras_publicadas_son_las_mismas_antes_y_despues(client, ana, reto):
    organizacion = f.organizacion(ana)
    otra = f.publicada(reto, f.persona())
    en_estado(EstadoPropuesta.PUBLICADA, ana, reto)
    f.publicada(reto, ana, en_nombre_de=organizacion)
    for propuesta in Propuesta.objects.publicadas():
        apoyar(objeto=propuesta, participante=ana.participante)
    analista = f.personal(RolPersonal.ANALITICA)
    hoy = timezone.localdate()
    periodo = {"desde": hoy - timedelta(days=30), "hasta": hoy + timedelta(days=1)}

    def cifras():
        publico, personal = Client(), Client()
        personal.force_login(analista)
        salida = io.StringIO()
        call_command("verificar_registro", stdout=salida)
        csv = personal.get("/admin/indicadores/indicadores.csv", periodo)
        assert csv.status_code == 200
        # Cada descarga dice a qué hora se hizo.
        filas = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:[\d:.+-]+", "", csv.content.decode())
        pagina = publico.get(f"{reto.url}propuestas/").context["pagina"]
        return {
            "csv": filas,
            "lista": pagina.paginator.count,
            "apoyos": list(Propuesta.objects.order_by("pk").values_list("pk", "apoyos", "estado", "actor_tipo")),
            "actos": Acto.objects.count(),
            "registro": salida.getvalue(),
        }

    antes = cifras()
    assert antes["lista"] == 3
    assert [fila[1] for fila in antes["apoyos"]] == [1, 1, 1]
    suprimir(ana)
    assert cifras() == antes
    otra.refresh_from_db()
    assert otra.apoyos == 1


# --- Quien no puede ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quien", ["personal", "superusuario"])
def test_el_personal_primero_pierde_sus_roles(quien):
    cuenta = f.personal(RolPersonal.EDITOR) if quien == "personal" else f.persona(is_superuser=True)
    participante = f.cuentas.participante_de(cuenta)
    with pytest.raises(ValidationError, match="quitarle sus roles"):
        suprimir_datos(participante=participante, sitio=f.sitio())
    assert Usuario.objects.filter(pk=cuenta.pk).exists()
    assert not ConstanciaSupresion.objects.exists()


# --- A la vez -----------------------------------------------------------------------------------------------------------


def test_dos_clics_a_la_vez_suprimen_una_vez(hilos):
    ana, reto = f.persona("ana@example.org"), f.reto()
    participante = ana.participante
    f.enviada(reto, ana)
    resultados = hilos(*[lambda: suprimir_datos(participante=participante, sitio=f.sitio())] * 4)
    assert [type(r) for r in resultados if isinstance(r, Exception)] == []
    assert len([r for r in resultados if r]) == 1
    assert ConstanciaSupresion.objects.count() == 1
    assert Acto.objects.filter(tipo="propuesta_retirada").count() == 1


def test_suprimir_mientras_se_modera_y_se_apoya_no_se_traba(hilos):
    ana, berta, reto, moderador = f.persona(), f.persona(), f.reto(), f.personal(RolPersonal.MODERACION)
    publica, espera = f.publicada(reto, berta), f.enviada(reto, ana)
    participante = ana.participante
    resultados = hilos(
        lambda: suprimir_datos(participante=participante, sitio=f.sitio()),
        lambda: f.resolver(espera, Decision.DEVUELTA, moderador, motivo="Corrija"),
        lambda: apoyar(objeto=publica, participante=participante),
    )
    inesperados = [r for r in resultados if isinstance(r, Exception) and not isinstance(r, (ValidationError, Entrada.DoesNotExist))]
    assert inesperados == []
    espera.refresh_from_db()
    assert (espera.estado, espera.titulo) == (EstadoPropuesta.RETIRADA, SUPRIMIDO)
    call_command("verificar_registro", stdout=io.StringIO())
