"""Con límite: cuántas se apoyan, cómo se ordenan y cómo se reparten puntos. La base de datos no deja pasarse."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from cuentas.enums import RolPersonal
from participacion.apoyos import proyecciones
from participacion.apoyos.actions import apoyar, dados_por, retirar_apoyo, votar
from participacion.apoyos.models import Apoyo, Papeleta
from participacion.registro.enums import Canal
from participacion.registro.models import Acto
from retos.enums import EstadoPropuesta
from retos.fases import TipoFase
from retos.models import Propuesta
from tests import fabricas as f
from tests.retos.votos.fabricas_votos import cuadra, participante, reto, sembrar

RONDAS = 4
pytestmark = pytest.mark.django_db


def codigo(accion, **datos) -> str:
    with pytest.raises(ValidationError) as caso, transaction.atomic():
        accion(**datos)
    return caso.value.code


def papeleta(persona, reto_) -> list[tuple]:
    return [(a.objeto_id, a.posicion, a.puntos) for a in dados_por(persona, Propuesta, reto_.ejercicio.pk)]


def conteos(propuestas) -> list[tuple[int, int]]:
    return [(p.apoyos, p.puntos) for p in Propuesta.objects.filter(pk__in=[p.pk for p in propuestas]).order_by("pk")]


def test_simple_con_limite_no_deja_dar_otro_y_retirar_devuelve_el_cupo():
    r = reto(maximo=2)
    (a, b, c), ana = sembrar(r, 3), participante()
    assert [apoyar(objeto=p, participante=ana) for p in (a, b, b)] == [True, True, False]
    assert codigo(apoyar, objeto=c, participante=ana) == "maximo"
    assert Papeleta.objects.get().usados == 2
    # Lo que su autor retiró sigue ocupando un lugar hasta que la persona lo quita, y quitarlo se puede.
    Propuesta.objects.filter(pk=a.pk).update(estado=EstadoPropuesta.RETIRADA)
    assert codigo(apoyar, objeto=a, participante=participante()) == "estado"
    assert retirar_apoyo(objeto=a, participante=ana) is True
    assert apoyar(objeto=c, participante=ana) is True
    assert conteos([a, b, c]) == [(0, 0), (1, 0), (1, 0)]
    cuadra()


def test_orden_el_puesto_k_de_n_vale_n_menos_k_mas_uno():
    r = reto("orden", 3)
    (a, b, c, d), ana, beto = sembrar(r, 4), participante(), participante()
    for p in (a, b, c):
        apoyar(objeto=p, participante=ana, quiere_avisos=p == b)
    assert papeleta(ana, r) == [(a.pk, 1, 3), (b.pk, 2, 2), (c.pk, 3, 1)]
    assert codigo(apoyar, objeto=d, participante=ana) == "maximo"
    apoyar(objeto=b, participante=beto)
    assert conteos([a, b, c]) == [(1, 3), (2, 5), (1, 1)]
    # Al quitar la primera suben las demás, con su valor; lo demás de cada apoyo no cambia.
    retirar_apoyo(objeto=a, participante=ana)
    assert papeleta(ana, r) == [(b.pk, 1, 3), (c.pk, 2, 2)]
    assert conteos([a, b, c]) == [(0, 0), (2, 6), (1, 2)]
    assert list(Apoyo.objects.filter(participante=ana, quiere_avisos=True).values_list("objeto_id", flat=True)) == [b.pk]
    assert Acto.objects.filter(tipo="apoyo_retirado").count() == 3
    cuadra()


def test_puntos_se_reparten_se_cambian_y_no_alcanzan():
    r = reto("puntos", 10)
    (a, b), ana = sembrar(r, 2), participante()
    apoyar(objeto=a, participante=ana, puntos=7)
    assert codigo(apoyar, objeto=b, participante=ana, puntos=4) == "maximo"
    for malos in (None, 0, -1):
        assert codigo(apoyar, objeto=b, participante=ana, puntos=malos) == "puntos"
    assert codigo(apoyar, objeto=b, participante=ana, puntos=99_999) == "maximo"
    assert apoyar(objeto=b, participante=ana, puntos=3) is True
    assert apoyar(objeto=a, participante=ana, puntos=7) is False
    assert apoyar(objeto=a, participante=ana, puntos=2) is True
    assert codigo(apoyar, objeto=a, participante=ana, puntos=8) == "maximo"
    assert (papeleta(ana, r), conteos([a, b])) == ([(b.pk, None, 3), (a.pk, None, 2)], [(1, 2), (1, 3)])
    assert Papeleta.objects.get().usados == 5
    cuadra()


@pytest.mark.parametrize("modo", ["orden", "puntos"])
def test_votar_deja_la_papeleta_entera_y_solo_anota_lo_que_cambia(modo):
    r = reto(modo, 5)
    (a, b, c), ana = sembrar(r, 3), participante()
    n = (lambda puntos: puntos) if modo == "puntos" else (lambda _puntos: None)
    comun = {"modelo": Propuesta, "ejercicio": r.ejercicio, "participante": ana}
    primero = [(a.pk, n(1)), (b.pk, n(4))]
    assert votar(**comun, votos=primero, base=[]) is True
    assert votar(**comun, votos=primero, base=primero) is False
    assert Acto.objects.filter(tipo="apoyo").count() == 2
    segundo = [(a.pk, n(1)), (c.pk, n(2))]
    votar(**comun, votos=segundo, base=primero)
    assert [pk for pk, *_resto in papeleta(ana, r)] == [a.pk, c.pk]
    assert Acto.objects.filter(tipo="apoyo").count() == 3
    # Lo que otra ventana cambió no se pisa, y nada queda a medias.
    assert codigo(votar, **comun, votos=primero, base=primero) == "cambio"
    assert codigo(votar, **comun, votos=[*segundo, segundo[0]], base=segundo) == "estado"
    ajena = sembrar(reto(), 1)[0]
    assert codigo(votar, **comun, votos=[(ajena.pk, n(1))], base=segundo) == "estado"
    oculta = sembrar(r, 1, estado=EstadoPropuesta.ENVIADA)[0]
    assert codigo(votar, **comun, votos=[*segundo, (oculta.pk, n(1))], base=segundo) == "estado"
    if modo == "puntos":
        assert codigo(votar, **comun, votos=[(a.pk, 6)], base=segundo) == "maximo"
    else:
        demas = [(p.pk, None) for p in sembrar(r, 4)]
        assert codigo(votar, **comun, votos=[*segundo, *demas], base=segundo) == "maximo"
    assert [pk for pk, *_resto in papeleta(ana, r)] == [a.pk, c.pk]
    votar(**comun, votos=[], base=segundo)
    assert (papeleta(ana, r), Papeleta.objects.get().usados) == ([], 0)
    cuadra()


@pytest.mark.parametrize("modo", ["orden", "puntos"])
def test_donde_hay_papeleta_no_se_vota_en_nombre_de_una_organizacion(modo):
    ana = f.persona()
    org, (a,) = f.organizacion(ana), sembrar(reto(modo, 3), 1)
    assert codigo(apoyar, objeto=a, participante=ana.participante, organizacion=org, puntos=1) == "organizacion"
    assert not Apoyo.objects.exists()


@pytest.mark.parametrize(("modo", "puntos"), [("simple", None), ("orden", None), ("puntos", 2)])
def test_asistida_anade_y_no_cambia_lo_que_la_persona_ya_dio(modo, puntos):
    (a, b), ana = sembrar(reto(modo, 3), 2), participante()
    asistido = {"participante": ana, "canal": Canal.PAPEL, "asistido_por": f.personal(RolPersonal.ASISTIDA)}
    assert apoyar(objeto=a, puntos=puntos, **asistido) is True
    assert apoyar(objeto=a, puntos=puntos and 1, **asistido) is False
    assert apoyar(objeto=b, participante=ana, puntos=puntos and 1) is True
    assert sorted(Acto.objects.filter(tipo="apoyo").values_list("canal", flat=True)) == ["papel", "web"]
    with pytest.raises(PermissionDenied):
        apoyar(objeto=b, puntos=puntos, **asistido | {"asistido_por": f.personal(RolPersonal.GESTION)})
    cuadra()


def test_solo_en_su_fase_se_da_se_cambia_o_se_retira():
    r = reto("orden", 2, **f.programa("apoyo"))
    (a, b), ana = sembrar(r, 2), participante()
    apoyar(objeto=a, participante=ana)
    comun = {"modelo": Propuesta, "ejercicio": r.ejercicio, "participante": ana}
    for fase in TipoFase:
        f.mover_reloj(r, fase)
        if fase == TipoFase.APOYO:
            continue
        assert codigo(apoyar, objeto=b, participante=ana) == "plazo", fase
        assert codigo(retirar_apoyo, objeto=a, participante=ana) == "plazo", fase
        assert codigo(votar, **comun, votos=[(b.pk, None)], base=[(a.pk, None)]) == "plazo", fase
    f.mover_reloj(r, TipoFase.APOYO)
    assert votar(**comun, votos=[(b.pk, None)], base=[(a.pk, None)]) is True


def test_la_base_de_datos_impide_pasarse_y_repetir_puesto():
    r = reto("orden", 2)
    (a, b), ana = sembrar(r, 2), participante()
    apoyar(objeto=a, participante=ana)
    apoyar(objeto=b, participante=ana)
    with pytest.raises(IntegrityError, match="papeleta_sin_pasarse"), transaction.atomic():
        Papeleta.objects.update(usados=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Apoyo.objects.filter(objeto_id=b.pk).update(posicion=1)


def test_recontar_delata_puntos_y_papeletas_que_no_cuadran():
    (a,), ana = sembrar(reto("puntos", 9), 1), participante()
    apoyar(objeto=a, participante=ana, puntos=4)
    cuadra()
    Propuesta.objects.filter(pk=a.pk).update(puntos=5)
    Papeleta.objects.update(usados=3)
    assert [(d.guardado, d.recontado) for d in proyecciones.recontar_puntos()] == [(5, 4)]
    assert [(d.guardado, d.recontado) for d in proyecciones.recontar_papeletas()] == [(3, 4)]


@pytest.mark.parametrize(
    ("modo", "maximo", "puntos", "caben", "rondas"),
    [("simple", 3, None, 3, RONDAS), ("orden", 3, None, 3, RONDAS), ("puntos", 10, 3, 3, 5 * RONDAS)],
)
def test_hilos_doce_a_la_vez_no_gastan_mas_que_el_cupo(hilos, modo, maximo, puntos, caben, rondas):
    r = reto(modo, maximo)
    propuestas, personas = sembrar(r, 12), [participante() for _ in range(rondas)]
    for persona in personas:
        salidas = hilos(*[lambda p=p: apoyar(objeto=p, participante=persona, puntos=puntos) for p in propuestas])  # noqa: B023
        assert sum(salida is True for salida in salidas) == caben
        assert {salida.code for salida in salidas if salida is not True} == {"maximo"}
    assert list(Papeleta.objects.values_list("usados", flat=True)) == [caben * (puntos or 1)] * len(personas)
    cuadra()


def test_hilos_dar_quitar_y_guardar_la_papeleta_a_la_vez_no_se_esperan_en_cruz(hilos):
    r = reto("orden", 3)
    a, b, c = sembrar(r, 3)
    ana, beto = participante(), participante()
    comun = {"modelo": Propuesta, "ejercicio": r.ejercicio}
    for _ronda in range(RONDAS):
        salidas = hilos(
            lambda: votar(**comun, participante=ana, votos=[(c.pk, None), (a.pk, None)], base=[]),
            lambda: votar(**comun, participante=beto, votos=[(a.pk, None), (c.pk, None)], base=[]),
            lambda: apoyar(objeto=b, participante=ana),
            lambda: retirar_apoyo(objeto=a, participante=ana),
            lambda: apoyar(objeto=c, participante=beto),
            lambda: retirar_apoyo(objeto=b, participante=beto),
        )
        assert {getattr(salida, "code", salida) for salida in salidas} <= {True, False, "cambio"}
    for persona in (ana, beto):
        puestos = [(posicion, puntos) for _pk, posicion, puntos in papeleta(persona, r)]
        assert puestos == [(1, 3), (2, 2), (3, 1)][: len(puestos)]
    cuadra()
