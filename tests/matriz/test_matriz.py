"""Quién recibe qué en cada dirección de la plataforma: la nuestra, la de Wagtail y la de allauth.

Se corre sobre una sola base de datos, armada una vez; cada petición se deshace. Lo que se espera está en `propias.py`,
`personas.py` y `ajenas.py`. La demostración añade el buzón de correos, que en producción no existe y no está aquí.
"""

import pytest
from django.db import transaction
from django.http import HttpResponse, HttpResponseForbidden
from django.urls import URLResolver, include, path
from django.urls.resolvers import RegexPattern
from django.views.decorators.csrf import csrf_exempt

from participacion.moderacion import views as moderacion

from . import rutas
from .ajenas import FAMILIAS, direccion_de, familia_de
from .encuestas import ENCUESTAS
from .lenguaje import FUERA, desenlace, leer, se_cumple
from .mundo import ACTORES, GRUPOS, armar, pedir
from .personas import PERSONAS
from .propias import PROPIAS
from .retos_convocatoria import RETOS_CONVOCATORIA
from .retos_decision import RETOS_DECISION
from .retos_equipos import RETOS_EQUIPOS
from .retos_evaluacion import RETOS_EVALUACION
from .retos_informe import RETOS_INFORME
from .retos_versiones import RETOS_VERSIONES
from .retos_votos import VOTOS

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
TODAS = rutas.todas()
DECLARADAS = PROPIAS | PERSONAS | ENCUESTAS | RETOS_VERSIONES | RETOS_EVALUACION | VOTOS | RETOS_CONVOCATORIA | RETOS_DECISION | RETOS_EQUIPOS
DECLARADAS |= RETOS_INFORME


@pytest.fixture(scope="module")
def mundo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield armar()
        transaction.set_rollback(True)


# En lo que no escribimos, ser de una organización o de otra no cambia nada.
SIN_ORGANIZACIONES = [a for a in ACTORES if a not in GRUPOS["ciudadania"] - {"ciudadana"} and a != "administracion_ajena"]


def fallas(mundo, url, expectativa, metodo="GET", datos=None, actores=ACTORES) -> dict[str, list[str]]:
    """«esperado, obtenido» → los actores a quienes les pasó; vacío: todo como se dijo."""
    malos, esperados = {}, leer(expectativa)
    for actor in actores:
        obtenido = desenlace(pedir(mundo, actor, url, metodo, datos))
        if not se_cumple(esperados[actor], obtenido):
            malos.setdefault(f"{metodo}: se esperaba {esperados[actor]} y fue {obtenido}", []).append(actor)
    return malos


CASOS = [(ruta, caso) for ruta in TODAS for caso in DECLARADAS.get(ruta.nombre, [])]
AJENAS = [ruta for ruta in TODAS if ruta.nombre not in DECLARADAS and familia_de(ruta)]


def sin_declarar(halladas) -> list[str]:
    """Las direcciones sin expectativa. A una nuestra no le basta una familia: cada una dice su caso."""
    return sorted(
        ruta.nombre
        for ruta in halladas
        if ruta.nombre not in DECLARADAS and (ruta.es_nuestra or familia_de(ruta) is None)
    )


def test_toda_direccion_tiene_expectativa():
    assert sin_declarar(TODAS) == [], "añádalas a tests/matriz/propias.py"


def test_no_sobran_expectativas():
    nombres = {ruta.nombre for ruta in TODAS}
    assert set(DECLARADAS) - nombres == set()
    usadas = {familia_de(ruta).patron for ruta in AJENAS}
    assert [familia.patron for familia in FAMILIAS if familia.patron not in usadas] == []


@pytest.mark.parametrize(("ruta", "caso"), CASOS, ids=[f"{r.nombre} {c.situacion}".strip() for r, c in CASOS])
def test_nuestras_por_actor_y_situacion(mundo, ruta, caso):
    url = caso.direccion(ruta, mundo)
    datos = caso.datos(mundo) if caso.datos else {}
    assert fallas(mundo, url, caso.get) | fallas(mundo, url, caso.post, "POST", datos) == {}


# El informe de traducciones de wagtail-localize no ordena su lista, y las miniaturas de Wagtail dejan archivos por cerrar.
@pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("ruta", AJENAS, ids=[ruta.patron for ruta in AJENAS])
def test_ajenas_por_rol(mundo, ruta):
    familia, url = familia_de(ruta), direccion_de(ruta, mundo)
    assert fallas(mundo, url, familia.get, actores=SIN_ORGANIZACIONES) == {}
    if familia.post:
        assert fallas(mundo, url, familia.post, "POST", familia.datos, SIN_ORGANIZACIONES) == {}
        return
    esperados = leer(familia.get)
    no_pasan = [actor for actor in SIN_ORGANIZACIONES if esperados[actor] in {"fuera", *FUERA}]
    recibidos = {actor: desenlace(pedir(mundo, actor, url, "POST")) for actor in no_pasan}
    assert {actor: que for actor, que in recibidos.items() if que not in {*FUERA, "405"}} == {}


# --- Sin ficha CSRF no se recibe nada --------------------------------------------------------------

NO_SEGUROS = ("POST", "PUT", "PATCH", "DELETE")


def url_de(ruta, mundo) -> str:
    casos = DECLARADAS.get(ruta.nombre)
    return casos[0].direccion(ruta, mundo) if casos else direccion_de(ruta, mundo)


CON_EXPECTATIVA = [ruta for ruta in TODAS if not sin_declarar([ruta])]


def _sin_ficha(request, reason=""):
    """Lo mismo que dice la API del administrador, que se protege por su cuenta."""
    return HttpResponseForbidden("CSRF Failed")


@pytest.mark.parametrize("ruta", CON_EXPECTATIVA, ids=[ruta.patron for ruta in CON_EXPECTATIVA])
def test_sin_ficha_csrf_nada_se_recibe(mundo, ruta, settings):
    """Ni de quien todo lo puede: la ficha se comprueba antes que la vista, y es por ella que se rechaza."""
    settings.CSRF_FAILURE_VIEW = f"{__name__}._sin_ficha"
    url = url_de(ruta, mundo)
    recibidas = {m: pedir(mundo, "superusuario", url, m, enforce_csrf_checks=True) for m in NO_SEGUROS}
    porque = {m: (r.status_code, b"CSRF Failed" in r.content) for m, r in recibidas.items()}
    assert porque == dict.fromkeys(NO_SEGUROS, (403, True))


# --- La matriz sabe fallar ----------------------------------------------------------------------------


def _abierta(request, pk=None):
    return HttpResponse("cualquiera entra")


@csrf_exempt
def _desprotegida(request):
    return HttpResponse("recibido")


urlpatterns = [
    path("sin-declarar/", _abierta, name="sin_declarar"),
    path("desprotegida/", _desprotegida, name="desprotegida"),
    path("en/", include(([path("otra/<int:pk>/", _abierta, name="otra")], "nueva"))),
]


def test_una_direccion_sin_expectativa_se_ve():
    halladas = list(rutas.recorrer(URLResolver(RegexPattern(r"^"), urlpatterns)))
    assert sin_declarar(halladas) == ["desprotegida", "nueva:otra", "sin_declarar"]
    assert halladas[2].url({"pk": 7}) == "/en/otra/7/"


def test_a_una_vista_nuestra_no_le_basta_una_familia():
    cubierta = rutas.Ruta("wagtailadmin_home", "admin/", _abierta)
    assert sin_declarar([cubierta]) == []
    nuestra = rutas.Ruta("wagtailadmin_home", "admin/", moderacion.ColaView.as_view())
    assert sin_declarar([nuestra]) == ["wagtailadmin_home"]


@pytest.mark.urls(__name__)
def test_una_vista_que_deja_pasar_a_cualquiera_se_ve(mundo):
    malos = fallas(mundo, "/sin-declarar/", "superusuario=200 resto=entrar")
    assert malos == {"GET: se esperaba entrar y fue 200": list(ACTORES[:-1])}
    malos = fallas(mundo, "/sin-declarar/", "superusuario=pasa resto=fuera", "POST")
    assert malos == {"POST: se esperaba fuera y fue 200": list(ACTORES[:-1])}


@pytest.mark.urls(__name__)
def test_una_vista_sin_proteccion_csrf_se_ve(mundo):
    assert desenlace(pedir(mundo, "superusuario", "/desprotegida/", "POST", enforce_csrf_checks=True)) == "200"


@pytest.mark.parametrize("mala", ["", "autora=200", "nadie=200 resto=404", "autora=200 autora=404 resto=200", "resto"])
def test_una_expectativa_incompleta_o_mal_escrita_se_rechaza(mala):
    with pytest.raises(ValueError):
        leer(mala)


def test_lo_mas_preciso_gana():
    leida = leer("administracion=200 administran=405 personal=no resto=entrar")
    assert [leida[a] for a in ("administracion", "superusuario", "editor", "anonima")] == ["200", "405", "no", "entrar"]
