import pytest
from django.core.files.base import ContentFile

from cuentas.derechos.actions import suprimir_datos
from encuestas.enums import EstadoExportacion
from encuestas.models import Exportacion
from tests import fabricas as f

from .fabricas_encuestas import contestada, encuesta, pregunta

pytestmark = pytest.mark.django_db


def test_suprimir_borra_los_libros_donde_puede_estar_lo_que_escribio(django_capture_on_commit_callbacks):
    ana, otra = f.persona(), f.persona()
    libros = {}
    for quien in (ana, otra):
        pagina = encuesta([pregunta("texto_largo", "opinion")])
        contestada(pagina, {"opinion": "Lo mío"}, participante=quien.participante)
        libros[quien] = Exportacion.objects.create(ejercicio=pagina.ejercicio, estado=EstadoExportacion.LISTA)
        libros[quien].archivo.save("respuestas.xlsx", ContentFile(b"Lo suyo"))
    almacen, suyo, ajeno = libros[ana].archivo.storage, libros[ana].archivo.name, libros[otra].archivo.name
    with django_capture_on_commit_callbacks(execute=True):
        suprimir_datos(participante=ana.participante, sitio=f.sitio())
    assert (almacen.exists(suyo), almacen.exists(ajeno)) == (False, True)
    assert list(Exportacion.objects.all()) == [libros[otra]]
