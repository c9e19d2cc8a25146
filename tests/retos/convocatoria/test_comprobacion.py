"""Lo que impide publicar un reto, dicho junto a su campo."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from retos.fases import TipoFase
from retos.models import RetoPage
from tests import fabricas as f

pytestmark = pytest.mark.django_db
HOY = timezone.now().replace(microsecond=0)


def dia(n):
    return HOY + timedelta(days=n)


def fase(tipo, desde, hasta):
    return ("fase", {"tipo": tipo, "inicia": dia(desde), "termina": dia(hasta)})


def criterio(peso=100, minimo=0, maximo=5, notas=()):
    return (
        "criterio",
        {
            "nombre": "Impacto", "descripcion": "", "peso": peso, "minimo": minimo, "maximo": maximo,
            "guias": [{"valor": nota, "texto": f"Nivel {nota}"} for nota in notas],
        },
    )  # fmt: skip


# Lo que se declara y lo que se responde: el campo y unas palabras del mensaje.
CASOS = [
    ({"criterios": [criterio(60), criterio(30)]}, {"criterios": "sumar 100; ahora suman 90"}),
    ({"criterios": [criterio(minimo=5, maximo=5)]}, {"criterios": "«Impacto»: la nota mayor debe pasar de la menor"}),
    ({"criterios": [criterio(notas=(0, 3, 7))]}, {"criterios": "la guía habla de 7, y las notas van de 0 a 5"}),
    ({"criterios": [criterio(notas=(1, 1))]}, {"criterios": "explica más de una vez la nota 1"}),
    ({"fases": [fase("decision", 40, 40)]}, {"fases": "«Decisión» debe terminar después de empezar"}),
    ({"fases": [fase("decision", 20, 40)]}, {"fases": "«Decisión» empieza"}),
    ({"fases": [fase("diagnostico", -9, 1)]}, {"fases": "«Convocatoria» empieza"}),
    ({"fases": [fase("decision", 31, 35), fase("apoyo", 36, 40)]}, {"fases": "«Decisión» empieza"}),
    ({"fases": [fase("decision", 31, 35), fase("decision", 36, 40)]}, {"fases": "«Decisión» está dos veces"}),
    ({"fases": [fase("evaluacion", 31, 35)]}, {"criterios": "con qué criterios"}),
    ({"fases": [fase("admisibilidad", 31, 35)]}, {"requisitos": "escriba cuáles"}),
    ({"cierre": None, "fases": [fase("decision", 31, 35)]}, {"cierre": "después viene «Decisión»"}),
    ({"cierre": None, "sellado": True}, {"cierre": "sellar"}),
    ({"modo_apoyo": "orden"}, {"maximo_apoyos": "cuántas se ordenan"}),
    ({"modo_apoyo": "puntos"}, {"maximo_apoyos": "cuántos puntos"}),
    (
        {"no_aplica": [("codigo", {"codigo": "6.2.4.f", "justificacion": "x"})] * 2},
        {"no_aplica": "El código 6.2.4.f está dos veces"},
    ),
    # Dos faltas a la vez, cada una en su campo.
    (
        {"criterios": [criterio(60)], "fases": [fase("admisibilidad", 31, 35)]},
        {"criterios": "suman 60", "requisitos": "escriba cuáles"},
    ),
]


def test_publicar_dice_junto_a_su_campo_lo_que_falta():
    # Una página basta: lo que se rechaza no deja nada.
    base = f.reto(publicar=False, apertura=dia(-1), cierre=dia(30))
    for cambios, esperado in CASOS:
        pagina = RetoPage.objects.get(pk=base.pk)
        for campo, valor in cambios.items():
            setattr(pagina, campo, valor)
        with pytest.raises(ValidationError) as caso:
            pagina.save_revision().publish()
        dichos = {campo: " ".join(textos) for campo, textos in caso.value.message_dict.items()}
        assert dichos.keys() == esperado.keys(), (cambios, dichos)
        assert all(texto in dichos[campo] for campo, texto in esperado.items()), (esperado, dichos)
    base.refresh_from_db()
    assert not base.live and base.ejercicio is None


def test_un_programa_entero_y_seguido_se_publica():
    reto = f.reto(
        **f.programa("diagnostico"),
        criterios=[criterio(notas=(0, 5))],
        requisitos=[("requisito", {"texto": "Presupuesto", "subsanable": True})],
        sellado=True, modo_apoyo="puntos", maximo_apoyos=10,
    )  # fmt: skip
    assert [fila.tipo for fila in reto.ejercicio.fases.all()] == [t for t in TipoFase if t != TipoFase.CONVOCATORIA]
    assert reto.ejercicio.requisitos.get().texto == "Presupuesto"


def test_una_fase_a_medio_escribir_se_guarda_pero_no_se_publica():
    pagina = f.reto(publicar=False)
    pagina.fases = [("fase", {"tipo": "decision", "inicia": None, "termina": None})]
    borrador = pagina.save_revision()
    with pytest.raises(ValidationError) as caso:
        borrador.publish()
    assert caso.value.message_dict == {"fases": ["Cada fase necesita su nombre y sus dos fechas."]}
