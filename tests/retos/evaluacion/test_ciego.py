"""En una evaluación ciega nada dice de quién es una propuesta: ni página, ni archivo, ni descarga, ni correo."""

from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse

from participacion.adjuntos.models import Adjunto
from retos import rules
from retos.decision.actions import guardar_decision, publicar_decision, tomar_decision
from retos.decision.enums import EstadoDecision, TipoDecision
from retos.models import DecisionReto
from tests import fabricas as f

from .ciego import Direcciones, Lector, Mundo
from .mundo import cuenta_de, notas

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.una_base,
    # El informe de traducciones de wagtail-localize pagina sin orden, y las miniaturas de Wagtail dejan archivos por cerrar.
    pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
DESCARGA = "/mi-cuenta/datos/descargar/"


@pytest.fixture(autouse=True)
def _sin_anotar_cada_404(caplog):
    caplog.set_level("CRITICAL", "django.request")


def decidir(mundo, *, publicar: bool) -> None:
    comunes = {"ejercicio": mundo.base.ejercicio, "actor": mundo.base.gestion}
    guardar_decision(**comunes, tipo=TipoDecision.DESIERTA, motivos="Ninguna resuelve.", textos={"no_elegida": "Gracias por proponer."})
    tomar_decision(**comunes)
    if publicar:
        publicar_decision(**comunes)


def test_como_jurado_ninguna_direccion_dice_quien_propone():
    mundo = Mundo()
    lector, direcciones = Lector(mundo.marcas, cuenta_de(mundo.lugar)), Direcciones(mundo)
    todas = direcciones.de_las_salas()
    assert lector.recorrer(todas) == {}
    assert lector.recorrer(direcciones.de_las_salas("retos", "adjuntos"), "POST") == {}
    # La única que falla lo hace a propósito: Wagtail la trae para ver su página de error.
    assert set(lector.fallas) == {"/admin/failwhale/"}
    # Leyó de verdad lo suyo: la propuesta que evalúa, sus archivos y la copia de sus datos.
    respuesta, texto = lector.pedir("GET", reverse("retos:evaluacion", args=[mundo.evaluacion.pk]))
    assert respuesta.status_code == 200 and "Archivo 5" in texto and "Evaluación ciega" in texto
    claves = [str(a.clave) for a in Adjunto.objects.de(mundo.propuesta)]
    assert {reverse("adjuntos:descargar", args=[clave]) for clave in claves} <= todas
    respuesta, texto = lector.pedir("POST", DESCARGA)
    assert respuesta["Content-Type"] == "application/zip" and mundo.propuesta.referencia in texto
    assert lector.halladas == {}


def test_a_quien_puede_saberlo_se_le_dice_y_el_lector_lo_ve(monkeypatch):
    """Sin esto, un lector que no mira nada también pasaría la prueba de arriba."""
    mundo = Mundo()
    direccion = mundo.propuesta.get_absolute_url()
    gestion = Lector(mundo.marcas, mundo.base.gestion)
    gestion.recorrer([direccion])
    assert {"organización", "teléfono"} <= set(gestion.halladas)
    autora = Lector(mundo.marcas, mundo.autora)
    autora.pedir("POST", DESCARGA)
    assert {"correo", "teléfono", "nombre de archivo docx"} <= set(autora.halladas)
    # Lo que un archivo dice por dentro, y en el encabezado con que se entrega.
    anexos = list(Adjunto.objects.de(mundo.propuesta).order_by("pk"))
    jurado = Lector(mundo.marcas, cuenta_de(mundo.lugar))
    for anexo, cual in zip(anexos, ("pdf", "jpg", "docx", "xlsx", "odt"), strict=True):
        jurado.halladas.clear()
        with monkeypatch.context() as parche:
            parche.setattr(rules, "nombre_neutro", lambda adjunto: adjunto.nombre)
            jurado.pedir("GET", reverse("adjuntos:descargar", args=[anexo.clave]))
        assert set(jurado.halladas) == {f"nombre de archivo {cual}"}


def test_tampoco_a_quien_mira_desde_fuera_o_dejo_el_jurado():
    mundo = Mundo()
    removido, invitado = (cuenta_de(lugar) for lugar in mundo.otros)
    direcciones = Direcciones(mundo)
    assert Lector(mundo.marcas).recorrer(direcciones.de_las_salas("retos", "adjuntos", "wagtail_serve", "sitemap")) == {}
    suyas = direcciones.de_las_salas("adjuntos") | {mundo.propuesta.get_absolute_url(), f"{mundo.propuesta.get_absolute_url()}equipo/"}
    for cuenta in (removido, invitado, mundo.jurado_de_otro_reto):
        assert Lector(mundo.marcas, cuenta).recorrer(suyas) == {}


def test_buscar_un_nombre_no_da_con_su_propuesta():
    mundo = Mundo()
    lector = Lector(mundo.marcas, cuenta_de(mundo.lugar))
    reto = urlsplit(mundo.base.pagina.url).path
    for marca in mundo.marcas.de:
        for buscador in (f"/buscar/?q={marca}", f"{reto}propuestas/?q={marca}&estado=todas", f"{reto}parecidas/?titulo={marca}"):
            _respuesta, texto = lector.pedir("GET", buscador)
            assert mundo.propuesta.titulo not in texto, mundo.marcas.de[marca]
    for palabra in ("sombra", "plaza"):
        assert mundo.propuesta.titulo in lector.pedir("GET", f"{reto}propuestas/?q={palabra}")[1]


def test_ni_al_calificar_ni_en_sus_correos_ni_al_deliberar(trabajar):
    mundo = Mundo()
    quien = cuenta_de(mundo.lugar)
    lector = Lector(mundo.marcas, quien)
    evaluacion = reverse("retos:evaluacion", args=[mundo.evaluacion.pk])
    datos = {f"criterio-{pk}": 3 for pk in notas(mundo.base, 3, 3)}
    for direccion, envio, esperado in (
        (evaluacion, datos | {"accion": "guardar"}, 302),
        (evaluacion, {"accion": "enviar"}, 422),
        (evaluacion, datos | {"accion": "enviar"}, 302),
        (reverse("retos:evaluacion_conflicto", args=[mundo.evaluacion.pk]), {"motivo": ""}, 422),
    ):
        assert lector.pedir("POST", direccion, envio)[0].status_code == esperado
    trabajar()
    suyos = [m for m in mail.outbox if m.to == [quien.email]]
    assert any("asignaron" in m.subject or "evaluar" in m.body for m in suyos)
    assert any("Árboles" in f"{m.subject} {m.body}" for m in suyos), "la novedad de lo que apoyó"
    assert set().union(*(mundo.marcas.en(str(m.message())) | mundo.marcas.en(m.body) for m in suyos)) == set()
    # Cerrada la evaluación ve las cifras; decidido y sin publicar, sigue sin saberse de quién es.
    f.mover_reloj(mundo.base.pagina, "decision")
    decidir(mundo, publicar=False)
    reto = urlsplit(mundo.base.pagina.url).path
    respuesta, texto = lector.pedir("GET", reverse("retos:jurado_resultados", args=[mundo.lugar.pk]))
    assert respuesta.status_code == 200 and mundo.propuesta.referencia in texto
    assert lector.recorrer(d for d in Direcciones(mundo).de_las_salas("retos") if d.startswith(reto)) == {}
    assert lector.recorrer([DESCARGA], "POST") == {}


def test_publicada_la_decision_se_conoce_quien_propuso():
    mundo = Mundo()
    f.mover_reloj(mundo.base.pagina, "decision")
    direccion = reverse("retos:propuesta", args=[mundo.propuesta.pk])
    quien = cuenta_de(mundo.lugar)
    antes, despues = Lector(mundo.marcas, quien), Lector(mundo.marcas, quien)
    assert antes.recorrer([direccion]) == {}
    decidir(mundo, publicar=True)
    assert DecisionReto.objects.get().estado == EstadoDecision.PUBLICADA
    assert "organización" in despues.recorrer([direccion])
