"""Los plazos de una fase abierta sólo se amplían, con un motivo que se publica y se avisa."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cuentas.enums import RolPersonal
from participacion.ejercicios.models import Ejercicio
from participacion.registro.models import Acto
from retos import actions
from retos.convocatoria import prorrogas
from retos.evaluacion.enums import EstadoJurado
from retos.models import FaseReto, Integrante, Jurado, Prorroga, RetoPage
from tests import fabricas as f

from .fabricas_convocatoria import del_editor, fases_de, hora, publicar

pytestmark = pytest.mark.django_db
DIA = timedelta(days=1)
COMPLETO = {"criterios": f.criterios(100), "requisitos": [("requisito", {"texto": "Presupuesto", "subsanable": True})]}


def correr(reto, actual, dias, siguientes=True) -> dict:
    """Los cambios que alargan (o acortan) la fase `actual` y, si se pide, corren las que siguen."""
    cambios, orden = {}, [fila.tipo for fila in reto.ejercicio.fases.all()]
    if actual == "convocatoria":
        cambios["cierre"] = reto.cierre + DIA * dias
        despues = [t for t in orden if t != "diagnostico"]
    else:
        despues = orden[orden.index(actual) + 1 :]
    actuales = {b.value["tipo"]: b.value for b in reto.fases}
    nuevas = {t: {"inicia": actuales[t]["inicia"] + DIA * dias, "termina": actuales[t]["termina"] + DIA * dias} for t in despues}
    if not siguientes:
        nuevas = {}
    if actual != "convocatoria":
        nuevas[actual] = {"termina": actuales[actual]["termina"] + DIA * dias}
    return cambios | {"fases": fases_de(reto, **nuevas)}


def errores(reto, **cambios) -> dict:
    with pytest.raises(ValidationError) as caso:
        publicar(reto, **cambios)
    return {campo: " ".join(textos) for campo, textos in caso.value.message_dict.items()}


def test_ampliar_anota_todo_y_corre_lo_que_sigue():
    reto, editora = f.reto(**f.programa("convocatoria"), **COMPLETO), f.personal(RolPersonal.EDITOR)
    antes = reto.ejercicio.cierre
    publicar(reto, por=editora, motivo_prorroga="Hubo paro.", **correr(reto, "convocatoria", 3))
    prorroga = Prorroga.objects.get()
    assert (prorroga.fase, prorroga.antes, prorroga.despues) == ("convocatoria", antes, antes + 3 * DIA)
    assert (prorroga.motivo, prorroga.por) == ("Hubo paro.", editora)
    acto = Acto.objects.get()
    assert (acto.tipo, acto.objeto_id, acto.actor_tipo, acto.ocurrido_en) == ("reto_prorrogado", prorroga.pk, "personal", prorroga.en)
    registro = ModelLogEntry.objects.get(action="retos.prorrogar")
    assert (registro.user, registro.data["motivo"]) == (editora, "Hubo paro.")
    assert FaseReto.objects.get(tipo="admisibilidad").inicia >= antes + 3 * DIA - timedelta(milliseconds=1)


def test_el_motivo_es_obligatorio_y_sin_el_nada_cambia():
    reto = f.reto(**f.programa("evaluacion"), **COMPLETO)
    cambios = correr(reto, "evaluacion", 2)
    antes = FaseReto.objects.get(tipo="evaluacion").termina
    assert "escriba por qué" in errores(reto, **cambios)["motivo_prorroga"]
    assert "escriba por qué" in errores(reto, motivo_prorroga="  ", **cambios)["motivo_prorroga"]
    assert FaseReto.objects.get(tipo="evaluacion").termina == antes
    assert not Prorroga.objects.exists() and not Acto.objects.exists()


@pytest.mark.parametrize("puerta", ["editor", "api"])
def test_por_donde_se_publique_se_anota_y_se_dice_quien(client, puerta):
    """El editor y la API de Wagtail no llaman a `Page.publish`: que la prórroga se anote también por ahí."""
    reto, editora = f.reto(), f.personal(RolPersonal.EDITOR)
    antes = Ejercicio.objects.get().cierre
    client.force_login(editora)
    if puerta == "editor":
        datos = del_editor(reto, cierre=hora(antes + 5 * DIA), motivo_prorroga="Hubo paro.")
        assert client.post(f"/admin/pages/{reto.pk}/edit/", datos).status_code == 302
    else:
        reto.cierre, reto.motivo_prorroga = antes + 5 * DIA, "Hubo paro."
        reto.save_revision(user=editora)
        assert client.post(f"/admin/api/main/pages/{reto.pk}/action/publish/", content_type="application/json").status_code == 200
    prorroga = Prorroga.objects.get()
    assert (prorroga.motivo, prorroga.por, prorroga.despues) == ("Hubo paro.", editora, Ejercicio.objects.get().cierre)
    assert prorroga.despues > antes + 4 * DIA
    assert Acto.objects.filter(tipo="reto_prorrogado").count() == 1


def test_ampliar_dos_veces_son_dos_prorrogas_y_publicar_sin_cambios_ninguna():
    reto = f.reto()
    publicar(reto)
    for dias in (3, 5):
        publicar(reto, cierre=reto.cierre + dias * DIA, motivo_prorroga=f"Van {dias}.")
        publicar(reto)
    assert list(Prorroga.objects.order_by("pk").values_list("motivo", flat=True)) == ["Van 3.", "Van 5."]


def test_una_fase_futura_se_mueve_sin_motivo():
    reto = f.reto(**f.programa("convocatoria"), **COMPLETO)
    nuevas = {fila.tipo: {"inicia": fila.inicia + DIA, "termina": fila.termina + DIA} for fila in reto.ejercicio.fases.exclude(tipo="diagnostico")}
    publicar(reto, fases=fases_de(reto, **nuevas))
    assert FaseReto.objects.get(tipo="cierre").inicia == nuevas["cierre"]["inicia"]
    assert not Prorroga.objects.exists()


def test_lo_que_un_calendario_en_curso_no_deja_cambiar():
    reto = f.reto(**f.programa("evaluacion"), **COMPLETO)
    ahora, por_tipo = timezone.now(), {b.value["tipo"]: b.value for b in reto.fases}
    abierta, pasada = por_tipo["evaluacion"], por_tipo["apoyo"]
    motivo = {"motivo_prorroga": "Porque sí."}
    casos = [
        ({"fases": fases_de(reto, evaluacion={"termina": abierta["termina"] - DIA})}, "fases", "se puede ampliar, no acortar"),
        ({"fases": fases_de(reto, evaluacion={"inicia": abierta["inicia"] + DIA})}, "fases", "su fecha de inicio no se cambia"),
        ({"fases": fases_de(reto, evaluacion=None)}, "fases", "«Evaluación del jurado»: ya empezó: no se puede quitar"),
        ({"fases": fases_de(reto, apoyo=None)}, "fases", "«Apoyo ciudadano»: ya empezó: no se puede quitar"),
        ({"fases": fases_de(reto, apoyo={"termina": pasada["termina"] - DIA})}, "fases", "ya terminó: sus fechas no se cambian"),
        ({"cierre": reto.cierre - DIA}, "cierre", "«Convocatoria»: ya terminó"),
        ({"apertura": reto.apertura + DIA}, "cierre", "«Convocatoria»: ya terminó"),
    ]
    for cambios, campo, texto in casos:
        dichos = errores(reto, **motivo, **cambios)
        assert texto in dichos[campo], (cambios, dichos)
    # Tampoco se quita la fecha, ni se añade una fase que ya habría pasado.
    simple = f.reto()
    assert "acortar" in errores(simple, cierre=None)["cierre"]
    assert "acortar" in errores(simple, cierre=ahora + DIA)["cierre"]
    vieja = [("fase", {"tipo": "diagnostico", "inicia": ahora - 9 * DIA, "termina": ahora - 8 * DIA})]
    assert "ya habría empezado" in errores(simple, fases=vieja)["fases"]
    assert not Prorroga.objects.exists() and not Acto.objects.exists()


def test_las_fechas_que_el_editor_muestra_en_minutos_son_las_mismas():
    reto = f.reto()
    minutos = {campo: getattr(reto, campo).replace(second=0, microsecond=0) for campo in ("apertura", "cierre")}
    publicar(reto, **minutos)
    assert reto.ejercicio.cierre - minutos["cierre"] < timedelta(minutes=1)
    assert "acortar" in errores(reto, cierre=minutos["cierre"] - timedelta(minutes=1))["cierre"]
    assert "escriba por qué" in errores(reto, cierre=minutos["cierre"] + timedelta(minutes=2))["motivo_prorroga"]
    assert not Prorroga.objects.exists()


def test_una_convocatoria_sin_fecha_puede_recibirla():
    reto = f.reto()
    Ejercicio.objects.update(cierre=None)
    publicar(reto, cierre=timezone.now() + DIA)
    assert not Prorroga.objects.exists()


def test_programada_se_anota_cuando_se_publica():
    from django.core.management import call_command

    reto = f.reto()
    reto.cierre, reto.motivo_prorroga = reto.cierre + DIA, "Hubo paro."
    reto.go_live_at = timezone.now() + timedelta(hours=1)
    revision = reto.save_revision()
    revision.publish()
    assert not Prorroga.objects.exists()
    revision.refresh_from_db()
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
    revision.save()
    call_command("publish_scheduled")
    assert Prorroga.objects.get().motivo == "Hubo paro."


def test_se_avisa_a_los_equipos_por_tandas_y_al_jurado_solo_en_su_fase(trabajar, monkeypatch):
    monkeypatch.setattr(prorrogas, "TANDA", 2)
    reto, otra = f.reto(**f.programa("convocatoria"), **COMPLETO), f.persona()
    enviada, borrador = f.enviada(reto, f.persona()), f.borrador(reto, f.persona())
    Integrante.objects.create(propuesta=borrador, participante=f.persona().participante, desde=timezone.now())
    f.borrador(f.reto(), otra)
    for estado in (EstadoJurado.ACEPTADO, EstadoJurado.DECLINADO):
        Jurado.objects.create(ejercicio=reto.ejercicio, usuario=f.cuenta(f"{estado}@example.org"), estado=estado, invitado_en=timezone.now())
    trabajar()
    mail.outbox.clear()
    publicar(reto, motivo_prorroga="Hubo paro.", **correr(reto, "convocatoria", 3))
    trabajar()
    equipo = {enviada.autor.cuenta.email, borrador.autor.cuenta.email, borrador.integrantes.get().participante.cuenta.email}
    assert sorted(correo.to[0] for correo in mail.outbox) == sorted(equipo)
    cuerpo = mail.outbox[0].body
    assert "Hubo paro." in cuerpo and "«Convocatoria»" in cuerpo and f"{reto.get_url_parts()[2]}#fases" in cuerpo

    f.mover_reloj(reto, "evaluacion")
    evaluacion = FaseReto.objects.get(tipo="evaluacion")
    prorroga = Prorroga.objects.create(
        ejercicio=reto.ejercicio, fase="evaluacion", antes=evaluacion.termina, despues=evaluacion.termina + DIA, motivo="x", en=timezone.now()
    )  # fmt: skip
    assert {c.email for c in prorrogas.interesados(prorroga)} == equipo | {"aceptado@example.org"}


def test_el_motivo_y_las_fechas_estan_en_la_pagina_y_el_editor_lo_abre_vacio(client):
    reto = f.reto()
    publicar(reto, cierre=reto.cierre + DIA, motivo_prorroga="Hubo paro en la ciudad.")
    assert "Hubo paro en la ciudad." in client.get(reto.url).text
    client.force_login(f.personal(RolPersonal.EDITOR))
    formulario = client.get(f"/admin/pages/{reto.pk}/edit/").context["form"]
    assert formulario["motivo_prorroga"].value() == ""
    assert RetoPage.objects.get(pk=reto.pk).motivo_prorroga == "Hubo paro en la ciudad."


# --- El plazo se mueve mientras se envía -------------------------------------------------------------


def mover_cierre(reto, segundos):
    """El cierre, a tantos segundos por el reloj de la base de datos; la página dice lo mismo."""
    cierre = timezone.now() + timedelta(seconds=segundos)
    Ejercicio.objects.filter(pk=reto.ejercicio.pk).update(cierre=cierre)
    RetoPage.objects.filter(pk=reto.pk).update(cierre=cierre)
    return cierre


@pytest.mark.parametrize("segundos", [-1, 1])
def test_un_segundo_antes_o_despues_del_cierre(segundos):
    ana, reto = f.persona(), f.reto()
    propuesta, cierre = f.borrador(reto, ana), mover_cierre(reto, segundos)
    cambios = {"cierre": cierre + DIA, "motivo_prorroga": "Hubo paro."}
    if segundos < 0:
        assert "ya terminó" in errores(reto, **cambios)["cierre"]
        with pytest.raises(ValidationError) as caso:
            actions.enviar_propuesta(propuesta=propuesta, actor=ana)
        assert caso.value.code == "plazo"
    else:
        publicar(reto, **cambios)
        assert actions.enviar_propuesta(propuesta=propuesta, actor=ana).estado == "enviada"


def test_ampliar_mientras_se_envia_y_se_amplia_a_la_vez(hilos):
    """Dos amplían y tres envían en el instante del cierre: lo que quede dice lo mismo que lo que se respondió."""
    autores = [f.persona() for _ in range(3)]
    reto = f.reto()
    propuestas = [f.borrador(reto, autor) for autor in autores]
    cierre = mover_cierre(reto, 1)

    def ampliar(dias):
        return lambda: publicar(reto, cierre=cierre + dias * DIA, motivo_prorroga=f"Van {dias}.")

    def enviar(propuesta, autor):
        return lambda: actions.enviar_propuesta(propuesta=propuesta, actor=autor)

    salidas = hilos(ampliar(1), ampliar(2), *(enviar(*par) for par in zip(propuestas, autores, strict=True)))
    ampliadas, envios = salidas[:2], salidas[2:]
    assert all(isinstance(salida, (RetoPage, ValidationError)) for salida in ampliadas), ampliadas
    hechas = list(Prorroga.objects.order_by("pk"))
    assert len(hechas) == sum(isinstance(salida, RetoPage) for salida in ampliadas)
    # Encadenadas: cada una parte de donde dejó la otra, y la última es la que rige.
    assert [p.antes for p in hechas[1:]] == [p.despues for p in hechas[:-1]]
    vigente = hechas[-1].despues if hechas else cierre
    assert Ejercicio.objects.get().cierre == vigente
    for propuesta, salida in zip(propuestas, envios, strict=True):
        propuesta.refresh_from_db()
        if isinstance(salida, ValidationError):
            assert (salida.code, propuesta.estado) == ("plazo", "borrador")
        else:
            assert propuesta.enviada_en < vigente and propuesta.estado == "enviada"
    if hechas:
        pendiente = next((par for par in zip(propuestas, autores, strict=True) if par[0].estado == "borrador"), None)
        if pendiente:
            assert enviar(*pendiente)().estado == "enviada"
