"""Los problemas del diagnóstico: contarlos, moderarlos, priorizarlos y retirarlos."""

import itertools
import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from cuentas import actions as cuentas
from cuentas.datos_personales import FUENTES, SUPRIMIDO
from cuentas.enums import RolPersonal, TipoActor
from participacion.apoyos import actions as apoyos
from participacion.moderacion.enums import Decision
from participacion.moderacion.models import Entrada
from participacion.registro.models import Acto
from participacion.registro.proyecciones import PROYECCIONES
from retos.diagnostico import actions
from retos.diagnostico.enums import ACTOS_PROBLEMA, TRANSICIONES_PROBLEMA, EstadoProblema
from retos.fases import TipoFase
from retos.models import Problema
from tests import fabricas as f

pytestmark = pytest.mark.django_db
E = EstadoProblema
COMPLETO = {"criterios": f.criterios(100), "requisitos": [("requisito", {"texto": "x", "subsanable": True})]}


def reto_en(fase="diagnostico", fases=("diagnostico",), **campos):
    return f.reto(**f.programa(fase, fases=fases), **campos)


def contado(reto, de=None, *, clave=None, **campos) -> Problema:
    datos = {"titulo": "No hay sombra", "descripcion": "En la plaza.", **campos}
    participante = cuentas.participante_de(de or f.persona())
    return actions.contar_problema(ejercicio=reto.ejercicio, participante=participante, clave_envio=clave or uuid.uuid4(), **datos)


def publicado(reto, de=None, **campos) -> Problema:
    return f.resolver(contado(reto, de, **campos), Decision.APROBADA)


def apoyar(problema, de=None):
    return apoyos.apoyar(objeto=problema, participante=cuentas.participante_de(de or f.persona()))


def test_contar_publicar_y_priorizar_escriben_todo_junto(trabajar):
    ana = f.persona()
    uni = f.organizacion(ana, tipo=TipoActor.UNIVERSIDAD)
    problema = contado(reto_en(), ana, organizacion=uni)
    assert (problema.estado, problema.actor_tipo, problema.firma) == (E.ENVIADO, "universidad", uni.nombre)
    assert Entrada.objects.de(problema).pendientes().get().titulo == "No hay sombra"
    f.resolver(problema, Decision.APROBADA)
    for _ in range(2):
        assert apoyar(problema)
    problema.refresh_from_db()
    assert (problema.estado, problema.apoyos) == (E.PUBLICADO, 2)
    assert list(Acto.objects.order_by("pk").values_list("tipo", "actor_tipo")) == [
        ("problema_enviado", "universidad"), ("problema_publicado", "personal"), ("apoyo", "ciudadania"), ("apoyo", "ciudadania"),
    ]  # fmt: skip
    trabajar()
    (correo,) = mail.outbox
    assert correo.to == [ana.email] and correo.subject == "Se publicó el problema que contó: No hay sombra"
    assert problema.get_absolute_url() in correo.body
    for nombre in ("estado de los problemas", "conteo de apoyos", "filas de apoyo"):
        assert list(PROYECCIONES[nombre]()) == []


def test_toda_transicion_de_la_tabla():
    problema = contado(reto_en())
    ejercicio, ahora = actions.leer_reglas(problema.ejercicio_id)
    for desde, hacia, quien in itertools.product(E, E, ("autor", "moderacion", "gestion")):
        punto = transaction.savepoint()
        Problema.objects.filter(pk=problema.pk).update(estado=desde, publicado_en=ahora)
        fila = Problema.objects.get(pk=problema.pk)
        permitida = TRANSICIONES_PROBLEMA.get((desde, hacia)) == quien
        try:
            actions._cambiar_estado(fila, hacia, quien=quien, usuario=None, ahora=ahora, ejercicio=ejercicio)
        except ValidationError as error:
            assert (error.code, permitida) == ("transicion", False), (desde, hacia, quien)
        else:
            assert permitida and Acto.objects.last().tipo == ACTOS_PROBLEMA[hacia][0], (desde, hacia, quien)
        transaction.savepoint_rollback(punto)


def test_se_cuenta_y_se_prioriza_solo_en_el_diagnostico():
    ana = f.persona()
    reto = reto_en(fases=tuple(TipoFase), **COMPLETO)
    problema = publicado(reto, ana)
    for fase in TipoFase:
        f.mover_reloj(reto, fase)
        for hacer in (lambda: contado(reto, ana), lambda: apoyar(problema, ana)):
            punto = transaction.savepoint()
            try:
                hacer()
            except ValidationError as error:
                assert (error.code, fase == TipoFase.DIAGNOSTICO) == ("plazo", False), fase
            else:
                assert fase == TipoFase.DIAGNOSTICO
            transaction.savepoint_rollback(punto)
    with pytest.raises(ValidationError, match="no hay una fase para contar un problema"):
        contado(f.reto(), ana)


def test_lo_que_no_se_recibe_dice_su_campo():
    ana, reto = f.persona(), reto_en(actores=["universidad"])
    uni = f.organizacion(ana, tipo=TipoActor.UNIVERSIDAD)
    ajena = f.organizacion(f.persona(), tipo=TipoActor.UNIVERSIDAD)
    casos = [
        ({"titulo": " \u200b", "descripcion": ""}, ["descripcion", "titulo"]),
        ({"titulo": "x" * 121, "organizacion": uni}, ["titulo"]),
        ({"descripcion": "x" * 3001, "organizacion": uni}, ["descripcion"]),
        ({}, ["organizacion"]),
        ({"organizacion": ajena}, ["organizacion"]),
    ]
    for campos, esperado in casos:
        with pytest.raises(ValidationError) as caso:
            contado(reto, ana, **campos)
        assert sorted(caso.value.message_dict) == esperado, campos
    assert contado(reto, ana, organizacion=uni).estado == E.ENVIADO
    with pytest.raises(ValidationError) as caso:
        contado(reto, f.cuenta(), organizacion=None)
    assert caso.value.code == "requisitos"


def test_demasiados_en_un_dia_se_frenan(monkeypatch):
    monkeypatch.setattr(actions, "MAXIMO_DIARIO", 1)
    ana, reto = f.persona(), reto_en()
    contado(reto, ana)
    with pytest.raises(ValidationError) as caso:
        contado(reto, ana)
    assert caso.value.code == "demasiados"
    Problema.objects.update(enviado_en=timezone.now() - timedelta(days=1, seconds=1))
    contado(reto, ana)


def test_moderar_no_devuelve_y_nadie_modera_lo_suyo():
    ana = f.personal(RolPersonal.MODERACION)
    f.habilitar(ana)
    problema = contado(reto_en(), ana)
    with pytest.raises(ValidationError, match="Usted la envió"):
        f.resolver(problema, Decision.APROBADA, ana)
    with pytest.raises(ValidationError, match="Elija una decisión de la lista"):
        f.resolver(problema, Decision.DEVUELTA, motivo="Falta algo.")
    assert f.resolver(problema, Decision.RECHAZADA, motivo="Insulta.").estado == E.RECHAZADO
    with pytest.raises(ValidationError, match="no está publicada"):
        apoyar(problema)


def test_retirar_es_de_su_autor_y_saca_de_la_cola():
    ana, reto = f.persona(), reto_en()
    enviado, visto = contado(reto, ana), publicado(reto, ana)
    with pytest.raises(PermissionDenied):
        actions.retirar_problema(problema=enviado, actor=f.persona())
    for problema in (enviado, visto):
        actions.retirar_problema(problema=problema, actor=ana)
        with pytest.raises(ValidationError):
            actions.retirar_problema(problema=problema, actor=ana)
    enviado.refresh_from_db()
    visto.refresh_from_db()
    assert (enviado.estado, enviado.es_publico, visto.estado, visto.es_publico) == (E.RETIRADO, False, E.RETIRADO, True)
    assert not Entrada.objects.pendientes().exists()


def test_doble_clic_y_retirar_mientras_se_modera(hilos):
    ana, reto, clave = f.persona(), reto_en(), uuid.uuid4()
    moderador = f.personal(RolPersonal.MODERACION)
    salidas = hilos(*[lambda: contado(reto, ana, clave=clave)] * 3)
    problema = Problema.objects.get()
    assert [salida.pk for salida in salidas] == [problema.pk] * 3 and Acto.objects.count() == 1
    with pytest.raises(PermissionDenied):
        contado(reto, f.persona(), clave=clave)
    hilos(
        lambda: actions.retirar_problema(problema=problema, actor=ana),
        lambda: f.resolver(problema, Decision.RECHAZADA, moderador, motivo="Insulta."),
    )
    problema.refresh_from_db()
    assert problema.estado in (E.RETIRADO, E.RECHAZADO)
    assert Acto.objects.count() == 2 and not Entrada.objects.pendientes().exists()


def test_datos_personales_se_entregan_y_se_suprimen():
    ana, reto = f.persona(), reto_en()
    visto, enviado = publicado(reto, ana, titulo="Público"), contado(reto, ana, titulo="Sin ver")
    fuente = FUENTES["retos.problemas"]
    assert [dato["título"] for dato in fuente.copiar(ana.participante).datos] == ["Público", "Sin ver"]
    for _vez in range(2):
        fuente.suprimir(ana.participante)
        visto.refresh_from_db()
        enviado.refresh_from_db()
        assert (visto.estado, visto.titulo, visto.descripcion) == (E.PUBLICADO, "Público", "En la plaza.")
        assert (enviado.estado, enviado.titulo, enviado.descripcion) == (E.RETIRADO, SUPRIMIDO, "")
    assert Entrada.objects.de(enviado).get().titulo == SUPRIMIDO
    assert list(PROYECCIONES["estado de los problemas"]()) == []


# --- Pantallas ------------------------------------------------------------------------------------------------


def test_pantalla_contar_conserva_lo_escrito(client):
    reto = reto_en()
    url, datos = f"{reto.url}problemas/nuevo/", {"titulo": "No hay sombra", "descripcion": "En la plaza.", "clave_envio": str(uuid.uuid4())}
    assert client.post(url, datos | {"rescatable": "1"}).url.startswith("/cuenta/login/")
    client.force_login(f.persona())
    assert client.get(url).context["formulario"]["titulo"].value() == "No hay sombra"
    vacio = client.post(url, datos | {"titulo": ""})
    assert vacio.status_code == 422 and "En la plaza." in vacio.text and "titulo" in vacio.context["formulario"].errors
    respuesta = client.post(url, datos, follow=True)
    assert "La moderación lo está revisando" in respuesta.text and "Recibimos lo que contó" in respuesta.text
    assert client.get(f"{reto.url}problemas/").text.count("No hay sombra") == 1
    assert "No hay sombra" not in type(client)().get(f"{reto.url}problemas/").text
    f.mover_reloj(reto, "convocatoria")
    tarde = client.post(url, datos | {"titulo": "Llegué tarde", "clave_envio": uuid.uuid4()})
    assert tarde.status_code == 422 and "Llegué tarde" in tarde.text and "se cerró el" in tarde.text
    assert "Ahora no se reciben problemas" in client.get(url).text


def test_pantalla_apoyar_retirar_el_apoyo_y_retirar_el_problema(client):
    ana, reto = f.persona(), reto_en()
    problema = publicado(reto, ana)
    url = problema.get_absolute_url()
    assert client.post(f"{url}apoyar/").url.startswith("/cuenta/login/")
    client.force_login(f.persona())
    for datos, apoyos_ in (({}, 1), ({}, 1), ({"accion": "retirar"}, 0), ({}, 1)):
        assert client.post(f"{url}apoyar/", datos).url == f"{url}#apoyo"
        problema.refresh_from_db()
        assert problema.apoyos == apoyos_
    assert "el suyo incluido" in client.get(url).text
    sin_perfil = type(client)()
    sin_perfil.force_login(f.cuenta())
    assert sin_perfil.post(f"{url}apoyar/").status_code == 422
    assert client.get(f"{url}retirar/").status_code == 404
    client.force_login(ana)
    assert "con los apoyos que recibió" in client.get(f"{url}retirar/").text
    assert "Retirado por su autor" in client.post(f"{url}retirar/", follow=True).text


def test_lo_que_espera_lo_ven_su_autor_y_quien_lee_como_personal(client):
    ana = f.persona()
    url = contado(reto_en(), ana).get_absolute_url()
    assert client.get(url).status_code == 404
    for quien, estado in ((ana, 200), (f.persona(), 404), (f.personal(RolPersonal.MODERACION), 200), (f.personal(RolPersonal.EDITOR), 404)):
        client.force_login(quien)
        assert client.get(url).status_code == estado


def test_se_ven_en_la_pagina_del_reto_el_mas_apoyado_primero(client):
    reto = reto_en()
    poco, mucho = publicado(reto, titulo="Poco"), publicado(reto, titulo="Mucho")
    apoyar(mucho)
    for texto in (client.get(reto.url).text, client.get(f"{reto.url}problemas/").text):
        assert texto.index("Mucho") < texto.index("Poco")
    client.force_login(f.personal(RolPersonal.GESTION))
    gestion = client.get(f"/admin/programa/diagnostico/{reto.ejercicio.pk}/").text
    assert gestion.index("Mucho") < gestion.index("Poco") and poco.get_absolute_url() in gestion


CONSULTAS = {"lista": 5, "gestion": 19}


@pytest.mark.parametrize("cuantos", [1, 3])
def test_consultas_de_las_listas(client, django_assert_num_queries, monkeypatch, cuantos):
    monkeypatch.setattr("retos.gestion.ENLACES", [])  # lo que pregunta cada pantalla para el menú es suyo
    reto = reto_en()
    for _ in range(cuantos):
        publicado(reto)
    url = f"{reto.url}problemas/"
    client.get(url)
    with django_assert_num_queries(CONSULTAS["lista"]):
        assert len(client.get(url).context["pagina"]) == cuantos
    client.force_login(f.personal(RolPersonal.GESTION))
    url = f"/admin/programa/diagnostico/{reto.ejercicio.pk}/"
    client.get(url)
    with django_assert_num_queries(CONSULTAS["gestion"]):
        assert len(client.get(url).context["page_obj"]) == cuantos


def test_a_quien_modera_no_se_le_ofrece_devolver_un_problema(client):
    reto = reto_en()
    client.force_login(f.personal(RolPersonal.MODERACION))

    def ofrece(objeto) -> list[str]:
        entrada = Entrada.objects.de(objeto).get()
        return re.findall(r'name="decision" value="(\w+)"', client.get(f"/admin/moderacion/{entrada.pk}/").text)

    problema = contado(reto, f.persona())
    assert ofrece(problema) == ["aprobada", "rechazada"]
    assert ofrece(f.enviada(f.reto())) == ["aprobada", "devuelta", "rechazada"]
    url = f"/admin/moderacion/{Entrada.objects.de(problema).get().pk}/"
    respuesta = client.post(url, {"decision": "devuelta", "motivo": "Falta algo."})
    assert (respuesta.status_code, "Elija una decisión de la lista" in respuesta.text) == (422, True)
    assert ">Falta algo.</textarea>" in respuesta.text.replace("\n", "")
