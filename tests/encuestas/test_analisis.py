import pytest
from django.test import Client
from django.urls import reverse

from cuentas.enums import RolPersonal
from encuestas.analisis.views import SECCIONES
from tests import fabricas

from .fabricas_encuestas import encuesta, pregunta

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seccion", SECCIONES)
def test_cada_pantalla_dice_de_que_encuesta_es_y_en_cual_se_esta(seccion):
    pagina = encuesta([pregunta("si_no", "va")], titulo="El parque")
    cliente = Client()
    cliente.force_login(fabricas.personal(RolPersonal.ANALITICA))
    texto = cliente.get(reverse(f"encuestas_analisis:{seccion}", args=[pagina.ejercicio.pk])).content.decode()
    assert '<p class="analisis-encuesta">El parque</p>' in texto
    propia = reverse(f"encuestas_analisis:{seccion}", args=[pagina.ejercicio.pk])
    assert f'href="{propia}" aria-current="page"' in texto and texto.count('aria-current="page"') == 1


def test_a_quien_no_lee_respuestas_no_se_le_ofrece_descargarlas():
    pagina = encuesta([pregunta("si_no", "va")])
    cliente = Client()
    cliente.force_login(fabricas.personal(RolPersonal.EDITOR))
    texto = cliente.get(reverse("encuestas_analisis:resultados", args=[pagina.ejercicio.pk])).content.decode()
    assert reverse("encuestas_analisis:comparar", args=[pagina.ejercicio.pk]) in texto
    assert reverse("encuestas_analisis:exportar", args=[pagina.ejercicio.pk]) not in texto
