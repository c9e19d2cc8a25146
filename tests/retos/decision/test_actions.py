import itertools
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participacion.avisos.models import Aviso
from participacion.ejercicios.models import Ejercicio
from participacion.registro.models import Acto
from retos import actions as retos
from retos.decision import actions, consultas
from retos.decision.actions import Fallado
from retos.decision.enums import TRANSICIONES_DECISION, EstadoDecision, TipoDecision
from retos.enums import Resultado
from retos.fases import TipoFase
from retos.models import CierreReto, DecisionReto, Fallo, Novedad, Propuesta, RespuestaOficial, RetoPage
from retos.versiones.actions import pedir_informacion, responder_solicitud
from tests import fabricas as f

from .fabricas_decision import en_decision, fallar, gestora, preparar, publicada, tomada

pytestmark = pytest.mark.django_db
D, R = EstadoDecision, Resultado
ACCIONES = {D.TOMADA: actions.tomar_decision, D.BORRADOR: actions.volver_a_borrador, D.PUBLICADA: actions.publicar_decision}


def resultados(*propuestas) -> list[str]:
    return [Propuesta.objects.get(pk=p.pk).resultado for p in propuestas]


# --- La tabla de transiciones -----------------------------------------------------------


def test_transiciones_de_la_decision_en_cada_fase():
    """Cada par de la tabla, y los que no están, en cada fase del calendario: sólo se decide en la decisión."""
    reto, (una,) = en_decision(1)
    actor = gestora()
    tomada(reto, actor, (una, R.ELEGIDA))
    ejercicio, hubo = reto.ejercicio, {}
    for fase in TipoFase:
        f.mover_reloj(reto, fase)
        for desde, hacia in itertools.product(D, D):
            with transaction.atomic():
                DecisionReto.objects.update(estado=desde, publicada_en=timezone.now() if desde == D.PUBLICADA else None)
                try:
                    ACCIONES[hacia](ejercicio=ejercicio, actor=actor)
                    hubo[fase, desde, hacia] = DecisionReto.objects.get().estado
                except ValidationError as error:
                    hubo[fase, desde, hacia] = error.code
                transaction.set_rollback(True)
    for (fase, desde, hacia), que in hubo.items():
        if fase != TipoFase.DECISION:
            assert que == "plazo", (fase, desde, hacia)
        else:
            assert que == (hacia if (desde, hacia) in TRANSICIONES_DECISION else "transicion"), (desde, hacia)


# --- Preparar -------------------------------------------------------------------------------


def test_tomar_no_publica_nada_y_se_puede_volver_atras(trabajar, mailoutbox):
    reto, (una, otra, tercera) = en_decision(3)
    actor = gestora()
    trabajar()
    mailoutbox.clear()
    antes = (Acto.objects.count(), Aviso.objects.count(), Novedad.objects.count())
    tomada(reto, actor, (una, R.ELEGIDA), (otra, R.ELEGIBLE, 1), (tercera, R.NO_ELEGIDA))
    assert resultados(una, otra, tercera) == [R.EN_ESTUDIO] * 3
    assert (Acto.objects.count(), Aviso.objects.count(), Novedad.objects.count()) == antes
    assert not RespuestaOficial.objects.exists()
    with pytest.raises(ValidationError, match="no se puede cambiar"):
        fallar(reto, actor, (una, R.NO_ELEGIDA))
    with pytest.raises(ValidationError, match="no se puede cambiar"):
        preparar(reto, actor)
    actions.volver_a_borrador(ejercicio=reto.ejercicio, actor=actor)
    assert fallar(reto, actor, (una, R.NO_ELEGIDA)) == []
    assert Fallo.objects.get(propuesta=una).resultado == R.NO_ELEGIDA


def test_tomar_pide_todo_y_no_deja_nada_a_medias():
    reto, (una, otra) = en_decision(2)
    actor = gestora()

    def tomar():
        return actions.tomar_decision(ejercicio=reto.ejercicio, actor=actor)

    preparar(reto, actor, motivos="")
    with pytest.raises(ValidationError, match="motivos de la decisión"):
        tomar()
    preparar(reto, actor, textos={"elegida": "Porque sí."})
    with pytest.raises(ValidationError, match="Faltan 2 propuestas por decidir"):
        tomar()
    fallar(reto, actor, (una, R.NO_ELEGIDA))
    with pytest.raises(ValidationError, match="Falta 1 propuesta por decidir"):
        tomar()
    assert actions.no_elegir_las_demas(ejercicio=reto.ejercicio, actor=actor) == 1
    with pytest.raises(ValidationError, match="Elija al menos una"):
        tomar()
    fallar(reto, actor, (una, R.ELEGIDA))
    with pytest.raises(ValidationError, match=f"{otra} no tiene respuesta"):
        tomar()
    assert list(Fallo.objects.exclude(respuesta="")) == []  # ni la que sí tenía texto
    preparar(reto, actor, textos={"elegida": "Porque sí.", "no_elegida": "Falta costo en «{titulo}», {referencia}."})
    tomar()
    assert Fallo.objects.get(propuesta=otra).respuesta == f"Falta costo en «{otra.titulo}», {otra.referencia}."


def test_desierta_deja_todas_sin_elegir():
    reto, (una, otra) = en_decision(2)
    actor = gestora()
    preparar(reto, actor, tipo=TipoDecision.DESIERTA, motivos="Ninguna cumple.")
    fallar(reto, actor, (una, R.ELEGIDA))
    with pytest.raises(ValidationError, match="no tiene elegidas"):
        actions.tomar_decision(ejercicio=reto.ejercicio, actor=actor)
    fallar(reto, actor, (una, ""))
    actions.tomar_decision(ejercicio=reto.ejercicio, actor=actor)
    assert actions.publicar_decision(ejercicio=reto.ejercicio, actor=actor).resueltas == 2
    assert resultados(una, otra) == [R.NO_ELEGIDA] * 2


def test_desierta_sin_propuestas():
    reto, _ = en_decision(0)
    actor = gestora()
    assert publicada(reto, actor, tipo=TipoDecision.DESIERTA, motivos="Nadie llegó.").resueltas == 0


def test_puesto_del_banco_repetido_o_sin_escribir():
    reto, (una, otra, tercera) = en_decision(3)
    actor = gestora()
    fallar(reto, actor, (tercera, R.ELEGIBLE, 7))
    for puestos in ((1, 1), (None, 2), (0, 2)):
        with pytest.raises(ValidationError) as error:
            fallar(reto, actor, (una, R.ELEGIBLE, puestos[0]), (otra, R.ELEGIBLE, puestos[1]))
        assert error.value.code == "puesto"
    with pytest.raises(ValidationError) as error:
        fallar(reto, actor, (una, R.ELEGIBLE, 7))
    assert error.value.params == {"propuestas": [una.pk]}
    assert list(Fallo.objects.values_list("propuesta", "puesto")) == [(tercera.pk, 7)]
    fallar(reto, actor, (una, R.ELEGIBLE, 7), (tercera, R.ELEGIBLE, 1))  # se cambian entre sí
    fallar(reto, actor, (una, R.ELEGIBLE, 1), (tercera, R.ELEGIBLE, 7))
    assert dict(Fallo.objects.values_list("propuesta", "puesto")) == {una.pk: 1, tercera.pk: 7}
    with pytest.raises(IntegrityError), transaction.atomic():
        Fallo.objects.update(puesto=1)


def test_propuesta_de_otro_reto_no_se_decide():
    reto, _ = en_decision(1)
    ajena = f.publicada(f.reto())
    assert fallar(reto, gestora(), (ajena, R.ELEGIDA)) == [ajena.pk]
    assert not Fallo.objects.exists()


# --- Publicar ---------------------------------------------------------------------------------


def test_publicar_aplica_todo(trabajar, mailoutbox):
    reto, (una, otra, tercera) = en_decision(3, evaluacion_ciega=True)
    actor = gestora()
    trabajar()
    mailoutbox.clear()
    Propuesta.objects.update(anonima=True)
    preparar(reto, actor)
    actions.guardar_fallos(
        ejercicio=reto.ejercicio,
        actor=actor,
        fallados=[
            Fallado(una.pk, R.ELEGIDA, respuesta="La suya cumple todo."),
            Fallado(otra.pk, R.ELEGIBLE, 1),
            Fallado(tercera.pk, R.NO_ELEGIDA),
        ],
    )
    actions.tomar_decision(ejercicio=reto.ejercicio, actor=actor)
    hecha = actions.publicar_decision(ejercicio=reto.ejercicio, actor=actor)
    assert (hecha.resueltas, hecha.omitidas) == (3, [])
    assert resultados(una, otra, tercera) == [R.ELEGIDA, R.ELEGIBLE, R.NO_ELEGIDA]
    assert not Propuesta.objects.filter(anonima=True).exists()
    assert dict(RespuestaOficial.objects.values_list("propuesta", "texto")) == {
        una.pk: "La suya cumple todo.",
        otra.pk: f"En el banco de elegibles: {otra.titulo} ({otra.referencia}).",
        tercera.pk: f"No elegida: {tercera.titulo} ({tercera.referencia}).",
    }
    tipos = list(Acto.objects.filter(ejercicio=reto.ejercicio).order_by("pk").values_list("tipo", flat=True))[-7:]
    assert tipos == ["propuesta_elegida", "propuesta_elegible", "propuesta_no_elegida", *["propuesta_respondida"] * 3, "reto_decidido"]
    trabajar()
    assert sorted(m.to[0] for m in mailoutbox) == sorted(p.autor.cuenta.email for p in (una, otra, tercera))
    propio = next(m for m in mailoutbox if m.to == [una.autor.cuenta.email])
    assert "La suya cumple todo." in propio.body and propio.subject == f"{una.referencia}: Elegida"


def test_publicar_mil_no_pregunta_por_cada_una():
    """De cada propuesta, sólo lo que se escribe de una en una: dos actos y el historial, que Wagtail comprueba con dos lecturas."""
    consultas_de = {}
    for n in (2, 5):
        reto, propuestas = en_decision(n)
        actor = gestora()
        tomada(reto, actor, *[(p, R.ELEGIDA) for p in propuestas])
        with CaptureQueriesContext(connection) as capturadas:
            actions.publicar_decision(ejercicio=reto.ejercicio, actor=actor)
        consultas_de[n] = len(capturadas)
    assert consultas_de[5] - consultas_de[2] == 5 * 3


def test_publicar_omite_las_que_salieron_del_concurso():
    reto, (una, otra, tercera) = en_decision(3)
    actor = gestora()
    tomada(reto, actor, (una, R.ELEGIDA), (otra, R.NO_ELEGIDA), (tercera, R.NO_ELEGIDA))
    retos.retirar_propuesta(propuesta=otra, actor=otra.autor.cuenta)
    hecha = actions.publicar_decision(ejercicio=reto.ejercicio, actor=actor)
    assert (hecha.resueltas, hecha.omitidas) == (2, [otra])
    assert resultados(otra) == [R.EN_ESTUDIO] and not otra.respuestas_oficiales.exists()


def test_la_que_dejo_de_estar_admitida_no_figura_en_lo_decidido(client):
    """La revisión de requisitos y la decisión pueden ir a la vez si el reto no tiene fase de decisión."""
    reto, (una, otra) = en_decision(2)
    actor = gestora()
    tomada(reto, actor, (una, R.ELEGIDA), (otra, R.ELEGIDA))
    Propuesta.objects.filter(pk=otra.pk).update(resultado=R.NO_ADMITIDA)
    assert actions.publicar_decision(ejercicio=reto.ejercicio, actor=actor).omitidas == [otra]
    decision = reto.ejercicio.decision
    assert [fallo.propuesta for fallo in consultas.fallos_publicados(decision)] == [una]
    assert consultas.vacantes(decision) == 0
    assert otra.titulo not in client.get(f"{reto.url}decision/").text
    assert client.get(reto.url).context["propuestas_elegidas"] == [una]


def test_publicada_nadie_cambia_el_texto_que_se_decidio():
    reto, (una,) = en_decision(1)
    actor = gestora()
    mensaje, vence_en = "Diga cuánto cuesta.", timezone.now() + timedelta(days=5)
    solicitud = pedir_informacion(propuesta=una, actor=actor, campos=["titulo"], mensaje=mensaje, vence_en=vence_en)
    publicada(reto, actor, (una, R.ELEGIDA))
    autora = una.autor.cuenta
    with pytest.raises(ValidationError) as error:
        responder_solicitud(solicitud=solicitud, actor=autora, participante=una.autor, textos={"titulo": "Otra cosa"}, valores={})
    assert error.value.code == "transicion"
    assert Propuesta.objects.get().titulo == una.titulo


def test_la_que_se_envio_mientras_se_publicaba_no_queda_sin_nombre():
    reto, (una,) = en_decision(1, evaluacion_ciega=True)
    actor = gestora()
    f.mover_reloj(reto, "convocatoria")
    tardia = f.enviada(reto)
    f.mover_reloj(reto, "decision")
    publicada(reto, actor, (una, R.ELEGIDA))
    # Como la deja quien leyó «es ciega» antes de la decisión y confirmó después de ella.
    Propuesta.objects.filter(pk=tardia.pk).update(anonima=True)
    assert f.resolver(tardia, f.Decision.APROBADA).anonima is False


def test_publicar_se_rechaza_si_ya_no_hay_elegida_o_llego_otra():
    reto, (una, otra) = en_decision(2)
    actor = gestora()
    tomada(reto, actor, (una, R.ELEGIDA), (otra, R.NO_ELEGIDA))
    f.mover_reloj(RetoPage.objects.get(pk=reto.pk), "convocatoria")
    tardia = f.publicada(reto)
    f.mover_reloj(reto, "decision")
    with pytest.raises(ValidationError, match="Falta 1 propuesta por decidir"):
        actions.publicar_decision(ejercicio=reto.ejercicio, actor=actor)
    actions.volver_a_borrador(ejercicio=reto.ejercicio, actor=actor)
    fallar(reto, actor, (tardia, R.NO_ELEGIDA))
    actions.tomar_decision(ejercicio=reto.ejercicio, actor=actor)
    retos.retirar_propuesta(propuesta=una, actor=una.autor.cuenta)
    with pytest.raises(ValidationError, match="Elija al menos una"):
        actions.publicar_decision(ejercicio=reto.ejercicio, actor=actor)
    assert resultados(una, otra, tardia) == [R.EN_ESTUDIO] * 3 and not RespuestaOficial.objects.exists()


def test_publicar_o_todo_o_nada(monkeypatch):
    """Si el registro se niega a mitad de camino, no queda nada dicho ni pedido."""
    reto, (una,) = en_decision(1)
    actor = gestora()
    tomada(reto, actor, (una, R.ELEGIDA))
    from participacion.registro import tipos

    monkeypatch.delitem(tipos.TIPOS, "reto_decidido")
    antes = Aviso.objects.count()
    with pytest.raises(KeyError), transaction.atomic():
        actions.publicar_decision(ejercicio=reto.ejercicio, actor=actor)
    assert resultados(una) == [R.EN_ESTUDIO]
    assert (Aviso.objects.count(), RespuestaOficial.objects.count(), Novedad.objects.count()) == (antes, 0, 0)


def test_reto_cerrado_no_se_decide():
    reto, (una,) = en_decision(1)
    actor = gestora()
    tomada(reto, actor, (una, R.ELEGIDA))
    CierreReto.objects.create(
        ejercicio=reto.ejercicio, conclusiones="Fin", sin_responder=1, excepcion="Se canceló.", en=timezone.now()
    )
    with pytest.raises(ValidationError) as error:
        actions.publicar_decision(ejercicio=reto.ejercicio, actor=actor)
    assert error.value.code == "cerrado"


def test_hilos_publicar_a_la_vez_una_gana(hilos):
    reto, propuestas = en_decision(3)
    actor, ejercicio = gestora(), Ejercicio.objects.get(pk=reto.ejercicio.pk)
    tomada(reto, actor, *[(p, R.ELEGIDA) for p in propuestas])
    salidas = hilos(*[lambda: actions.publicar_decision(ejercicio=ejercicio, actor=actor)] * 6)
    assert sum(isinstance(s, actions.Publicacion) for s in salidas) == 1
    assert {s.code for s in salidas if isinstance(s, Exception)} == {"transicion"}
    assert RespuestaOficial.objects.count() == 3
    assert Acto.objects.filter(tipo="reto_decidido").count() == 1


def test_hilos_publicar_mientras_se_retiran(hilos):
    """De cada una: se retiró antes y no se le respondió, o se decidió y se le respondió, y después se retiró."""
    reto, propuestas = en_decision(8)
    actor, ejercicio = gestora(), Ejercicio.objects.get(pk=reto.ejercicio.pk)
    tomada(reto, actor, *[(p, R.ELEGIDA) for p in propuestas])
    retiros = [lambda p=p: retos.retirar_propuesta(propuesta=p, actor=p.autor.cuenta) for p in propuestas[1:]]
    hecha, *otras = hilos(lambda: actions.publicar_decision(ejercicio=ejercicio, actor=actor), *retiros)
    assert [type(salida) for salida in (hecha, *otras)] == [actions.Publicacion, *[Propuesta] * 7]
    omitidas = {p.pk for p in hecha.omitidas}
    for p in Propuesta.objects.all():
        esperado = (R.EN_ESTUDIO, 0) if p.pk in omitidas else (R.ELEGIDA, 1)
        assert (p.resultado, p.respuestas_oficiales.count()) == esperado
    assert hecha.resueltas + len(omitidas) == 8


# --- El banco de elegibles ------------------------------------------------------------------


@pytest.fixture
def con_banco():
    reto, propuestas = en_decision(3)
    actor = gestora()
    una, primera, segunda = propuestas
    publicada(reto, actor, (una, R.ELEGIDA), (primera, R.ELEGIBLE, 1), (segunda, R.ELEGIBLE, 2))
    f.mover_reloj(reto, "implementacion")
    return reto, actor, una, primera, segunda


def caer(propuesta, actor):
    from retos.seguimiento.actions import mover_propuesta

    return mover_propuesta(propuesta=propuesta, hacia=R.NO_IMPLEMENTADA, actor=actor, motivo="Renunció.")


def test_del_banco_se_elige_en_orden_y_solo_si_falta(con_banco):
    reto, actor, una, primera, segunda = con_banco

    def promover(propuesta, salto=""):
        return actions.promover(propuesta=propuesta, actor=actor, respuesta="Ahora sí.", salto=salto)

    with pytest.raises(ValidationError) as error:
        promover(primera)
    assert error.value.code == "vacante"
    caer(una, actor)
    with pytest.raises(ValidationError, match=f"Sigue {primera}"):
        promover(segunda)
    with pytest.raises(ValidationError, match="no está en el banco"):
        promover(una)
    promover(primera)
    assert resultados(una, primera, segunda) == [R.NO_IMPLEMENTADA, R.ELEGIDA, R.ELEGIBLE]
    assert primera.respuestas_oficiales.first().texto == "Ahora sí."
    with pytest.raises(ValidationError) as error:
        promover(segunda)
    assert error.value.code == "vacante"
    retos.retirar_propuesta(propuesta=primera, actor=primera.autor.cuenta)  # también así falta
    promover(segunda)
    assert resultados(segunda) == [R.ELEGIDA]
    assert consultas.vacantes(reto.ejercicio.decision) == 0


def test_saltarse_el_orden_dice_por_que(con_banco):
    _reto, actor, una, _primera, segunda = con_banco
    caer(una, actor)
    actions.promover(propuesta=segunda, actor=actor, respuesta="Ahora sí.", salto="La primera cerró su empresa.")
    assert "cerró su empresa" in segunda.respuestas_oficiales.first().texto


def test_hilos_promover_a_la_vez_una_vacante(hilos):
    reto, (una, primera, segunda) = en_decision(3)
    actor = gestora()
    publicada(reto, actor, (una, R.ELEGIDA), (primera, R.ELEGIBLE, 1), (segunda, R.ELEGIBLE, 2))
    f.mover_reloj(reto, "implementacion")
    caer(una, actor)
    salidas = hilos(
        *[lambda p=p: actions.promover(propuesta=p, actor=actor, respuesta="Sí.", salto="Porque sí.") for p in (primera, segunda)]
    )
    assert sum(isinstance(s, Propuesta) for s in salidas) == 1
    assert {s.code for s in salidas if isinstance(s, ValidationError)} == {"vacante"}
