"""Lo que dicen las pantallas de los retos a quien las mira con poco tiempo."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from cuentas.enums import RolPersonal
from retos.enums import Resultado
from retos.evaluacion.enums import EstadoJurado
from retos.models import CierreReto, Implementacion, Jurado, Propuesta
from retos.seguimiento.forms import AlianzasFormSet, PlanForm
from retos.seguimiento.pesos import en_pesos
from retos.versiones.actions import pedir_informacion
from tests import fabricas as f

pytestmark = pytest.mark.una_base
REQUISITOS = [("requisito", {"texto": "Tiene presupuesto", "subsanable": True})]
COMPLETO = {"criterios": f.criterios(100), "requisitos": REQUISITOS}


def plan_con(presupuesto: str) -> PlanForm:
    return PlanForm({"responsable": "Obras", "presupuesto": presupuesto})


@pytest.mark.parametrize(
    ("escrito", "vale"),
    [
        ("6000000", "6000000"),
        ("6.000.000", "6000000"),
        ("6'000.000", "6000000"),
        ("$ 6.000.000", "6000000"),
        ("$6.000.000 COP", "6000000"),
        ("6.000.000,50", "6000000.50"),
        ("6000000,5", "6000000.5"),
        ("6,000,000.25", "6000000.25"),
        ("6000000.00", "6000000"),
        ("1.500", "1500"),
        ("0", "0"),
    ],
)
def test_el_presupuesto_se_recibe_como_se_escribe_en_colombia(escrito, vale):
    formulario = plan_con(escrito)
    assert formulario.is_valid(), formulario.errors
    assert formulario.cleaned_data["presupuesto"] == Decimal(vale)


@pytest.mark.parametrize("escrito", ["-1", "6.00.000", "0.001", "1,2,3", "seis", "1.000.000,123", "NaN"])
def test_un_presupuesto_que_no_se_entiende_se_rechaza_y_queda_escrito(escrito):
    formulario = plan_con(escrito)
    assert "presupuesto" in formulario.errors
    assert formulario["presupuesto"].value() == escrito


def test_el_presupuesto_se_muestra_con_puntos_de_miles():
    guardado = Implementacion(responsable="Obras", presupuesto=Decimal("6000000.00"))
    assert PlanForm.de(guardado)["presupuesto"].value() == "6.000.000"
    assert (en_pesos(Decimal("1500.50")), en_pesos(Decimal("0")), en_pesos(None)) == ("$\xa01.500,50", "$\xa00", "")


def test_una_alianza_vacia_no_pide_nada_y_una_a_medias_dice_que_le_falta():
    vacias = AlianzasFormSet()
    assert [campo.name for fila in vacias for campo in fila if campo.field.required] == []
    datos = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0, "form-0-tipo": "retos", "form-1-tipo": "datos"}
    assert AlianzasFormSet(datos | {"form-1-tipo": "retos"}).is_valid()
    a_medias = AlianzasFormSet(datos)
    assert not a_medias.is_valid()
    assert a_medias.errors == [{}, {"con": ["Escriba con quién fue la alianza."]}]


@pytest.mark.django_db
def test_la_pagina_de_un_reto_dice_primero_que_se_puede_hacer_hoy(client):
    reto = f.reto(**f.programa("evaluacion"), **COMPLETO)
    texto = client.get(reto.url).text
    participar, problema, fases = (texto.index(f'id="{ancla}"') for ancla in ("participar", "problema", "fases"))
    assert participar < problema < fases
    assert "Evaluación del jurado" in texto[participar:problema] and "Implementación" not in texto[participar:problema]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actual", "se_lee"),
    [("convocatoria", "Convocatoria"), ("evaluacion", "Evaluación del jurado")],
)
def test_la_etiqueta_de_un_reto_es_la_fase_que_corre(client, actual, se_lee):
    reto = f.reto(**f.programa(actual), **COMPLETO)
    antes_del_titulo = client.get(reto.url).text.split("<h1>")[0].split("<main")[1]
    assert se_lee in antes_del_titulo and "Cerrado" not in antes_del_titulo


@pytest.mark.django_db
def test_un_reto_sin_abrir_y_uno_terminado_lo_dicen(client):
    ahora, dia = timezone.now(), timedelta(days=1)
    proximo = f.reto(apertura=ahora + dia, cierre=ahora + 3 * dia)
    terminado = f.reto(apertura=ahora - 3 * dia, cierre=ahora - dia)
    assertContains(client.get(proximo.url), "Convocatoria: desde el")
    assertContains(client.get(terminado.url), "Terminaron todas sus fases.")
    en_cierre = f.reto(**f.programa("cierre"), **COMPLETO)
    CierreReto.objects.create(ejercicio=en_cierre.ejercicio, conclusiones="Hay sombra.", en=ahora)
    assertContains(client.get(en_cierre.url), "La entidad lo cerró y rindió cuentas el")


@pytest.mark.django_db
def test_el_resultado_se_ve_en_las_listas_y_en_la_propuesta(client):
    reto = f.reto()
    propuesta = f.publicada(reto)
    lista, pagina = f"{reto.url}propuestas/", propuesta.get_absolute_url()
    assertNotContains(client.get(lista), "No admitida")
    Propuesta.objects.filter(pk=propuesta.pk).update(resultado=Resultado.NO_ADMITIDA, actualizada_en=timezone.now())
    for direccion in (lista, pagina, reto.url):
        assertContains(client.get(direccion), "No admitida")
    client.force_login(propuesta.autor.cuenta)
    assertContains(client.get(reverse("retos:mis_propuestas")), "No admitida")


@pytest.mark.django_db
def test_la_historia_de_una_propuesta_empieza_cuando_se_publico(client):
    historia = client.get(f.publicada(f.reto()).get_absolute_url()).text.split('id="novedades"')[1]
    assert "<strong>Publicada</strong>" in historia.split("</ol>")[0]


@pytest.mark.django_db
def test_lo_que_pide_la_entidad_se_lee_antes_que_la_propuesta(client):
    reto = f.reto(**f.programa("admisibilidad"), **COMPLETO)
    f.mover_reloj(reto, "convocatoria")
    propuesta = f.publicada(reto)
    pedir_informacion(
        propuesta=propuesta,
        actor=f.personal(RolPersonal.GESTION),
        campos=["descripcion"],
        mensaje="Diga cuánto cuesta.",
        vence_en=timezone.now() + timedelta(days=3),
    )
    client.force_login(propuesta.autor.cuenta)
    texto = client.get(propuesta.get_absolute_url()).text
    assert texto.index("Diga cuánto cuesta.") < texto.index("En detalle.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("estado", "la_ve"), [(EstadoJurado.INVITADO, True), (EstadoJurado.ACEPTADO, True), (EstadoJurado.REMOVIDO, False)]
)
def test_quien_es_jurado_encuentra_su_mesa_en_su_cuenta(client, estado, la_ve):
    reto = f.reto(**f.programa("evaluacion"), **COMPLETO)
    persona = f.personal(RolPersonal.JURADO)
    client.force_login(persona)
    mesa = reverse("retos:jurado")
    assertNotContains(client.get("/mi-cuenta/"), f'href="{mesa}"')
    Jurado.objects.create(ejercicio=reto.ejercicio, usuario=persona, estado=estado, invitado_en=timezone.now())
    assert (f'href="{mesa}"' in client.get("/mi-cuenta/").text) == la_ve
