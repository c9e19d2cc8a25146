"""El secreto: nada en la base de datos une a una persona con lo que contestó."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.checks.registry import registry
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.utils import timezone, translation
from nacl.encoding import Base64Encoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from cuentas.actions import participante_de
from cuentas.enums import TipoTerritorio, Zona
from cuentas.models import Perfil, Territorio
from encuestas import conteos, secreto
from encuestas.checks import claves_del_secreto
from encuestas.enums import LOTE_SECRETO, Modo
from encuestas.models import Cupo, EncuestaPage, Participacion, Sobre
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.enums import TipoPregunta
from participacion.formularios.models import Respuesta, Valor, VersionFormulario
from participacion.formularios.valores import de_respuesta
from participacion.registro.models import Acto
from tests import fabricas
from tests.plataforma.test_trabajador import una_vuelta  # noqa: F401 -- la usa una prueba

from .fabricas_encuestas import encuesta, pregunta, reglas_de
from .recorrido import direccion, ocultos
from .vinculos import donde_aparece, rasgos_de_personas, rasgos_de_respuestas, vinculos

pytestmark = pytest.mark.django_db
T = TipoPregunta
PERSONAS = 24


@pytest.fixture(autouse=True)
def _sin_limites():
    caches["default"].clear()


def secreta(**campos):
    bloques = [
        pregunta(T.TEXTO_LARGO, "opinion", obligatoria=True, maximo=2000),
        pregunta(T.UNICA, "transporte", opciones=["Bus", "Bici"], otra="Otro"),
        pregunta(T.ESCALA, "nota", escala="satisfaccion"),
    ]
    return encuesta(bloques, **{"modo": Modo.CUENTA, "secreta": True, **campos})


def _sobre(pagina, k=0):
    version = VersionFormulario.objects.vigente(pagina.ejercicio)
    contenido = secreto.sellar({"version": version.pk, "valores": {"opinion": f"op{k}"}}, secreto.tamano_de(version.formulario()))
    return Sobre.objects.create(ejercicio=pagina.ejercicio, contenido=contenido)


def enviar(pagina, quien, k=0, **extra):
    secreto.enviar_secreta(
        encuesta=reglas_de(pagina),
        version=VersionFormulario.objects.vigente(pagina.ejercicio),
        valores={"opinion": f"op{k}", "nota": k % 5 + 1},
        participante=participante_de(quien),
        **extra,
    )


def cerrar(pagina, hace=timedelta(minutes=5)):
    Ejercicio.objects.filter(pk=pagina.ejercicio.pk).update(cierre=timezone.now() - hace)


# --- La prueba ---------------------------------------------------------------------------


def _distintas(cantidad):
    """Personas que no se parecen: cada dos, de una comuna, y unas pocas con organización."""
    gente = []
    for k in range(cantidad):
        quien = fabricas.persona()
        comuna, _nueva = Territorio.objects.get_or_create(
            sitio=fabricas.sitio(), nombre=f"Comuna {k // 2}", defaults={"tipo": TipoTerritorio.COMUNA, "zona": Zona.URBANA}
        )
        Perfil.objects.filter(participante=quien.participante).update(territorio=comuna)
        gente.append((quien, fabricas.organizacion(quien) if k % 6 == 0 else None))
    return gente


def _responder_todas(client, pagina, gente):
    """Cada una por la web, en orden y en su idioma, con el trabajador pasando tras cada envío."""
    for k, (quien, organizacion) in enumerate(gente):
        client.force_login(quien)
        with translation.override("en" if k % 3 == 0 else "es"):
            url = direccion(pagina, "secreta")
            abierta = client.get(url)
            datos = {
                "p_opinion": f"escribió la {k:03d}",
                "p_transporte": f"transporte-o{k % 2 + 1}",
                "p_nota": str(k % 5 + 1),
                "organizacion": organizacion.pk if organizacion else "",
            }
            recibida = client.post(url, ocultos(abierta) | datos | {"accion": "enviar"})
            assert (recibida.status_code, recibida.url) == (302, direccion(pagina, "recibida"))
        secreto.volcar_pendientes()
    cerrar(pagina)
    secreto.volcar_pendientes()


def _atacar(pagina, gente):
    personas = [
        {"cuentas_participante": q.participante.pk, "cuentas_usuario": q.pk, "clave": q.participante.clave} for q, _o in gente
    ]
    suyas = rasgos_de_personas(personas)
    respuestas = rasgos_de_respuestas(pagina.ejercicio.pk, lambda texto: int(texto[-3:]))
    # Que el ataque mira donde debe: quién participó, cuándo, y las marcas de cada base de datos.
    assert {("encuestas_participacion", "participante_id", "id"), ("registro_acto", "participante", "uuid")} <= suyas.keys()
    assert ("cuentas_perfil", "participante_id", "territorio_id") in suyas
    assert {"fisica_xmin", "fisica_ctid"} <= respuestas.keys() or "fisica_rowid" in respuestas
    return suyas, respuestas


def test_nada_en_la_base_de_datos_une_a_una_persona_con_su_respuesta(client):
    pagina, gente = secreta(), _distintas(PERSONAS)
    _responder_todas(client, pagina, gente)
    assert (Respuesta.objects.count(), Sobre.objects.count(), Participacion.objects.count()) == (PERSONAS, 0, PERSONAS)
    suyas, respuestas = _atacar(pagina, gente)
    assert vinculos(suyas, respuestas) == {}
    # Lo que no es el número de fila ni la clave al azar es igual en todas las de un volcado: no señala a nadie.
    libres = {"id", "clave", "fisica_ctid", "fisica_rowid", "valor.id", "valor.respuesta_id", "valor.fisica_ctid", "valor.fisica_rowid"}
    por_volcado = {"fisica_xmin", "valor.fisica_xmin"}
    assert {c for c, v in respuestas.items() if len(set(v)) > 1} <= libres | por_volcado
    assert len(set(respuestas.get("fisica_xmin", [0]))) <= 2
    # Y lo escrito sólo está donde debe.
    assert donde_aparece(["escribió la 0", "escribi\\u00f3 la 0"]) == {"formularios_valor"}
    claves = [str(clave) for clave in Respuesta.objects.values_list("clave", flat=True)]
    assert donde_aparece([*claves, *(clave.replace("-", "") for clave in claves)]) == {"formularios_respuesta"}
    actos = Acto.objects.filter(ejercicio=pagina.ejercicio)
    assert set(actos.values_list("objeto_id", "objeto_tipo")) == {(None, "")}
    horas = {
        timezone.localtime(hora, timezone.get_default_timezone()).time().isoformat()
        for acto in actos
        for hora in (acto.ocurrido_en, acto.registrado_en)
    }
    assert horas == {"00:00:00"}
    assert conteos.contar_de_nuevo(pagina.ejercicio) == conteos.guardados(pagina.ejercicio)
    assert sorted(Valor.objects.exclude(texto="").values_list("texto", flat=True)) == [f"escribió la {k:03d}" for k in range(PERSONAS)]


class _SinBarajar:
    """El control: el azar que deja todo en el orden en que llegó."""

    def sample(self, poblacion, cuantos):
        return list(poblacion)[:cuantos]

    def shuffle(self, lista):
        lista.sort(key=lambda abierto: abierto["valores"]["opinion"])


def test_el_ataque_descubre_un_volcado_sin_barajar(client, monkeypatch):
    monkeypatch.setattr(secreto.random, "SystemRandom", _SinBarajar)
    pagina, gente = secreta(), _distintas(PERSONAS)
    _responder_todas(client, pagina, gente)
    hallados = vinculos(*_atacar(pagina, gente))
    delatan = {columna for nombre, columna in hallados if nombre == ("encuestas_participacion", "participante_id", "id")}
    assert {"id", "valor.id"} <= delatan
    # El orden en el disco delata en alguna de las dos tablas; cuál depende de los huecos que hubiera.
    assert any("fisica_" in columna for columna in delatan)


def test_el_ataque_descubre_las_columnas_que_delatan(client):
    """Como si el volcado guardara cómo es quien contestó, su idioma, o la hora en que lo hizo."""
    pagina, gente = secreta(), _distintas(PERSONAS)
    _responder_todas(client, pagina, gente)
    assert set(Acto.objects.filter(ejercicio=pagina.ejercicio).values_list("idioma", flat=True)) == {"es", "en"}
    todas = Respuesta.objects.filter(ejercicio=pagina.ejercicio)
    for columna in ("area", "idioma", "actor_tipo", "actualizada_en"):
        antes = todas.values_list(columna, flat=True)[0]
        for k, (quien, _organizacion) in enumerate(gente):
            acto = Acto.objects.get(participante=quien.participante.clave, ejercicio=pagina.ejercicio)
            dato = timezone.now() + timedelta(minutes=k) if columna == "actualizada_en" else getattr(acto, columna)
            suya = Valor.objects.get(texto=f"escribió la {k:03d}").respuesta_id
            todas.filter(pk=suya).update(**{columna: dato})
        hallados = vinculos(*_atacar(pagina, gente))
        assert columna in {de_respuesta for _de_persona, de_respuesta in hallados}
        todas.update(**{columna: antes})


# --- Los lotes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("esperan", "cerrada", "abren"),
    [(0, False, 0), (10, False, 0), (19, False, 0), (20, False, 10), (37, False, 27), (2, True, 0), (5, True, 5), (12, True, 12)],
)
def test_cuantos_sobres_se_abren(esperan, cerrada, abren):
    assert secreto.cuantos_abrir(esperan, cerrada, 5) == abren


def test_mientras_esta_abierta_nunca_se_escriben_menos_de_diez_ni_quedan_menos(client):
    pagina, escritas = secreta(), []
    for k in range(45):
        _sobre(pagina, k)
        escritas.append(secreto.volcar_pendientes())
    hechos = [n for n in escritas if n]
    assert hechos and all(n >= LOTE_SECRETO for n in hechos)
    assert Sobre.objects.count() >= LOTE_SECRETO
    cerrar(pagina)
    assert secreto.volcar_pendientes() >= LOTE_SECRETO
    assert (Sobre.objects.count(), Respuesta.objects.count()) == (0, 45)


def test_se_eligen_al_azar_entre_los_que_esperan():
    pagina = secreta()
    for k in range(2 * LOTE_SECRETO):
        _sobre(pagina, k)
    assert secreto.volcar_pendientes() == LOTE_SECRETO
    primeros = {f"op{k}" for k in range(LOTE_SECRETO)}
    # Que los diez elegidos de veinte sean justo los primeros: una vez de cada 184 756.
    assert set(Valor.objects.values_list("texto", flat=True)) != primeros


def test_tras_el_cierre_se_espera_a_los_envios_en_curso():
    pagina = secreta()
    for k in range(LOTE_SECRETO):
        _sobre(pagina, k)
    cerrar(pagina, timedelta(seconds=30))
    assert secreto.volcar_pendientes() == 0
    cerrar(pagina)
    assert secreto.volcar_pendientes() == LOTE_SECRETO


def test_menos_personas_que_el_grupo_minimo_quedan_selladas():
    pagina = secreta()
    for k in range(4):
        _sobre(pagina, k)
    cerrar(pagina)
    assert secreto.volcar_pendientes() == 0
    assert (Sobre.objects.count(), Respuesta.objects.count()) == (4, 0)


def test_un_sobre_que_no_se_puede_abrir_no_detiene_otras_encuestas_ni_dice_nada(caplog):
    mala, buena = secreta(), secreta()
    Sobre.objects.create(ejercicio=mala.ejercicio, contenido=b"escribi esto" * 20)
    for k in range(6):
        _sobre(mala, k)
        _sobre(buena, k)
    cerrar(mala), cerrar(buena)
    assert secreto.volcar_pendientes() == 6
    assert set(Respuesta.objects.values_list("ejercicio", flat=True)) == {buena.ejercicio.pk}
    assert Sobre.objects.filter(ejercicio=mala.ejercicio).count() == 7
    assert "CryptoError" in caplog.text
    assert "escribi" not in caplog.text


def test_sin_la_clave_privada_los_sobres_esperan(settings, caplog):
    pagina = secreta()
    for k in range(2 * LOTE_SECRETO):
        _sobre(pagina, k)
    settings.CLAVE_SECRETO_PRIVADA = ""
    with pytest.raises(ImproperlyConfigured):
        secreto.volcar(pagina.ejercicio)
    assert secreto.volcar_pendientes() == 0
    assert (Sobre.objects.count(), Respuesta.objects.count()) == (2 * LOTE_SECRETO, 0)


# --- Los sobres --------------------------------------------------------------------------


def test_el_sobre_no_dice_cuanto_se_escribio():
    pagina = secreta()
    version = VersionFormulario.objects.vigente(pagina.ejercicio)
    for valores in (
        {"opinion": "x"},
        {"opinion": "\x01" * 2000, "transporte": {"opcion": "transporte-otra", "otra": "\U0001f6b2" * 200}, "nota": 5},
    ):
        quien = participante_de(fabricas.persona())
        secreto.enviar_secreta(encuesta=reglas_de(pagina), version=version, valores=valores, participante=quien)
    assert len({len(bytes(sobre.contenido)) for sobre in Sobre.objects.all()}) == 1


def test_sellar_y_abrir(settings):
    assert secreto.abrir(secreto.sellar({"a": "ñ"}, 50)) == {"a": "ñ"}
    assert secreto.sellar({"a": 1}, 50) != secreto.sellar({"a": 1}, 50)
    with pytest.raises(ValueError, match="no cabe"):
        secreto.sellar({"a": "x" * 50}, 50)
    sellado = secreto.sellar({"a": 1}, 50)
    settings.CLAVE_SECRETO_PRIVADA = PrivateKey.generate().encode(Base64Encoder).decode()
    with pytest.raises(CryptoError):
        secreto.abrir(sellado)
    settings.CLAVE_SECRETO_PUBLICA = ""
    with pytest.raises(ImproperlyConfigured):
        secreto.sellar({"a": 1}, 50)


def test_al_enviar_solo_queda_que_participo_hoy():
    pagina, ana = secreta(), fabricas.persona()
    with translation.override("en"):
        enviar(pagina, ana)
    participacion = Participacion.objects.get()
    assert participacion.participante == ana.participante
    assert not Respuesta.objects.exists() and not Valor.objects.exists()
    assert set(secreto.abrir(Sobre.objects.get().contenido)) == {"version", "valores"}
    with pytest.raises(ValidationError) as error:
        enviar(pagina, ana)
    assert error.value.code == "repetida"
    assert (Sobre.objects.count(), Acto.objects.filter(ejercicio=pagina.ejercicio).count()) == (1, 1)


def test_lo_volcado_dice_lo_mismo_que_se_contesto():
    pagina = secreta()
    for k in range(5):
        enviar(pagina, fabricas.persona(), k)
    cerrar(pagina)
    secreto.volcar_pendientes()
    dichos = sorted(de_respuesta(r)["opinion"] for r in Respuesta.objects.all())
    assert dichos == [f"op{k}" for k in range(5)]
    assert set(Respuesta.objects.values_list("participante", "organizacion", "referencia", "idioma")) == {(None, None, "", "")}


def test_lo_que_no_se_puede_no_deja_rastro():
    pagina, ana = secreta(), fabricas.persona()
    cerrada = secreta(apertura=timezone.now() - timedelta(days=9), cierre=timezone.now() - timedelta(days=1))
    with pytest.raises(ValidationError) as error:
        enviar(cerrada, ana)
    assert error.value.code == "cerrada"
    version = VersionFormulario.objects.vigente(pagina.ejercicio)
    with pytest.raises(ValidationError) as error:
        secreto.enviar_secreta(encuesta=reglas_de(pagina), version=version, valores={}, participante=ana.participante)
    assert error.value.code == "incompleta"
    Cupo.objects.create(ejercicio=pagina.ejercicio, actor_tipo="ciudadania", limite=1, usados=1)
    with pytest.raises(ValidationError) as error:
        enviar(pagina, ana)
    assert error.value.code == "cupo"
    assert not (Sobre.objects.exists() or Participacion.objects.exists() or Acto.objects.filter(ejercicio=pagina.ejercicio).exists())


# --- Publicar ----------------------------------------------------------------------------


def _con_otra_pregunta(pagina):
    pagina.formulario = [*pagina.formulario.raw_data, pregunta(T.SI_NO, "nueva")]
    return pagina


def test_con_respuestas_ya_no_se_cambian_las_preguntas_ni_el_modo():
    pagina = secreta()
    _con_otra_pregunta(pagina).save_revision().publish()
    pagina = EncuestaPage.objects.get(pk=pagina.pk)
    enviar(pagina, fabricas.persona())
    with pytest.raises(ValidationError) as error:
        pagina.formulario = [*pagina.formulario.raw_data, pregunta(T.SI_NO, "otra")]
        pagina.save_revision().publish()
    assert "formulario" in error.value.message_dict
    assert VersionFormulario.objects.filter(ejercicio=pagina.ejercicio).count() == 2
    pagina = EncuestaPage.objects.get(pk=pagina.pk)
    pagina.secreta = False
    with pytest.raises(ValidationError) as error:
        pagina.save_revision().publish()
    assert "modo" in error.value.message_dict


def test_quien_respondia_la_version_de_antes_la_vuelve_a_abrir():
    pagina, ana = secreta(), fabricas.persona()
    vieja = VersionFormulario.objects.vigente(pagina.ejercicio)
    _con_otra_pregunta(pagina).save_revision().publish()
    with pytest.raises(ValidationError) as error:
        secreto.enviar_secreta(
            encuesta=reglas_de(pagina), version=vieja, valores={"opinion": "x"}, participante=participante_de(ana)
        )
    assert error.value.code == "version"
    assert not Participacion.objects.exists()


@pytest.mark.parametrize(
    ("campos", "campo"),
    [
        ({"modo": Modo.ANONIMA}, "secreta"),
        ({"permite_editar": True}, "permite_editar"),
    ],
)
def test_lo_que_una_secreta_no_admite(campos, campo):
    with pytest.raises(ValidationError) as error:
        secreta(**campos)
    assert campo in error.value.message_dict


def test_sin_clave_publica_no_se_promete_el_secreto(settings):
    settings.CLAVE_SECRETO_PUBLICA = ""
    with pytest.raises(ValidationError) as error:
        secreta()
    assert "secreta" in error.value.message_dict


@pytest.mark.parametrize(
    ("publica", "privada", "espera"),
    [("", "", []), ("igual", "igual", []), ("igual", "", []), ("no es", "", ["encuestas.E001"]), ("igual", "otra", ["encuestas.E002"])],
)
def test_el_arranque_comprueba_que_las_claves_sean_pareja(settings, publica, privada, espera):
    otra = PrivateKey.generate().encode(Base64Encoder).decode()
    settings.CLAVE_SECRETO_PUBLICA = {"igual": settings.CLAVE_SECRETO_PUBLICA}.get(publica, publica)
    settings.CLAVE_SECRETO_PRIVADA = {"igual": settings.CLAVE_SECRETO_PRIVADA, "otra": otra}.get(privada, privada)
    assert [error.id for error in claves_del_secreto(None)] == espera
    assert claves_del_secreto in registry.get_checks()


def test_el_trabajador_abre_los_sobres(una_vuelta):  # noqa: F811
    pagina = secreta()
    for k in range(2 * LOTE_SECRETO):
        _sobre(pagina, k)
    una_vuelta()
    assert Respuesta.objects.count() == LOTE_SECRETO


def test_claves_nuevas_sirven(capsys, settings):
    call_command("claves_secreto")
    lineas = dict(linea.split("=", 1) for linea in capsys.readouterr().out.split())
    settings.CLAVE_SECRETO_PUBLICA, settings.CLAVE_SECRETO_PRIVADA = (
        lineas["CLAVE_SECRETO_PUBLICA"],
        lineas["CLAVE_SECRETO_PRIVADA"],
    )
    assert secreto.abrir(secreto.sellar({"a": 1}, 50)) == {"a": 1}
