from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from participacion.adjuntos.models import Adjunto
from participacion.registro.models import Acto
from retos.decision.consultas import sin_responder
from retos.decision.respuestas import responder
from retos.enums import Resultado
from retos.models import CierreReto, HitoPlan, Implementacion, Novedad, Propuesta
from retos.seguimiento import actions
from retos.seguimiento.cierre import cerrar_reto
from retos.seguimiento.enums import EstadoHito
from tests import fabricas as f

from ..decision.fabricas_decision import en_decision, gestora
from .fabricas_seguimiento import elegida, empezada, hito, plan

pytestmark = pytest.mark.django_db
H, R = EstadoHito, Resultado


# --- El plan -----------------------------------------------------------------------------------


def test_empezar_y_terminar_piden_lo_que_falta():
    _reto, propuesta, actor = elegida()

    def mover(hacia, motivo=""):
        return actions.mover_propuesta(propuesta=propuesta, hacia=hacia, actor=actor, motivo=motivo)

    with pytest.raises(ValidationError, match="al menos un hito"):
        mover(R.EN_IMPLEMENTACION)
    suyo = plan(propuesta, actor)
    with pytest.raises(ValidationError, match="al menos un hito"):
        mover(R.EN_IMPLEMENTACION)
    caido = hito(suyo, actor, nombre="Caído")
    actions.mover_hito(hito=caido, hacia=H.CANCELADO, actor=actor, motivo="Ya no.")
    with pytest.raises(ValidationError, match="al menos un hito"):
        mover(R.EN_IMPLEMENTACION)
    paso = hito(suyo, actor)
    with pytest.raises(ValidationError, match="Empiece antes"):
        actions.mover_hito(hito=paso, hacia=H.EN_CURSO, actor=actor)
    assert Novedad.objects.count() == 1  # la decisión: lo planeado antes de empezar no se anuncia paso a paso
    mover(R.EN_IMPLEMENTACION)
    with pytest.raises(ValidationError, match="Quedan hitos"):
        mover(R.IMPLEMENTADA)
    actions.mover_hito(hito=paso, hacia=H.EN_CURSO, actor=actor)
    actions.mover_hito(hito=paso, hacia=H.CUMPLIDO, actor=actor)
    with pytest.raises(ValidationError, match="si resolvió el problema"):
        mover(R.IMPLEMENTADA)
    logro(propuesta, actor)
    assert mover(R.IMPLEMENTADA).resultado == R.IMPLEMENTADA
    with pytest.raises(ValidationError) as error:
        hito(suyo, actor, nombre="Otro")
    assert error.value.code == "resultado"
    titulos = list(Novedad.objects.order_by("pk").values_list("titulo", flat=True))
    assert titulos == ["Elegida", "En implementación", "En curso: Comprar", "Cumplido: Comprar", "¿Resolvió el problema? En parte", "Implementada"]


def logro(propuesta, actor, **campos):
    datos = {
        "prototipo": "Un piloto.", "prototipo_enlace": "", "beneficiarios": 30, "problema_resuelto": "en_parte",
        "explicacion": "Bajó a la mitad.", "beneficios": ["alianzas"], "alianzas": [{"con": "SENA", "tipo": "datos", "beneficio": ""}],
    }  # fmt: skip
    return actions.guardar_logro(propuesta=propuesta, actor=actor, **{**datos, **campos})


def test_no_implementarla_o_cancelar_un_hito_piden_motivo():
    _reto, propuesta, actor, _plan, suyo = empezada()
    with pytest.raises(ValidationError, match="por qué se cancela"):
        actions.mover_hito(hito=suyo, hacia=H.CANCELADO, actor=actor)
    with pytest.raises(ValidationError, match="por qué no se implementará"):
        actions.mover_propuesta(propuesta=propuesta, hacia=R.NO_IMPLEMENTADA, actor=actor)
    with pytest.raises(ValidationError, match="Explique qué se logró"):
        logro(propuesta, actor, explicacion="")
    actions.mover_propuesta(propuesta=propuesta, hacia=R.NO_IMPLEMENTADA, actor=actor, motivo="Sin recursos.")
    assert Novedad.objects.first().texto == "Sin recursos."


def test_lo_que_la_base_de_datos_no_deja():
    _reto, _propuesta, _actor, _plan, suyo = empezada()
    for malo in ({"avance": 101}, {"estado": H.CUMPLIDO, "avance": 100}, {"estado": H.CANCELADO}, {"presupuesto": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HitoPlan.objects.filter(pk=suyo.pk).update(**malo)
    with pytest.raises(IntegrityError), transaction.atomic():
        Implementacion.objects.update(problema_resuelto="si")


def test_los_hitos_no_pasan_del_presupuesto():
    _reto, propuesta, actor = elegida()
    suyo = plan(propuesta, actor, "1000")
    uno = hito(suyo, actor, presupuesto="600")
    with pytest.raises(ValidationError, match="suman"):
        hito(suyo, actor, presupuesto="401", nombre="Otro")
    otro = hito(suyo, actor, presupuesto="400", nombre="Otro")
    with pytest.raises(ValidationError, match="suman"):
        hito(suyo, actor, presupuesto="601", de=uno)
    with pytest.raises(ValidationError, match="suman"):
        plan(propuesta, actor, "999.99")
    assert [h.presupuesto for h in suyo.hitos.all()] == [Decimal(600), Decimal(400)]
    actions.mover_hito(hito=otro, hacia=H.CANCELADO, actor=actor, motivo="No hace falta.")
    hito(suyo, actor, presupuesto="1000", de=uno)  # lo cancelado no cuenta
    with pytest.raises(ValidationError, match="suman"):
        actions.mover_hito(hito=otro, hacia=H.PENDIENTE, actor=actor)
    plan(propuesta, actor, None)
    actions.mover_hito(hito=otro, hacia=H.PENDIENTE, actor=actor)


def test_hilos_dos_hitos_a_la_vez_no_pasan_del_presupuesto(hilos):
    _reto, propuesta, actor = elegida()
    suyo = plan(propuesta, actor, "1000")
    salidas = hilos(*[lambda n=n: hito(suyo, actor, presupuesto="600", nombre=f"Hito {n}") for n in range(4)])
    assert sum(isinstance(s, HitoPlan) for s in salidas) == 1
    assert [set(s.message_dict) for s in salidas if isinstance(s, ValidationError)] == [{"presupuesto"}] * 3
    assert HitoPlan.objects.get().presupuesto == 600


def test_hilos_bajar_el_techo_mientras_se_anade_un_hito(hilos):
    _reto, propuesta, actor = elegida()
    suyo = plan(propuesta, actor, "1000")
    hilos(lambda: hito(suyo, actor, presupuesto="600"), lambda: plan(propuesta, actor, "500"))
    gastado = sum(h.presupuesto for h in HitoPlan.objects.all())
    assert gastado <= Implementacion.objects.get().presupuesto


def test_hito_que_vence_antes_de_iniciar_o_terminado_no_se_guarda():
    _reto, _propuesta, actor, suyo, paso = empezada()
    with pytest.raises(ValidationError, match="antes de iniciar"):
        hito(suyo, actor, dias=-1)
    actions.mover_hito(hito=paso, hacia=H.EN_CURSO, actor=actor)
    actions.mover_hito(hito=paso, hacia=H.CUMPLIDO, actor=actor)
    with pytest.raises(ValidationError, match="reábralo"):
        hito(suyo, actor, de=paso, nombre="Otro nombre")


def test_anotar_avance_con_evidencia():
    _reto, propuesta, actor, _plan, paso = empezada()

    def anotar(**campos):
        return actions.anotar(propuesta=propuesta, actor=actor, titulo="Avanza", hito=paso, **campos)

    with pytest.raises(ValidationError, match="no está en curso"):
        anotar(avance=10)
    actions.mover_hito(hito=paso, hacia=H.EN_CURSO, actor=actor)
    with pytest.raises(ValidationError, match="de 0 a 100"):
        anotar(avance=101)
    novedades = Novedad.objects.count()
    with pytest.raises(ValidationError):
        anotar(avance=40, archivos=[f.pdf("truco.exe")])
    paso.refresh_from_db()
    assert (paso.avance, Novedad.objects.count()) == (0, novedades)  # ni el avance ni la novedad
    novedad = anotar(avance=40, texto="Ya hay cotización.", archivos=[f.pdf("cotizacion.pdf")])
    paso.refresh_from_db()
    assert (paso.avance, novedad.hito, Adjunto.objects.de(novedad).get().nombre) == (40, paso, "cotizacion.pdf")


# --- El cierre -----------------------------------------------------------------------------------


def test_cerrar_pide_respuestas_o_decir_por_que():
    reto, (una, otra) = en_decision(2)
    actor = gestora()

    def cerrar(**campos):
        return cerrar_reto(ejercicio=reto.ejercicio, actor=actor, **{"conclusiones": "Aprendimos.", **campos})

    with pytest.raises(ValidationError, match="Quedan 2 propuestas"):
        cerrar()
    with pytest.raises(ValidationError, match="Escriba las conclusiones"):
        cerrar(conclusiones="", excepcion="Sí.")
    cierre = cerrar(excepcion="Se canceló el presupuesto.")
    assert (cierre.sin_responder, Acto.objects.filter(tipo="reto_cerrado").count()) == (2, 1)
    with pytest.raises(ValidationError) as error:
        cerrar(excepcion="Otra vez.")
    assert error.value.code == "cerrado"


def test_abierta_la_convocatoria_no_se_cierra():
    with pytest.raises(ValidationError, match="todavía no ha cerrado"):
        cerrar_reto(ejercicio=f.reto().ejercicio, actor=gestora(), conclusiones="Fin.")


def test_tras_el_cierre_solo_se_anotan_novedades():
    reto, propuesta, actor, suyo, paso = empezada()
    actions.mover_hito(hito=paso, hacia=H.EN_CURSO, actor=actor)
    cierre = cerrar_reto(ejercicio=reto.ejercicio, actor=actor, conclusiones="Aprendimos.", excepcion="No hace falta.")
    assert (cierre.sin_responder, cierre.excepcion) == (0, "")
    for hacer in (
        lambda: plan(propuesta, actor),
        lambda: hito(suyo, actor, nombre="Otro"),
        lambda: actions.mover_hito(hito=paso, hacia=H.CUMPLIDO, actor=actor),
        lambda: actions.mover_propuesta(propuesta=propuesta, hacia=R.NO_IMPLEMENTADA, actor=actor, motivo="No."),
        lambda: actions.anotar(propuesta=propuesta, actor=actor, titulo="Avanza", hito=paso, avance=50),
        lambda: logro(propuesta, actor),
    ):
        with pytest.raises(ValidationError) as error:
            hacer()
        assert error.value.code == "cerrado"
    f.mover_reloj(reto, "cierre")
    assert actions.anotar(propuesta=propuesta, actor=actor, titulo="Sigue funcionando").pk
    assert CierreReto.objects.count() == 1


def test_hilos_responder_mientras_se_cierra(hilos):
    """La respuesta queda antes del cierre y cuenta, o después y se rechaza; nunca a medias."""
    reto, propuestas = en_decision(12)
    Propuesta.objects.update(resultado=R.NO_ADMITIDA)
    actor = gestora()
    respuestas = [lambda p=p: responder(propuesta=p, actor=actor, texto="No era para este reto.") for p in propuestas]
    cierre, *otras = hilos(lambda: cerrar_reto(ejercicio=reto.ejercicio, actor=actor, conclusiones="Fin.", excepcion="Ya."), *respuestas)
    assert isinstance(cierre, CierreReto)
    assert cierre.sin_responder == sin_responder(reto.ejercicio).count() == sum(isinstance(o, Exception) for o in otras)
    assert {o.code for o in otras if isinstance(o, Exception)} <= {"cerrado"}


def test_hilos_cerrar_a_la_vez_una_gana(hilos):
    reto, _propuesta, actor = elegida()
    salidas = hilos(*[lambda: cerrar_reto(ejercicio=reto.ejercicio, actor=actor, conclusiones="Fin.")] * 4)
    assert sum(isinstance(s, CierreReto) for s in salidas) == 1
    assert {s.code for s in salidas if isinstance(s, Exception)} == {"cerrado"}


# --- El idioma de lo que se cuenta -------------------------------------------------------------


def test_la_linea_de_tiempo_es_contenido_en_espanol_la_escriba_quien_la_escriba():
    """Quien gestiona puede tener el administrador en inglés; sus errores los lee en inglés, y la novedad queda en español."""
    with translation.override("en"):
        _reto, propuesta, actor, suyo, paso = empezada()
        actions.mover_hito(hito=paso, hacia=H.EN_CURSO, actor=actor)
        hito(suyo, actor, nombre="Sembrar")
        plan(propuesta, actor)
    titulos = set(propuesta.novedades.values_list("titulo", flat=True))
    assert {"En implementación", "En curso: Comprar", "Nuevo hito: Sembrar", "Cambió el plan de trabajo"} <= titulos
    assert "Del " in propuesta.novedades.get(titulo="Nuevo hito: Sembrar").texto
