"""Las pantallas de participación asistida: de la persona a la constancia."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.admin.menu import admin_menu
from wagtail.models import ModelLogEntry

from cuentas.asistida.actions import registrar_persona
from cuentas.documentos import huella_de_documento
from cuentas.enums import CanalConsentimiento, Finalidad, NivelVerificacion, RangoDeclarado, RolPersonal
from cuentas.models import Participante, Perfil, Soporte, Verificacion, VersionPolitica
from indicadores.consultas import Consulta, Periodo, reloj
from indicadores.exportacion import tabla_de_cifras
from indicadores.medidas import calcular
from participacion.adjuntos.models import Adjunto
from participacion.apoyos import actions as apoyos
from participacion.apoyos.models import Apoyo
from participacion.ejercicios.models import Ejercicio
from participacion.moderacion.actions import decidir
from participacion.moderacion.enums import Decision
from participacion.moderacion.models import Entrada
from participacion.registro.enums import Canal
from participacion.registro.models import Acto, Asistencia
from participacion.registro.proyecciones import PROYECCIONES
from retos.asistida import actions, atencion
from retos.models import Propuesta
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
INICIO = "/admin/participacion-asistida/"
NUMERO = "1098765432"
TEXTOS = {"titulo": "Sombra en la plaza", "resumen": "Árboles.", "descripcion": "Sembrar árboles."}
ENVIO = TEXTOS | {"terminos": "on", "version_terminos": "1"}  # lo que manda el formulario


@pytest.fixture
def funcionario():
    f.politica()
    return f.personal(RolPersonal.ASISTIDA)


@pytest.fixture
def cliente(client, funcionario):
    client.force_login(funcionario)
    return client


def documento(**cambios):
    return {"canal": "presencial", "tipo": "CC", "numero": NUMERO} | cambios


def datos_persona(**cambios):
    version = VersionPolitica.objects.vigente(f.sitio(), "es").pk
    base = {"paso": "registrar", "version": version, "rango_declarado": "18_mas", "finalidad_participar": "on"}
    return documento() | base | cambios


def persona_de(funcionario, numero=NUMERO, **cambios) -> Participante:
    datos = {
        "tipo": "CC",
        "numero": numero,
        "canal": CanalConsentimiento.PRESENCIAL,
        "comprobado": False,
        "rango_declarado": RangoDeclarado.ADULTO,
        "sitio": f.sitio(),
        "funcionario": funcionario,
        "version": VersionPolitica.objects.vigente(f.sitio(), "es"),
        "finalidades": [Finalidad.PARTICIPAR],
    }
    return registrar_persona(**datos | cambios)


def ficha_de(persona, funcionario, canal=Canal.ASISTIDA):
    return atencion.abrir(participante=persona, canal=canal, funcionario=funcionario)


def url(persona, funcionario, reto, que="proponer", canal=Canal.ASISTIDA):
    return f"{INICIO}{ficha_de(persona, funcionario, canal)}/retos/{reto.ejercicio.pk}/{que}/"


def propuesta_asistida(persona, funcionario, reto, canal=Canal.ASISTIDA, **cambios):
    datos = {"participante": persona, "canal": canal, "funcionario": funcionario, "ejercicio": reto.ejercicio}
    return actions.proponer_por(**datos, clave_envio=uuid.uuid4(), terminos=1, **TEXTOS | cambios)


# --- Quién entra --------------------------------------------------------------------------------


@pytest.mark.parametrize("rol", list(RolPersonal))
def test_solo_asistida_y_administracion(client, funcionario, rol):
    persona, reto, otra = persona_de(funcionario), f.reto(), f.personal(rol)
    puede = rol in (RolPersonal.ASISTIDA, RolPersonal.ADMINISTRACION)
    client.force_login(otra)
    propia = url(persona, otra, reto)
    apoyo = url(persona, otra, reto, "apoyar")
    for direccion in (INICIO, propia, apoyo, f"{INICIO}{ficha_de(persona, otra)}/"):
        assert (client.get(direccion).status_code == 200) is puede, direccion
    respuesta = client.post(propia, ENVIO | {"clave_envio": uuid.uuid4()})
    assert Propuesta.objects.exists() is puede
    assert puede or respuesta.url == "/admin/"
    nombres = [item.name for item in admin_menu.menu_items_for_request(client.get("/admin/").wsgi_request)]
    assert ("asistida" in nombres) is puede
    assert ("participacion-asistida" in client.get("/admin/").text) is puede


def test_la_ficha_de_otro_funcionario_o_falsa_no_sirve(cliente, funcionario):
    persona, reto = persona_de(funcionario), f.reto()
    ajena = url(persona, f.personal(RolPersonal.ASISTIDA), reto)
    for direccion in (ajena, f"{INICIO}inventada/", f"{INICIO}{ficha_de(persona, funcionario)}x/"):
        respuesta = cliente.post(direccion, ENVIO | {"clave_envio": uuid.uuid4()})
        assert respuesta.url == INICIO
    assert not Propuesta.objects.exists()


def test_la_ficha_vence_y_cae_si_la_persona_suprime_sus_datos(cliente, funcionario, settings, monkeypatch):
    persona = persona_de(funcionario)
    ficha = ficha_de(persona, funcionario)
    assert cliente.get(f"{INICIO}{ficha}/").status_code == 200
    monkeypatch.setattr(atencion, "VIGENCIA", timedelta(seconds=-1))
    assert cliente.get(f"{INICIO}{ficha}/").url == INICIO
    monkeypatch.undo()
    Participante.objects.filter(pk=persona.pk).update(suprimido=True, nombre="", documento_hmac=None, nivel=0)
    assert cliente.get(f"{INICIO}{ficha}/").url == INICIO


# --- Paso 1: la persona ---------------------------------------------------------------------------


def test_persona_nueva_paso_a_paso(cliente):
    primera = cliente.post(INICIO, documento())
    texto = primera.content.decode()
    assert primera.status_code == 200
    assert "Lo que falta para que participe" in texto
    assert f'value="{NUMERO}"' in texto
    assert re.findall(r'<input[^>]*name="finalidad_[^>]*>', texto) and "checked" not in texto
    assert not Participante.objects.exclude(documento_hmac=None).exists()
    segunda = cliente.post(INICIO, datos_persona(nombre="Luz Mora", comprobado="on"))
    persona = Participante.objects.get(documento_hmac=huella_de_documento("CC", NUMERO))
    assert segunda.status_code == 302
    assert NUMERO not in segunda.url and "Luz" not in segunda.url
    assert (persona.nombre, persona.nivel) == ("Luz Mora", NivelVerificacion.PRESENCIAL)
    assert "Luz Mora" in cliente.get(segunda.url).text


def test_persona_conocida_pasa_directo(cliente, funcionario):
    persona_de(funcionario, nombre="Luz Mora")
    respuesta = cliente.post(INICIO, documento(comprobado="on"), follow=True)
    assert respuesta.redirect_chain[-1][0] != INICIO
    assert "Luz Mora" in respuesta.text
    assert "Verificada en persona" in respuesta.text


@pytest.mark.parametrize(
    ("datos", "dice"),
    [
        (documento(numero="1"), "número de documento no es válido"),
        (documento(canal="papel", comprobado="on"), "no por papel"),
        ({}, "oficina o envió un papel"),
    ],
)
def test_documento_malo_es_422_y_conserva_lo_escrito(cliente, datos, dice):
    respuesta = cliente.post(INICIO, datos)
    assert respuesta.status_code == 422
    assert dice in respuesta.text
    assert f'value="{datos.get("numero", "")}"' in respuesta.text or not datos


@pytest.mark.parametrize(
    ("cambios", "dice"),
    [
        ({"rango_declarado": "menor_14"}, "menos de 14 años no puede participar"),
        ({"rango_declarado": "14_17"}, "autorización firmada por su acudiente"),
        ({"finalidad_participar": ""}, "Sin esta autorización"),
        ({"version": "0"}, "cambió mientras la leía"),
        ({"rango_declarado": ""}, "Pregunte la edad"),
    ],
)
def test_persona_incompleta_es_422_y_no_guarda_nada(cliente, cambios, dice):
    respuesta = cliente.post(INICIO, datos_persona(nombre="Luz Mora", **cambios))
    assert respuesta.status_code == 422
    assert dice in respuesta.text
    assert 'value="Luz Mora"' in respuesta.text
    assert not Participante.objects.exclude(documento_hmac=None).exists()
    assert not Perfil.objects.exclude(participante__cuenta__isnull=False).exists()
    assert not Soporte.objects.exists()


def test_de_quien_tiene_cuenta_solo_se_ve_el_nombre(cliente):
    ana = f.persona("ana.secreta@example.org", nombre="Ana", apellido="Ríos")
    Participante.objects.filter(pk=ana.participante.pk).update(documento_hmac=huella_de_documento("CC", NUMERO))
    respuesta = cliente.post(INICIO, documento(), follow=True)
    assert "Ana Ríos" in respuesta.text
    assert "ana.secreta" not in respuesta.text


def test_nadie_se_asiste_a_si_mismo(cliente, funcionario):
    f.habilitar(funcionario)
    Participante.objects.filter(cuenta=funcionario).update(documento_hmac=huella_de_documento("CC", NUMERO))
    respuesta = cliente.post(INICIO, documento(comprobado="on"))
    assert respuesta.status_code == 422
    assert "es el suyo" in respuesta.text
    assert not Verificacion.objects.exists()


# --- Paso 2: proponer ---------------------------------------------------------------------------------


@pytest.mark.parametrize("canal", [Canal.ASISTIDA, Canal.PAPEL])
def test_una_propuesta_llega_a_moderacion_con_su_canal_y_quien_la_registro(cliente, funcionario, canal):
    persona, reto = persona_de(funcionario, nombre="Luz Mora"), f.reto()
    respuesta = cliente.post(
        url(persona, funcionario, reto, canal=canal), ENVIO | {"clave_envio": uuid.uuid4(), "archivo": f.pdf()}
    )
    propuesta, acto = Propuesta.objects.get(), Acto.objects.get()
    assert (propuesta.autor, propuesta.estado, propuesta.asistida) == (persona, "enviada", True)
    assert Adjunto.objects.de(propuesta).count() == 1
    assert (acto.canal, acto.participante, acto.asistencia.funcionario) == (canal, persona.clave, funcionario)
    constancia = cliente.get(respuesta.url).text
    assert propuesta.referencia in constancia
    assert str(acto.uuid) in constancia
    assert str(canal.label) in constancia
    assert "Seguir con la misma persona" in constancia
    assert "Luz" not in constancia and NUMERO not in constancia


def test_repetir_el_envio_no_la_duplica(cliente, funcionario):
    persona, reto = persona_de(funcionario), f.reto()
    datos, direccion = ENVIO | {"clave_envio": uuid.uuid4()}, url(persona, funcionario, reto)
    primera, segunda = cliente.post(direccion, datos), cliente.post(direccion, datos)
    assert primera.url.split("?")[0] == segunda.url.split("?")[0]
    assert "no se registró otra vez" in cliente.get(segunda.url).text
    assert (Propuesta.objects.count(), Acto.objects.count()) == (1, 1)


def test_dos_envios_a_la_vez_del_mismo_formulario(hilos):
    f.politica()
    funcionario = f.personal(RolPersonal.ASISTIDA)
    persona, reto, clave = persona_de(funcionario), f.reto(), uuid.uuid4()

    def enviar():
        return actions.proponer_por(
            participante=persona, canal=Canal.PAPEL, funcionario=funcionario, ejercicio=reto.ejercicio, clave_envio=clave, terminos=1, **TEXTOS
        ).pk

    salidas = hilos(*[enviar] * 4)
    assert len([s for s in salidas if isinstance(s, int)]) == 1, salidas
    assert all(isinstance(s, (int, ValidationError)) for s in salidas), salidas
    assert (Propuesta.objects.count(), Asistencia.objects.count()) == (1, 1)


@pytest.mark.parametrize("falta", ["titulo", "resumen", "descripcion", "clave_envio"])
def test_propuesta_incompleta_es_422_y_no_deja_borrador(cliente, funcionario, falta):
    persona, reto = persona_de(funcionario), f.reto()
    datos = {k: v for k, v in (ENVIO | {"clave_envio": uuid.uuid4()}).items() if k != falta}
    respuesta = cliente.post(url(persona, funcionario, reto), datos)
    assert respuesta.status_code == 422
    assert not Propuesta.objects.exists()
    assert all(str(valor) in respuesta.text for campo, valor in datos.items() if campo in TEXTOS)


def test_el_archivo_de_una_propuesta_tiene_el_tope_de_la_ciudadania(cliente, funcionario, settings):
    settings.ADJUNTO_MAXIMO = 100
    persona, reto = persona_de(funcionario), f.reto()
    datos = ENVIO | {"clave_envio": uuid.uuid4(), "archivo": f.pdf(relleno=b"x" * 500)}
    respuesta = cliente.post(url(persona, funcionario, reto), datos)
    assert respuesta.status_code == 422
    assert "pasa de 10 MB" in respuesta.text
    assert not Adjunto.objects.exists()


def test_un_archivo_ya_subido_no_se_pierde_al_corregir_otro_campo(cliente, funcionario):
    persona, reto = persona_de(funcionario), f.reto()
    direccion, clave = url(persona, funcionario, reto), uuid.uuid4()
    respuesta = cliente.post(direccion, ENVIO | {"titulo": "", "clave_envio": clave, "archivo": f.pdf()})
    ficha = re.search(r'name="ficha" value="([^"]+)"', respuesta.text)[1]
    assert "anexo.pdf" in respuesta.text
    cliente.post(direccion, ENVIO | {"clave_envio": clave, "ficha": ficha})
    assert Adjunto.objects.de(Propuesta.objects.get()).count() == 1


@pytest.mark.parametrize("canal", [Canal.ASISTIDA, Canal.PAPEL])
def test_el_plazo_es_el_mismo_que_en_la_web(cliente, funcionario, canal):
    """Un papel recibido a tiempo y escrito después del cierre no entra: decisión 048."""
    persona, reto = persona_de(funcionario), f.reto()
    direccion = url(persona, funcionario, reto, canal=canal)
    cierre = timezone.now() - timedelta(seconds=1)
    Ejercicio.objects.filter(pk=reto.ejercicio.pk).update(cierre=cierre)
    respuesta = cliente.post(direccion, ENVIO | {"clave_envio": uuid.uuid4()})
    assert respuesta.status_code == 422
    assert "El plazo venció" in respuesta.text
    assert "Sembrar árboles." in respuesta.text
    assert not Propuesta.objects.exists()


def test_el_nivel_del_reto_tambien_rige_en_la_oficina(cliente, funcionario):
    reto = f.reto(nivel_minimo=NivelVerificacion.PRESENCIAL)
    persona = persona_de(funcionario)
    respuesta = cliente.post(url(persona, funcionario, reto), ENVIO | {"clave_envio": uuid.uuid4()})
    assert respuesta.status_code == 422
    assert "verificó en persona" in respuesta.text
    persona_de(funcionario, comprobado=True)
    assert cliente.post(url(persona, funcionario, reto), ENVIO | {"clave_envio": uuid.uuid4()}).status_code == 302
    assert Acto.objects.get().nivel_verificacion == NivelVerificacion.PRESENCIAL


def test_un_reto_oculto_o_de_otro_sitio_no_existe(cliente, funcionario):
    persona, reto = persona_de(funcionario), f.reto()
    direccion, apoyo = url(persona, funcionario, reto), url(persona, funcionario, reto, "apoyar")
    reto.unpublish()
    assert cliente.post(direccion, ENVIO | {"clave_envio": uuid.uuid4()}).status_code == 404
    assert cliente.get(apoyo).status_code == 404


# --- Paso 2: apoyar ------------------------------------------------------------------------------------


def test_un_apoyo_cuenta_una_vez_por_la_web_y_por_la_oficina(cliente, funcionario):
    reto = f.reto()
    propuesta = f.publicada(reto)
    ana = f.persona()
    Participante.objects.filter(pk=ana.participante.pk).update(documento_hmac=huella_de_documento("CC", NUMERO))
    apoyos.apoyar(objeto=propuesta, participante=ana.participante)
    apoyo = url(ana.participante, funcionario, reto, "apoyar")
    assert "ya la apoya" in cliente.get(apoyo).text
    respuesta = cliente.post(apoyo, {"propuesta": propuesta.pk}, follow=True)
    assert "ya había apoyado" in respuesta.text
    propuesta.refresh_from_db()
    assert (propuesta.apoyos, Apoyo.objects.count(), Asistencia.objects.count()) == (1, 1, 0)


def test_apoyar_da_constancia_con_canal_y_funcionario(cliente, funcionario):
    reto = f.reto()
    propuesta, persona = f.publicada(reto), persona_de(funcionario, nombre="Luz Mora")
    respuesta = cliente.post(url(persona, funcionario, reto, "apoyar", Canal.PAPEL), {"propuesta": propuesta.pk})
    acto = Acto.objects.get(tipo=apoyos.APOYO)
    assert (acto.canal, acto.asistencia.funcionario) == ("papel", funcionario)
    constancia = cliente.get(respuesta.url).text
    assert propuesta.referencia in constancia and "Constancia de apoyo" in constancia and "Luz" not in constancia
    assert "Apoyo" in cliente.get(INICIO).text


def test_a_la_vez_en_la_web_y_en_dos_ventanillas_un_solo_apoyo(hilos):
    f.politica()
    reto, equipo = f.reto(), [f.personal(RolPersonal.ASISTIDA) for _ in range(3)]
    propuesta, persona = f.publicada(reto), persona_de(equipo[0])
    por = lambda quien: lambda: actions.apoyar_por(  # noqa: E731
        propuesta=propuesta, participante=persona, canal=Canal.ASISTIDA, funcionario=quien
    )
    web = lambda: apoyos.apoyar(objeto=propuesta, participante=persona)  # noqa: E731
    salidas = hilos(*[por(quien) for quien in equipo], web)
    assert sorted(salidas) == [False, False, False, True], salidas
    propuesta.refresh_from_db()
    assert (propuesta.apoyos, Apoyo.objects.count()) == (1, 1)


@pytest.mark.parametrize("mala", ["", "0", "x", "9" * 30, "١"])
def test_apoyo_a_algo_que_no_esta_es_422(cliente, funcionario, mala):
    persona, reto = persona_de(funcionario), f.reto()
    assert cliente.post(url(persona, funcionario, reto, "apoyar"), {"propuesta": mala}).status_code == 422


def test_no_se_apoya_lo_que_no_es_publico_ni_de_otro_reto(cliente, funcionario):
    persona, reto = persona_de(funcionario), f.reto()
    enviada, ajena = f.enviada(reto), f.publicada(f.reto())
    direccion = url(persona, funcionario, reto, "apoyar")
    assert enviada.titulo not in cliente.get(direccion).text
    for propuesta in (enviada, ajena):
        assert cliente.post(direccion, {"propuesta": propuesta.pk}).status_code == 422
    assert not Apoyo.objects.exists()


def test_buscar_por_numero_o_palabras(cliente, funcionario):
    persona, reto = persona_de(funcionario), f.reto()
    sombra, agua = f.publicada(reto, titulo="Sombra en la plaza"), f.publicada(reto, titulo="Agua limpia")
    direccion = url(persona, funcionario, reto, "apoyar")
    for consulta, halla, no_halla in ((sombra.referencia, sombra, agua), ("agua", agua, sombra)):
        texto = cliente.get(direccion, {"q": consulta}).text
        assert halla.titulo in texto and no_halla.titulo not in texto
    assert "No hay propuestas" in cliente.get(direccion, {"q": "nada de eso"}).text


@pytest.mark.parametrize("cuantas", [1, 3])
def test_consultas_de_la_lista_para_apoyar(cliente, funcionario, monkeypatch, django_assert_num_queries, cuantas):
    persona, reto = persona_de(funcionario), f.reto()
    for _ in range(cuantas):
        f.publicada(reto)
    monkeypatch.setattr(admin_menu, "menu_items_for_request", lambda request: [])
    direccion = url(persona, funcionario, reto, "apoyar")
    cliente.get(direccion)
    with django_assert_num_queries(15):
        cliente.get(direccion)


@pytest.mark.parametrize("cuantas", [1, 3])
def test_consultas_del_inicio(cliente, funcionario, monkeypatch, django_assert_num_queries, cuantas):
    persona, reto = persona_de(funcionario), f.reto()
    for _ in range(cuantas):
        f.resolver(propuesta_asistida(persona, funcionario, reto), Decision.DEVUELTA, motivo="Falta el costo")
    monkeypatch.setattr(admin_menu, "menu_items_for_request", lambda request: [])
    cliente.get(INICIO)
    with django_assert_num_queries(12):
        cliente.get(INICIO)


# --- Después -------------------------------------------------------------------------------------------


def test_quien_la_registro_no_la_modera(funcionario):
    administra = f.personal(RolPersonal.ADMINISTRACION)
    propuesta = propuesta_asistida(persona_de(administra), administra, f.reto())
    entrada = Entrada.objects.de(propuesta).get()
    with pytest.raises(ValidationError) as error:
        decidir(entrada_id=entrada.pk, decision=Decision.APROBADA, moderador=administra)
    assert error.value.code == "propia"
    f.resolver(propuesta, Decision.APROBADA, f.personal(RolPersonal.ADMINISTRACION))
    assert propuesta.estado == "publicada"


def test_registrar_un_apoyo_no_impide_moderar_esa_propuesta(funcionario):
    administra, reto = f.personal(RolPersonal.ADMINISTRACION), f.reto()
    propuesta = f.publicada(reto)
    persona = persona_de(administra)
    actions.apoyar_por(propuesta=propuesta, participante=persona, canal=Canal.ASISTIDA, funcionario=administra)
    otra = f.enviada(reto)
    f.resolver(otra, Decision.APROBADA, administra)
    assert otra.estado == "publicada"


def test_corregir_lo_devuelto_de_quien_no_tiene_cuenta(cliente, funcionario):
    persona, reto = persona_de(funcionario), f.reto()
    propuesta = propuesta_asistida(persona, funcionario, reto, canal=Canal.PAPEL)
    f.resolver(propuesta, Decision.DEVUELTA, motivo="Falta el costo")
    assert propuesta.referencia in cliente.get(INICIO).text
    respuesta = cliente.get(f"{INICIO}por-corregir/{propuesta.pk}/")
    pagina = cliente.get(respuesta.url).text
    assert "Falta el costo" in pagina and "Sembrar árboles." in pagina
    datos = ENVIO | {"titulo": "Con costo", "clave_envio": propuesta.clave_envio}
    assert cliente.post(respuesta.url, datos).status_code == 302
    assert cliente.post(respuesta.url, datos).status_code == 302  # otra vez: ya no se puede, y se dice
    propuesta.refresh_from_db()
    assert (propuesta.estado, propuesta.titulo) == ("enviada", "Con costo")
    assert list(Acto.objects.filter(tipo="propuesta_enviada").values_list("canal", flat=True)) == ["papel", "papel"]


def test_lo_devuelto_a_quien_tiene_cuenta_lo_corrige_esa_persona(cliente, funcionario):
    ana, reto = f.persona(), f.reto()
    propuesta = propuesta_asistida(ana.participante, funcionario, reto)
    f.resolver(propuesta, Decision.DEVUELTA, motivo="Falta el costo")
    assert propuesta.referencia not in cliente.get(INICIO).text
    assert cliente.get(f"{INICIO}por-corregir/{propuesta.pk}/").status_code == 404
    ficha = ficha_de(ana.participante, funcionario)
    assert cliente.get(f"{INICIO}{ficha}/propuestas/{propuesta.pk}/corregir/").status_code == 404


def test_la_constancia_es_de_lo_asistido_en_este_sitio(cliente, funcionario):
    web = f.enviada(f.reto())
    acto = Acto.objects.get(objeto_id=web.pk)
    assert cliente.get(f"{INICIO}constancia/{acto.uuid}/").status_code == 404
    assert cliente.get(f"{INICIO}constancia/{uuid.uuid4()}/").status_code == 404


def test_los_indicadores_separan_lo_que_llego_por_cada_canal(funcionario):
    reto = f.reto()
    f.enviada(reto)
    persona = persona_de(funcionario)
    propuesta_asistida(persona, funcionario, reto)
    propuesta_asistida(persona, funcionario, reto, canal=Canal.PAPEL)
    hoy = timezone.localdate()
    consulta = Consulta(sitio=f.sitio(), periodo=Periodo(hoy, hoy), ejercicio=None, corte=reloj(f.sitio()))
    cifras = calcular(consulta)
    filas = next(filas for medida, filas in cifras if medida.clave == "actos_por_canal")
    conteo = {str(etiqueta): n for etiqueta, n in filas}
    assert {c.label: conteo[c.label] for c in (Canal.WEB, Canal.ASISTIDA, Canal.PAPEL)} == {
        Canal.WEB.label: 1, Canal.ASISTIDA.label: 1, Canal.PAPEL.label: 1,
    }  # fmt: skip
    # De esta tabla salen el CSV y el XLSX.
    descargadas = {tuple(fila[1:3]) for fila in tabla_de_cifras(consulta, cifras)}
    assert {(Canal.ASISTIDA.label, 1), (Canal.PAPEL.label, 1)} <= descargadas


def test_el_registro_cuadra_y_el_historial_no_lleva_datos(cliente, funcionario):
    reto = f.reto()
    propuesta = f.publicada(reto)
    cliente.post(INICIO, datos_persona(nombre="Luz Mora Secreta"))
    persona = Participante.objects.get(documento_hmac=huella_de_documento("CC", NUMERO))
    cliente.post(url(persona, funcionario, reto, "apoyar"), {"propuesta": propuesta.pk})
    cliente.post(url(persona, funcionario, reto), ENVIO | {"clave_envio": uuid.uuid4()})
    assert [d for recontar in PROYECCIONES.values() for d in recontar()] == []
    historial = str(list(ModelLogEntry.objects.values()))
    assert NUMERO not in historial and "Secreta" not in historial
