"""La autorización de quien representa a alguien de 14 a 17 años: por enlace, en papel, retirarla."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cuentas import requisitos
from cuentas.acudientes import actions
from cuentas.consentimiento.actions import autorizar, revocar
from cuentas.enlaces import huella_de_codigo
from cuentas.enums import (
    TRANSICIONES_AUTORIZACION,
    EstadoAutorizacion,
    Finalidad,
    MedioAutorizacion,
    RangoDeclarado,
    RolPersonal,
)
from cuentas.models import AutorizacionAcudiente, Participante, Soporte, VersionPolitica
from cuentas.perfil.actions import guardar_perfil
from cuentas.verificacion.actions import verificar_presencial
from tests import fabricas as f

pytestmark = pytest.mark.django_db
PAGINA = "/mi-cuenta/acudiente/"
E = EstadoAutorizacion
TODAS = [finalidad.value for finalidad in Finalidad]


def menor(**campos):
    return f.persona(nombre="Juana", apellido="Mora", rango=RangoDeclarado.ADOLESCENTE, **campos)


def version():
    return VersionPolitica.objects.vigente(f.sitio(), "es")


def pedida(usuario=None, correo="mama@example.org"):
    usuario = usuario or menor()
    return actions.pedir_firma(participante=usuario.participante, nombre="Luz Mora", correo=correo)


def firmada(usuario=None, finalidades=TODAS, **campos):
    autorizacion, _codigo = pedida(usuario)
    datos = {"nombre": "Luz Mora", "parentesco": "madre", "tipo": "CC", "numero": "31000111", "version": version(), **campos}
    return actions.firmar(autorizacion=autorizacion, finalidades=finalidades, **datos)


def en_papel(usuario=None):
    usuario = usuario or menor()
    return actions.entregar_papel(
        participante=usuario.participante, nombre="Luz Mora", version=version(), archivo=f.pdf("formato.pdf")
    )


def le_falta(usuario):
    participante = Participante.objects.get(cuenta=usuario)
    return [requisito.codigo for requisito in requisitos.faltantes(participante, f.sitio())]


def muestra_nombre(usuario):
    return Participante.objects.get(cuenta=usuario).muestra_nombre


# --- Qué pasa -----------------------------------------------------------------------------


def test_sin_acudiente_no_participa_y_con_su_firma_si():
    juana = menor()
    assert le_falta(juana) == ["acudiente"]
    autorizacion = firmada(juana)
    assert le_falta(juana) == []
    assert (autorizacion.estado, autorizacion.documento, autorizacion.texto_hash) == (
        E.VIGENTE, "CC:31000111", version().texto_hash,
    )  # fmt: skip
    assert autorizacion.firmada_en <= timezone.now()
    assert f.enviada(f.reto(), f.Usuario.objects.get(pk=juana.pk)).referencia


def test_del_enlace_solo_se_guarda_su_huella():
    autorizacion, codigo = pedida()
    autorizacion.refresh_from_db()
    assert autorizacion.huella == huella_de_codigo(codigo)
    assert codigo not in str(AutorizacionAcudiente.objects.values().get())
    assert actions.por_codigo(codigo) == autorizacion
    assert actions.por_codigo(autorizacion.huella) is None


def test_el_nombre_se_publica_solo_si_los_dos_lo_autorizan():
    juana = menor()
    assert not muestra_nombre(juana)  # ella lo autorizó; su acudiente, aún no
    autorizacion = firmada(juana, finalidades=["participar"])
    assert not muestra_nombre(juana)
    actions.revocar(autorizacion=autorizacion)
    autorizacion = firmada(juana, finalidades=["participar", "nombre_publico"])
    assert muestra_nombre(juana)
    revocar(participante=juana.participante, sitio=f.sitio(), finalidad="nombre_publico")
    assert not muestra_nombre(juana)
    autorizar(participante=juana.participante, version=version(), finalidades=["nombre_publico"])
    assert muestra_nombre(juana)
    actions.revocar(autorizacion=autorizacion)
    assert not muestra_nombre(juana)


def test_al_cumplir_18_anos_deja_de_necesitarlo():
    juana = menor()
    guardar_perfil(participante=juana.participante, rango_declarado=RangoDeclarado.ADULTO)
    assert le_falta(juana) == []
    assert muestra_nombre(juana)
    with pytest.raises(ValidationError) as error:
        pedida(juana)
    assert error.value.code == "adulto"


def test_retirarla_cesa_al_instante_y_lo_ya_hecho_queda():
    juana = menor()
    autorizacion = firmada(juana)
    propuesta = f.publicada(f.reto(), f.Usuario.objects.get(pk=juana.pk))
    actions.revocar(autorizacion=autorizacion)
    assert le_falta(juana) == ["acudiente"]
    propuesta.refresh_from_db()
    assert propuesta.es_publica
    with pytest.raises(ValidationError):
        f.enviada(f.reto(), f.Usuario.objects.get(pk=juana.pk))


def test_pedir_otra_vez_deja_sin_valor_el_enlace_anterior():
    juana = menor()
    _primera, viejo = pedida(juana)
    _segunda, nuevo = pedida(juana, correo="papa@example.org")
    assert actions.por_codigo(viejo) is None
    assert actions.por_codigo(nuevo).correo == "papa@example.org"
    assert juana.participante.autorizaciones.count() == 1


def test_el_correo_del_acudiente_no_es_el_suyo():
    juana = menor(correo="juana@example.org")
    with pytest.raises(ValidationError) as error:
        pedida(juana, correo=" JUANA@example.org ")
    assert "correo" in error.value.error_dict
    assert not AutorizacionAcudiente.objects.exists()


def test_el_documento_del_acudiente_no_es_el_del_menor():
    juana = menor()
    verificar_presencial(
        participante=juana.participante, tipo="CC", numero="31000111", nota="Vino", actor=f.personal(RolPersonal.ASISTIDA)
    )
    with pytest.raises(ValidationError) as error:
        firmada(juana)
    assert "numero" in error.value.error_dict
    assert le_falta(juana) == ["acudiente"]


@pytest.mark.parametrize(
    ("cambios", "codigo"),
    [
        ({"finalidades": ["nombre_publico"]}, "finalidades"),
        ({"finalidades": ["participar", "inventada"]}, "finalidad"),
        ({"numero": "12"}, "numero"),
    ],
)
def test_lo_que_no_se_puede_firmar(cambios, codigo):
    juana = menor()
    with pytest.raises(ValidationError) as error:
        firmada(juana, **cambios)
    assert codigo in (getattr(error.value, "code", None), *getattr(error.value, "error_dict", ()))
    assert le_falta(juana) == ["acudiente"]


def test_si_la_politica_cambio_mientras_la_leia_no_vale():
    juana = menor()
    leida = version()
    pagina = f.politica()
    pagina.cuerpo = "<p>Otra cosa.</p>"
    pagina.save_revision().publish()
    with pytest.raises(ValidationError) as error:
        firmada(juana, version=leida)
    assert error.value.code == "version"


def test_un_enlace_vencido_o_ya_usado_no_firma():
    juana = menor()
    autorizacion, _codigo = pedida(juana)
    AutorizacionAcudiente.objects.update(vence_en=Now() - timedelta(seconds=1))
    datos = dict(nombre="L", parentesco="m", tipo="CC", numero="31000111", version=version(), finalidades=TODAS)
    with pytest.raises(ValidationError) as error:
        actions.firmar(autorizacion=autorizacion, **datos)
    assert error.value.code == "enlace"
    autorizacion, _codigo = pedida(juana)
    actions.firmar(autorizacion=autorizacion, **datos)
    with pytest.raises(ValidationError) as error:
        actions.firmar(autorizacion=autorizacion, **datos)
    assert error.value.code == "enlace"


def test_una_nueva_reemplaza_a_la_vigente():
    juana = menor()
    primera, segunda = firmada(juana), firmada(juana)
    primera.refresh_from_db()
    assert (primera.estado, segunda.estado) == (E.REVOCADA, E.VIGENTE)


def test_dos_pestanas_firman_a_la_vez(hilos):
    juana = menor()
    autorizacion, _codigo = pedida(juana)
    datos = dict(nombre="Luz", parentesco="madre", tipo="CC", numero="31000111", version=version(), finalidades=TODAS)
    resultados = hilos(*[lambda: actions.firmar(autorizacion=autorizacion, **datos)] * 3)
    assert sorted(getattr(r, "code", "firmada") for r in resultados) == ["enlace", "enlace", "firmada"], resultados
    assert AutorizacionAcudiente.objects.vigentes().count() == 1


def test_firmar_y_pedir_otro_enlace_a_la_vez(hilos):
    """O se firma con el viejo y el nuevo abre otra petición, o el viejo ya no sirve; nunca dos a medias."""
    juana = menor()
    autorizacion, _codigo = pedida(juana)
    datos = dict(nombre="Luz", parentesco="madre", tipo="CC", numero="31000111", version=version(), finalidades=TODAS)
    resultados = hilos(lambda: actions.firmar(autorizacion=autorizacion, **datos), lambda: pedida(juana))
    assert not [r for r in resultados if isinstance(r, Exception) and getattr(r, "code", "") != "enlace"], resultados
    estados = sorted(AutorizacionAcudiente.objects.values_list("estado", flat=True))
    assert estados in ([E.PEDIDA], [E.PEDIDA, E.VIGENTE])


@pytest.mark.parametrize("desde", E)
@pytest.mark.parametrize("hacia", E)
def test_transiciones(desde, hacia):
    autorizacion = en_papel()
    AutorizacionAcudiente.objects.update(estado=desde, firmada_en=Now())
    autorizacion.refresh_from_db()
    hacer = {
        E.VIGENTE: lambda: actions.aprobar(
            autorizacion=autorizacion, finalidades=TODAS, actor=f.personal(RolPersonal.ASISTIDA)
        ),
        E.RECHAZADA: lambda: actions.rechazar(
            autorizacion=autorizacion, motivo="No se lee", actor=f.personal(RolPersonal.ASISTIDA)
        ),
        E.REVOCADA: lambda: actions.revocar(autorizacion=autorizacion),
    }.get(hacia)
    if hacer is None:
        assert not [d for d, llega in TRANSICIONES_AUTORIZACION.items() if hacia in llega]
        return
    if hacia in TRANSICIONES_AUTORIZACION.get(desde, ()):
        hacer()
    else:
        with pytest.raises(ValidationError) as error:
            hacer()
        assert error.value.code == "transicion"
    autorizacion.refresh_from_db()
    assert autorizacion.estado == (hacia if hacia in TRANSICIONES_AUTORIZACION.get(desde, ()) else desde)


def test_la_base_de_datos_no_admite_dos_vigentes_ni_una_sin_firma():
    juana = menor()
    firmada(juana)
    base = dict(participante=juana.participante, estado=E.VIGENTE, medio="papel", nombre="Otro", vence_en=timezone.now())
    for campos in ({"firmada_en": timezone.now()}, {"participante": menor().participante}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AutorizacionAcudiente.objects.create(**base | campos)


def test_el_historial_no_lleva_datos_de_nadie():
    juana = menor()
    autorizacion = firmada(juana)
    actions.revocar(autorizacion=autorizacion, actor=juana)
    en_papel(juana)
    entradas = ModelLogEntry.objects.filter(action__contains="acudiente")
    assert set(entradas.values_list("action", flat=True)) == {
        "cuentas.pedir_acudiente", "cuentas.firmar_acudiente", "cuentas.revocar_acudiente",
        "cuentas.entregar_papel_acudiente",
    }  # fmt: skip
    for entrada in entradas:
        assert not re.search(r"Luz|mama@|31000111|Juana|Mora", f"{entrada.label}{entrada.data}")
        assert entrada.formatter is not None


# --- En papel -----------------------------------------------------------------------------


def test_el_papel_espera_revision_y_otro_lo_reemplaza():
    juana = menor()
    primera = en_papel(juana)
    assert (primera.estado, primera.medio, le_falta(juana)) == (E.POR_REVISAR, MedioAutorizacion.PAPEL, ["acudiente"])
    segunda = en_papel(juana)
    assert list(juana.participante.autorizaciones.all()) == [segunda]
    assert list(Soporte.objects.all()) == [segunda.soporte]


def test_el_personal_lo_recibe_en_la_oficina_y_vale_desde_ya():
    juana, oficial = menor(), f.personal(RolPersonal.ASISTIDA)
    autorizacion = actions.registrar_papel(
        participante=juana.participante, nombre="Luz Mora", parentesco="madre", documento="CC:31000111",
        version=version(), finalidades=["participar"], archivo=f.pdf(), actor=oficial,
    )  # fmt: skip
    autorizacion.refresh_from_db()
    assert (autorizacion.estado, autorizacion.revisada_por, le_falta(juana)) == (E.VIGENTE, oficial, [])


def test_si_algo_falla_en_la_oficina_no_queda_nada():
    juana, oficial = menor(), f.personal(RolPersonal.ASISTIDA)
    with pytest.raises(ValidationError):
        actions.registrar_papel(
            participante=juana.participante, nombre="Luz", parentesco="madre", documento="CC:31000111",
            version=version(), finalidades=["nombre_publico"], archivo=f.pdf(), actor=oficial,
        )  # fmt: skip
    assert not AutorizacionAcudiente.objects.exists() and not Soporte.objects.exists()


# --- La pantalla del menor ----------------------------------------------------------------


@pytest.fixture
def juana(client):
    usuario = menor(correo="juana@example.org")
    client.force_login(usuario)
    return usuario


def pedir(client, **cambios):
    datos = {"accion": "pedir", "correo-nombre": "Luz Mora", "correo-correo": "mama@example.org"} | cambios
    return client.post(PAGINA, datos)


def enlace_de(mensaje):
    return re.search(r"http://testserver(/mi-cuenta/acudiente/firmar/\S+)", mensaje.body)[1]


def test_pedir_la_firma_escribe_al_acudiente(client, juana):
    assert pedir(client, next="/retos/")["Location"] == f"{PAGINA}?next=%2Fretos%2F"
    (mensaje,) = mail.outbox
    assert mensaje.to == ["mama@example.org"]
    assert mensaje.subject == "Juana Mora le pide autorización para participar"
    assert "juana@example.org" not in mensaje.body
    assert actions.por_codigo(enlace_de(mensaje).split("/")[-2]) == juana.participante.autorizaciones.get()
    texto = client.get(PAGINA).content.decode()
    assert "Espera la firma" in texto and "Enviar otro enlace" in texto


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"correo-correo": "no es"}, "correo"),
        ({"correo-correo": "juana@example.org"}, "correo"),
        ({"correo-nombre": ""}, "nombre"),
        ({"correo-nombre": "n" * 201}, "nombre"),
    ],
)
def test_lo_mal_escrito_se_dice_y_no_envia_nada(client, juana, cambios, campo):
    respuesta = pedir(client, **cambios)
    assert respuesta.status_code == 422
    assert list(respuesta.context["pedir"].errors) == [campo]
    assert mail.outbox == [] and not AutorizacionAcudiente.objects.exists()


def test_tres_correos_al_dia(client, juana):
    estados = [pedir(client).status_code, client.post(PAGINA, {"accion": "reenviar"}).status_code]
    estados += [pedir(client).status_code, pedir(client).status_code]
    assert estados == [302, 302, 302, 429]
    assert len(mail.outbox) == 3
    assert client.post(PAGINA, {"accion": "reenviar"}).status_code == 429
    _autorizacion = juana.participante.autorizaciones.get()
    assert actions.por_codigo(enlace_de(mail.outbox[-1]).split("/")[-2]) == _autorizacion


def test_con_el_correo_caido_queda_pedida_y_se_dice(client, juana, monkeypatch):
    def caido(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("cuentas.adaptador.AdaptadorCuentas.enviar", caido)
    respuesta = client.post(PAGINA, {"accion": "pedir", "correo-nombre": "Luz", "correo-correo": "m@example.org"}, follow=True)
    assert respuesta.status_code == 200
    assert "No pudimos enviar el correo" in respuesta.content.decode()
    assert "Enviar otro enlace" in respuesta.content.decode()


def test_entregar_el_papel(client, juana):
    respuesta = client.post(PAGINA, {"accion": "papel", "papel-nombre": "Luz", "papel-archivo": f.pdf("formato.pdf")})
    assert respuesta.status_code == 302
    autorizacion = juana.participante.autorizaciones.get()
    assert (autorizacion.estado, autorizacion.soporte.titular) == (E.POR_REVISAR, juana.participante)
    assert "Espera revisión" in client.get(PAGINA).content.decode()


def test_un_papel_que_no_sirve_se_explica(client, juana, settings):
    settings.ADJUNTO_MAXIMO = 1000
    enorme = f.pdf("formato.pdf", b"x" * 2000)
    falso = f.pdf("formato.png")
    texto = f.pdf("formato.txt")
    for archivo in (None, enorme, falso, texto):
        datos = {"accion": "papel", "papel-nombre": "Luz"} | ({"papel-archivo": archivo} if archivo else {})
        respuesta = client.post(PAGINA, datos)
        assert respuesta.status_code == 422
        assert list(respuesta.context["papel"].errors) == ["archivo"]
        if archivo is enorme:
            assert "demasiado grande" in respuesta.content.decode()
    assert not AutorizacionAcudiente.objects.exists() and not Soporte.objects.exists()


def test_el_formato_trae_la_version_y_ninguna_casilla_marcada(client, juana):
    texto = client.get(f"{PAGINA}formato/").content.decode()
    assert version().texto_hash in texto and "Juana Mora" in texto
    assert texto.count("☐") == 1 + len(TODAS) and "☑" not in texto


def test_retirar_pregunta_y_cancela_todo_lo_vivo(client, juana):
    firmada(juana)
    en_papel(juana)
    assert "¿Retirar la autorización de su acudiente?" in client.get(f"{PAGINA}retirar/").content.decode()
    assert le_falta(juana) == []
    assert client.post(f"{PAGINA}retirar/").status_code == 302
    assert le_falta(juana) == ["acudiente"]
    assert set(AutorizacionAcudiente.objects.values_list("estado", flat=True)) == {E.REVOCADA}
    assert client.get(f"{PAGINA}retirar/")["Location"] == PAGINA


def test_quien_es_adulto_o_no_tiene_perfil_no_ve_formularios(client):
    for usuario, texto in ((f.persona(), "no necesita acudiente"), (f.cuenta(), "Primero diga su edad")):
        client.force_login(usuario)
        respuesta = client.get(PAGINA)
        assert texto in respuesta.content.decode()
        assert 'name="accion"' not in respuesta.content.decode()
        assert pedir(client).status_code == 422
    assert mail.outbox == []


@pytest.mark.parametrize("accion", ["", "reenviar", "otra"])
def test_una_accion_que_no_toca_se_rechaza(client, juana, accion):
    assert client.post(PAGINA, {"accion": accion}).status_code in (400, 422)
    assert mail.outbox == []


def test_anonima_va_a_entrar(client):
    for ruta in (PAGINA, f"{PAGINA}retirar/", f"{PAGINA}formato/"):
        assert client.get(ruta)["Location"].startswith("/cuenta/login/")
        assert client.post(ruta).status_code in (302, 405)


# --- El enlace del acudiente --------------------------------------------------------------


@pytest.fixture
def enlace(juana):
    _autorizacion, codigo = pedida(juana)
    return f"{PAGINA}firmar/{codigo}/"


@pytest.fixture
def acudiente():
    return Client()


def firma(**cambios):
    datos = {
        "nombre": "Luz Mora", "parentesco": "madre", "tipo": "CC", "numero": "31.000.111", "declara": "on",
        "finalidad_participar": "on", "version": str(version().pk),
    }  # fmt: skip
    return {campo: valor for campo, valor in (datos | cambios).items() if valor is not None}


def test_abrir_el_enlace_no_cambia_nada(acudiente, enlace, juana):
    for _n in range(3):
        respuesta = acudiente.get(enlace)
        assert respuesta.status_code == 200
        assert acudiente.head(enlace).status_code == 200
    texto = respuesta.content.decode()
    assert "¿Autoriza a Juana Mora a participar?" in texto
    assert "checked" not in texto
    assert juana.email not in texto and "mama@example.org" not in texto
    assert "no-store" in respuesta["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in texto
    assert le_falta(juana) == ["acudiente"]


def test_firmar_con_el_enlace_sin_cuenta(acudiente, enlace, juana):
    mail.outbox.clear()
    respuesta = acudiente.post(enlace, firma())
    assert (respuesta.status_code, respuesta["Location"]) == (302, enlace)
    autorizacion = AutorizacionAcudiente.objects.vigentes().get()
    assert (autorizacion.documento, autorizacion.finalidades) == ("CC:31000111", ["participar"])
    assert le_falta(juana) == []
    al_acudiente, al_menor = mail.outbox
    assert (al_acudiente.to, al_menor.to) == (["mama@example.org"], ["juana@example.org"])
    assert enlace in al_acudiente.body
    assert enlace not in al_menor.body and "31000111" not in al_menor.body
    assert "La autorización está firmada" in acudiente.get(enlace).content.decode()
    # Firmar otra vez con el mismo enlace no hace nada.
    assert acudiente.post(enlace, firma(nombre="Otra")).status_code == 200
    assert AutorizacionAcudiente.objects.vigentes().get().nombre == "Luz Mora"


@pytest.mark.parametrize(
    ("cambios", "campo"),
    [
        ({"declara": None}, "declara"),
        ({"finalidad_participar": None}, "finalidad_participar"),
        ({"numero": "12"}, "numero"),
        ({"tipo": "NUIP"}, "tipo"),
        ({"nombre": ""}, "nombre"),
        ({"parentesco": ""}, "parentesco"),
        ({"version": "999999"}, "__all__"),
    ],
)
def test_sin_todo_lo_necesario_no_se_firma(acudiente, enlace, juana, cambios, campo):
    respuesta = acudiente.post(enlace, firma(**cambios))
    assert respuesta.status_code == 422
    assert campo in respuesta.context["formulario"].errors
    if campo != "parentesco":
        assert 'value="madre"' in respuesta.content.decode()
    assert le_falta(juana) == ["acudiente"]


def test_un_enlace_vencido_cambiado_o_falso_da_una_pagina_clara(acudiente, enlace, juana):
    AutorizacionAcudiente.objects.update(vence_en=Now() - timedelta(seconds=1))
    _otra, nuevo = pedida(juana)
    actions.revocar(autorizacion=juana.participante.autorizaciones.get())
    for ruta in (enlace, f"{PAGINA}firmar/{nuevo}/", f"{PAGINA}firmar/inventado/", f"{enlace}retirar/"):
        for respuesta in (acudiente.get(ruta), acudiente.post(ruta, firma())):
            assert respuesta.status_code == 404
            texto = respuesta.content.decode()
            assert "Este enlace ya no sirve" in texto and f'href="{PAGINA}"' in texto
            assert "Juana" not in texto
    assert le_falta(juana) == ["acudiente"]


def test_el_acudiente_la_retira_con_el_mismo_enlace(acudiente, enlace, juana):
    assert acudiente.get(f"{enlace}retirar/").status_code == 404  # todavía no hay qué retirar
    acudiente.post(enlace, firma())
    mail.outbox.clear()
    AutorizacionAcudiente.objects.update(vence_en=Now() - timedelta(days=30))  # los siete días son para firmar
    assert "¿Retirar la autorización?" in acudiente.get(f"{enlace}retirar/").content.decode()
    assert le_falta(juana) == []
    assert acudiente.post(f"{enlace}retirar/").status_code == 302
    assert le_falta(juana) == ["acudiente"]
    assert [m.to for m in mail.outbox] == [["juana@example.org"]]
    assert acudiente.get(enlace).status_code == 404


def test_sin_ficha_csrf_no_se_firma_ni_se_pide(enlace, juana):
    cliente = Client(enforce_csrf_checks=True)
    assert cliente.post(enlace, firma()).status_code == 403
    cliente.force_login(juana)
    assert pedir(cliente).status_code == 403
    assert cliente.post(f"{PAGINA}retirar/").status_code == 403
    assert AutorizacionAcudiente.objects.get().estado == E.PEDIDA


def test_en_ingles_el_enlace_vuelve_al_ingles(client, juana):
    respuesta = client.post("/en" + PAGINA, {"accion": "pedir", "correo-nombre": "Luz", "correo-correo": "m@example.org"})
    assert respuesta["Location"] == "/en" + PAGINA
    assert "/en/mi-cuenta/acudiente/firmar/" in mail.outbox[0].body
