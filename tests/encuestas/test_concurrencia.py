"""Doce a la vez, veinte veces: una respuesta por ronda, ningún error del servidor y los conteos exactos."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from cuentas.actions import participante_de
from encuestas import conteos, secreto
from encuestas.actions import empezar, enviar_respuesta
from encuestas.codigos import huella_de
from encuestas.enums import Modo
from encuestas.models import Codigo, Cupo, LoteCodigos, Participacion, Sobre
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.enums import EstadoRespuesta, TipoPregunta
from participacion.formularios.models import Respuesta, Valor, VersionFormulario
from participacion.registro.models import Acto
from tests import fabricas

from .fabricas_encuestas import encuesta, pregunta, reglas_de
from .recorrido import direccion, ocultos, primera

T = TipoPregunta
HILOS, RONDAS = 12, 20


def de_una(**campos):
    bloques = [
        pregunta(T.UNICA, "transporte", opciones=["Bus", "Bici", "A pie"]),
        pregunta(T.MULTIPLE, "gustos", opciones=["Uno", "Dos", "Tres", "Cuatro"]),
        pregunta(T.ESCALA, "nota", escala="satisfaccion", obligatoria=True),
    ]
    return encuesta(bloques, **campos)


def vigente(pagina):
    return VersionFormulario.objects.vigente(pagina.ejercicio)


def responder(pagina, *, participante=None, codigo=None, organizacion=None, clave=None, valores=None):
    respuesta = empezar(
        encuesta=reglas_de(pagina), version=vigente(pagina), clave=clave or uuid.uuid4(), participante=participante, codigo=codigo
    )
    valores = valores or {"nota": 3, "transporte": {"opcion": "transporte-o1", "otra": ""}}
    return enviar_respuesta(respuesta=respuesta, valores=valores, organizacion=organizacion)


def nuevo_codigo(pagina, texto=None):
    lote = LoteCodigos.objects.create(ejercicio=pagina.ejercicio, nombre="Prueba", cantidad=1)
    huella = huella_de(pagina.ejercicio, texto or uuid.uuid4().hex)
    return Codigo.objects.create(lote=lote, ejercicio=pagina.ejercicio, huella=huella)


def miembros(cuantos):
    """Una organización y sus miembros: cualquiera puede responder por ella."""
    gente = [fabricas.persona() for _ in range(cuantos)]
    suya = fabricas.organizacion(gente[0])
    for otra in gente[1:]:
        suya.membresias.create(participante=otra.participante, rol=suya.membresias.first().rol)
    return suya, gente


def sin_fallas(resultados, *codigos):
    """Los que salieron bien; los demás, sólo con un mensaje de los esperados."""
    malos = [r for r in resultados if isinstance(r, Exception) and getattr(r, "code", None) not in codigos]
    assert not malos, malos
    return [r for r in resultados if not isinstance(r, Exception)]


def cuadran(pagina):
    assert conteos.contar_de_nuevo(pagina.ejercicio) == conteos.guardados(pagina.ejercicio)


def enviadas(pagina):
    return Respuesta.objects.filter(ejercicio=pagina.ejercicio, estado=EstadoRespuesta.ENVIADA)


def actos(pagina):
    return Acto.objects.filter(ejercicio=pagina.ejercicio).count()


def test_la_misma_persona(hilos):
    pagina, gente = de_una(), [participante_de(fabricas.persona()) for _ in range(RONDAS)]
    for ronda, quien in enumerate(gente, 1):
        hechas = sin_fallas(hilos(*[lambda: responder(pagina, participante=quien)] * HILOS))  # noqa: B023
        assert sum(cambio for _r, cambio in hechas) == 1
        assert len({respuesta.pk for respuesta, _c in hechas}) == 1
        assert enviadas(pagina).count() == Respuesta.objects.count() == actos(pagina) == ronda
    cuadran(pagina)


def test_el_mismo_codigo(hilos):
    pagina = de_una(modo=Modo.CODIGO)
    for ronda in range(1, RONDAS + 1):
        codigo = nuevo_codigo(pagina)
        hechas = sin_fallas(hilos(*[lambda: responder(pagina, codigo=codigo)] * HILOS))  # noqa: B023
        assert sum(cambio for _r, cambio in hechas) == 1
        assert enviadas(pagina).count() == Respuesta.objects.count() == actos(pagina) == ronda
    assert not Codigo.objects.filter(usado_el=None).exists()
    cuadran(pagina)


def test_el_mismo_formulario_anonimo(hilos):
    pagina = de_una(modo=Modo.ANONIMA)
    for ronda in range(1, RONDAS + 1):
        clave = uuid.uuid4()
        hechas = sin_fallas(hilos(*[lambda: responder(pagina, clave=clave)] * HILOS))  # noqa: B023
        assert sum(cambio for _r, cambio in hechas) == 1
        assert enviadas(pagina).count() == ronda
    cuadran(pagina)


def test_la_misma_organizacion(hilos):
    suya, gente = miembros(HILOS)
    paginas = [de_una() for _ in range(RONDAS)]
    for pagina in paginas:
        intentos = [lambda p=q.participante: responder(pagina, participante=p, organizacion=suya) for q in gente]  # noqa: B023
        hechas = sin_fallas(hilos(*intentos), "repetida")
        assert len(hechas) == enviadas(pagina).count() == actos(pagina) == 1
        cuadran(pagina)


def test_el_ultimo_lugar_de_un_cupo(hilos):
    pagina = de_una(modo=Modo.ANONIMA)
    opcion = pagina.ejercicio.preguntas.get(clave="transporte").opciones.get(clave="transporte-o1")
    cupo = Cupo.objects.create(ejercicio=pagina.ejercicio, opcion=opcion, limite=1)
    for ronda in range(1, RONDAS + 1):
        Cupo.objects.filter(pk=cupo.pk).update(limite=ronda)
        hechas = sin_fallas(hilos(*[lambda: responder(pagina)] * HILOS), "cupo")
        cupo.refresh_from_db()
        assert (len(hechas), cupo.usados, enviadas(pagina).count()) == (1, ronda, ronda)
    cuadran(pagina)


def test_corregir_en_sentidos_contrarios_no_traba_cupos_ni_conteos(hilos):
    """Unas pasan de bus a bici mientras otras pasan de bici a bus: los candados se toman en el mismo orden."""
    pagina = de_una(permite_editar=True)
    opciones = pagina.ejercicio.preguntas.get(clave="transporte").opciones.in_bulk(field_name="id").values()
    cupos = [Cupo.objects.create(ejercicio=pagina.ejercicio, opcion=opcion, limite=HILOS) for opcion in opciones]
    gente = [participante_de(fabricas.persona()) for _ in range(HILOS)]

    def lo_de(k, ronda):
        elegida = f"transporte-o{(k + ronda) % 2 + 1}"
        gustos = [f"gustos-o{n}" for n in range(1, 5) if (k + ronda + n) % 3]
        return {"nota": (k + ronda) % 5 + 1, "transporte": {"opcion": elegida, "otra": ""}, "gustos": {"opciones": gustos, "otra": ""}}

    for ronda in range(RONDAS):
        intentos = [partial(responder, pagina, participante=q, valores=lo_de(k, ronda)) for k, q in enumerate(gente)]
        assert len(sin_fallas(hilos(*intentos))) == HILOS
        cuadran(pagina)
    usados = {cupo.opcion_id: Cupo.objects.get(pk=cupo.pk).usados for cupo in cupos}
    assert usados == {c.opcion_id: Valor.objects.filter(opcion=c.opcion_id).count() for c in cupos}
    assert sum(usados.values()) == HILOS == actos(pagina)


def _enviar_secreta(pagina, **quien):
    secreto.enviar_secreta(encuesta=reglas_de(pagina), version=vigente(pagina), valores={"nota": 3}, **quien)
    return True


def test_secreta_la_misma_persona_y_el_mismo_codigo(hilos):
    pagina, con_codigo = de_una(secreta=True), de_una(secreta=True, modo=Modo.CODIGO)
    for ronda in range(1, RONDAS + 1):
        quien, codigo = participante_de(fabricas.persona()), nuevo_codigo(con_codigo)
        mitad = HILOS // 2
        intentos = [lambda: _enviar_secreta(pagina, participante=quien)] * mitad  # noqa: B023
        intentos += [lambda: _enviar_secreta(con_codigo, codigo=codigo)] * mitad  # noqa: B023
        assert len(sin_fallas(hilos(*intentos), "repetida")) == 2
        for suya in (pagina, con_codigo):
            assert Sobre.objects.filter(ejercicio=suya.ejercicio).count() == actos(suya) == ronda
    assert Participacion.objects.count() == RONDAS


def test_secreta_la_misma_organizacion_y_el_ultimo_lugar(hilos):
    suya, gente = miembros(HILOS)
    for _ronda in range(RONDAS // 4):
        pagina, con_cupo = de_una(secreta=True), de_una(secreta=True)
        Cupo.objects.create(ejercicio=con_cupo.ejercicio, actor_tipo="ciudadania", limite=1)
        de_todos = [lambda q=q: _enviar_secreta(pagina, participante=q.participante, organizacion=suya) for q in gente]  # noqa: B023
        assert len(sin_fallas(hilos(*de_todos), "repetida")) == 1
        propios = [lambda q=q: _enviar_secreta(con_cupo, participante=q.participante) for q in gente]  # noqa: B023
        assert len(sin_fallas(hilos(*propios), "cupo")) == 1
        assert Sobre.objects.filter(ejercicio__in=[pagina.ejercicio, con_cupo.ejercicio]).count() == 2


def test_volcar_mientras_se_responde_no_pierde_ni_repite(hilos):
    pagina = de_una(secreta=True)
    gente = [participante_de(fabricas.persona()) for _ in range(3 * (HILOS - 2))]
    for inicio in range(0, len(gente), HILOS - 2):
        tanda = gente[inicio : inicio + HILOS - 2]
        intentos = [lambda q=q: _enviar_secreta(pagina, participante=q) for q in tanda]
        sin_fallas(hilos(*intentos, secreto.volcar_pendientes, secreto.volcar_pendientes))
    assert enviadas(pagina).count() + Sobre.objects.count() == len(gente)
    Ejercicio.objects.filter(pk=pagina.ejercicio.pk).update(cierre=timezone.now() - timedelta(hours=1))
    sin_fallas(hilos(*[secreto.volcar_pendientes] * 4))
    assert (enviadas(pagina).count(), Sobre.objects.count()) == (len(gente), 0)
    cuadran(pagina)


def _por_la_web(pagina, quien):
    """Las dos peticiones de quien responde una encuesta de una página: contestar y enviar."""
    cliente = Client(raise_request_exception=False)
    cliente.force_login(quien)
    url = primera(pagina)
    datos = {"p_transporte": "transporte-o1", "p_nota": "4", "accion": "siguiente"}
    contestada = cliente.post(url, ocultos(cliente.get(url)) | datos)
    if not contestada.url.endswith("/revisar/"):  # otra pestaña ya envió: lleva a su recibo
        return [contestada.status_code, cliente.get(contestada.url).status_code]
    return [contestada.status_code, cliente.post(contestada.url).status_code]


def _secreta_por_la_web(pagina, quien):
    cliente = Client(raise_request_exception=False)
    cliente.force_login(quien)
    url = direccion(pagina, "secreta")
    abierta = cliente.get(url)
    if abierta.status_code == 302:  # otra pestaña terminó antes: va a su constancia
        return [302]
    return [cliente.post(url, ocultos(abierta) | {"p_nota": "4", "accion": "enviar"}).status_code]


@pytest.mark.parametrize(("camino", "es_secreta"), [(_por_la_web, False), (_secreta_por_la_web, True)])
def test_por_la_web_la_misma_persona(hilos, camino, es_secreta):
    pagina = de_una(secreta=es_secreta)
    for ronda in range(1, 6):
        quien = fabricas.persona()
        hechas = sin_fallas(hilos(*[lambda: camino(pagina, quien)] * HILOS))  # noqa: B023
        estados = {estado for estados in hechas for estado in estados}
        assert estados <= {200, 302, 404, 422} and 302 in estados, estados
        assert actos(pagina) == ronda
        assert (Participacion.objects.count() if es_secreta else enviadas(pagina).count()) == ronda
    cuadran(pagina)


def test_una_respuesta_anulada_no_revive(hilos):
    pagina, quien = de_una(), participante_de(fabricas.persona())
    respuesta = empezar(encuesta=reglas_de(pagina), version=vigente(pagina), clave=uuid.uuid4(), participante=quien)
    Respuesta.objects.filter(pk=respuesta.pk).update(estado=EstadoRespuesta.ANULADA)
    with pytest.raises(ValidationError) as error:
        enviar_respuesta(respuesta=respuesta, valores={"nota": 3})
    assert error.value.code == "anulada"
