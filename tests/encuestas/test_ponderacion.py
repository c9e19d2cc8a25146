import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cuentas.enums import RolPersonal
from encuestas.analisis.ponderacion import calcular_pesos, guardar_poblacion, leer_poblacion, poblacion_de, ponderar
from encuestas.enums import Rasgo
from encuestas.resultados.consulta import resultados
from encuestas.resultados.cruces import cantidades_por
from tests import fabricas
from tests.encuestas.fabricas_encuestas import contestada, encuesta, pregunta, reglas_de


@pytest.mark.parametrize("separador", [";", "\t", ","])
def test_lee_la_tabla_con_encabezado_tildes_y_miles(separador):
    texto = f"Edad{separador}Población\n18 a 28 años{separador}12.500\n60_mas{separador}4000\n"
    assert leer_poblacion(texto, Rasgo.EDAD) == {"18_28": 12500, "60_mas": 4000}


def test_un_area_conserva_su_nombre():
    assert leer_poblacion("Vereda El Ñame, sector 2;300", Rasgo.AREA) == {"Vereda El Ñame, sector 2": 300}


@pytest.mark.parametrize(
    ("texto", "dice"),
    [
        ("", "ningún grupo"),
        ("18_28;100\n18_28;200", "Renglón 2"),
        ("18_28;100\notro;200", "no es un grupo conocido"),
        ("18_28;100\n60_mas;-4", "Renglón 2"),
        ("18_28;0", "mayor que cero"),
        ("18_28;99999999999999", "mayor que cero"),
        ("18_28;100\n60_mas", "Renglón 2"),
    ],
)
def test_una_tabla_mala_dice_en_que_renglon(texto, dice):
    with pytest.raises(ValidationError) as error:
        leer_poblacion(texto, Rasgo.EDAD)
    assert dice in " ".join(error.value.messages)


def test_los_pesos_reparten_como_la_poblacion():
    pesos = calcular_pesos(Rasgo.EDAD, {"18_28": 500, "60_mas": 500}, {"18_28": 80, "60_mas": 20})
    assert pesos.por_grupo == {"18_28": 0.625, "60_mas": 2.5}
    assert pesos.efectiva == pytest.approx(100**2 / (80 * 0.625**2 + 20 * 2.5**2))


def test_un_peso_enorme_se_recorta_y_se_dice_y_lo_que_falta_tambien():
    pesos = calcular_pesos(Rasgo.EDAD, {"18_28": 10, "60_mas": 990, "14_17": 50}, {"18_28": 95, "60_mas": 5, "": 7})
    assert pesos.por_grupo["60_mas"] == 5.0
    assert [str(nombre) for nombre in pesos.recortados] == ["60 años o más"]
    assert [str(nombre) for nombre in pesos.sin_respuestas] == ["14 a 17 años"]
    assert (pesos.por_grupo[""], pesos.sin_poblacion) == (1.0, 7)


@pytest.fixture
def pagina(db):
    hecha = encuesta([pregunta("unica", "uso", "¿Va?", opciones=["Sí", "No", "A veces"])])
    for edad, opcion, veces in [("18_28", 1, 60), ("18_28", 2, 20), ("60_mas", 1, 8), ("60_mas", 2, 12)]:
        for _ in range(veces):
            contestada(hecha, {"uso": {"opcion": f"uso-o{opcion}", "otra": ""}}, rango_edad=edad)
    return hecha


def ponderadas(pagina, poblacion):
    encuesta_ = reglas_de(pagina)
    muestra = {g: suyas.get("", 0) for g, suyas in cantidades_por(encuesta_, "", Rasgo.EDAD).items()}
    pesos = calcular_pesos(Rasgo.EDAD, poblacion, muestra)
    return ponderar(encuesta_, resultados(encuesta_).por_clave()["uso"].vista, pesos)[0][1]


def test_lo_ponderado_es_el_promedio_de_los_grupos_por_su_poblacion(pagina):
    si, no, a_veces = ponderadas(pagina, {"18_28": 500, "60_mas": 500})
    assert (si.porcentaje, no.porcentaje) == (68.0, 32.0)
    assert si.ponderado == pytest.approx(100 * (0.5 * 60 / 80 + 0.5 * 8 / 20))
    assert si.ponderado + no.ponderado + a_veces.ponderado == pytest.approx(100)


def test_lo_ponderado_no_sirve_para_despejar_una_celda_oculta(pagina):
    """Dos celdas ocultas, su suma y su suma ponderada: se despejarían las dos."""
    for edad, veces in (("18_28", 9), ("60_mas", 2)):
        for _ in range(veces):
            contestada(pagina, {"uso": {"opcion": "uso-o3", "otra": ""}}, rango_edad=edad)
    a_veces = ponderadas(pagina, {"18_28": 500, "60_mas": 500})[2]
    assert a_veces.porcentaje is not None
    assert a_veces.ponderado is None


def analista():
    navegador = Client()
    navegador.force_login(fabricas.personal(RolPersonal.ANALITICA))
    return navegador


def test_la_pantalla_guarda_la_tabla_y_muestra_lo_ponderado(pagina):
    navegador, pk = analista(), pagina.ejercicio.pk
    archivo = SimpleUploadedFile("poblacion.csv", "18 a 28 años;500\n60 años o más;500\n".encode("cp1252"))
    respuesta = navegador.post(reverse("encuestas_analisis:poblacion", args=[pk]), {"rasgo": "rango_edad", "archivo": archivo})
    assert respuesta.status_code == 302
    assert poblacion_de(reglas_de(pagina)) == {Rasgo.EDAD: {"18_28": 500, "60_mas": 500}}
    html = navegador.get(reverse("encuestas_analisis:resultados", args=[pk]), {"pregunta": "uso", "por": "rango_edad"}).content.decode()
    assert "57,5" in html and "muestra efectiva" in html


def test_una_tabla_mala_conserva_lo_escrito(pagina):
    guardar_poblacion(encuesta=reglas_de(pagina), rasgo=Rasgo.EDAD, poblacion={"18_28": 1}, actor=fabricas.personal())
    datos = {"rasgo": "rango_edad", "tabla": "18_28;mil\nnadie;4"}
    respuesta = analista().post(reverse("encuestas_analisis:poblacion", args=[pagina.ejercicio.pk]), datos)
    assert respuesta.status_code == 422
    assert "nadie;4" in respuesta.content.decode()
    assert poblacion_de(reglas_de(pagina)) == {Rasgo.EDAD: {"18_28": 1}}
