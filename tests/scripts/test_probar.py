import re
import sys

import pytest

from scripts import probar
from scripts.probar import Corrida, Paso


@pytest.fixture
def corrida(tmp_path, monkeypatch):
    monkeypatch.setattr(probar, "EN_CI", False)
    return Corrida(tmp_path)


def paso(*argumentos, nombre="paso"):
    return Paso(nombre, [sys.executable, *argumentos])


def bateria(tmp_path, *casos):
    """Un archivo de pruebas con esos cuerpos, en una carpeta ajena a la configuración del proyecto."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    archivo = tmp_path / "test_muestra.py"
    cuerpos = (f"def test_{n}():\n    {cuerpo}\n" for n, cuerpo in enumerate(casos))
    archivo.write_text("import pytest\n" + "".join(cuerpos))
    return ["-c", str(tmp_path / "pytest.ini"), "-p", "no:django", str(archivo)]


def test_todo_bien_sale_con_cero(corrida, tmp_path, capfd):
    corrida.correr(paso("-c", "pass"))
    corrida.correr(corrida.bateria("muestra", *bateria(tmp_path, "pass", "pass")))
    assert corrida.resumen() == 0
    assert capfd.readouterr().out.splitlines()[-1].startswith("==== 3 passed, 0 failed, 0 skipped in ")


def test_una_prueba_que_falla_sale_con_uno(corrida, tmp_path, capfd):
    corrida.correr(corrida.bateria("muestra", *bateria(tmp_path, "pass", "assert 0")))
    assert corrida.resumen() == 1
    assert "==== 1 passed, 1 failed, 0 skipped" in capfd.readouterr().out


def test_un_paso_que_falla_sale_con_uno(corrida):
    corrida.correr(paso("-c", "raise SystemExit(3)"))
    assert corrida.resumen() == 1


def test_pytest_que_no_llega_a_empezar_es_un_fallo(corrida):
    corrida.correr(corrida.bateria("muestra", "no/existe.py"))
    assert corrida.pasos[0][1:4] == (0, 1, 0)


def test_un_paso_que_no_termina_se_detiene_y_falla(corrida, monkeypatch):
    monkeypatch.setattr(probar, "LIMITE", 1)
    corrida.correr(paso("-c", "import time; time.sleep(60)"))
    assert corrida.resumen() == 1


def test_varios_pasos_van_a_la_vez_y_cada_uno_muestra_lo_suyo_entero(corrida, tmp_path, capfd):
    """Cada uno espera a que el otro haya empezado: uno tras otro, el primero no terminaría nunca."""

    codigo = (
        "import sys, time; from pathlib import Path; Path(sys.argv[1]).touch(); print('antes', flush=True)\n"
        "while not Path(sys.argv[2]).exists(): time.sleep(0.05)\n"
        "print('después'); sys.exit(sys.argv[1].endswith('dos'))"
    )
    uno, dos = str(tmp_path / "uno"), str(tmp_path / "dos")
    corrida.correr(paso("-c", codigo, uno, dos, nombre="uno"), paso("-c", codigo, dos, uno, nombre="dos"))
    assert corrida.resumen() == 1
    salida = capfd.readouterr().out
    assert re.search(r"=== uno =+\nantes\ndespués\n\n=== dos =+\nantes\ndespués\n", salida)
    assert "==== 1 passed, 1 failed, 0 skipped" in salida


def test_lo_que_falta_se_nombra_y_no_falla_fuera_de_ci(corrida, capfd):
    corrida.falta("Chromium", "no se hicieron las pruebas de navegador")
    assert corrida.resumen() == 0
    assert "FALTA    Chromium: no se hicieron las pruebas de navegador" in capfd.readouterr().out


def test_lo_que_falta_es_un_fallo_en_ci(corrida, monkeypatch):
    monkeypatch.setattr(probar, "EN_CI", True)
    corrida.falta("Chromium", "no se hicieron las pruebas de navegador")
    assert corrida.resumen() == 1


def test_lo_saltado_se_nombra_y_en_ci_es_un_fallo(corrida, tmp_path, monkeypatch, capfd):
    corrida.correr(corrida.bateria("muestra", *bateria(tmp_path, "pytest.skip('porque sí')")))
    assert corrida.resumen() == 0
    assert "SALTADA  muestra: test_muestra.test_0: porque sí" in capfd.readouterr().out
    monkeypatch.setattr(probar, "EN_CI", True)
    assert corrida.resumen() == 1


def test_las_variables_de_quien_prueba_no_entran(corrida, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://la-de-verdad/produccion")
    monkeypatch.setenv("SECRET_KEY", "la-de-verdad")
    corrida.correr(paso("-c", "import os, sys; sys.exit('la-de-verdad' in str(dict(os.environ)))"))
    assert corrida.resumen() == 0
