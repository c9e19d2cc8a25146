"""El reparto: completo hasta donde se puede, parejo, repetible y sin deshacer lo hecho."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from retos.evaluacion.reparto import repartir


@st.composite
def casos(draw):
    propuestas = list(range(draw(st.integers(0, 7))))
    quienes = list(range(100, 100 + draw(st.integers(0, 6))))
    topes = {jurado: draw(st.none() | st.integers(0, 6)) for jurado in quienes}
    pares = [(p, j) for p in propuestas for j in quienes]
    ya = set(draw(st.lists(st.sampled_from(pares), max_size=6, unique=True))) if pares else set()
    # Lo ya asignado cabe en los topes y no está vetado: así lo deja la acción.
    ya = {par for n, par in enumerate(sorted(ya)) if topes[par[1]] is None or sum(j == par[1] for _p, j in sorted(ya)[: n + 1]) <= topes[par[1]]}
    vetados = set(draw(st.lists(st.sampled_from(pares), max_size=12, unique=True))) - ya if pares else set()
    return {
        "propuestas": propuestas, "jurados": topes, "actuales": ya, "vetados": vetados,
        "minimo": draw(st.integers(1, 4)), "semilla": draw(st.integers(0, 999_999)),
    }  # fmt: skip


def flujo_maximo(caso) -> int:
    """Cuántas plazas nuevas caben, por otro camino: aumentar de plaza en plaza, sin mirar cargas ni rondas."""
    tienen = Counter(p for p, _j in caso["actuales"])
    plazas = [p for p in caso["propuestas"] for _n in range(max(0, caso["minimo"] - tienen[p]))]
    carga = Counter(j for _p, j in caso["actuales"])
    dadas: dict[int, list[int]] = {j: [] for j in caso["jurados"]}  # jurado → plazas

    def libre(jurado):
        tope = caso["jurados"][jurado]
        return tope is None or carga[jurado] + len(dadas[jurado]) < tope

    def aumentar(plaza, vistos) -> bool:
        for jurado in caso["jurados"]:
            par = (plazas[plaza], jurado)
            repetida = any(plazas[otra] == plazas[plaza] for otra in dadas[jurado])
            if jurado in vistos or par in caso["vetados"] or par in caso["actuales"] or repetida:
                continue
            vistos.add(jurado)
            if libre(jurado):
                dadas[jurado].append(plaza)
                return True
            for otra in list(dadas[jurado]):
                dadas[jurado].remove(otra)
                dadas[jurado].append(plaza)
                if aumentar(otra, vistos):
                    return True
                dadas[jurado].remove(plaza)
                dadas[jurado].append(otra)
        return False

    return sum(aumentar(plaza, set()) for plaza in range(len(plazas)))


@settings(max_examples=150, deadline=None)
@given(casos())
def test_llena_lo_que_cabe_sin_faltar_a_nada_y_parejo(caso):
    reparto = repartir(**caso)
    nuevas = set(reparto.nuevas)
    todas = caso["actuales"] | nuevas
    carga = Counter(j for _p, j in todas)
    tiene = Counter(p for p, _j in todas)
    # Nada repetido, vetado, por encima de un tope ni de más.
    assert len(nuevas) == len(reparto.nuevas)
    assert not nuevas & (caso["vetados"] | caso["actuales"])
    assert all(tope is None or carga[j] <= tope for j, tope in caso["jurados"].items())
    assert all(tiene[p] <= max(caso["minimo"], sum(q == p for q, _j in caso["actuales"])) for p in caso["propuestas"])
    assert reparto.faltan == {p: caso["minimo"] - tiene[p] for p in caso["propuestas"] if tiene[p] < caso["minimo"]}
    # No caben más.
    assert len(nuevas) >= flujo_maximo(caso)
    # Pasar una de las nuevas a alguien con dos menos no se puede.
    for propuesta, desde in nuevas:
        for hacia, tope in caso["jurados"].items():
            puede = (propuesta, hacia) not in todas | caso["vetados"] and (tope is None or carga[hacia] < tope)
            assert not (puede and carga[desde] - carga[hacia] >= 2)
    # La misma semilla, lo mismo; y repetirlo completo no añade.
    assert repartir(**caso) == reparto
    assert repartir(**{**caso, "actuales": todas}).nuevas == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 20), st.integers(1, 9), st.integers(1, 4), st.integers(0, 999))
def test_sin_topes_ni_conflictos_las_cargas_difieren_en_uno(propuestas, jurados, minimo, semilla):
    reparto = repartir(
        propuestas=range(propuestas), jurados=dict.fromkeys(range(100, 100 + jurados)), actuales=[], vetados=[],
        minimo=minimo, semilla=semilla,
    )  # fmt: skip
    carga = Counter({j: 0 for j in range(100, 100 + jurados)})
    carga.update(j for _p, j in reparto.nuevas)
    assert max(carga.values()) - min(carga.values()) <= 1
    assert len(reparto.nuevas) == propuestas * min(minimo, jurados)


def test_mueve_lo_que_acaba_de_dar_para_que_quepa_la_ultima():
    """Sólo el jurado 10 puede con la propuesta 2: la 1, que puede con los dos, se corre."""
    for semilla in range(20):
        reparto = repartir(
            propuestas=[1, 2], jurados={10: 1, 11: 1}, actuales=[], vetados=[(2, 11)], minimo=1, semilla=semilla
        )
        assert reparto.nuevas == [(1, 11), (2, 10)]


def test_si_no_alcanza_la_primera_de_cada_una_va_antes_que_la_segunda_de_ninguna():
    reparto = repartir(propuestas=[1, 2, 3], jurados={10: 3, 11: 1}, actuales=[], vetados=[], minimo=2, semilla=7)
    assert Counter(p for p, _j in reparto.nuevas).keys() == {1, 2, 3}
    assert sorted(reparto.faltan.values()) == [1, 1]


def test_la_semilla_cambia_el_reparto():
    repartos = {
        tuple(repartir(propuestas=range(6), jurados=dict.fromkeys(range(3)), actuales=[], vetados=[], minimo=1, semilla=s).nuevas)
        for s in range(10)
    }
    assert len(repartos) > 1
