import pytest

from scripts import postgres
from scripts.postgres import PostgresTemporal, SinPostgres


def test_sin_binarios_lo_dice(monkeypatch):
    monkeypatch.setattr(postgres.shutil, "which", lambda _: None)
    monkeypatch.setattr(postgres.Path, "glob", lambda *_: iter(()))
    with pytest.raises(SinPostgres, match="no hay initdb y pg_ctl"):
        PostgresTemporal()


def test_se_apaga_y_borra_sus_datos_aunque_algo_falle():
    try:
        servidor = PostgresTemporal()
    except SinPostgres as motivo:
        pytest.skip(str(motivo))
    with pytest.raises(RuntimeError, match="a propósito"), servidor:
        assert servidor.consultar("postgres", "SELECT 1") == 1
        raise RuntimeError("a propósito")
    assert not servidor.carpeta.exists()
