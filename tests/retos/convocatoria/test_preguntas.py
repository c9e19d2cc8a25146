"""Preguntas públicas y respuestas oficiales: quién, cuándo, una sola vez y qué queda anotado."""

import itertools
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cuentas import actions as cuentas
from cuentas.datos_personales import FUENTES, SUPRIMIDO
from cuentas.enums import RolPersonal
from participacion.avisos.models import Aviso
from participacion.registro.models import Acto
from participacion.registro.proyecciones import PROYECCIONES
from retos.convocatoria import actions
from retos.diagnostico.enums import TRANSICIONES_PREGUNTA, EstadoPregunta
from retos.fases import TipoFase
from retos.models import PreguntaReto
from tests import fabricas as f

from .fabricas_convocatoria import preguntada

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
E = EstadoPregunta


def resolver(pregunta, hacia=E.RESPONDIDA, respuesta="Sí puede.", actor=None):
    return actions.resolver_pregunta(
        pregunta=pregunta, hacia=hacia, respuesta=respuesta, actor=actor or f.personal(RolPersonal.GESTION)
    )


def actos():
    return list(Acto.objects.order_by("pk").values_list("tipo", "estado", "actor_tipo"))


def test_preguntar_y_responder_escriben_todo_junto(trabajar):
    ana, reto, gestion = f.persona(), f.reto(), f.personal(RolPersonal.GESTION)
    pregunta = preguntada(reto, ana, "  ¿Puede\u200b un colegio?  ")
    assert (pregunta.texto, pregunta.estado, pregunta.autor) == ("¿Puede un colegio?", E.ENVIADA, ana.participante)
    resolver(pregunta, actor=gestion)
    pregunta.refresh_from_db()
    assert (pregunta.estado, pregunta.respuesta, pregunta.respondida_por) == (E.RESPONDIDA, "Sí puede.", gestion)
    assert actos() == [("pregunta_enviada", "enviada", "ciudadania"), ("pregunta_respondida", "respondida", "personal")]
    assert ModelLogEntry.objects.get(action="retos.cambiar_pregunta").data == {"desde": "enviada", "hacia": "respondida"}
    assert [(a.tipo, a.destinatario) for a in Aviso.objects.all()] == [("pregunta_resuelta", ana)]
    trabajar()
    (correo,) = mail.outbox
    assert correo.to == [ana.email] and "Sí puede." in correo.body and f"{reto.get_url_parts()[2]}preguntas/" in correo.body
    assert list(PROYECCIONES["estado de las preguntas sobre retos"]()) == []


def test_toda_transicion_de_la_tabla_por_cada_rol():
    pregunta = preguntada(f.reto())
    roles = {rol: f.personal(rol) for rol in RolPersonal}
    campos = {"respuesta": "x", "respondida_en": timezone.now()}
    for (desde, hacia), (rol, quien) in itertools.product(itertools.product(E, E), roles.items()):
        punto = transaction.savepoint()
        PreguntaReto.objects.filter(pk=pregunta.pk).update(estado=desde, **campos)
        gestiona = rol in (RolPersonal.GESTION, RolPersonal.ADMINISTRACION)
        permitida = gestiona and (desde, hacia) in TRANSICIONES_PREGUNTA
        try:
            assert resolver(pregunta, hacia, actor=quien).estado == hacia
        except PermissionDenied:
            assert not gestiona, (desde, hacia, rol)
        except ValidationError:
            assert gestiona and not permitida, (desde, hacia, rol)
        else:
            assert permitida, (desde, hacia, rol)
        transaction.savepoint_rollback(punto)


def test_se_pregunta_solo_durante_la_convocatoria():
    ana, reto = f.persona(), f.reto(**f.programa("diagnostico"), criterios=f.criterios(100), requisitos=[("requisito", {"texto": "x", "subsanable": True})])
    for fase in TipoFase:
        f.mover_reloj(reto, fase)
        punto = transaction.savepoint()
        try:
            preguntada(reto, ana)
        except ValidationError as error:
            assert (error.code, fase == TipoFase.CONVOCATORIA) == ("plazo", False), fase
        else:
            assert fase == TipoFase.CONVOCATORIA
        transaction.savepoint_rollback(punto)
    reto.unpublish()
    f.mover_reloj(reto, "convocatoria")
    with pytest.raises(ValidationError, match="no está publicado"):
        preguntada(reto, ana)


@pytest.mark.parametrize(("texto", "codigo"), [(" \u200b ", "texto"), ("x" * 601, "texto")])
def test_una_pregunta_vacia_o_enorme_dice_el_campo(texto, codigo):
    with pytest.raises(ValidationError) as caso:
        preguntada(f.reto(), texto=texto)
    assert list(caso.value.message_dict) == [codigo]


def test_demasiadas_en_un_dia_se_frenan_y_al_siguiente_no():
    ana, reto = f.persona(), f.reto()
    for n in range(actions.MAXIMO_DIARIO):
        preguntada(reto, ana, f"Pregunta {n}")
    with pytest.raises(ValidationError) as caso:
        preguntada(reto, ana)
    assert caso.value.code == "demasiadas"
    preguntada(f.reto(), ana)
    PreguntaReto.objects.update(enviada_en=timezone.now() - timedelta(days=1, seconds=1))
    preguntada(reto, ana)


def test_repetir_el_formulario_no_duplica_y_el_de_otra_persona_se_rechaza():
    ana, reto, clave = f.persona(), f.reto(), uuid.uuid4()
    assert preguntada(reto, ana, clave=clave) == preguntada(reto, ana, "Otra vez", clave=clave)
    with pytest.raises(PermissionDenied):
        preguntada(reto, f.persona(), clave=clave)
    assert PreguntaReto.objects.count() == Acto.objects.count() == 1


def test_doble_clic_y_dos_respuestas_a_la_vez(hilos):
    ana, reto, clave = f.persona(), f.reto(), uuid.uuid4()
    salidas = hilos(*[lambda: preguntada(reto, ana, clave=clave)] * 3)
    assert {salida.pk for salida in salidas} == {PreguntaReto.objects.get().pk}
    una, otra = (f.personal(RolPersonal.GESTION) for _ in range(2))
    pregunta = PreguntaReto.objects.get()
    salidas = hilos(
        lambda: resolver(pregunta, actor=una), lambda: resolver(pregunta, E.RECHAZADA, "Ya está en las bases.", otra)
    )
    assert sorted(type(salida).__name__ for salida in salidas) == ["PreguntaReto", "ValidationError"]
    assert Acto.objects.count() == 2 and Aviso.objects.count() == 1


def test_sin_texto_no_se_responde():
    pregunta = preguntada(f.reto())
    for hacia in (E.RESPONDIDA, E.RECHAZADA):
        with pytest.raises(ValidationError) as caso:
            resolver(pregunta, hacia, " ")
        assert list(caso.value.message_dict) == ["respuesta"]


def test_datos_personales_se_entregan_y_se_suprimen():
    ana, reto = f.persona(), f.reto()
    respondida, pendiente, rechazada = (preguntada(reto, ana, f"Soy Ana {n}") for n in range(3))
    resolver(respondida)
    resolver(rechazada, E.RECHAZADA, "Trae datos de Ana.")
    fuente = FUENTES["retos.preguntas"]
    assert [dato["pregunta"] for dato in fuente.copiar(ana.participante).datos] == ["Soy Ana 0", "Soy Ana 1", "Soy Ana 2"]
    for _vez in range(2):
        fuente.suprimir(ana.participante)
        filas = PreguntaReto.objects.order_by("pk").values_list("estado", "texto", "respuesta")
        assert list(filas) == [
            ("respondida", "Soy Ana 0", "Sí puede."), ("rechazada", SUPRIMIDO, SUPRIMIDO), ("rechazada", SUPRIMIDO, SUPRIMIDO),
        ]  # fmt: skip
    assert list(PROYECCIONES["estado de las preguntas sobre retos"]()) == []


# --- Pantallas -----------------------------------------------------------------------------------------


def test_pantalla_pregunta_conserva_lo_escrito_y_dice_lo_que_pasa(client):
    ana, reto = f.persona(), f.reto()
    url = f"{reto.url}preguntas/"
    assert client.post(url, {"texto": "¿Y los colegios?", "rescatable": "1"}).url.startswith("/cuenta/login/")
    client.force_login(ana)
    vacia = client.post(url, {"texto": "", "clave_envio": uuid.uuid4()})
    assert (vacia.status_code, vacia.context["formulario"].errors["texto"]) == (422, ["Escriba su pregunta."])
    respuesta = client.post(url, {"texto": "¿Y los colegios?", "clave_envio": uuid.uuid4()}, follow=True)
    assert "Recibimos su pregunta" in respuesta.text and "¿Y los colegios?" in respuesta.text
    assert "¿Y los colegios?" not in type(client)().get(url).text  # sin responder no es pública
    f.mover_reloj(reto, "convocatoria")
    type(reto.ejercicio).objects.update(cierre=timezone.now())
    tarde = client.post(url, {"texto": "Llegué tarde", "clave_envio": uuid.uuid4()})
    assert tarde.status_code == 422 and "Llegué tarde" in tarde.text and "se cerró el" in tarde.text


def test_pantalla_lo_que_se_escribio_sin_sesion_vuelve_al_entrar(client):
    reto = f.reto()
    url = f"{reto.url}preguntas/"
    client.post(url, {"texto": "¿Y los colegios?", "clave_envio": uuid.uuid4(), "rescatable": "1"})
    client.force_login(f.persona())
    assert client.get(url).context["formulario"]["texto"].value() == "¿Y los colegios?"


def test_pantalla_con_requisitos_por_cumplir(client):
    client.force_login(f.cuenta())
    respuesta = client.post(f"{f.reto().url}preguntas/", {"texto": "¿Cómo?", "clave_envio": uuid.uuid4()})
    assert respuesta.status_code == 422 and "Todavía no se envió: le falta" in respuesta.text and "¿Cómo?" in respuesta.text


def test_pantalla_demasiadas_da_429(client, monkeypatch):
    monkeypatch.setattr(actions, "MAXIMO_DIARIO", 0)
    client.force_login(f.persona())
    respuesta = client.post(f"{f.reto().url}preguntas/", {"texto": "¿Cómo?", "clave_envio": uuid.uuid4()})
    assert respuesta.status_code == 429 and "¿Cómo?" in respuesta.text


@pytest.mark.parametrize("cuantas", [1, 3])
def test_consultas_de_la_lista(client, django_assert_num_queries, cuantas):
    reto, gestion = f.reto(), f.personal(RolPersonal.GESTION)
    for n in range(cuantas):
        resolver(preguntada(reto, texto=f"Pregunta {n}"), actor=gestion)
    url = f"{reto.url}preguntas/"
    client.get(url)
    with django_assert_num_queries(CONSULTAS_LISTA):
        assert client.get(url).text.count("Respuesta oficial del") == cuantas


CONSULTAS_LISTA = 6


def test_gestion_responde_y_lo_ya_resuelto_se_explica(client):
    reto, gestion = f.reto(), f.personal(RolPersonal.GESTION)
    pregunta = preguntada(reto)
    client.force_login(gestion)
    lista = f"/admin/programa/convocatoria/{reto.ejercicio.pk}/preguntas/"
    url = f"{lista}{pregunta.pk}/"
    assert pregunta.texto in client.get(lista).text
    assert client.post(url, {"accion": "respondida", "respuesta": ""}).status_code == 422
    assert client.post(url, {"accion": "inventada", "respuesta": "x"}).status_code == 422
    assert client.post(url, {"accion": "respondida", "respuesta": "Claro que sí."}).url == lista
    tarde = client.post(url, {"accion": "rechazada", "respuesta": "No"})
    assert tarde.status_code == 422 and "ya está «Respondida»" in tarde.text
    assert "Claro que sí." in type(client)().get(f"{reto.url}preguntas/").text
    assert "Claro que sí." in type(client)().get(reto.url).text


@pytest.mark.parametrize("cuantas", [1, 3])
def test_cuentan_como_pendientes(cuantas):
    from retos.gestion import ENLACES

    reto = f.reto()
    for n in range(cuantas):
        preguntada(reto, texto=f"Pregunta {n}")
    resolver(PreguntaReto.objects.first())
    (enlace,) = [e for e in ENLACES if e.url == "retos_convocatoria:preguntas"]
    assert enlace.pendientes(reto.ejercicio) == cuantas - 1


def test_quien_suprimio_sus_datos_no_pregunta():
    ana, reto = f.persona(), f.reto()
    participante = cuentas.participante_de(ana)
    type(participante).objects.filter(pk=participante.pk).update(suprimido=True, cuenta=None, nivel=0, nombre="", muestra_nombre=False)
    with pytest.raises(ValidationError) as caso:
        actions.preguntar(ejercicio=reto.ejercicio, participante=participante, texto="Hola", clave_envio=uuid.uuid4())
    assert caso.value.code == "suprimido"
