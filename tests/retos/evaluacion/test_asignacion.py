"""Invitar, remover, asignar a mano y repartir: por las pantallas de la gestión."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry

from cuentas.actions import asignar_rol
from cuentas.enums import RolMembresia, RolPersonal
from cuentas.models import Membresia, Usuario
from participacion.registro.models import Acto
from retos.evaluacion.actions.asignacion import cambiar_asignaciones, declarar_impedimento, repartir
from retos.evaluacion.actions.calificacion import enviar_evaluacion
from retos.evaluacion.actions.jurado import invitar
from retos.evaluacion.enums import Papel
from retos.models import Evaluacion, Jurado
from tests import fabricas as f

from .mundo import cuenta_de, en_evaluacion, evaluacion, notas, sumar

pytestmark = pytest.mark.django_db


def admin(mundo, que, *partes) -> str:
    return "/".join(["/admin/programa/evaluacion", str(mundo.ejercicio.pk), que, *map(str, partes), ""])


def entrar(client, mundo):
    client.force_login(mundo.gestion)
    return client


def invitar_a(client, mundo, **datos):
    return client.post(admin(mundo, "jurado"), {"correo": "nueva@example.org", "nombre": "Nora", "apellido": "Paz", "tope": "", **datos})


# --- El jurado ---------------------------------------------------------------------------------------


def test_invitar_a_alguien_sin_cuenta_le_da_una_y_le_escribe(client, trabajar):
    mundo = en_evaluacion(jurados=0)
    assert invitar_a(entrar(client, mundo), mundo, tope="4").status_code == 302
    lugar = Jurado.objects.get()
    assert (lugar.estado, lugar.tope, lugar.usuario.email) == ("invitado", 4, "nueva@example.org")
    assert set(lugar.usuario.groups.values_list("name", flat=True)) == {RolPersonal.JURADO}
    trabajar()
    (correo,) = [m for m in mail.outbox if m.to == ["nueva@example.org"]]
    assert "/jurado/" in correo.body
    assert "/cuenta/password/reset/" in correo.body
    assert Acto.objects.filter(tipo="jurado_invitado", participante=None).count() == 1
    respuesta = invitar_a(client, mundo)
    assert respuesta.status_code == 422
    assert "ya está en la lista" in respuesta.content.decode()


def test_una_cuenta_que_existe_pide_confirmar_que_es_esa(client):
    mundo, cuenta = en_evaluacion(jurados=0), f.cuenta("suya@example.org")
    entrar(client, mundo)
    respuesta = invitar_a(client, mundo, correo="SUYA@example.org")
    assert respuesta.status_code == 422
    assert "Invitar a la cuenta que ya existe" in respuesta.content.decode()
    assert not Jurado.objects.exists() and not Usuario.objects.get(pk=cuenta.pk).is_staff
    assert invitar_a(client, mundo, correo="suya@example.org", usar_cuenta="on").status_code == 302
    assert Jurado.objects.get().usuario == cuenta


def test_quien_propone_o_conoce_identidades_no_se_invita(client):
    mundo = en_evaluacion(jurados=0, evaluacion_ciega=True)
    entrar(client, mundo)
    proponente = mundo.propuestas[0].autor.cuenta
    for correo, dice in (
        (proponente.email, "tiene una propuesta en este reto"),
        (mundo.moderador.email, "evaluación es ciega"),
        (f.cuenta(is_superuser=True).email, "evaluación es ciega"),
        (mundo.gestion.email, "evaluación es ciega"),
    ):
        respuesta = invitar_a(client, mundo, correo=correo, usar_cuenta="on")
        assert respuesta.status_code == 422
        assert dice in respuesta.content.decode()
    assert not Jurado.objects.exists()


def test_aceptar_y_declinar_desde_la_mesa(client):
    mundo = en_evaluacion(jurados=0)
    lugares = [sumar(mundo, acepta=False) for _vez in range(2)]
    for lugar, accion, estado, es_personal in zip(lugares, ("aceptar", "declinar"), ("aceptado", "declinado"), (True, False), strict=True):
        client.force_login(cuenta_de(lugar))
        assert "Le invitan" in client.get("/jurado/").content.decode()
        client.post(f"/jurado/{lugar.pk}/responder/", {"accion": accion})
        lugar.refresh_from_db()
        assert (lugar.estado, cuenta_de(lugar).is_staff) == (estado, es_personal)
    assert client.post(f"/jurado/{lugares[0].pk}/responder/", {"accion": "declinar"}).status_code == 404


def test_remover_pide_motivo_avisa_y_suelta_lo_pendiente(client, trabajar):
    mundo = en_evaluacion()
    lugar = mundo.jurados[0]
    url = admin(mundo, "jurado", lugar.pk)
    entrar(client, mundo)
    assert client.post(url, {"accion": "remover", "remover-motivo": ""}).status_code == 422
    assert client.post(url, {"accion": "remover", "remover-motivo": "Viajó y no puede."}).status_code == 302
    lugar.refresh_from_db()
    assert (lugar.estado, lugar.motivo, evaluacion(mundo).estado) == ("removido", "Viajó y no puede.", "retirada")
    trabajar()
    assert any("Viajó y no puede." in m.body for m in mail.outbox)
    assert client.post(url, {"accion": "invitar"}).status_code == 302
    lugar.refresh_from_db()
    assert (lugar.estado, lugar.motivo, cuenta_de(lugar).is_staff) == ("invitado", "", True)


def test_el_tope_y_lo_que_no_se_entiende(client):
    mundo = en_evaluacion()
    url = admin(mundo, "jurado", mundo.jurados[0].pk)
    entrar(client, mundo)
    for malo in ("0", "-1", "x", "99999"):
        assert client.post(url, {"accion": "tope", "tope-tope": malo}).status_code == 422
    client.post(url, {"accion": "tope", "tope-tope": "2"})
    mundo.jurados[0].refresh_from_db()
    assert mundo.jurados[0].tope == 2
    assert client.post(url, {"accion": "nada"}).status_code == 302
    assert client.get(admin(mundo, "jurado", 10**12)).status_code == 404


# --- Conflictos -------------------------------------------------------------------------------------------


def test_conflictos_automaticos_impiden_asignar():
    mundo = en_evaluacion(propuestas=0, asignadas=False)
    duena = f.persona()
    organizacion = f.organizacion(duena)
    f.mover_reloj(mundo.pagina, "convocatoria")
    mundo.propuestas = [f.publicada(mundo.pagina, duena, en_nombre_de=organizacion), f.publicada(mundo.pagina)]
    f.mover_reloj(mundo.pagina, "evaluacion")
    lugar = mundo.jurados[0]
    colega = f.habilitar(lugar.usuario)
    Membresia.objects.create(participante=colega.participante, organizacion=organizacion, rol=RolMembresia.INTEGRANTE)
    suya, otra = ((p.pk, lugar.pk) for p in mundo.propuestas)
    with pytest.raises(ValidationError, match="organización que la presenta"):
        cambiar_asignaciones(ejercicio=mundo.ejercicio, actor=mundo.gestion, dar=[suya], quitar=[])
    assert cambiar_asignaciones(ejercicio=mundo.ejercicio, actor=mundo.gestion, dar=[otra], quitar=[]) == 1


def test_conflicto_anotado_por_la_gestion_retira_y_no_se_vuelve_a_dar(client):
    mundo = en_evaluacion(propuestas=2)
    lugar, entrada = mundo.jurados[0], entrar(client, mundo)
    url = admin(mundo, "jurado", lugar.pk)
    datos = {"accion": "impedir", "impedir-propuesta": mundo.propuestas[0].pk, "impedir-motivo": "Es su vecino."}
    assert entrada.post(url, {**datos, "impedir-motivo": " "}).status_code == 422
    assert entrada.post(url, datos).status_code == 302
    assert evaluacion(mundo).estado == "retirada"
    assert entrada.post(url, datos).status_code == 422
    assert repartir(ejercicio=mundo.ejercicio, actor=mundo.gestion, semilla=1).nuevas == []
    enviar_evaluacion(evaluacion=evaluacion(mundo, 1), actor=cuenta_de(lugar), valores=notas(mundo, 1, 1))
    with pytest.raises(ValidationError, match="Enviada"):
        declarar_impedimento(jurado=lugar, propuesta=mundo.propuestas[1], actor=mundo.gestion, motivo="Tarde.", papel=Papel.GESTION)


# --- Asignar ------------------------------------------------------------------------------------------------


def test_a_mano_por_la_matriz(client, trabajar):
    mundo = en_evaluacion(propuestas=2, jurados=2, asignadas=False)
    (p1, p2), (j1, j2) = ([x.pk for x in cuales] for cuales in (mundo.propuestas, mundo.jurados))
    entrar(client, mundo)
    url = admin(mundo, "asignacion")
    assert client.post(url, {"quiere": [f"{p1}-{j1}", f"{p2}-{j2}"]}).status_code == 302
    assert set(Evaluacion.objects.values_list("propuesta_id", "jurado_id")) == {(p1, j1), (p2, j2)}
    trabajar()
    assert sum("por evaluar" in m.subject for m in mail.outbox) == 2
    client.post(url, {"tenia": [f"{p1}-{j1}", f"{p2}-{j2}"], "quiere": [f"{p2}-{j2}", f"{p2}-{j1}"]})
    assert {(e.propuesta_id, e.jurado_id): e.estado for e in Evaluacion.objects.all()} == {
        (p1, j1): "retirada", (p2, j2): "asignada", (p2, j1): "asignada",
    }  # fmt: skip
    for malo in ("x", "1", "-1", f"{p1}-", "9" * 60):
        assert client.post(url, {"quiere": malo}).status_code == 404
    for ajeno in (f"{p1}-999999", f"999999-{j1}"):
        assert client.post(url, {"quiere": ajeno}).status_code == 422


def test_el_tope_y_quien_no_acepto_no_reciben_nada_a_medias():
    mundo = en_evaluacion(propuestas=2, asignadas=False)
    lugar = mundo.jurados[0]
    Jurado.objects.filter(pk=lugar.pk).update(tope=1)
    with pytest.raises(ValidationError, match="como máximo"):
        cambiar_asignaciones(ejercicio=mundo.ejercicio, actor=mundo.gestion, dar=[(p.pk, lugar.pk) for p in mundo.propuestas], quitar=[])
    assert not Evaluacion.objects.exists()
    invitado = sumar(mundo, acepta=False)
    with pytest.raises(ValidationError, match="Invitado"):
        cambiar_asignaciones(ejercicio=mundo.ejercicio, actor=mundo.gestion, dar=[(mundo.propuestas[0].pk, invitado.pk)], quitar=[])


def test_repartir_es_parejo_completa_y_dice_la_semilla(client):
    mundo = en_evaluacion(propuestas=4, jurados=3, asignadas=False, evaluaciones_minimas=2)
    entrar(client, mundo)
    assert client.post(admin(mundo, "asignacion"), {"accion": "repartir", "semilla": "42"}).status_code == 302
    cargas = sorted(lugar.evaluaciones.count() for lugar in mundo.jurados)
    assert cargas == [2, 3, 3]
    entrada = ModelLogEntry.objects.get(action="retos.repartir")
    assert entrada.data == {"semilla": 42, "nuevas": 8, "cortas": 0}
    hechas = set(Evaluacion.objects.values_list("pk", flat=True))
    client.post(admin(mundo, "asignacion"), {"accion": "repartir", "semilla": "7"})
    assert set(Evaluacion.objects.values_list("pk", flat=True)) == hechas
    assert client.post(admin(mundo, "asignacion"), {"accion": "repartir", "semilla": "x"}).status_code == 422


def test_repartir_dice_cuales_quedan_cortas_y_salta_a_quien_ya_no_puede(client):
    mundo = en_evaluacion(propuestas=1, jurados=2, asignadas=False, evaluaciones_minimas=2, evaluacion_ciega=True)
    asignar_rol(usuario=mundo.jurados[0].usuario, sitio=f.sitio(), rol=RolPersonal.ANALITICA, actor=None)
    entrar(client, mundo)
    respuesta = client.post(admin(mundo, "asignacion"), {"accion": "repartir", "semilla": "1"}, follow=True)
    assert "1 propuesta no llega" in respuesta.content.decode()
    assert [e.jurado for e in Evaluacion.objects.all()] == [mundo.jurados[1]]


def test_la_no_publicada_la_de_otro_reto_y_sin_fase_no_se_asignan(client):
    mundo = en_evaluacion(asignadas=False)
    ajena = f.publicada(f.reto())
    with pytest.raises(ValidationError, match="no se está evaluando"):
        cambiar_asignaciones(ejercicio=mundo.ejercicio, actor=mundo.gestion, dar=[(ajena.pk, mundo.jurados[0].pk)], quitar=[])
    sin_fase = f.reto()
    client.force_login(mundo.gestion)
    assert client.get(f"/admin/programa/evaluacion/{sin_fase.ejercicio.pk}/avance/").status_code == 404
    with pytest.raises(ValidationError, match="no tiene una fase de evaluación"):
        invitar(ejercicio=sin_fase.ejercicio, actor=mundo.gestion, correo="x@example.org", nombre="X", apellido="Y")


def test_dos_repartos_a_la_vez_no_duplican(hilos):
    mundo = en_evaluacion(propuestas=3, jurados=3, asignadas=False, evaluaciones_minimas=2)
    hilos(*(lambda s=s: len(repartir(ejercicio=mundo.ejercicio, actor=mundo.gestion, semilla=s).nuevas) for s in (1, 2)))
    assert Evaluacion.objects.count() == 6
    assert sorted(lugar.evaluaciones.count() for lugar in mundo.jurados) == [2, 2, 2]


def test_doble_envio_a_la_vez_cuenta_una(hilos):
    mundo = en_evaluacion()
    suya, quien = evaluacion(mundo), cuenta_de(mundo.jurados[0])
    valores = notas(mundo, 3, 4)
    hechas = hilos(*(lambda: enviar_evaluacion(evaluacion=suya, actor=quien, valores=valores) for _vez in range(2)))
    assert sorted(type(hecha).__name__ for hecha in hechas) == ["Evaluacion", "ValidationError"]
    assert Acto.objects.filter(tipo="evaluacion_enviada").count() == 1
    assert evaluacion(mundo).puntajes.count() == 2


def test_las_pantallas_no_consultan_mas_por_tener_mas(client, django_assert_max_num_queries):
    """El menú de gestión lo ponen todas las partes: por eso un tope y no una cifra exacta."""
    cuentas = []
    for cuantas in (1, 3):
        mundo = en_evaluacion(propuestas=cuantas, jurados=cuantas)
        entrar(client, mundo)
        for que in ("jurado", "asignacion", "avance", "resultados", "deliberacion"):
            client.get(admin(mundo, que))
            with django_assert_max_num_queries(40) as hechas:
                assert client.get(admin(mundo, que)).status_code == 200
            cuentas.append(len(hechas))
    assert cuentas[:5] == cuentas[5:]
