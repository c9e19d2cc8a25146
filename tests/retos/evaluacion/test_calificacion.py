"""Calificar: guardar, enviar, reabrir y apartarse, sobre la página del jurado."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cuentas.actions import asignar_rol, quitar_rol
from cuentas.enums import RolPersonal
from retos.evaluacion.actions.calificacion import enviar_evaluacion, guardar_evaluacion, reabrir_evaluacion
from retos.evaluacion.actions.jurado import remover
from retos.evaluacion.puntaje import total_de
from retos.models import Criterio, Integrante, Puntaje
from tests import fabricas as f

from .mundo import asignar, cuenta_de, en_evaluacion, evaluacion, notas, sumar

pytestmark = pytest.mark.django_db
GENIAL = {"comentario_proponente": "Buena idea.", "comentario_comite": "Cara."}


@pytest.fixture
def mundo():
    return en_evaluacion(propuestas=2)


def entrar(client, lugar):
    client.force_login(cuenta_de(lugar))
    return client


def datos(mundo, *valores, accion="enviar", **campos) -> dict:
    return {f"criterio-{pk}": valor for pk, valor in notas(mundo, *valores).items()} | {"accion": accion, **GENIAL, **campos}


@pytest.mark.parametrize(
    ("pesos", "escalas", "valores", "total"),
    [
        ((60, 40), ((0, 5), (0, 5)), (5, 5), "100.00"),
        ((60, 40), ((0, 5), (0, 5)), (0, 0), "0.00"),
        ((60, 40), ((0, 5), (0, 5)), (3, 4), "68.00"),  # 36 + 32
        ((60, 40), ((1, 5), (0, 10)), (1, 5), "20.00"),  # 0 + 20
        ((33, 67), ((0, 3), (0, 3)), (1, 2), "55.67"),  # 11 + 44,666…
        ((1, 99), ((0, 8), (0, 8)), (1, 0), "0.13"),  # 0,125: la mitad, hacia arriba
    ],
)
def test_total_hecho_a_mano(pesos, escalas, valores, total):
    criterios = [
        Criterio(pk=n, peso=peso, minimo=minimo, maximo=maximo) for n, (peso, (minimo, maximo)) in enumerate(zip(pesos, escalas, strict=True))
    ]
    assert total_de(criterios, dict(enumerate(valores))) == Decimal(total)


def test_guardar_enviar_y_reabrir(client, mundo):
    suya, lugar = evaluacion(mundo), mundo.jurados[0]
    entrar(client, lugar)
    url = f"/jurado/evaluaciones/{suya.pk}/"
    criterio = mundo.ejercicio.criterios.first()
    respuesta = client.post(url, {f"criterio-{criterio.pk}": "3", "accion": "guardar", **GENIAL})
    assert respuesta.status_code == 302
    suya.refresh_from_db()
    assert (suya.estado, suya.total, suya.comentario_comite) == ("en_curso", None, "Cara.")
    respuesta = client.post(url, datos(mundo, 3, 4))
    suya.refresh_from_db()
    assert (suya.estado, suya.total) == ("enviada", Decimal("68.00"))
    # La siguiente pendiente se abre sola.
    assert respuesta.url == f"/jurado/evaluaciones/{evaluacion(mundo, 1).pk}/"
    respuesta = client.post(url, datos(mundo, 5, 5), follow=True)
    assert "ya se había enviado" in respuesta.content.decode()
    suya.refresh_from_db()
    assert suya.total == Decimal("68.00")
    client.post(url, {"accion": "reabrir"})
    suya.refresh_from_db()
    assert (suya.estado, suya.total, suya.enviada_en) == ("en_curso", None, None)
    assert suya.puntajes.count() == 2


def test_se_guarda_solo_sin_enviar(client, mundo):
    suya, lugar = evaluacion(mundo), mundo.jurados[0]
    entrar(client, lugar)
    url, automatico = f"/jurado/evaluaciones/{suya.pk}/", {"X-Autoguardado": "1"}
    respuesta = client.post(url, datos(mundo, 3, 4), headers=automatico)
    assert respuesta.status_code == 200 and respuesta.json()["mensaje"].startswith("Guardado ")
    suya.refresh_from_db()
    assert (suya.estado, suya.comentario_comite, suya.puntajes.count()) == ("en_curso", "Cara.", 2)
    respuesta = client.post(url, datos(mundo, 3, 9), headers=automatico)
    assert (respuesta.status_code, "entre 0 y 5" in respuesta.json()["mensaje"]) == (422, True)
    client.post(url, datos(mundo, 3, 4))
    respuesta = client.post(url, datos(mundo, 1, 1), headers=automatico)
    assert respuesta.status_code == 409
    suya.refresh_from_db()
    assert suya.total == Decimal("68.00")


@pytest.mark.parametrize("valor", ["6", "-1", "muchos", "3.5", "9" * 30, "\x00"])
def test_una_nota_fuera_de_escala_se_rechaza_junto_a_su_criterio(client, mundo, valor):
    suya = evaluacion(mundo)
    entrar(client, mundo.jurados[0])
    primero, segundo = notas(mundo, 0, 4)
    respuesta = client.post(
        f"/jurado/evaluaciones/{suya.pk}/", {f"criterio-{primero}": valor, f"criterio-{segundo}": "4", "accion": "enviar", **GENIAL}
    )
    texto = respuesta.content.decode()
    assert respuesta.status_code == 422
    assert "entre 0 y 5" in texto
    assert "Cara." in texto and "Buena idea." in texto
    assert not Puntaje.objects.exists()
    suya.refresh_from_db()
    assert suya.estado == "asignada"


def test_sin_todos_los_criterios_no_se_envia_y_no_queda_nada_a_medias(client, mundo):
    suya = evaluacion(mundo)
    entrar(client, mundo.jurados[0])
    criterio = mundo.ejercicio.criterios.first()
    respuesta = client.post(f"/jurado/evaluaciones/{suya.pk}/", {f"criterio-{criterio.pk}": "3", "accion": "enviar", **GENIAL})
    assert respuesta.status_code == 422
    assert "Falta calificar este criterio" in respuesta.content.decode()
    assert not Puntaje.objects.exists()


def test_la_accion_no_confia_en_el_formulario(mundo):
    suya, quien = evaluacion(mundo), cuenta_de(mundo.jurados[0])
    with pytest.raises(ValidationError, match="entre 0 y 5"):
        guardar_evaluacion(evaluacion=suya, actor=quien, valores=notas(mundo, 6, 0))
    with pytest.raises(ValidationError, match="no es de este reto"):
        guardar_evaluacion(evaluacion=suya, actor=quien, valores={10**9: 1})
    with pytest.raises(PermissionDenied):
        guardar_evaluacion(evaluacion=suya, actor=mundo.gestion, valores={})


def test_ni_antes_ni_despues_de_la_fase(client, mundo):
    suya = evaluacion(mundo)
    entrar(client, mundo.jurados[0])
    for fase, dice in (("decision", "Ya no se puede evaluar"), ("convocatoria", "Todavía no se puede evaluar")):
        f.mover_reloj(mundo.pagina, fase)
        respuesta = client.post(f"/jurado/evaluaciones/{suya.pk}/", datos(mundo, 3, 4))
        assert respuesta.status_code == 422
        assert dice in respuesta.content.decode()
        assert "Cara." in respuesta.content.decode()
    suya.refresh_from_db()
    assert suya.estado == "asignada"
    f.mover_reloj(mundo.pagina, "evaluacion")
    enviada = enviar_evaluacion(evaluacion=suya, actor=cuenta_de(mundo.jurados[0]), valores=notas(mundo, 3, 4))
    f.mover_reloj(mundo.pagina, "decision")
    with pytest.raises(ValidationError, match="Ya no se puede evaluar"):
        reabrir_evaluacion(evaluacion=enviada, actor=cuenta_de(mundo.jurados[0]))


def test_el_removido_no_evalua_y_lo_enviado_cuenta(client, mundo):
    lugar = mundo.jurados[0]
    enviar_evaluacion(evaluacion=evaluacion(mundo), actor=cuenta_de(lugar), valores=notas(mundo, 3, 4))
    remover(jurado=lugar, actor=mundo.gestion, motivo="No respondió.")
    entrar(client, lugar)
    for cual in (0, 1):
        suya = evaluacion(mundo, cual)
        respuesta = client.post(f"/jurado/evaluaciones/{suya.pk}/", datos(mundo, 1, 1))
        assert respuesta.status_code == 403
        assert mundo.propuestas[cual].descripcion not in respuesta.content.decode()
    assert [evaluacion(mundo, n).estado for n in (0, 1)] == ["enviada", "retirada"]
    assert not cuenta_de(lugar).is_staff


def test_el_proponente_no_evalua_aunque_empiece_a_proponer_despues(client, mundo):
    lugar = mundo.jurados[0]
    persona = f.habilitar(lugar.usuario)
    Integrante.objects.create(
        propuesta=mundo.propuestas[1], participante=persona.participante, desde=mundo.propuestas[1].publicada_en
    )
    entrar(client, lugar)
    respuesta = client.post(f"/jurado/evaluaciones/{evaluacion(mundo).pk}/", datos(mundo, 3, 4))
    assert respuesta.status_code == 403
    assert "tiene una propuesta en este reto" in respuesta.content.decode()
    assert not Puntaje.objects.exists()


def test_ciega_un_rol_que_conoce_dado_despues_lo_detiene():
    mundo = en_evaluacion(evaluacion_ciega=True)
    lugar, suya = mundo.jurados[0], evaluacion(mundo)
    for rol in (RolPersonal.MODERACION, RolPersonal.GESTION, RolPersonal.ADMINISTRACION, RolPersonal.ANALITICA):
        asignar_rol(usuario=lugar.usuario, sitio=f.sitio(), rol=rol, actor=None)
        with pytest.raises(ValidationError, match="evaluación es ciega"):
            guardar_evaluacion(evaluacion=suya, actor=cuenta_de(lugar), valores=notas(mundo, 3, 4))
        quitar_rol(usuario=lugar.usuario, sitio=f.sitio(), rol=rol, actor=None)
    guardar_evaluacion(evaluacion=suya, actor=cuenta_de(lugar), valores=notas(mundo, 3, 4))


def test_sin_el_rol_de_jurado_no_evalua(mundo):
    lugar = mundo.jurados[0]
    quitar_rol(usuario=lugar.usuario, sitio=f.sitio(), rol=RolPersonal.JURADO, actor=None)
    with pytest.raises(ValidationError, match="ya no tiene el rol"):
        guardar_evaluacion(evaluacion=evaluacion(mundo), actor=cuenta_de(lugar), valores=notas(mundo, 3, 4))


def test_la_de_otra_persona_no_existe(client, mundo):
    otro = sumar(mundo)
    asignar(mundo, [(mundo.propuestas[0].pk, otro.pk)])
    ajena = evaluacion(mundo, 0, 1)
    entrar(client, mundo.jurados[0])
    for final in ("", "abstenerse/", "conflicto/"):
        url = f"/jurado/evaluaciones/{ajena.pk}/{final}"
        assert [client.get(url).status_code, client.post(url, datos(mundo, 3, 4)).status_code] == [404, 404]
    assert client.get("/jurado/evaluaciones/999999999999/").status_code == 404


@pytest.mark.parametrize(("final", "estado"), [("abstenerse/", "abstenida"), ("conflicto/", "impedida")])
def test_apartarse_pide_motivo(client, mundo, final, estado):
    suya = evaluacion(mundo)
    entrar(client, mundo.jurados[0])
    url = f"/jurado/evaluaciones/{suya.pk}/{final}"
    assert client.post(url, {"motivo": " "}).status_code == 422
    assert client.post(url, {"motivo": "Trabajé con esa persona."}).status_code == 302
    suya.refresh_from_db()
    assert suya.estado == estado
    assert client.get(f"/jurado/evaluaciones/{suya.pk}/").status_code == 403
    assert client.post(url, {"motivo": "Otra vez."}).status_code == 404
    if estado == "impedida":
        with pytest.raises(ValidationError, match="conflicto"):
            asignar(mundo, [(mundo.propuestas[0].pk, mundo.jurados[0].pk)])


@pytest.mark.parametrize("propuestas", [1, 3])
def test_la_mesa_y_la_pagina_con_consultas_contadas(client, django_assert_num_queries, propuestas):
    mundo = en_evaluacion(propuestas=propuestas)
    entrar(client, mundo.jurados[0])
    client.get("/jurado/")
    with django_assert_num_queries(8):
        assert client.get("/jurado/").status_code == 200
    url = f"/jurado/evaluaciones/{evaluacion(mundo).pk}/"
    client.get(url)
    with django_assert_num_queries(21):
        assert client.get(url).status_code == 200
