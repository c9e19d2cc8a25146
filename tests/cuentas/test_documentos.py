import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError

from cuentas.documentos import huella_de_correo, huella_de_documento, huella_de_padron, normalizar


@pytest.mark.parametrize(
    ("tipo", "numero", "normal"),
    [
        ("CC", "1032456789", "CC:1032456789"),
        (" cc ", " 1.032.456.789 ", "CC:1032456789"),
        ("CC", "1,032,456,789", "CC:1032456789"),
        ("CC", "1032 456 789", "CC:1032456789"),
        ("CC", "1032\xa0456\xa0789", "CC:1032456789"),
        ("CC", "0001032456789", "CC:1032456789"),
        ("CC", "1032-456-789", "CC:1032456789"),
        ("TI", "1098765432", "NUIP:1098765432"),
        ("NUIP", "1098765432", "NUIP:1098765432"),
        ("PA", "ab 123456", "PA:AB123456"),
        ("PPT", "5123456", "PPT:5123456"),
    ],
)
def test_un_documento_escrito_de_varias_maneras_es_el_mismo(tipo, numero, normal):
    assert normalizar(tipo, numero) == normal


@pytest.mark.parametrize(
    ("tipo", "numero", "codigo"),
    [
        ("NIT", "900123456", "tipo"),
        ("", "1032456789", "tipo"),
        ("1032456789", "CC", "tipo"),
        ("CC", "", "numero"),
        ("CC", "12", "numero"),
        ("CC", "000", "numero"),
        ("CC", "1" * 16, "numero"),
        ("CC", "1.03245679E+09", "numero"),
        # Como lo exporta una hoja de cálculo: quitarle el punto daría el número de otra persona.
        ("CC", "1032456789.0", "numero"),
        ("CC", "10.32.45", "numero"),
        ("CC", "AB123456", "numero"),
        ("CC", "١٢٣٤٥٦٧", "numero"),
        ("PA", "AB-#12", "numero"),
        ("PA", "ÑÑ12345", "numero"),
    ],
)
def test_lo_que_no_es_un_documento_se_rechaza_sin_repetirlo(tipo, numero, codigo):
    with pytest.raises(ValidationError) as error:
        normalizar(tipo, numero)
    assert error.value.code == codigo
    assert len(numero) < 4 or numero not in error.value.message
    assert len(tipo) < 4 or tipo not in error.value.message


def test_cada_padron_tiene_sus_huellas():
    una = huella_de_padron("sal-a", "CC", "1032456789")
    assert una == huella_de_padron("sal-a", "CC", "1.032.456.789")
    distintas = {
        una,
        huella_de_padron("sal-b", "CC", "1032456789"),
        huella_de_padron("sal-a", "CE", "1032456789"),
        huella_de_padron("sal-a", "CC", "1032456789", "2015-12-31"),
        huella_de_documento("CC", "1032456789"),
        huella_de_correo("CC:1032456789"),
    }
    assert len(distintas) == 6


def test_la_huella_depende_de_la_clave_y_sin_clave_no_hay_huella(settings):
    antes = huella_de_documento("CC", "1032456789")
    settings.CLAVE_DOCUMENTOS = "otra"
    assert huella_de_documento("CC", "1032456789") != antes
    settings.CLAVE_DOCUMENTOS = ""
    with pytest.raises(ImproperlyConfigured):
        huella_de_documento("CC", "1032456789")
