"""Lo privado de una persona no aparece en ninguna parte a quien no le toca y, al suprimirlo, no queda en ninguna."""

import logging

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django_tasks_db.models import DBTaskResult

from cuentas.derechos.actions import suprimir_datos
from cuentas.enums import RolPersonal
from cuentas.models import Participante, Usuario

from .. import fabricas as f
from . import canario

pytestmark = [
    pytest.mark.django_db,
    # El informe de traducciones de wagtail-localize pagina sin orden.
    pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning"),
]
R = RolPersonal
ENLACES = 60  # los que se siguen, además de todas las rutas

_ENVIADO = ("[enviada]", "[rechazada]", "[retirada]", "[enviado]", "[rechazado]", "[retirado]")


def _de(*prefijos, estados=("",)):
    return lambda donde: donde.startswith(prefijos) and any(estado in donde for estado in estados)


# Lo que leen por su trabajo: lo enviado a moderación, con quién lo envió y su archivo.
_LEE_LO_ENVIADO = _de(
    "retos.propuesta.", "retos.versionpropuesta.", "retos.problema.", "moderacion.entrada.", "adjunto[", estados=_ENVIADO
)
_VERSIONES = _de("retos.versionpropuesta.", estados=("[publicada]",))
_HISTORIA = _de("moderacion.entrada.")
_ATIENDE = _de(
    "cuentas.verificacion.", "cuentas.autorizacionacudiente.", "cuentas.soporte.", "soporte", "cuentas.usuario.",
    "cuentas.organizacion.", "cuentas.participante.nombre", "foto",
)  # fmt: skip
_ANALIZA = _de("formularios.valor.")
_NOMBRE = _de("cuentas.usuario.first_name", "cuentas.usuario.last_name")
_PIDE = _de("retos.solicitudinformacion.", "retos.preguntareto.")
ENTITLED = {
    "anonima": [],
    "ciudadana": [],
    "otra_organizacion": [],
    R.EDITOR: [],
    R.GESTION: [_LEE_LO_ENVIADO, _VERSIONES, _NOMBRE, _PIDE],
    R.JURADO: [],
    R.ANALITICA: [_LEE_LO_ENVIADO, _VERSIONES, _NOMBRE, _ANALIZA],
    R.MODERACION: [_LEE_LO_ENVIADO, _VERSIONES, _HISTORIA, _NOMBRE],
    R.ASISTIDA: [_ATIENDE],
    R.ADMINISTRACION: [_LEE_LO_ENVIADO, _VERSIONES, _PIDE, _HISTORIA, _ATIENDE, _ANALIZA, _de("cuentas.solicituddatos.")],
}
# El recorrido llega hasta donde hay algo que ver.
VE_SIEMPRE = {
    R.MODERACION: {
        "retos.propuesta.titulo[enviada]", "retos.problema.titulo[enviado]", "retos.versionpropuesta.contenido[publicada]",
        "adjunto[enviada] (contenido)",
    },
}  # fmt: skip


class Mundo:
    def __init__(self):
        cache.clear()
        mail.outbox = []
        escenario = canario.escenario()
        self.marcas = canario.Marcas()
        antes = canario.filas()
        self.ana = canario.armar(self.marcas, escenario)
        self.suyas = canario.sembrar(self.marcas, antes)
        self.ana.refresh_from_db()
        self.reto = escenario.reto

    def inicio(self) -> set[str]:
        return {"/", "/sitemap.xml", *canario.de_las_rutas(self.suyas), *canario.busquedas(self.marcas, self.reto.url)}


def entrar(quien) -> Client:
    cliente = Client()
    if quien == "ciudadana":
        cliente.force_login(f.persona())
    elif quien == "otra_organizacion":
        cuenta = f.persona()
        f.organizacion(cuenta)
        cliente.force_login(cuenta)
    elif quien != "anonima":
        cliente.force_login(f.personal(quien))
    return cliente


@pytest.fixture
def mundo():
    return Mundo()


def test_se_siembra_todo_modelo_inscrito(mundo):
    vacios = {nombre for nombre, lista in mundo.suyas.items() if not lista}
    assert vacios == set(), "ármele algo a Ana en estos modelos, o diga por qué no puede tener"


def test_lo_sembrado_esta_en_la_base_en_el_disco_y_en_lo_suyo(mundo):
    """Si no se viera aquí, no verla después no probaría nada."""
    guardado = set().union(*canario.en_la_base(mundo.marcas).values()) | canario.en_disco(mundo.marcas)
    sembrado = {donde for donde in mundo.marcas.de.values() if not donde.startswith("inicial")}
    assert sembrado <= guardado
    cliente = Client()
    cliente.force_login(mundo.ana)
    vistas = canario.recorrer(cliente, mundo.marcas, {"/mi-cuenta/", "/mi-cuenta/datos/"}, 60)
    for esperada in ("cuentas.usuario.first_name", "retos.propuesta.titulo[borrador]", "cuentas.solicituddatos.texto[abierta]"):
        assert esperada in vistas


@pytest.mark.una_base
@pytest.mark.parametrize("quien", ENTITLED)
def test_nadie_ve_lo_que_no_le_toca(mundo, quien, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    vistas = canario.recorrer(entrar(quien), mundo.marcas, mundo.inicio(), ENLACES)
    assert VE_SIEMPRE.get(quien, set()) <= set(vistas)
    permitido = ENTITLED[quien]
    indebidas = {donde: sorted(urls)[:3] for donde, urls in vistas.items() if not any(regla(donde) for regla in permitido)}
    assert indebidas == {}
    assert mundo.marcas.en(caplog.text) == set()


def test_los_correos_a_otros_y_los_registros_no_llevan_nada(mundo, trabajar, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    trabajar()
    assert mail.outbox
    suyo = mundo.ana.email
    ajenos = [m for m in mail.outbox if m.to != [suyo]]
    assert set().union(set(), *(mundo.marcas.en(f"{m.subject} {m.body} {m.to}") for m in ajenos)) == set()
    assert mundo.marcas.en(caplog.text) == set()
    for tarea in DBTaskResult.objects.all():
        assert mundo.marcas.en(f"{tarea.args_kwargs} {tarea.return_value} {tarea.traceback}") == set()


def test_al_suprimir_no_queda_nada(mundo, trabajar, caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    correo = mundo.ana.email
    participante = Participante.objects.get(cuenta=mundo.ana)
    with django_capture_on_commit_callbacks(execute=True):
        assert suprimir_datos(participante=participante, sitio=f.sitio())
    assert canario.en_la_base(mundo.marcas) == {}
    assert canario.en_disco(mundo.marcas) == set()
    assert mundo.marcas.en(caplog.text) == set()
    assert [m.to for m in mail.outbox if m.to == [correo]] == [[correo]]
    mail.outbox = []
    trabajar()
    assert [m for m in mail.outbox if m.to == [correo]] == []
    assert not Usuario.objects.filter(pk=mundo.ana.pk).exists()


@pytest.mark.una_base
def test_suprimida_nadie_la_ve_ni_de_la_administracion(mundo):
    participante = Participante.objects.get(cuenta=mundo.ana)
    inicio = mundo.inicio()
    suprimir_datos(participante=participante, sitio=f.sitio())
    for quien in ("anonima", R.ADMINISTRACION):
        assert canario.recorrer(entrar(quien), mundo.marcas, inicio, ENLACES) == {}
