"""Sumarse a una propuesta y fusionar dos: con el consentimiento de las dos partes y nada a medias."""

from functools import partial
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from cuentas.enums import RolPersonal
from participacion.apoyos import actions as apoyos
from participacion.apoyos.models import Apoyo
from participacion.avisos.models import Aviso
from participacion.registro.models import Acto
from retos import actions as retos
from retos.enums import EstadoPropuesta, Resultado
from retos.equipos import uniones
from retos.equipos.condiciones import LIMITE
from retos.equipos.enums import TRANSICIONES_UNION, EstadoUnion, Parte
from retos.equipos.historia import cambiar_union
from retos.fases import TipoFase
from retos.models import Novedad, Propuesta, Reto, Union
from tests import fabricas as f

from .fabricas_equipos import adhesion, fusion, integrante

pytestmark = pytest.mark.django_db
CON_DECISION = (TipoFase.CONVOCATORIA, TipoFase.DECISION)
E, U = EstadoPropuesta, EstadoUnion


@pytest.fixture
def pagina():
    return f.reto(**f.programa(fases=CON_DECISION))


@pytest.fixture
def ana():
    return f.persona("ana@example.org")


@pytest.fixture
def beto():
    return f.persona("beto@example.org", nombre="Beto", apellido="Paz")


@pytest.fixture
def destino(pagina, ana):
    return f.publicada(pagina, ana, titulo="Sombra en la plaza")


@pytest.fixture
def origen(pagina, beto):
    return f.publicada(pagina, beto, titulo="Árboles en el parque")


def codigo(hacer, *datos, **con_nombre) -> str:
    """El código del error que da, o «hecho»."""
    try:
        with transaction.atomic():
            hacer(*datos, **con_nombre)
    except PermissionDenied:
        return "no"
    except ValidationError as error:
        return error.code if hasattr(error, "code") else "campo"
    return "hecho"


# --- La tabla -------------------------------------------------------------------------------------


def test_cada_par_de_estados_y_cada_parte(destino, beto):
    union = adhesion(destino, beto)
    for desde, hacia, parte in product(U, U, Parte):
        Union.objects.filter(pk=union.pk).update(estado=desde)
        una = Union.objects.get(pk=union.pk)
        with transaction.atomic():
            hecho = codigo(cambiar_union, una, hacia, parte=parte, usuario=None, ahora=una.pedida_en)
            assert hecho == ("hecho" if TRANSICIONES_UNION.get((desde, hacia)) == parte else "transicion")


def test_cada_accion_por_estado_y_por_quien(pagina, destino, origen, ana, beto):
    """Responde el autor de la de destino y retira quien la pidió; nadie más, en ninguna fase."""
    miembro = f.persona()
    integrante(destino, miembro)
    integrante(origen, f.persona())
    gente = {
        "recibe": ana, "pide": beto, "del equipo": miembro, "otra": f.persona(),
        "personal": f.personal(RolPersonal.GESTION, RolPersonal.MODERACION),
    }  # fmt: skip
    acciones = {U.ACEPTADA: uniones.aceptar, U.RECHAZADA: uniones.rechazar, U.RETIRADA: uniones.retirar}
    pedidas = [fusion(origen, destino)]
    Union.objects.update(estado=U.RETIRADA)
    pedidas.append(adhesion(destino, beto))
    for fase in ("convocatoria", "decision"):
        f.mover_reloj(pagina, fase)
        for union, desde, (hacia, accion), (quien, cuenta) in product(pedidas, U, acciones.items(), gente.items()):
            with transaction.atomic():
                Union.objects.exclude(pk=union.pk).update(estado=U.RECHAZADA)
                Union.objects.filter(pk=union.pk).update(estado=desde)
                obtenido = codigo(accion, union=Union.objects.get(pk=union.pk), actor=cuenta)
                if TRANSICIONES_UNION.get((U.PEDIDA, hacia)) != quien:
                    esperado = "no"
                elif desde != U.PEDIDA:
                    esperado = "transicion"
                else:
                    esperado = "plazo" if hacia == U.ACEPTADA and fase == "decision" else "hecho"
                assert obtenido == esperado, (fase, union.tipo, desde, hacia, quien)
                transaction.set_rollback(True)


# --- Adhesión ---------------------------------------------------------------------------------------


def test_sumarse_de_principio_a_fin(client, destino, ana, beto):
    org = f.organizacion(beto, nombre="Colegio Central")
    client.force_login(beto)
    assert "Pedir sumarse" in client.get(destino.get_absolute_url()).text
    respuesta = client.post(f"/propuestas/{destino.pk}/sumarse/", {"organizacion": org.pk, "mensaje": "Tengo vivero."})
    union = Union.objects.get()
    assert respuesta.url == f"/uniones/{union.pk}/"
    assert "Retirar la petición" in client.get(respuesta.url).text
    assert "Ver o retirar" in client.get(f"/propuestas/{destino.pk}/sumarse/").text
    assert Aviso.objects.get(tipo="union_pedida").destinatario == ana
    client.force_login(ana)
    assert "Beto Paz" in client.get(f"/propuestas/{destino.pk}/equipo/").text
    visto = client.get(f"/uniones/{union.pk}/").text
    assert "Tengo vivero." in visto and "Colegio Central" in visto
    client.post(f"/uniones/{union.pk}/", {"accion": "aceptar"})
    uno = destino.integrantes.get()
    assert (uno.participante.cuenta, uno.organizacion) == (beto, org)
    assert Aviso.objects.get(tipo="union_resuelta").destinatario == beto
    assert Acto.objects.get(tipo="integrante_sumado").organizacion == org.clave
    client.logout()
    assert "Colegio Central" in client.get(destino.get_absolute_url()).text


def test_lo_escrito_queda_si_no_se_pudo_pedir(client, destino, beto):
    client.force_login(beto)
    ajena = f.organizacion(f.persona())
    respuesta = client.post(f"/propuestas/{destino.pk}/sumarse/", {"organizacion": ajena.pk, "mensaje": "Tengo vivero."})
    assert respuesta.status_code == 422 and "Tengo vivero." in respuesta.text and "No puede actuar" in respuesta.text
    respuesta = client.post(f"/propuestas/{destino.pk}/sumarse/", {"mensaje": "x" * 501})
    assert respuesta.status_code == 422 and not Union.objects.exists()


def test_peticion_solo_de_sus_partes(client, destino, beto):
    union = adhesion(destino, beto, mensaje="Sólo para ella")
    for quien in (f.persona(), f.personal(RolPersonal.GESTION)):
        client.force_login(quien)
        for respuesta in (client.get(f"/uniones/{union.pk}/"), client.post(f"/uniones/{union.pk}/", {"accion": "aceptar"})):
            assert respuesta.status_code == 404
    client.force_login(beto)
    assert client.post(f"/uniones/{union.pk}/", {"accion": "aceptar"}).status_code == 403
    assert client.post(f"/uniones/{union.pk}/", {"accion": "otra"}).status_code == 404
    union.refresh_from_db()
    assert union.estado == U.PEDIDA


def test_insistir_no_se_puede(destino, ana, beto, monkeypatch):
    union = adhesion(destino, beto)
    assert codigo(lambda: adhesion(destino, beto)) == "pedida"
    uniones.rechazar(union=union, actor=ana)
    assert codigo(lambda: adhesion(destino, beto)) == "rechazada"
    monkeypatch.setattr(uniones, "LIMITE_DIARIO", 1)
    assert codigo(lambda: adhesion(f.publicada(f.reto()), beto)) == "limite"


def test_no_se_pide(pagina, destino, origen, ana, beto):
    carla = f.persona()
    integrante(destino, carla)
    casos = {
        "propia": lambda: adhesion(destino, ana),
        "repetida": lambda: adhesion(destino, carla),
        "requisitos": lambda: adhesion(destino, f.cuenta()),
        "misma": lambda: uniones.pedir_fusion(origen=origen, destino=origen, actor=beto),
        "otro_reto": lambda: fusion(f.publicada(f.reto(), beto), destino),
        "propias": lambda: fusion(f.publicada(pagina, ana), destino),
        "no": lambda: uniones.pedir_fusion(origen=origen, destino=destino, actor=carla),
        "estado": lambda: adhesion(f.enviada(pagina)),
        "retirada": lambda: adhesion(retos.retirar_propuesta(propuesta=f.publicada(pagina, ana), actor=ana)),
    }
    assert {caso: codigo(hacer) for caso, hacer in casos.items()} == {caso: caso for caso in casos}
    Propuesta.objects.filter(pk=destino.pk).update(resultado=Resultado.NO_ELEGIDA)
    assert codigo(lambda: adhesion(destino, beto)) == "decidida"
    Propuesta.objects.filter(pk=destino.pk).update(resultado=Resultado.EN_ESTUDIO)
    Reto.objects.update(sellado=True)
    assert codigo(lambda: adhesion(destino, beto)) == codigo(lambda: fusion(origen, destino)) == "sellado"
    Reto.objects.update(sellado=False)
    f.mover_reloj(pagina, "decision")
    assert codigo(lambda: adhesion(destino, beto)) == codigo(lambda: fusion(origen, destino)) == "plazo"
    assert not Union.objects.exists()


# --- Fusión -------------------------------------------------------------------------------------------


def test_fusionar_de_principio_a_fin(client, trabajar, destino, origen, ana, beto):
    carla, vecina, org = f.persona(), f.persona(), f.organizacion(f.persona(), nombre="Colegio Central")
    integrante(origen, carla, org)
    apoyos.apoyar(objeto=origen, participante=vecina.participante, quiere_avisos=True)
    apoyos.apoyar(objeto=destino, participante=vecina.participante)
    client.force_login(beto)
    assert "Pedir fusionar la mía" in client.get(f"/propuestas/{destino.pk}/sumarse/").text
    assert client.post(f"/propuestas/{destino.pk}/fusionar/", {"origen": destino.pk}).status_code == 422
    client.post(f"/propuestas/{destino.pk}/fusionar/", {"origen": origen.pk, "mensaje": "Son la misma."})
    union = Union.objects.get()
    client.force_login(ana)
    assert "Aceptar y fusionar" in client.get(f"/uniones/{union.pk}/").text
    client.post(f"/uniones/{union.pk}/", {"accion": "aceptar"})
    origen.refresh_from_db(), destino.refresh_from_db()
    assert (origen.estado, origen.fusionada_en, destino.estado) == (E.FUSIONADA, destino, E.PUBLICADA)
    assert {i.participante.cuenta: i.organizacion for i in destino.integrantes.all()} == {beto: None, carla: org}
    assert (origen.apoyos, destino.apoyos) == (1, 1)  # no se suman: quien apoyó las dos contaría doble
    assert Acto.objects.filter(tipo="propuesta_fusionada", objeto_id=origen.pk).count() == 1
    trabajar()
    assert Aviso.objects.filter(tipo="propuesta_novedad", destinatario=vecina).count() == 1
    assert Novedad.objects.filter(propuesta=origen).count() == Novedad.objects.filter(propuesta=destino).count() == 1
    client.logout()
    publica = client.get(destino.get_absolute_url()).text
    assert "1 apoyo de la propuesta fusionada" in publica and origen.titulo in publica and "Colegio Central" in publica
    anterior = client.get(origen.get_absolute_url())
    assert anterior.status_code == 200 and destino.titulo in anterior.text
    assert Apoyo.objects.de(origen).count() == 1
    for hacer in (lambda: adhesion(origen), lambda: fusion(origen, destino)):
        assert codigo(hacer) == "fusionada"


def test_ni_cadenas_ni_vueltas(pagina, destino, origen, ana, beto):
    tercera = f.publicada(pagina)
    de_vuelta, a_tercera, desde_tercera = fusion(destino, origen), fusion(destino, tercera), fusion(tercera, origen)
    uniones.aceptar(union=fusion(origen, destino), actor=ana)
    estados = {u: Union.objects.get(pk=u.pk).estado for u in (de_vuelta, a_tercera, desde_tercera)}
    assert estados == {de_vuelta: U.RETIRADA, a_tercera: U.RETIRADA, desde_tercera: U.RECHAZADA}
    assert codigo(lambda: fusion(destino, tercera)) == "cadena"
    assert codigo(lambda: fusion(tercera, origen)) == "fusionada"
    uniones.aceptar(union=fusion(tercera, destino), actor=ana)  # una puede recibir varias
    assert destino.fusionadas.count() == 2


def test_retirada_antes_de_responder(destino, origen, ana, beto):
    union = fusion(origen, destino)
    retos.retirar_propuesta(propuesta=origen, actor=beto)
    union.refresh_from_db()
    assert union.estado == U.RETIRADA
    assert codigo(lambda: uniones.aceptar(union=union, actor=ana)) == "transicion"
    otra = adhesion(destino, beto)
    retos.retirar_propuesta(propuesta=destino, actor=ana)
    otra.refresh_from_db()
    assert otra.estado == U.RECHAZADA


def test_entre_las_dos_pasan_del_limite(destino, origen, ana):
    for _ in range(LIMITE - 2):
        integrante(destino)
    union = fusion(origen, destino)
    integrante(origen)
    assert codigo(lambda: uniones.aceptar(union=union, actor=ana)) == "cupo"
    origen.refresh_from_db()
    assert origen.estado == E.PUBLICADA and destino.integrantes.count() == LIMITE - 2


def test_en_una_evaluacion_ciega_nadie_ve_el_equipo(client, destino, origen, ana, beto, trabajar):
    org = f.organizacion(f.persona(), nombre="Colegio Central")
    integrante(destino, f.persona(), org)
    Propuesta.objects.update(anonima=True)
    union = fusion(origen, destino)
    client.force_login(beto)
    pide = client.get(f"/uniones/{union.pk}/").text + client.get(f"/propuestas/{destino.pk}/sumarse/").text
    client.logout()
    uniones.aceptar(union=union, actor=ana)
    publico = client.get(destino.get_absolute_url()).text + client.get(origen.get_absolute_url()).text
    trabajar()
    for texto in (pide, publico):
        assert "Colegio Central" not in texto and "Ana Ríos" not in texto
    assert "Beto" not in publico


def test_consultas_de_la_pagina_iguales_con_1_y_3(client, pagina, destino, django_assert_num_queries):
    def crecer():
        integrante(destino)
        Propuesta.objects.filter(pk=f.publicada(pagina).pk).update(estado=E.FUSIONADA, fusionada_en=destino)

    crecer()
    client.get(destino.get_absolute_url())
    with django_assert_num_queries(7):
        assert client.get(destino.get_absolute_url()).status_code == 200
    crecer(), crecer()
    with django_assert_num_queries(7):
        assert client.get(destino.get_absolute_url()).status_code == 200


# --- A la vez ------------------------------------------------------------------------------------------


def _pareja():
    pagina = f.reto()
    return pagina, f.publicada(pagina, f.persona()), f.publicada(pagina, f.persona())


def test_hilos_dos_aceptan_a_la_vez(hilos):
    """La misma dos veces, y la vuelta: una sola fusión, sin vueltas ni integrantes repetidos."""
    _pagina, a, b = _pareja()
    ida, vuelta = fusion(a, b), fusion(b, a)
    de_a, de_b = a.autor.cuenta, b.autor.cuenta
    salida = hilos(
        lambda: uniones.aceptar(union=ida, actor=de_b),
        lambda: uniones.aceptar(union=ida, actor=de_b),
        lambda: uniones.aceptar(union=vuelta, actor=de_a),
    )
    assert sorted(getattr(r, "code", "hecho") for r in salida) == ["hecho", "transicion", "transicion"]
    a.refresh_from_db(), b.refresh_from_db()
    fusionada, otra = (a, b) if a.estado == E.FUSIONADA else (b, a)
    assert (fusionada.estado, fusionada.fusionada_en_id, otra.estado) == (E.FUSIONADA, otra.pk, E.PUBLICADA)
    assert [i.participante for i in otra.integrantes.all()] == [fusionada.autor]
    assert sorted(Union.objects.values_list("estado", flat=True)) == [U.ACEPTADA, U.RETIRADA]


def test_hilos_se_acepta_mientras_se_retira(hilos):
    """O se fusionó o se retiró: nunca una fusionada en una retirada, ni un equipo a medias."""
    for cual in (0, 1):
        _pagina, *dos = _pareja()
        origen, destino = dos
        union, de_destino = fusion(origen, destino), destino.autor.cuenta
        se_va = dos[cual]
        autor = se_va.autor.cuenta
        salida = hilos(
            partial(uniones.aceptar, union=union, actor=de_destino),
            partial(retos.retirar_propuesta, propuesta=se_va, actor=autor),
        )
        assert not any(isinstance(r, Exception) and not isinstance(r, ValidationError) for r in salida), salida
        origen.refresh_from_db(), destino.refresh_from_db(), union.refresh_from_db()
        acepto = union.estado == U.ACEPTADA
        assert acepto == (origen.estado == E.FUSIONADA) == destino.integrantes.exists()
        # La de destino se puede retirar después de recibir otra; la de origen, fusionada, ya no.
        assert E.RETIRADA in (origen.estado, destino.estado) or (acepto and cual == 0)


def test_si_la_sesion_termino_lo_escrito_vuelve_al_entrar(client, destino, beto):
    url = f"/propuestas/{destino.pk}/sumarse/"
    assert client.post(url, {"mensaje": "Trabajo en lo mismo."}).url.startswith("/cuenta/login/?next=")
    client.post("/cuenta/login/", {"login": beto.email, "password": f.CLAVE})
    assert "Trabajo en lo mismo." in client.get(url).text
