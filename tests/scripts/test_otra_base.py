import pytest

from tests.conftest import depende_de_la_base


def test_la_que_no_abre_la_base_se_prueba_una_vez(request):
    assert not depende_de_la_base(request.node)


@pytest.mark.una_base
def test_la_de_hilos_se_prueba_en_las_dos_aunque_su_modulo_no(request, hilos):
    assert depende_de_la_base(request.node)


@pytest.mark.django_db
def test_la_que_la_abre_se_prueba_en_las_dos(request):
    assert depende_de_la_base(request.node)


def test_la_que_la_pide_como_fixture_tambien(request, db):
    assert depende_de_la_base(request.node)


@pytest.mark.una_base
@pytest.mark.django_db
def test_la_marcada_se_prueba_una_vez(request):
    assert not depende_de_la_base(request.node)
