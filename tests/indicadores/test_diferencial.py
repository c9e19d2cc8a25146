"""Las cifras de enfoque diferencial: qué se dice, qué se calla y que suprimir a alguien no las cambia."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import Site

from cuentas import datos_personales
from cuentas.models import Participante, RespuestaDiferencial
from indicadores import diferencial
from indicadores.consultas import Consulta, Periodo, reloj
from indicadores.models import ConteoSuprimido
from participacion.registro.models import Acto
from tests import fabricas

from .conftest import PERIODO, acto, crear_ejercicio

pytestmark = pytest.mark.django_db

RESERVADO = "menos de 5, o deducible"


def ejercicio_cerrado(titulo="Ejercicio", sitio=None):
    ejercicio = crear_ejercicio(sitio or fabricas.sitio(), titulo)
    ejercicio.apertura, ejercicio.cierre = timezone.now() - timedelta(days=30), timezone.now() - timedelta(days=1)
    ejercicio.save()
    return ejercicio


def participan(ejercicio, *grupos, actos=1):
    """Una persona por cada grupo de opciones; devuelve los participantes."""
    personas = Participante.objects.bulk_create(Participante() for _ in grupos)
    RespuestaDiferencial.objects.bulk_create(
        RespuestaDiferencial(participante=persona, opcion=opcion)
        for persona, opciones in zip(personas, grupos, strict=True)
        for opcion in opciones
    )
    momento = ejercicio.cierre - timedelta(days=1) if ejercicio.cierre else timezone.now()
    Acto.objects.bulk_create(
        acto(ejercicio, "apoyo", momento, participante=persona.clave) for persona in personas for _ in range(actos)
    )
    return personas


def filas(ejercicio=None):
    sitio = fabricas.sitio()
    consulta = Consulta(sitio, Periodo(date(2026, 1, 1), date(2026, 6, 30)), ejercicio, reloj(sitio))
    return {str(etiqueta): valor if isinstance(valor, int) else str(valor) for etiqueta, valor in diferencial.filas(consulta)}


def dichas(ejercicio=None):
    return {etiqueta: valor for etiqueta, valor in filas(ejercicio).items() if isinstance(valor, int)}


@pytest.mark.parametrize(("cuantas", "se_dice"), [(4, False), (5, True)])
def test_menos_de_cinco_no_se_dice(cuantas, se_dice):
    participan(ejercicio_cerrado(), *cuantas * [["rrom"]], *20 * [[]])
    assert dichas() == ({"Ejercicio: Rrom o gitana": cuantas} if se_dice else {})


@pytest.mark.parametrize(("sin_responder", "se_dice"), [(4, False), (5, True)])
def test_si_casi_todas_son_de_un_grupo_tampoco(sin_responder, se_dice):
    """Con 14 participantes y 10 de un grupo, de cualquiera se sabría casi seguro que es de él."""
    participan(ejercicio_cerrado(), *10 * [["lgbtiq"]], *sin_responder * [[]])
    assert dichas() == ({"Ejercicio: LGBTIQ+": 10} if se_dice else {})


def test_donde_se_elige_una_lo_callado_no_se_deduce_restando():
    # 24 = 12 + 9 + 3: decir las dos primeras diría que la tercera son 3 o menos.
    participan(ejercicio_cerrado(), *12 * [["mujer"]], *9 * [["hombre"]], *3 * [["no_binario"]])
    assert dichas() == {"Ejercicio: Mujer": 12}


def test_donde_se_eligen_varias_cada_una_va_por_su_lado():
    participan(ejercicio_cerrado(), *9 * [["victima", "campesinado"]], *2 * [["firmante"]], *6 * [[]])
    assert dichas() == {"Ejercicio: Víctima del conflicto armado": 9, "Ejercicio: Campesinado": 9}
    assert filas()["Ejercicio: Firmante de paz"] == RESERVADO


def test_cuenta_personas_y_no_actos():
    participan(ejercicio_cerrado(), *5 * [["rrom"]], *10 * [[]], actos=3)
    assert dichas() == {"Ejercicio: Rrom o gitana": 5}


def test_un_ejercicio_del_que_nada_se_puede_decir_ocupa_una_fila():
    participan(ejercicio_cerrado("Callado"), ["rrom"], ["mujer"])
    participan(ejercicio_cerrado("Dicho"), *5 * [["rrom"]], *10 * [[]])
    assert filas()["Callado: todas las opciones"] == RESERVADO
    assert len(filas()) == 1 + 11


def test_solo_ejercicios_cerrados_de_este_sitio():
    """En uno abierto, la cifra de ayer y la de hoy dirían qué respondió quien participó hoy."""
    abierto = crear_ejercicio(fabricas.sitio(), "Abierto")
    por_cerrar = ejercicio_cerrado("Por cerrar")
    por_cerrar.cierre = timezone.now() + timedelta(days=1)
    por_cerrar.save()
    otro = Site.objects.create(hostname="otra.example", root_page=fabricas.sitio().root_page, site_name="Otra")
    for ejercicio in (abierto, por_cerrar, ejercicio_cerrado("Ajeno", sitio=otro)):
        participan(ejercicio, *8 * [["rrom"]], *10 * [[]])
    assert filas() == {}


def test_no_depende_del_periodo_y_si_del_ejercicio(navegador):
    uno, otro = ejercicio_cerrado("Uno"), ejercicio_cerrado("Otro")
    for ejercicio in (uno, otro):
        participan(ejercicio, *8 * [["rrom"]], *10 * [[]])

    def en_la_pagina(**parametros):
        cifras = navegador.get(reverse("indicadores:pagina"), {**PERIODO, **parametros}).context["cifras"]
        return next(valores for medida, valores in cifras if medida.clave == "enfoque_diferencial")

    assert en_la_pagina() == en_la_pagina(desde="2020-01-01", hasta="2020-01-01")
    assert en_la_pagina(ejercicio=uno.pk) == [fila for fila in en_la_pagina() if fila[0].startswith("Uno")]


def test_pagina_csv_y_xlsx_callan_lo_mismo(navegador):
    participan(ejercicio_cerrado(), *8 * [["mujer"]], *3 * [["rrom"]], *10 * [[]])
    pagina = navegador.get(reverse("indicadores:pagina"), PERIODO).text
    assert pagina.count(RESERVADO) == 10
    texto = navegador.get(reverse("indicadores:csv"), PERIODO).content.decode("utf-8-sig")
    de_csv = {f["desagregacion"]: f["valor"] for f in csv.DictReader(io.StringIO(texto), delimiter=";")}
    assert (de_csv["Ejercicio: Mujer"], de_csv["Ejercicio: Rrom o gitana"]) == ("8", RESERVADO)
    libro = load_workbook(io.BytesIO(navegador.get(reverse("indicadores:xlsx"), PERIODO).content))
    de_xlsx = {fila[1]: fila[2] for fila in libro.active.iter_rows(values_only=True)}
    assert (de_xlsx["Ejercicio: Mujer"], de_xlsx["Ejercicio: Rrom o gitana"]) == (8, RESERVADO)
    actos = navegador.get(reverse("indicadores:actos"), PERIODO).getvalue().decode("utf-8-sig")
    assert "mujer" not in actos and "rrom" not in actos


def test_suprimir_a_alguien_no_cambia_ninguna_cifra():
    uno, otro = ejercicio_cerrado("Uno"), ejercicio_cerrado("Otro")
    personas = participan(uno, *6 * [["rrom", "mujer"]], *10 * [[]])
    Acto.objects.bulk_create(
        acto(otro, "apoyo", otro.cierre - timedelta(days=2), participante=persona.clave) for persona in personas
    )
    antes = filas()
    assert dichas()["Otro: Rrom o gitana"] == 6
    for persona in personas[:3]:
        for _vez in range(2):  # repetirlo no suma dos veces
            datos_personales.FUENTES["indicadores.diferencial"].suprimir(persona)
    assert filas() == antes
    assert not RespuestaDiferencial.objects.filter(participante__in=personas[:3]).exists()
    assert sorted(ConteoSuprimido.objects.values_list("ejercicio__titulo", "opcion", "cantidad")) == [
        ("Otro", "mujer", 3), ("Otro", "rrom", 3), ("Uno", "mujer", 3), ("Uno", "rrom", 3),
    ]  # fmt: skip


def test_suprimir_a_quien_no_respondio_o_no_participo_no_deja_conteos():
    callada = participan(ejercicio_cerrado(), [])[0]
    sin_actos = Participante.objects.create()
    RespuestaDiferencial.objects.create(participante=sin_actos, opcion="rrom")
    for persona in (callada, sin_actos):
        diferencial.suprimir(persona)
    assert not ConteoSuprimido.objects.exists() and not RespuestaDiferencial.objects.exists()


def test_dos_personas_se_suprimen_a_la_vez(hilos):
    personas = participan(ejercicio_cerrado(), ["rrom"], ["rrom"])

    def suprimir(persona):
        from django.db import transaction

        with transaction.atomic():
            diferencial.suprimir(persona)

    assert hilos(*[lambda p=persona: suprimir(p) for persona in personas]) == [None, None]
    assert ConteoSuprimido.objects.get().cantidad == 2


@pytest.mark.parametrize("cuantos", [1, 3])
def test_lecturas(cuantos, django_assert_num_queries):
    for n in range(cuantos):
        participan(ejercicio_cerrado(f"Ejercicio {n}"), *5 * [["rrom"]], *10 * [[]])
    sitio = fabricas.sitio()
    consulta = Consulta(sitio, Periodo(date(2026, 1, 1), date(2026, 6, 30)), None, reloj(sitio))
    with django_assert_num_queries(2):
        diferencial.filas(consulta)
