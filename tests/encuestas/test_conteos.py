import random
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from encuestas import conteos
from encuestas.models import Conteo
from encuestas.resultados.consulta import resultados
from participacion.formularios.actions import escribir_valores
from participacion.formularios.enums import EstadoRespuesta
from participacion.formularios.models import Respuesta
from tests.encuestas.fabricas_encuestas import contestada, encuesta, pregunta, reglas_de

pytestmark = pytest.mark.django_db

ESCRITAS = 400


def crear():
    return encuesta(
        [
            pregunta("unica", "u", opciones=["A", "B", "C"]),
            pregunta("multiple", "m", opciones=["A", "B", "C", "D"]),
            pregunta("escala", "e", escala="cero_diez"),
            pregunta("matriz", "x", filas=["F1", "F2"], opciones=["A", "B"]),
            pregunta("ordenamiento", "o", opciones=["A", "B", "C"]),
            pregunta("si_no", "s"),
            pregunta("texto_corto", "t"),
        ]
    )


def al_azar(azar):
    valores = {
        "u": {"opcion": f"u-o{azar.randint(1, 3)}", "otra": ""},
        "m": {"opciones": [f"m-o{n}" for n in sorted(azar.sample(range(1, 5), azar.randint(1, 4)))], "otra": ""},
        "e": azar.randint(0, 10),
        "x": {f"x-f-o{n}": f"x-o{azar.randint(1, 2)}" for n in range(1, azar.randint(2, 3))},
        "o": azar.sample(["o-o1", "o-o2", "o-o3"], azar.randint(1, 3)),
        "s": azar.random() < 0.5,
        "t": "texto",
    }
    return {clave: valor for clave, valor in valores.items() if azar.random() < 0.85}


def rasgos(azar):
    return {
        "actor_tipo": azar.choice(["ciudadania", "empresa", ""]),
        "rango_edad": azar.choice(["18_28", "60_mas", ""]),
        "area": azar.choice(["Comuna 1", "Comuna 2", "Vereda El Ñame"]),
    }


def cambiar(respuesta, valores):
    conteos.sumar(respuesta, list(respuesta.valores.select_related("pregunta")), signo=-1)
    escribir_valores(respuesta=respuesta, formulario=respuesta.version.formulario(), valores=valores)
    conteos.sumar(respuesta, list(respuesta.valores.select_related("pregunta")))


def anular(respuesta):
    conteos.sumar(respuesta, list(respuesta.valores.select_related("pregunta")), signo=-1)
    Respuesta.objects.filter(pk=respuesta.pk).update(estado=EstadoRespuesta.ANULADA)


def poblar(azar, pagina, cuantas):
    """Envíos, correcciones y anulaciones al azar. Devuelve lo que cada respuesta viva dice al final."""
    vivas = {}
    for _ in range(cuantas):
        suerte = azar.random()
        if suerte < 0.7 or not vivas:
            valores, propios = al_azar(azar), rasgos(azar)
            respuesta = contestada(pagina, valores, **propios)
            vivas[respuesta.pk] = (respuesta, valores, propios)
        elif suerte < 0.9:
            respuesta, _valores, propios = azar.choice(list(vivas.values()))
            valores = al_azar(azar)
            cambiar(respuesta, valores)
            vivas[respuesta.pk] = (respuesta, valores, propios)
        else:
            respuesta = vivas.pop(azar.choice(list(vivas)))[0]
            anular(respuesta)
    return [(valores, propios) for _r, valores, propios in vivas.values()]


def esperado_de(dichas, pregunta_, leer):
    """La cuenta a mano, de lo que se quiso decir y no de las filas guardadas."""
    return Counter(parte for valores, _p in dichas if pregunta_ in valores for parte in leer(valores[pregunta_]))


@pytest.mark.parametrize("semilla", [1, 2])
def test_los_conteos_son_los_de_python_tras_cambios_al_azar(semilla):
    azar, pagina = random.Random(semilla), crear()
    dichas = poblar(azar, pagina, ESCRITAS)
    assert conteos.guardados(pagina.ejercicio) == conteos.contar_de_nuevo(pagina.ejercicio)
    encuesta_ = reglas_de(pagina)
    encuesta_.minimo_grupo = 1  # se comprueba la cuenta, no lo que se oculta
    hechos = resultados(encuesta_)
    assert hechos.total == len(dichas)
    por_clave = hechos.por_clave()

    def contado(clave):
        casillas = [c for d in por_clave[clave].distribuciones for c in d.casillas]
        return {c.definida.clave: c.cantidad for c in casillas if c.cantidad}

    assert contado("u") == esperado_de(dichas, "u", lambda v: [v["opcion"]])
    assert contado("m") == esperado_de(dichas, "m", lambda v: v["opciones"])
    assert contado("e") == esperado_de(dichas, "e", lambda v: [f"n{v}"])
    assert contado("x") == esperado_de(dichas, "x", lambda v: [f"{fila}:{col}" for fila, col in v.items()])
    assert contado("o") == esperado_de(dichas, "o", lambda v: v[:1])
    assert contado("s") == esperado_de(dichas, "s", lambda v: ["n1" if v else "n0"])
    assert por_clave["t"].respondieron == sum("t" in valores for valores, _p in dichas)


def test_recontar_halla_lo_alterado_y_lo_corrige(capsys):
    pagina = crear()
    poblar(random.Random(3), pagina, 60)
    call_command("recontar_encuestas")
    assert "coinciden" in capsys.readouterr().out
    primero = Conteo.objects.filter(ejercicio=pagina.ejercicio).exclude(cantidad=0).first()
    Conteo.objects.filter(pk=primero.pk).update(cantidad=primero.cantidad + 1)
    with pytest.raises(CommandError):
        call_command("recontar_encuestas")
    assert "1 casillas" in capsys.readouterr().err
    call_command("recontar_encuestas", rehacer=True)
    assert conteos.guardados(pagina.ejercicio) == conteos.contar_de_nuevo(pagina.ejercicio)
    call_command("recontar_encuestas")


def test_dos_que_suman_a_la_vez_no_se_pierden(hilos):
    pagina = crear()
    valores = {"u": {"opcion": "u-o1", "otra": ""}, "s": True}
    salidas = hilos(*[lambda: contestada(pagina, valores, area="Comuna 1")] * 8)
    assert not [salida for salida in salidas if isinstance(salida, Exception)]
    guardados = conteos.guardados(pagina.ejercicio)
    assert guardados == conteos.contar_de_nuevo(pagina.ejercicio)
    assert max(guardados.values()) == 8
