"""Lo que alguien intenta por donde no se le ofrece, y dos personas que hacen a la vez cosas que se cruzan."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cuentas.rules import tiene_rol
from retos.actions import retirar_propuesta
from retos.evaluacion.actions import admision
from retos.evaluacion.actions.asignacion import cambiar_asignaciones
from retos.evaluacion.actions.calificacion import enviar_evaluacion
from retos.evaluacion.actions.jurado import invitar, recordar, remover
from retos.evaluacion.recordatorios import recordar_evaluaciones
from retos.models import Deliberacion, Evaluacion, FaseReto, Jurado, SolicitudInformacion
from tests import fabricas as f

from .mundo import asignar, cuenta_de, en_evaluacion, evaluacion, notas, sumar
from .test_admision import Mundo as EnAdmision

pytestmark = pytest.mark.django_db


def admin(mundo, que) -> str:
    return f"/admin/programa/evaluacion/{mundo.ejercicio.pk}/{que}/"


# --- Lo que se escribe mal --------------------------------------------------------------------------------


@pytest.mark.parametrize("dia", ["9999-12-31", "9999-12-30", "0001-01-01"])
def test_un_plazo_sin_dia_siguiente_se_rechaza_junto_a_su_campo(client, dia):
    mundo = EnAdmision()
    pide = {"campos": ["descripcion"], "mensaje": "Falta el presupuesto.", "vence_en": dia}
    respuesta = mundo.enviar(client, "pedir", "no", "si", **pide)
    assert respuesta.status_code == 422
    assert "El plazo debe ser posterior a hoy" in respuesta.text and "Falta el presupuesto." in respuesta.text
    assert not SolicitudInformacion.objects.exists()


@pytest.mark.parametrize("par", ["9" * 30 + "-1", "1-" + "9" * 30, "9" * 19 + "-" + "9" * 19, "1", "-1", "1--1", "x-y", "\x00"])
@pytest.mark.parametrize("campo", ["quiere", "tenia"])
def test_un_par_que_no_se_entiende_no_es_un_error_del_servidor(client, campo, par):
    mundo = en_evaluacion(asignadas=False)
    client.force_login(mundo.gestion)
    assert client.post(admin(mundo, "asignacion"), {campo: [par]}).status_code == 404
    assert not Evaluacion.objects.exists()


def test_sin_fase_de_evaluacion_tampoco_se_recibe_lo_que_se_envie(client):
    gestion, pagina = f.personal("gestion"), f.reto()
    client.force_login(gestion)
    raiz = f"/admin/programa/evaluacion/{pagina.ejercicio.pk}/"
    acta = {"fecha": timezone.localdate().isoformat(), "asistentes": "Ana.", "texto": "Se deliberó."}
    invitada = {"correo": "nueva@example.org", "nombre": "Nora", "apellido": "Paz"}
    for que, datos in (("deliberacion", acta), ("jurado", invitada), ("asignacion", {}), ("avance", {"jurado": "1"}), ("resultados", {})):
        assert client.post(f"{raiz}{que}/", datos).status_code in (404, 405), que
        assert client.get(f"{raiz}{que}/").status_code == 404, que
    assert not Deliberacion.objects.exists() and not Jurado.objects.exists()


# --- Quien gestiona y además es del jurado ----------------------------------------------------------------------


def test_quien_gestiona_y_es_del_jurado_no_ve_las_notas_por_ninguna_pantalla_hasta_el_cierre(client):
    mundo = en_evaluacion()
    lugar = sumar(mundo, f.personal("gestion"))
    enviar_evaluacion(evaluacion=evaluacion(mundo), actor=cuenta_de(mundo.jurados[0]), valores=notas(mundo, 3, 4))
    pk = mundo.ejercicio.pk
    con_notas = [f"evaluacion/{pk}/resultados/", f"evaluacion/{pk}/resultados/csv/", f"decision/{pk}/propuestas/"]
    for cierra, quien, ve in ((False, lugar.usuario, False), (False, mundo.gestion, True), (True, lugar.usuario, True)):
        if cierra:
            f.mover_reloj(mundo.pagina, "decision")
        client.force_login(type(quien).objects.get(pk=quien.pk))
        for url in con_notas:
            texto = client.get(f"/admin/programa/{url}").content.decode()
            assert ("68,00" in texto or "68.00" in texto) == ve, (url, quien, cierra)


# --- Lo que deja de evaluarse ---------------------------------------------------------------------------------


def test_lo_retirado_no_se_le_pide_ni_se_le_recuerda_al_jurado(client):
    mundo = en_evaluacion(propuestas=3)
    lugar, quien = mundo.jurados[0], cuenta_de(mundo.jurados[0])
    enviar_evaluacion(evaluacion=evaluacion(mundo, 2), actor=quien, valores=notas(mundo, 3, 4))
    for propuesta in mundo.propuestas[1:]:
        retirar_propuesta(propuesta=propuesta, actor=propuesta.autor.cuenta)
    client.force_login(quien)
    mesa = client.get("/jurado/").text
    assert [p.referencia in mesa for p in mundo.propuestas] == [True, False, True]  # lo enviado queda a la vista
    assert evaluacion(mundo, 1).estado == "asignada"
    enviar_evaluacion(evaluacion=evaluacion(mundo), actor=quien, valores=notas(mundo, 3, 4))
    FaseReto.objects.filter(ejercicio=mundo.ejercicio, tipo="decision").update(termina=timezone.now() + timedelta(days=90))
    FaseReto.objects.filter(ejercicio=mundo.ejercicio, tipo="evaluacion").update(termina=timezone.now() + timedelta(hours=20))
    assert recordar_evaluaciones() == 0
    with pytest.raises(ValidationError, match="No tiene evaluaciones por enviar"):
        recordar(jurado=lugar, actor=mundo.gestion)
    client.force_login(mundo.gestion)
    assert "al día" in client.get(admin(mundo, "avance")).text


def test_lo_retirado_no_ocupa_el_cupo():
    mundo = en_evaluacion(propuestas=2, jurados=0, asignadas=False)
    lugar = sumar(mundo, tope=1)
    asignar(mundo, [(mundo.propuestas[0].pk, lugar.pk)])
    segunda = [(mundo.propuestas[1].pk, lugar.pk)]
    with pytest.raises(ValidationError, match="como máximo"):
        cambiar_asignaciones(ejercicio=mundo.ejercicio, actor=mundo.gestion, dar=segunda, quitar=[])
    retirar_propuesta(propuesta=mundo.propuestas[0], actor=mundo.propuestas[0].autor.cuenta)
    assert cambiar_asignaciones(ejercicio=mundo.ejercicio, actor=mundo.gestion, dar=segunda, quitar=[]) == 1


# --- Dos a la vez ---------------------------------------------------------------------------------------------


def primero(hacer, listo: threading.Event):
    """Lo hace y tarda en confirmarlo, para que lo otro llegue mientras tanto."""
    with transaction.atomic():
        hecho = hacer()
        listo.set()
        time.sleep(1)
        return hecho


def despues(hacer, listo: threading.Event):
    listo.wait(10)
    return hacer()


def test_admitir_en_bloque_mientras_otra_persona_marca_que_no_cumple(hilos):
    mundo, listo = EnAdmision(), threading.Event()
    propuesta, todo = mundo.propuestas[0], {pk: (True, "") for pk in mundo.requisitos}
    admision.anotar_revision(propuesta=propuesta, actor=mundo.gestion, revision=todo)
    no_cumple = todo | {mundo.requisitos[1]: (False, "Es de otro municipio.")}
    _marcada, admitidas = hilos(
        lambda: primero(lambda: admision.anotar_revision(propuesta=propuesta, actor=mundo.gestion, revision=no_cumple), listo),
        lambda: despues(
            lambda: admision.admitir_las_que_cumplen(ejercicio=mundo.ejercicio, actor=mundo.gestion, propuestas=[propuesta.pk]), listo
        ),
    )
    assert (admitidas, mundo.resultado()) == (0, "en_estudio")


def test_removerlo_de_un_reto_mientras_se_le_invita_a_otro_no_le_quita_el_rol(hilos):
    este, otro, listo = en_evaluacion(), en_evaluacion(jurados=0), threading.Event()
    lugar = este.jurados[0]
    quien = {"correo": lugar.usuario.email, "nombre": "Julia", "apellido": "Mesa", "usar_cuenta": True}
    hechas = hilos(
        lambda: primero(lambda: invitar(ejercicio=otro.ejercicio, actor=otro.gestion, **quien), listo),
        lambda: despues(lambda: remover(jurado=lugar, actor=este.gestion, motivo="No respondió."), listo),
    )
    assert [type(hecha) for hecha in hechas] == [Jurado, Jurado], hechas
    assert tiene_rol(cuenta_de(lugar), f.sitio(), "jurado")


def test_asignar_y_remover_a_la_vez_no_deja_nada_en_manos_de_quien_salio(hilos):
    mundo = en_evaluacion(propuestas=3, asignadas=False)
    lugar = mundo.jurados[0]
    asignadas, removido = hilos(
        lambda: cambiar_asignaciones(
            ejercicio=mundo.ejercicio, actor=mundo.gestion, dar=[(p.pk, lugar.pk) for p in mundo.propuestas], quitar=[]
        ),
        lambda: remover(jurado=lugar, actor=mundo.gestion, motivo="Viajó."),
    )
    assert removido.estado == "removido"
    assert asignadas == 3 or isinstance(asignadas, ValidationError)
    assert set(Evaluacion.objects.values_list("estado", flat=True)) <= {"retirada"}


def test_calificar_y_removerlo_a_la_vez_cuenta_o_no_pero_entero(hilos):
    mundo = en_evaluacion()
    suya, lugar, quien = evaluacion(mundo), mundo.jurados[0], cuenta_de(mundo.jurados[0])
    valores = notas(mundo, 3, 4)
    envio, removido = hilos(
        lambda: enviar_evaluacion(evaluacion=suya, actor=quien, valores=valores),
        lambda: remover(jurado=lugar, actor=mundo.gestion, motivo="Viajó."),
    )
    assert removido.estado == "removido"
    guardada = evaluacion(mundo)
    if isinstance(envio, Evaluacion):
        assert (guardada.estado, guardada.puntajes.count()) == ("enviada", 2)
    else:
        assert envio.code == "jurado" and (guardada.estado, guardada.total, guardada.puntajes.count()) == ("retirada", None, 0)
