"""Los niveles: con un padrón, en persona, anularlos y unir a quien participó sin cuenta."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cuentas import documentos
from cuentas.actions import participante_de
from cuentas.enums import EstadoPadron, NivelVerificacion, RolPersonal
from cuentas.models import DocumentoPadron, Padron, Participante, Perfil, Verificacion
from cuentas.verificacion.actions import anular_verificacion, verificar_en_padron, verificar_presencial
from participacion.apoyos.actions import apoyar
from tests import fabricas as f

pytestmark = pytest.mark.django_db
PAGINA = "/mi-cuenta/verificacion/"
CEDULA = "1032456789"
N = NivelVerificacion


def padron(*numeros, pide_fecha=False, fecha="", estado=EstadoPadron.VIGENTE, sitio=None, nombre="Suscriptores"):
    fila = Padron.objects.create(
        sitio=sitio or f.sitio(), nombre=nombre, sal=uuid.uuid4().hex, pide_fecha=pide_fecha, estado=estado, total=len(numeros)
    )
    DocumentoPadron.objects.bulk_create(
        DocumentoPadron(padron=fila, hmac=documentos.huella_de_padron(fila.sal, "CC", numero, fecha)) for numero in numeros
    )
    return fila


def verificar(usuario, numero=CEDULA, tipo="CC", fecha=""):
    return verificar_en_padron(
        participante=participante_de(usuario), sitio=f.sitio(), tipo=tipo, numero=numero, fecha=fecha
    )


def presencial(usuario, numero=CEDULA, *, actor=None, **campos):
    return verificar_presencial(
        participante=participante_de(usuario),
        tipo="CC",
        numero=numero,
        nota="Vino con su cédula",
        actor=actor or f.personal(RolPersonal.ASISTIDA),
        **campos,
    )


def sin_cuenta(numero=CEDULA, nombre="Rosa Papel"):
    return Participante.objects.create(nombre=nombre, documento_hmac=documentos.huella_de_documento("CC", numero))


def nivel(usuario):
    return Participante.objects.get(cuenta=usuario).nivel_verificacion


# --- Con un padrón ------------------------------------------------------------------------


def test_quien_esta_en_un_padron_vigente_alcanza_el_nivel_2():
    lista = padron(CEDULA, "2000000")
    ana = f.persona()
    verificacion = verificar(ana, "1.032.456.789")
    assert (verificacion.nivel, verificacion.padron) == (N.REGISTRO, lista)
    assert nivel(ana) == N.REGISTRO
    assert verificar(ana) == verificacion
    entrada = ModelLogEntry.objects.get(action="cuentas.verificar_en_padron")
    assert CEDULA not in f"{entrada.label} {entrada.data}"


@pytest.mark.parametrize("estado", [e for e in EstadoPadron if e != EstadoPadron.VIGENTE])
def test_un_padron_que_no_esta_vigente_no_verifica_a_nadie(estado):
    padron(CEDULA, estado=estado)
    ana = f.persona()
    with pytest.raises(ValidationError) as error:
        verificar(ana)
    assert error.value.code == "no_verificado"
    assert nivel(ana) == N.CORREO
    assert Participante.objects.get(cuenta=ana).documento_hmac is None


def test_el_padron_de_otro_sitio_no_cuenta():
    from tests.cuentas.test_personal import otro_sitio

    padron(CEDULA, sitio=otro_sitio())
    with pytest.raises(ValidationError):
        verificar(f.persona())


def test_si_el_padron_pide_la_fecha_el_numero_solo_no_basta():
    padron(CEDULA, pide_fecha=True, fecha="2015-12-31")
    ana = f.persona()
    for mala in ("", "2015-12-30"):
        with pytest.raises(ValidationError):
            verificar(ana, fecha=mala)
    assert verificar(ana, fecha="2015-12-31").nivel == N.REGISTRO


def test_el_mensaje_no_dice_si_el_documento_existe_ni_de_quien_es():
    """No estar, ser de otra cuenta, ser de alguien sin cuenta y tener ya otro: todo se ve igual."""
    padron(CEDULA, "2000000", "3000000")
    verificar(f.persona(), CEDULA)
    sin_cuenta("2000000")
    con_otro = f.persona()
    presencial(con_otro, "4000000")
    mensajes = set()
    for usuario, numero in [(f.persona(), "9999999"), (f.persona(), CEDULA), (f.persona(), "2000000"), (con_otro, "3000000")]:
        with pytest.raises(ValidationError) as error:
            verificar(usuario, numero)
        mensajes.add((error.value.message, error.value.code))
    assert len(mensajes) == 1
    assert Verificacion.objects.filter(nivel=N.REGISTRO).count() == 1


def test_dos_cuentas_reclaman_el_mismo_documento_a_la_vez(hilos):
    padron(CEDULA)
    cuentas = [f.persona() for _n in range(4)]
    resultados = hilos(*[lambda c=c: verificar(c) for c in cuentas])
    ganan = [r for r in resultados if isinstance(r, Verificacion)]
    assert len(ganan) == 1, resultados
    assert {getattr(r, "code", "gana") for r in resultados} == {"gana", "no_verificado"}
    assert Participante.objects.filter(documento_hmac__isnull=False).count() == 1
    assert Participante.objects.filter(nivel=N.REGISTRO).count() == 1


def test_el_doble_clic_no_verifica_dos_veces(hilos):
    padron(CEDULA)
    ana = f.persona()
    resultados = hilos(*[lambda: verificar(ana).pk] * 3)
    assert len(set(resultados)) == 1, resultados
    assert Verificacion.objects.count() == 1


# --- La pantalla --------------------------------------------------------------------------


def test_sin_padron_explica_los_niveles_y_no_pide_nada(client):
    client.force_login(f.persona())
    texto = client.get(PAGINA).content.decode()
    assert "Nivel 3: verificada en persona" in texto
    assert 'name="numero"' not in texto
    assert client.post(PAGINA, {"tipo": "CC", "numero": CEDULA}).status_code == 302


def test_la_pantalla_dice_a_donde_ir(client):
    from home.models import AjustesSitio

    ajustes = AjustesSitio.for_site(f.sitio())
    ajustes.direccion, ajustes.horario = "Carrera 5 # 10-20", "Lunes a viernes, 8 a 12"
    ajustes.save()
    client.force_login(f.persona())
    texto = client.get(PAGINA).content.decode()
    assert "Carrera 5 # 10-20" in texto and "Lunes a viernes, 8 a 12" in texto


def test_verificarse_desde_la_pantalla_y_volver_a_lo_que_se_hacia(client):
    padron(CEDULA)
    ana = f.persona()
    client.force_login(ana)
    assert 'name="fecha"' not in client.get(PAGINA).content.decode()
    respuesta = client.post(PAGINA, {"tipo": "CC", "numero": "1.032.456.789", "next": "/retos/"})
    assert (respuesta.status_code, respuesta["Location"]) == (302, "/retos/")
    assert nivel(ana) == N.REGISTRO
    texto = client.get(PAGINA).content.decode()
    assert 'name="numero"' not in texto
    assert texto.count("estado--positivo") == 2
    assert client.post(PAGINA, {"tipo": "CC", "numero": CEDULA, "next": "https://malo.example/"})["Location"] == PAGINA


@pytest.mark.parametrize(
    ("datos", "campo"),
    [
        ({"tipo": "CC", "numero": "12"}, "numero"),
        ({"tipo": "NIT", "numero": CEDULA}, "tipo"),
        ({"tipo": "CC", "numero": CEDULA + "\x00"}, "numero"),
        ({"tipo": "CC", "numero": CEDULA, "fecha": "ayer"}, "fecha"),
        ({"tipo": "CC", "numero": CEDULA, "fecha": "2999-01-01"}, "fecha"),
        ({"tipo": "CC", "numero": CEDULA}, "fecha"),
    ],
)
def test_lo_mal_escrito_se_dice_junto_a_su_campo_y_no_gasta_intentos(client, datos, campo):
    padron(CEDULA, pide_fecha=True, fecha="2015-12-31")
    client.force_login(f.persona())
    for _n in range(7):
        respuesta = client.post(PAGINA, datos)
        assert respuesta.status_code == 422
    assert campo in respuesta.context["formulario"].errors
    assert client.post(PAGINA, {"tipo": "CC", "numero": CEDULA, "fecha": "31/12/2015"}).status_code == 302


def test_la_fecha_es_optativa_si_algun_padron_no_la_pide(client):
    padron("2000000", pide_fecha=True, fecha="2015-12-31")
    padron(CEDULA)
    client.force_login(f.persona())
    assert client.post(PAGINA, {"tipo": "CC", "numero": CEDULA}).status_code == 302


def test_cinco_intentos_al_dia_por_cuenta(client, settings):
    padron(CEDULA)
    client.force_login(f.persona())
    malos = [client.post(PAGINA, {"tipo": "CC", "numero": f"200000{n}"}).status_code for n in range(5)]
    assert malos == [422] * 5
    respuesta = client.post(PAGINA, {"tipo": "CC", "numero": CEDULA})
    assert respuesta.status_code == 429
    assert "Vuelva mañana" in respuesta.content.decode()
    assert CEDULA in respuesta.content.decode()  # lo escrito sigue ahí


def test_cambiar_de_cuenta_no_da_intentos_sin_fin(client):
    padron(CEDULA)
    estados = []
    for _cuenta in range(5):
        client.force_login(f.persona())
        estados += [client.post(PAGINA, {"tipo": "CC", "numero": f"200000{n}"}).status_code for n in range(5)]
    assert estados == [422] * 20 + [429] * 5


def test_el_numero_no_queda_en_ninguna_parte(client, caplog, settings):
    """Ni en la base de datos, ni en el historial, ni en la sesión, ni en los mensajes del servidor."""
    from django.apps import apps

    padron(CEDULA)
    client.force_login(f.persona())
    caplog.set_level("DEBUG")
    client.post(PAGINA, {"tipo": "CC", "numero": "777888999"})
    client.post(PAGINA, {"tipo": "CC", "numero": CEDULA})
    filas = [str(fila) for modelo in apps.get_models() for fila in modelo._base_manager.values()]
    assert len(filas) > 20
    for numero in (CEDULA, "777888999"):
        assert not [fila for fila in filas if numero in fila]
        assert numero not in caplog.text


# --- En persona ---------------------------------------------------------------------------


def test_en_persona_da_el_nivel_3_y_queda_quien_lo_hizo():
    ana, oficial = f.persona(), f.personal(RolPersonal.ASISTIDA)
    verificacion = presencial(ana, actor=oficial, archivo=f.pdf())
    assert nivel(ana) == N.PRESENCIAL
    assert verificacion.verificada_por == oficial
    assert verificacion.soporte.titular == ana.participante
    entrada = ModelLogEntry.objects.get(action="cuentas.verificar_presencial")
    assert entrada.user == oficial
    assert not [dato for dato in (CEDULA, ana.email, "Ana", "cédula") if dato in f"{entrada.label} {entrada.data}"]


def test_repetirla_no_cambia_nada():
    ana = f.persona()
    assert presencial(ana) == presencial(ana)
    assert Verificacion.objects.count() == 1


def test_nadie_se_verifica_a_si_mismo():
    oficial = f.personal(RolPersonal.ASISTIDA)
    with pytest.raises(ValidationError) as error:
        presencial(oficial, actor=oficial)
    assert error.value.code == "propia"
    assert not Verificacion.objects.exists()


def test_el_documento_de_otra_cuenta_se_rechaza():
    presencial(f.persona())
    ana = f.persona()
    for unir in (False, True):
        with pytest.raises(ValidationError) as error:
            presencial(ana, unir=unir)
        assert error.value.code == "ocupado"
    assert nivel(ana) == N.CORREO


def test_otro_documento_exige_liberar_el_anterior():
    ana, oficial = f.persona(), f.personal(RolPersonal.ASISTIDA)
    padron("5000000")
    verificar(ana, "5000000")
    with pytest.raises(ValidationError) as error:
        presencial(ana, actor=oficial)
    assert error.value.code == "otro_documento"
    anular_verificacion(
        verificacion=Verificacion.objects.get(), motivo="Era la cédula de su mamá", actor=oficial, liberar_documento=True
    )
    assert nivel(ana) == N.CORREO
    presencial(ana, actor=oficial)
    assert nivel(ana) == N.PRESENCIAL
    # Y el documento liberado lo puede usar su dueña.
    assert verificar(f.persona(), "5000000").nivel == N.REGISTRO


def test_sin_cuenta_tambien_se_verifica_a_quien_viene():
    rosa = sin_cuenta()
    verificar_presencial(
        participante=rosa, tipo="CC", numero=CEDULA, nota="Vino", actor=f.personal(RolPersonal.ASISTIDA)
    )
    rosa.refresh_from_db()
    assert rosa.nivel_verificacion == N.PRESENCIAL


def test_dos_oficiales_verifican_a_la_vez_con_el_mismo_documento(hilos):
    oficiales = [f.personal(RolPersonal.ASISTIDA) for _n in range(2)]
    cuentas = [f.persona(), f.persona()]
    resultados = hilos(*[lambda c=c, o=o: presencial(c, actor=o) for c, o in zip(cuentas, oficiales, strict=True)])
    assert sorted(getattr(r, "code", "gana") for r in resultados) == ["gana", "ocupado"], resultados


# --- Anular -------------------------------------------------------------------------------


def test_anular_deja_el_nivel_que_den_las_demas():
    padron(CEDULA)
    ana, oficial = f.persona(), f.personal(RolPersonal.ADMINISTRACION)
    verificar(ana)
    tercera = presencial(ana)
    anular_verificacion(verificacion=tercera, motivo="La foto no era", actor=oficial)
    assert nivel(ana) == N.REGISTRO
    tercera.refresh_from_db()
    assert (tercera.motivo_anulacion, tercera.anulada_en <= timezone.now()) == ("La foto no era", True)
    entrada = ModelLogEntry.objects.get(action="cuentas.anular_verificacion")
    assert entrada.data == {"nivel": 3, "liberado": False}
    assert entrada.formatter.format_message(entrada) == "Verificación anulada: Verificada en persona"
    with pytest.raises(ValidationError) as error:
        anular_verificacion(verificacion=tercera, motivo="Otra vez", actor=oficial)
    assert error.value.code == "anulada"
    assert presencial(ana).nivel == N.PRESENCIAL  # se puede volver a verificar


def test_liberar_el_documento_anula_todas():
    padron(CEDULA)
    ana, oficial = f.persona(), f.personal(RolPersonal.ADMINISTRACION)
    verificar(ana)
    anular_verificacion(verificacion=presencial(ana), motivo="No era suyo", actor=oficial, liberar_documento=True)
    assert nivel(ana) == N.CORREO
    assert not ana.participante.verificaciones.vigentes().exists()
    assert Participante.objects.get(cuenta=ana).documento_hmac is None


def test_a_quien_no_tiene_cuenta_no_se_le_libera_el_documento():
    rosa, oficial = sin_cuenta(), f.personal(RolPersonal.ASISTIDA)
    hecha = verificar_presencial(participante=rosa, tipo="CC", numero=CEDULA, nota="Vino", actor=oficial)
    with pytest.raises(ValidationError) as error:
        anular_verificacion(verificacion=hecha, motivo="Mal", actor=oficial, liberar_documento=True)
    assert error.value.code == "sin_cuenta"
    rosa.refresh_from_db()
    assert (rosa.documento_hmac is not None, rosa.nivel) == (True, N.PRESENCIAL)


def test_los_actos_conservan_el_nivel_que_tenian():
    from participacion.registro.models import Acto

    ana, reto = f.persona(), f.reto()
    tercera = presencial(ana)
    apoyada = f.publicada(reto)
    apoyar(objeto=apoyada, participante=Participante.objects.get(cuenta=ana))
    anular_verificacion(verificacion=tercera, motivo="No era", actor=f.personal(RolPersonal.ASISTIDA))
    assert Acto.objects.get(participante=ana.participante.clave).nivel_verificacion == N.PRESENCIAL


def test_la_base_de_datos_no_admite_dos_vigentes_del_mismo_nivel():
    ana = f.persona()
    presencial(ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Verificacion.objects.create(participante=ana.participante, nivel=N.PRESENCIAL)


# --- Unir ---------------------------------------------------------------------------------


def test_quien_participo_sin_cuenta_se_une_a_la_que_abrio_despues():
    from participacion.registro.models import Acto

    rosa, reto = sin_cuenta(), f.reto()
    apoyada = f.publicada(reto)
    Acto.objects.create(
        sitio=f.sitio(), ejercicio=reto.ejercicio, tipo="apoyo", participante=rosa.clave, actor_tipo="ciudadania",
        canal="asistida", ocurrido_en=timezone.now(), objeto_tipo="retos.propuesta", objeto_id=apoyada.pk,
    )  # fmt: skip
    ana = f.persona(nombre="Rosa")
    vieja = ana.participante
    with pytest.raises(ValidationError) as error:
        presencial(ana)
    assert error.value.code == "unir"
    assert not Verificacion.objects.exists()
    verificacion = presencial(ana, unir=True)
    rosa.refresh_from_db()
    assert verificacion.participante == rosa
    assert (rosa.cuenta, rosa.nombre, rosa.nivel) == (ana, "", N.PRESENCIAL)
    assert Perfil.objects.get(participante=rosa).rango_declarado == "18_mas"
    assert rosa.consentimientos.vigentes().count() == 3
    assert rosa.muestra_nombre
    vieja.refresh_from_db()
    assert (vieja.cuenta, vieja.consentimientos.count()) == (None, 0)
    assert Acto.objects.filter(participante=rosa.clave).exists()


def test_lo_que_las_dos_autorizaron_no_se_duplica():
    from cuentas.consentimiento.actions import autorizar
    from cuentas.models import VersionPolitica

    ana, rosa = f.persona(), sin_cuenta()
    version = VersionPolitica.objects.vigente(f.sitio(), "es")
    autorizar(participante=rosa, version=version, finalidades=["participar"], canal="papel")
    Perfil.objects.create(participante=rosa, rango_declarado="18_mas", municipio="El del papel")
    presencial(ana, unir=True)
    rosa.refresh_from_db()
    assert sorted(rosa.consentimientos.values_list("finalidad", flat=True)) == [
        "caracterizacion", "nombre_publico", "participar",
    ]  # fmt: skip
    assert rosa.consentimientos.get(finalidad="participar").canal == "papel"
    assert Perfil.objects.get().participante == rosa


def test_dos_historias_no_se_unen():
    """Ni con una propuesta, ni con un acto que ya no tiene fila, ni con un archivo suelto."""
    from participacion.apoyos.actions import retirar_apoyo

    rosa, reto = sin_cuenta(), f.reto()
    con_borrador, que_apoyo = f.persona(), f.persona()
    f.borrador(reto, con_borrador)
    apoyada = f.publicada(reto)
    apoyar(objeto=apoyada, participante=que_apoyo.participante)
    retirar_apoyo(objeto=apoyada, participante=que_apoyo.participante)
    for usuario in (con_borrador, que_apoyo):
        with pytest.raises(ValidationError) as error:
            presencial(usuario, unir=True)
        assert error.value.code == "con_actividad"
        assert Participante.objects.get(cuenta=usuario).nivel_verificacion == N.CORREO
    rosa.refresh_from_db()
    assert (rosa.cuenta, rosa.nombre) == (None, "Rosa Papel")
    assert not Verificacion.objects.exists()


# --- Los retos que piden un nivel ---------------------------------------------------------


def test_un_reto_que_pide_nivel_lo_dice_y_explica_como_conseguirlo(client):
    reto = f.reto(nivel_minimo=N.REGISTRO)
    comun = f.reto()
    texto = client.get(reto.url).content.decode()
    assert "En el registro de la entidad." in texto
    assert f'href="{PAGINA}"' in texto
    assert "Cómo verificarme" not in client.get(comun.url).content.decode()


def test_sin_el_nivel_no_se_envia_y_con_el_si():
    from retos import actions as retos

    padron(CEDULA)
    reto, ana = f.reto(nivel_minimo=N.REGISTRO), f.persona()
    borrador = f.borrador(reto, ana)
    with pytest.raises(ValidationError) as error:
        retos.enviar_propuesta(propuesta=borrador, actor=ana)
    requisitos = error.value.params["requisitos"]
    assert [(r.codigo, r.direccion) for r in requisitos] == [("nivel", PAGINA)]
    verificar(ana)
    borrador.refresh_from_db()
    borrador.autor.refresh_from_db()
    assert retos.enviar_propuesta(propuesta=borrador, actor=ana).referencia


def test_un_reto_de_nivel_3_no_se_conforma_con_el_2():
    padron(CEDULA)
    reto, ana = f.reto(nivel_minimo=N.PRESENCIAL), f.persona()
    verificar(ana)
    with pytest.raises(ValidationError):
        f.enviada(reto, ana)
    presencial(ana)
    assert f.enviada(reto, f.Usuario.objects.get(pk=ana.pk)).referencia
