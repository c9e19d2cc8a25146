"""Los conteos secretos no los dice, ni los deja deducir, ninguna pantalla, archivo ni orden, para nadie."""

import csv
import io
import re

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from cuentas.datos_personales import FUENTES
from cuentas.enums import RolPersonal
from participacion.apoyos.actions import apoyar
from retos.enums import Resultado
from retos.fases import TipoFase
from retos.models import Propuesta
from tests import fabricas as f

from ..decision.fabricas_decision import tomada
from .fabricas_votos import participante, reto, sembrar

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
# Un número que no sale en nada más de lo que se pide.
CUENTA, IMPORTADOS = 7351, 8462
LOS_QUE_MAS_VEN = [RolPersonal.MODERACION, RolPersonal.GESTION, RolPersonal.ANALITICA, RolPersonal.ADMINISTRACION]


def entrar(usuario):
    cliente = Client()
    cliente.force_login(usuario)
    return cliente


@pytest.fixture
def escondido():
    """Un reto de votos ocultos, con su fase de apoyo corriendo, y tres propuestas muy desiguales."""
    r = reto(ocultar_apoyos=True, **f.programa("apoyo"))
    propuestas = sembrar(r, 3)
    Propuesta.objects.filter(pk=propuestas[0].pk).update(apoyos=CUENTA, apoyos_importados=IMPORTADOS, fuente="Otra", fuente_id="1")
    return r, propuestas


def paginas(r, propuestas):
    uno = propuestas[0]
    return [
        r.url, f"{r.url}propuestas/", f"{r.url}propuestas/?q=propuesta", f"/propuestas/{uno.pk}/", f"{r.url}votos/",
        f"{r.url}votos/{uno.pk}/", f"{r.url}votos/votos.csv", f"{r.url}votos/votos-por-grupo.csv", f"{r.url}votos/votos.json",
        "/", "/buscar/?q=propuesta", f"{r.url}decision/", f"{r.url}seguimiento/", f"{r.url}respuestas/",
    ]  # fmt: skip


def dice(texto: str) -> bool:
    sin_iconos = re.sub(r"<svg.*?</svg>", "", texto, flags=re.S)
    return bool(re.search(rf"{CUENTA}|{IMPORTADOS}|7[.\xa0\s]351|8[.\xa0\s]462", sin_iconos))


def test_nadie_los_ve_en_ninguna_pantalla_y_tras_el_cierre_todos(client, escondido):
    r, propuestas = escondido
    ana = f.persona()
    quienes = [client, entrar(ana), *(entrar(f.personal(rol)) for rol in LOS_QUE_MAS_VEN), entrar(f.persona(is_superuser=True, is_staff=True))]
    entrar(ana).post(f"/propuestas/{propuestas[0].pk}/apoyar/")
    Propuesta.objects.filter(pk=propuestas[0].pk).update(apoyos=CUENTA)
    for quien in quienes:
        for url in paginas(r, propuestas):
            respuesta = quien.get(url)
            assert not dice(respuesta.text), url
            assert respuesta.status_code in (200, 302, 403, 404), url
    fragmento = entrar(ana).post(f"/propuestas/{propuestas[0].pk}/apoyar/", headers={"HX-Request": "true"}).text
    assert "Usted la apoya." in fragmento and not dice(fragmento)
    # Con las tarjetas ya guardadas en memoria: al cerrarse se dibujan otra vez.
    f.mover_reloj(r, "evaluacion")
    for url in paginas(r, propuestas)[:7]:
        if "grupo" not in url:
            assert dice(client.get(url).text), url


def test_ni_por_el_orden_ni_por_los_archivos_se_deducen(client, escondido):
    r, propuestas = escondido
    respuesta = client.get(f"{r.url}propuestas/?orden=apoyos")
    assert respuesta.status_code == 400 and "no se puede ordenar por ellos" in respuesta.text
    assert list(respuesta.context["pagina"]) == []
    assert "Más apoyadas" not in client.get(f"{r.url}propuestas/").text
    assert client.get(f"{r.url}votos/").status_code == 403
    for archivo in ("votos.csv", "votos-por-grupo.csv", "votos.json", "columnas.csv"):
        assert client.get(f"{r.url}votos/{archivo}").status_code == 404
    antes = client.get(f"{r.url}propuestas/").text
    Propuesta.objects.filter(pk=propuestas[1].pk).update(apoyos=99)
    caches["fragmentos"].clear()
    assert [t for t in re.findall(r"/propuestas/\d+/", antes)] == re.findall(
        r"/propuestas/\d+/", client.get(f"{r.url}propuestas/").text
    )


def test_los_actos_que_se_exportan_no_dicen_a_cual_se_apoyo(escondido):
    r, propuestas = escondido
    abierto = sembrar(reto(), 1)[0]
    for p in (propuestas[0], abierto):
        apoyar(objeto=p, participante=participante())
    analista = entrar(f.personal(RolPersonal.ANALITICA))

    def objetos() -> dict[str, bool]:
        respuesta = analista.get("/admin/indicadores/actos.csv")
        texto = b"".join(respuesta.streaming_content if respuesta.streaming else [respuesta.content]).decode("utf-8-sig")
        filas = csv.DictReader(io.StringIO(texto), delimiter=";")
        return {fila["ejercicio_id"]: bool(fila["objeto_id"]) for fila in filas if fila["tipo"] == "apoyo"}

    suyo, otro = str(r.ejercicio.pk), str(abierto.ejercicio_id)
    assert objetos() == {suyo: False, otro: True}
    f.mover_reloj(r, "evaluacion")
    assert objetos() == {suyo: True, otro: True}


def test_la_copia_de_sus_datos_tampoco_se_los_dice_a_quien_propuso(escondido):
    r, propuestas = escondido
    autora = propuestas[0].autor
    copia = lambda: str(FUENTES["retos"].copiar(autora).datos)  # noqa: E731
    assert not dice(copia())
    f.mover_reloj(r, "evaluacion")
    assert dice(copia())


def test_sin_ocultar_se_ven_mientras_se_apoya(client):
    r = reto(**f.programa("apoyo"))
    p = sembrar(r, 1)[0]
    apoyar(objeto=p, participante=participante())
    assert "1 apoyo" in client.get(f"{r.url}propuestas/").text
    assert client.get(f"{r.url}votos/").status_code == 200


def test_quien_decide_mientras_se_apoya_tampoco_los_sabe():
    """Sin fase de decisión se puede decidir desde que cierra la convocatoria, con el apoyo todavía corriendo."""
    r = reto(ocultar_apoyos=True, **f.programa("apoyo", fases=[TipoFase.APOYO]))
    primera, segunda, tercera = sembrar(r, 3)
    gestora = f.personal(RolPersonal.GESTION)
    for _vez in range(2):
        apoyar(objeto=segunda, participante=participante(), quiere_avisos=True)
    Propuesta.objects.filter(pk=tercera.pk).update(apoyos=CUENTA)
    url = f"/admin/programa/decision/{r.ejercicio.pk}/"
    orden = lambda texto: re.findall(r'name="propuestas" value="(\d+)"', texto)  # noqa: E731
    pagina = entrar(gestora).get(f"{url}propuestas/").text
    assert "Los apoyos son secretos" in pagina and not re.search(r"\d apoyos?\b", pagina)
    assert orden(pagina) == [str(p.pk) for p in (primera, segunda, tercera)]
    pares = [(segunda, Resultado.ELEGIDA), (primera, Resultado.NO_ELEGIDA), (tercera, Resultado.NO_ELEGIDA)]
    tomada(r, gestora, *pares)
    mensajes = entrar(gestora).get(f"{url}mensajes/").text
    assert "cuántos son se dirá cuando cierren los apoyos" in mensajes and "personas que la apoyaron" not in mensajes
    r.ejercicio.fases.update(termina=timezone.now())
    pagina = entrar(gestora).get(f"{url}propuestas/").text
    assert dice(pagina) and orden(pagina) == [str(p.pk) for p in (tercera, segunda, primera)]
    assert "2 personas que la apoyaron" in entrar(gestora).get(f"{url}mensajes/").text
