"""«Sellado hasta el cierre»: nadie fuera de su equipo lee una propuesta, por ningún camino, hasta que cierre la convocatoria."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from cuentas import actions as cuentas
from cuentas.enums import RolPersonal
from participacion.adjuntos import actions as adjuntos
from participacion.ejercicios.models import Ejercicio
from participacion.moderacion.actions import decidir
from participacion.moderacion.models import Entrada
from retos.actions import retirar_propuesta
from retos.models import Integrante
from tests import fabricas as f
from tests.matriz.rutas import todas

pytestmark = [
    pytest.mark.django_db,
    # El informe de traducciones de wagtail-localize pagina sin orden.
    pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning"),
]
MARCA = "zqsellada"
# Las que pueden mirar una propuesta (docs/arquitectura.md): las demás no importan `retos`.
SALAS = re.compile(r"(retos|plataforma|participacion|indicadores)\.")
SIN_VISITAR = re.compile(r"logout|failwhale|/static/|jsi18n|sprite|styleguide|/correo/|[()\[\]*+?\\]")


@pytest.fixture
def sellada():
    reto, autora, integrante = f.reto(sellado=True), f.persona(), f.persona()
    anexo = adjuntos.guardar(archivo=f.pdf(f"{MARCA}.pdf", relleno=MARCA.encode()), participante=None)
    textos = {campo: f"{MARCA} {campo}" for campo in ("titulo", "resumen", "descripcion")}
    propuesta = f.enviada(reto, autora, adjunto=anexo, **textos)
    retirada = f.enviada(reto, autora, **textos)
    retirar_propuesta(propuesta=retirada, actor=autora)
    Integrante.objects.create(
        propuesta=propuesta, participante=cuentas.participante_de(integrante), desde=propuesta.enviada_en
    )
    return reto, propuesta, anexo, autora, integrante


def _modulo(vista) -> str:
    return getattr(vista, "view_class", vista).__module__


def direcciones(reto, propuesta, anexo) -> set[str]:
    """Toda ruta de esas salas sin argumentos y las que llevan el número de la propuesta, de su entrada o de su reto."""
    entradas = Entrada.objects.values_list("pk", flat=True)
    numeros = {propuesta.pk, reto.ejercicio.pk, *entradas}
    halladas = {f"/adjuntos/{anexo.clave}/", f"{reto.url}propuestas/", f"{reto.url}propuestas/?q={MARCA}", reto.url}
    halladas |= {f"/buscar/?q={MARCA}", f"/admin/moderacion/?texto={MARCA}", "/admin/moderacion/?vista=decididas"}
    halladas |= {f"/admin/programa/versiones/{reto.ejercicio.pk}/?q={MARCA}"}
    for ruta in todas():
        argumentos = re.findall(r"<(?:(\w+):)?(\w+)>", ruta.patron)
        if SIN_VISITAR.search(ruta.patron) or not ruta.es_nuestra or not SALAS.match(_modulo(ruta.vista)):
            continue
        if not argumentos:
            halladas.add(ruta.url({}))
        elif {clase for clase, _nombre in argumentos} == {"int"}:
            halladas |= {ruta.url({nombre: numero for _clase, nombre in argumentos}) for numero in numeros}
    return halladas


def donde_se_lee(cuenta, urls) -> set[str]:
    cliente = Client(raise_request_exception=False)
    if cuenta:
        cliente.force_login(cuenta)
    vistas = set()
    for url in sorted(urls):
        respuesta = cliente.get(url)
        contenido = b"".join(respuesta.streaming_content) if respuesta.streaming else respuesta.content
        # Lo buscado vuelve escrito en la página que busca.
        contenido += respuesta.get("Content-Disposition", "").encode()
        texto = contenido.decode("utf-8", "replace")
        if f"{MARCA} titulo" in texto or f"{MARCA} desc" in texto or f"{MARCA}.pdf" in texto or "%PDF" in texto:
            vistas.add(url)
    return vistas


def test_ningun_camino_la_muestra_antes_del_cierre(sellada):
    reto, propuesta, anexo, autora, integrante = sellada
    urls = direcciones(reto, propuesta, anexo)
    # Quien todo lo puede, por todas partes; los demás, por donde leen propuestas.
    assert donde_se_lee(f.persona(is_superuser=True, is_staff=True), urls) == set()
    propias = {f"/propuestas/{propuesta.pk}/", f"/adjuntos/{anexo.clave}/"}
    cercanas = propias | {f"{reto.url}propuestas/", f"/propuestas/{propuesta.pk}/versiones/", f"/buscar/?q={MARCA}"}
    cercanas |= {"/admin/moderacion/", f"/admin/moderacion/{Entrada.objects.de(propuesta).get().pk}/"}
    cercanas |= {"/admin/participacion-asistida/", f"/admin/programa/versiones/{reto.ejercicio.pk}/?q={MARCA}"}
    for cuenta in (None, f.persona(), *(f.personal(rol) for rol in RolPersonal)):
        assert donde_se_lee(cuenta, cercanas) == set(), cuenta
    assert propias <= donde_se_lee(autora, propias) and propias <= donde_se_lee(integrante, propias)


def cerrar(reto, cuando=timedelta(seconds=-1)):
    Ejercicio.objects.filter(pk=reto.ejercicio.pk).update(cierre=timezone.now() + cuando)


def test_al_cerrar_se_abre_y_una_prorroga_la_vuelve_a_correr(sellada):
    reto, propuesta, anexo, _autora, _integrante = sellada
    moderacion = f.personal(RolPersonal.MODERACION)
    entrada = Entrada.objects.de(propuesta).get()
    urls = {"/admin/moderacion/", f"/admin/moderacion/{entrada.pk}/", f"/propuestas/{propuesta.pk}/", f"/adjuntos/{anexo.clave}/"}
    cerrar(reto)
    assert donde_se_lee(moderacion, urls) == urls
    cerrar(reto, timedelta(days=5))
    assert donde_se_lee(moderacion, urls) == set()


def test_sellada_no_se_decide_ni_por_la_accion(sellada):
    reto, propuesta, *_resto = sellada
    moderacion, entrada = f.personal(RolPersonal.MODERACION), Entrada.objects.de(propuesta).get()
    with pytest.raises(ValidationError) as caso:
        decidir(entrada_id=entrada.pk, decision="aprobada", moderador=moderacion)
    assert caso.value.code == "reservada"
    cliente = Client()
    cliente.force_login(moderacion)
    cliente.post("/admin/moderacion/aprobar/", {"entrada": [entrada.pk]})
    propuesta.refresh_from_db()
    assert propuesta.estado == "enviada"
    cerrar(reto)
    decidir(entrada_id=entrada.pk, decision="aprobada", moderador=moderacion)
    propuesta.refresh_from_db()
    assert propuesta.estado == "publicada"


def test_sin_cierre_no_se_abre_nunca(sellada):
    reto, propuesta, *_resto = sellada
    Ejercicio.objects.update(cierre=None)
    assert donde_se_lee(f.personal(RolPersonal.MODERACION), {f"/propuestas/{propuesta.pk}/"}) == set()
    assert list(Entrada.objects.visibles()) == []
