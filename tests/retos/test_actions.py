import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from cuentas import actions as cuentas
from cuentas.enums import RolPersonal, TipoActor
from cuentas.organizaciones.actions import terminar_membresia
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto
from participacion.apoyos import actions as apoyos
from participacion.avisos.models import Aviso
from participacion.ejercicios.models import Consecutivo
from participacion.moderacion.enums import Decision
from participacion.moderacion.models import Entrada
from participacion.registro.models import Acto
from retos import actions
from retos.enums import EstadoPropuesta
from retos.models import Propuesta
from tests import fabricas as f

pytestmark = pytest.mark.django_db
E = EstadoPropuesta


def actos(propuesta):
    return list(Acto.objects.de(propuesta).order_by("pk").values_list("tipo", "estado"))


# --- Enviar ------------------------------------------------------------------------


def test_enviar_escribe_todo_junto():
    ana = f.persona()
    uni = f.organizacion(ana, tipo=TipoActor.UNIVERSIDAD, sector="publico")
    propuesta = f.enviada(f.reto(), ana, en_nombre_de=uni)

    assert propuesta.referencia == f"R-{timezone.localtime().year}-00001"
    acto = Acto.objects.get()
    assert (acto.tipo, acto.estado, acto.actor_tipo, acto.canal, acto.idioma) == (
        "propuesta_enviada", "enviada", "universidad", "web", "es",
    )  # fmt: skip
    assert (acto.participante, acto.organizacion) == (propuesta.autor.clave, uni.clave)
    assert (acto.organizacion_tipo, acto.organizacion_sector, acto.nivel_verificacion) == ("universidad", "publico", 1)
    assert acto.sitio == f.sitio()
    assert Entrada.objects.de(propuesta).pendientes().get().remitente == "universidad"
    assert [(a.tipo, a.destinatario) for a in Aviso.objects.all()] == [("propuesta_recibida", ana)]


def test_acto_congela_el_tipo_aunque_la_organizacion_cambie():
    ana = f.persona()
    org = f.organizacion(ana, tipo=TipoActor.EMPRESA)
    f.enviada(f.reto(), ana, en_nombre_de=org)
    org.tipo = TipoActor.VEEDURIA
    org.save()
    assert Acto.objects.get().organizacion_tipo == "empresa"


def test_enviar_se_deshace_entero_si_algo_falla():
    ana = f.persona()
    propuesta = f.borrador(f.reto(), ana)
    ocupada = Entrada(
        objeto_tipo="retos.propuesta",
        objeto_id=propuesta.pk,
        sitio=f.sitio(),
        ejercicio=propuesta.ejercicio,
        titulo="x",
        remitente="ciudadania",
        recibida_en=timezone.now(),
    )
    ocupada.save()
    with pytest.raises(IntegrityError):
        actions.enviar_propuesta(propuesta=propuesta, actor=ana)
    propuesta.refresh_from_db()
    assert (propuesta.estado, propuesta.referencia) == (E.BORRADOR, "")
    assert not Acto.objects.exists() and not Aviso.objects.exists() and not Consecutivo.objects.exists()


@pytest.mark.parametrize("campo", ["titulo", "resumen", "descripcion"])
def test_enviar_incompleta_dice_el_campo(campo):
    ana = f.persona()
    propuesta = f.borrador(f.reto(), ana, **{campo: " \u200b "})
    with pytest.raises(ValidationError) as caso:
        actions.enviar_propuesta(propuesta=propuesta, actor=ana)
    assert list(caso.value.message_dict) == [campo]


def test_enviar_la_ajena_se_rechaza():
    propuesta = f.borrador(f.reto(), f.persona())
    with pytest.raises(PermissionDenied):
        actions.enviar_propuesta(propuesta=propuesta, actor=f.persona())
    assert not Acto.objects.exists()


def test_enviar_actor_no_admitido():
    ana = f.persona()
    reto = f.reto(actores=["universidad", "empresa"])
    with pytest.raises(ValidationError) as caso:
        f.enviada(reto, ana)
    assert caso.value.message_dict == {"organizacion": ["Este reto recibe propuestas sólo de: Universidad, Empresa."]}
    assert f.enviada(reto, ana, en_nombre_de=f.organizacion(ana, tipo=TipoActor.EMPRESA)).actor_tipo == "empresa"


def test_enviar_tras_dejar_la_organizacion_se_rechaza():
    ana = f.persona()
    org = f.organizacion(ana)
    propuesta = f.borrador(f.reto(), ana, en_nombre_de=org)
    terminar_membresia(membresia=org.membresias.get(), actor=ana)
    with pytest.raises(ValidationError) as caso:
        actions.enviar_propuesta(propuesta=propuesta, actor=ana)
    assert list(caso.value.message_dict) == ["organizacion"]


# --- Plazos: decide el reloj de la base de datos, intervalo [apertura, cierre) --------


def fijar_plazo(reto, **campos):
    type(reto.ejercicio).objects.filter(pk=reto.ejercicio.pk).update(**campos)


@pytest.mark.parametrize(
    ("apertura", "cierre", "admite"),
    [(-10, 10, True), (10, 20, False), (-20, -1, False), (-10, None, True)],
)
def test_plazo_de_envio(apertura, cierre, admite):
    ana, reto, ahora = f.persona(), f.reto(), timezone.now()
    propuesta = f.borrador(reto, ana)
    en = lambda minutos: None if minutos is None else ahora + timedelta(minutes=minutos)  # noqa: E731
    fijar_plazo(reto, apertura=en(apertura), cierre=en(cierre))
    if admite:
        assert actions.enviar_propuesta(propuesta=propuesta, actor=ana).estado == E.ENVIADA
    else:
        with pytest.raises(ValidationError) as caso:
            actions.enviar_propuesta(propuesta=propuesta, actor=ana)
        assert caso.value.code == "plazo"
        propuesta.refresh_from_db()
        assert (propuesta.estado, propuesta.referencia) == (E.BORRADOR, "")


def test_plazo_en_el_instante_del_cierre_ya_es_tarde():
    from participacion.ejercicios.enums import Fase
    from participacion.ejercicios.models import calcular_fase

    abre, cierra = timezone.now(), timezone.now() + timedelta(hours=1)
    paso = timedelta(microseconds=1)
    assert calcular_fase(abre, cierra, abre - paso) == Fase.PROXIMA
    assert calcular_fase(abre, cierra, abre) == Fase.ABIERTA
    assert calcular_fase(abre, cierra, cierra - paso) == Fase.ABIERTA
    assert calcular_fase(abre, cierra, cierra) == Fase.CERRADA


@pytest.mark.parametrize(("dias_desde_devolucion", "admite"), [(4, True), (6, False)])
def test_devuelta_tiene_dias_para_corregir_tras_el_cierre(dias_desde_devolucion, admite):
    ana, reto = f.persona(), f.reto()
    propuesta = f.resolver(f.enviada(reto, ana), Decision.DEVUELTA, motivo="Falta el costo")
    devuelta = timezone.now() - timedelta(days=dias_desde_devolucion)
    Propuesta.objects.filter(pk=propuesta.pk).update(devuelta_en=devuelta)
    fijar_plazo(reto, apertura=devuelta - timedelta(days=9), cierre=devuelta - timedelta(hours=1))
    if admite:
        otra = actions.enviar_propuesta(propuesta=propuesta, actor=ana)
        assert (otra.estado, otra.referencia) == (E.ENVIADA, propuesta.referencia)
        assert Entrada.objects.de(propuesta).count() == 2
    else:
        with pytest.raises(ValidationError) as caso:
            actions.enviar_propuesta(propuesta=propuesta, actor=ana)
        assert caso.value.code == "plazo"


def test_reto_despublicado_no_recibe():
    ana, reto = f.persona(), f.reto()
    propuesta = f.borrador(reto, ana)
    reto.unpublish()
    with pytest.raises(ValidationError) as caso:
        actions.enviar_propuesta(propuesta=propuesta, actor=ana)
    assert caso.value.code == "plazo"


# --- Borradores ----------------------------------------------------------------------


def guardar(reto, usuario, clave, **campos):
    datos = {"titulo": "T", **campos}
    return actions.guardar_borrador(
        actor=usuario,
        participante=cuentas.participante_de(usuario),
        ejercicio=reto.ejercicio,
        clave_envio=clave,
        **datos,
    )


def test_guardar_dos_veces_el_mismo_formulario_no_duplica():
    ana, reto, clave = f.persona(), f.reto(), uuid.uuid4()
    una = guardar(reto, ana, clave, titulo="Uno")
    otra = guardar(reto, ana, clave, titulo="Dos")
    assert (una.pk, otra.titulo, Propuesta.objects.count()) == (otra.pk, "Dos", 1)
    assert not Acto.objects.exists()


def test_guardar_con_la_clave_de_otra_persona_se_rechaza():
    reto, clave = f.reto(), uuid.uuid4()
    guardar(reto, f.persona(), clave, titulo="De Ana")
    with pytest.raises(PermissionDenied):
        guardar(reto, f.persona(), clave, titulo="De Beto")
    assert Propuesta.objects.get().titulo == "De Ana"


def test_guardar_lo_ya_enviado_se_rechaza():
    ana, reto = f.persona(), f.reto()
    propuesta = f.enviada(reto, ana)
    with pytest.raises(ValidationError) as caso:
        guardar(reto, ana, propuesta.clave_envio)
    assert caso.value.code == "enviada"


def test_guardar_limpia_caracteres_enganosos():
    propuesta = guardar(f.reto(), f.persona(), uuid.uuid4(), titulo="Agua\u202e lim\u200bpia\x00\r\n ya", resumen="a\r\nb\x07")
    assert (propuesta.titulo, propuesta.resumen) == ("Agua limpia ya", "a\nb")


def test_borrar_borrador_quita_fila_y_archivo(django_capture_on_commit_callbacks):
    ana = f.persona()
    adjunto = adjuntos.guardar(archivo=f.pdf(), participante=None)
    propuesta = f.borrador(f.reto(), ana, adjunto=adjunto)
    with django_capture_on_commit_callbacks(execute=True):
        actions.borrar_borrador(propuesta=propuesta, actor=ana)
    assert not Propuesta.objects.exists() and not Adjunto.objects.exists()
    assert not adjunto.archivo.storage.exists(adjunto.archivo.name)


def test_borrar_lo_enviado_se_rechaza():
    ana = f.persona()
    with pytest.raises(ValidationError):
        actions.borrar_borrador(propuesta=f.enviada(f.reto(), ana), actor=ana)
    assert Propuesta.objects.count() == 1


# --- Retirar y moderar ---------------------------------------------------------------


def test_retirar_en_cola_la_saca_de_la_cola():
    ana = f.persona()
    propuesta = f.enviada(f.reto(), ana)
    actions.retirar_propuesta(propuesta=propuesta, actor=ana)
    assert [e.decision for e in Entrada.objects.de(propuesta)] == [Decision.RETIRADA]
    assert actos(propuesta) == [("propuesta_enviada", "enviada"), ("propuesta_retirada", "retirada")]


def test_ciclo_devuelta_corregida_publicada_avisa_cada_vez():
    ana, moderador = f.persona(), f.personal(RolPersonal.MODERACION)
    propuesta = f.enviada(f.reto(), ana)
    f.resolver(propuesta, Decision.DEVUELTA, moderador, motivo="Falta el costo")
    actions.enviar_propuesta(propuesta=propuesta, actor=ana)
    f.resolver(propuesta, Decision.APROBADA, moderador)
    assert [estado for _tipo, estado in actos(propuesta)] == ["enviada", "devuelta", "enviada", "publicada"]
    assert list(Aviso.objects.order_by("pk").values_list("tipo", flat=True)) == [
        "propuesta_recibida", "propuesta_devuelta", "propuesta_recibida", "propuesta_publicada",
    ]  # fmt: skip
    call_command("verificar_registro")


# --- A la vez, con hilos de verdad ------------------------------------------------------


def test_hilos_enviar_la_misma_una_sola_vez(hilos):
    ana = f.persona()
    propuesta = f.borrador(f.reto(), ana)
    salidas = hilos(*[lambda: actions.enviar_propuesta(propuesta=propuesta, actor=ana)] * 12)
    assert sum(isinstance(s, Propuesta) for s in salidas) == 1
    assert {s.code for s in salidas if not isinstance(s, Propuesta)} == {"transicion"}
    assert Acto.objects.count() == Entrada.objects.count() == Aviso.objects.count() == 1


def test_hilos_numeros_sin_huecos_ni_repetidos(hilos):
    reto = f.reto()
    pares = [(ana := f.persona(), f.borrador(reto, ana)) for _ in range(12)]
    salidas = hilos(*[lambda a=a, p=p: actions.enviar_propuesta(propuesta=p, actor=a) for a, p in pares])
    anio = timezone.localtime().year
    assert sorted(s.referencia for s in salidas) == [f"R-{anio}-{n:05d}" for n in range(1, 13)]


def test_hilos_mismo_formulario_crea_una_propuesta(hilos):
    ana, reto, clave = f.persona(), f.reto(), uuid.uuid4()
    cuentas.participante_de(ana)
    salidas = hilos(*[lambda: guardar(reto, ana, clave)] * 12)
    assert {s.pk for s in salidas} == {Propuesta.objects.get().pk}


def test_hilos_apoyo_de_la_misma_persona_cuenta_uno(hilos):
    propuesta, ana = f.publicada(f.reto()), cuentas.participante_de(f.persona())
    salidas = hilos(*[lambda: apoyos.apoyar(objeto=propuesta, participante=ana)] * 12)
    assert sorted(salidas) == [False] * 11 + [True]
    propuesta.refresh_from_db()
    assert propuesta.apoyos == Acto.objects.filter(tipo="apoyo").count() == 1


def test_hilos_apoyos_de_varias_personas_se_cuentan_todos(hilos):
    propuesta = f.publicada(f.reto())
    personas = [cuentas.participante_de(f.persona()) for _ in range(12)]
    hilos(*[lambda p=p: apoyos.apoyar(objeto=propuesta, participante=p) for p in personas])
    hilos(*[lambda p=p: apoyos.retirar_apoyo(objeto=propuesta, participante=p) for p in personas[:5]])
    propuesta.refresh_from_db()
    assert propuesta.apoyos == 7
    call_command("verificar_registro")


def test_hilos_plazo_que_vence_mientras_envian(hilos):
    """Lo enviado antes del cierre cuenta y lo de después queda como borrador; nada a medias."""
    reto = f.reto()
    pares = [(ana := f.persona(), f.borrador(reto, ana)) for _ in range(11)]

    def cerrar():
        fijar_plazo(reto, cierre=timezone.now() - timedelta(seconds=1))

    salidas = hilos(cerrar, *[lambda a=a, p=p: actions.enviar_propuesta(propuesta=p, actor=a) for a, p in pares])[1:]
    enviadas = sum(isinstance(s, Propuesta) for s in salidas)
    assert all(isinstance(s, Propuesta) or s.code == "plazo" for s in salidas)
    assert Propuesta.objects.filter(estado=E.ENVIADA).count() == Acto.objects.count() == enviadas
    assert Propuesta.objects.filter(estado=E.BORRADOR).count() == 11 - enviadas


def test_solo_organizaciones_verificadas():
    ana, reto = f.persona(), f.reto(solo_verificadas=True)
    org = f.organizacion(ana, TipoActor.UNIVERSIDAD)
    propuesta = f.borrador(reto, ana, en_nombre_de=org)
    with pytest.raises(ValidationError, match="haya verificado"):
        actions.enviar_propuesta(propuesta=propuesta, actor=ana)
    assert f.enviada(reto, f.persona()).referencia  # en nombre propio no se pide
    org.verificada_en = timezone.now()
    org.save()
    propuesta.refresh_from_db()
    actions.enviar_propuesta(propuesta=propuesta, actor=ana)
    actos = Acto.objects.filter(tipo="propuesta_enviada", ejercicio=reto.ejercicio).order_by("pk")
    assert list(actos.values_list("organizacion_verificada", flat=True)) == [None, True]
