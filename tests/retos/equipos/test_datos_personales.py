"""Los equipos de una persona: su copia, lo que queda al suprimirla, su retención y la unión de dos participantes."""

import json
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from cuentas.derechos.actions import suprimir_datos
from cuentas.models import ConstanciaSupresion
from cuentas.retencion import FINALIDADES
from cuentas.verificacion.union import tiene_actividad
from participacion.registro.models import Acto
from retos.equipos import datos_personales
from retos.equipos.condiciones import bloquear_propuestas
from retos.equipos.enums import EstadoUnion
from retos.models import Integrante, InvitacionEquipo, Propuesta
from tests import fabricas as f

from .fabricas_equipos import adhesion, integrante, invitada

pytestmark = pytest.mark.django_db


def suprimir(cuenta):
    participante = cuenta.participante
    suprimir_datos(participante=participante, sitio=f.sitio())
    return participante


def test_copia(client):
    ana, beto = f.persona("ana@example.org"), f.persona("beto@example.org")
    propuesta, publicada = f.borrador(f.reto(), ana), f.publicada(f.reto(), ana)
    integrante(propuesta, beto)
    adhesion(publicada, beto, mensaje="Tengo vivero.")
    invitada(publicada, beto)
    de_ana, de_beto = (json.dumps(datos_personales.copiar(c.participante).datos, default=str) for c in (ana, beto))
    assert "Tengo vivero." in de_beto and "Tengo vivero." not in de_ana
    assert "beto@example.org" in de_ana and "beto@example.org" in de_beto
    assert json.loads(de_beto)["equipos"] and not json.loads(de_ana)["equipos"]


def test_suprimir_a_un_integrante(client):
    ana, beto = f.persona(), f.persona("beto@example.org", nombre="Beto", apellido="Paz")
    borrador, publica, pedida = f.borrador(f.reto(), ana), f.publicada(f.reto(), ana), f.publicada(f.reto(), ana)
    for propuesta in (borrador, publica):
        integrante(propuesta, beto)
    beto.participante.muestra_nombre = True
    beto.participante.save()
    union = adhesion(pedida, beto, mensaje="Soy Beto.")
    _invitacion, codigo = invitada(pedida, beto)
    participante = suprimir(beto)
    assert not borrador.integrantes.exists() and publica.integrantes.get().participante == participante
    texto = client.get(publica.get_absolute_url()).text
    assert "Beto" not in texto and "1 persona" in texto
    union.refresh_from_db()
    assert (union.estado, union.mensaje) == (EstadoUnion.RETIRADA, "")
    assert not InvitacionEquipo.objects.exists() and client.get(f"/equipos/invitacion/{codigo}/").status_code == 404
    assert Acto.objects.filter(tipo="integrante_salido").count() == 1
    datos_personales.suprimir(participante)  # repetirla no cambia nada
    assert Acto.objects.filter(tipo="integrante_salido").count() == 1


def test_suprimir_a_quien_la_empezo():
    ana, beto = f.persona(), f.persona("beto@example.org")
    borrador, publica = f.borrador(f.reto(), ana), f.publicada(f.reto(), ana)
    for propuesta in (borrador, publica):
        integrante(propuesta, beto)
        invitada(propuesta, f.cuenta())
    pedida = adhesion(publica)
    suprimir(ana)
    pedida.refresh_from_db()
    assert pedida.estado == EstadoUnion.RECHAZADA
    assert not Propuesta.objects.filter(pk=borrador.pk).exists() and not InvitacionEquipo.objects.exists()
    assert [i.propuesta for i in Integrante.objects.all()] == [publica]


def test_retencion_de_invitaciones():
    ana = f.persona()
    propuesta = f.borrador(f.reto(), ana)
    hace = timezone.now() - timedelta(days=91)
    for campo in ("vence_en", "usada_en", "anulada_en", None):
        invitacion, _codigo = invitada(propuesta, f.cuenta())
        if campo:
            InvitacionEquipo.objects.filter(pk=invitacion.pk).update(**{campo: hace})
    assert FINALIDADES["invitaciones_equipo"].ejecutar() == 3
    assert InvitacionEquipo.objects.get() == invitacion


def test_quien_es_de_un_equipo_o_pidio_unirse_ya_participo():
    beto, carla, dora = f.persona(), f.persona(), f.persona()
    propuesta = f.borrador(f.reto(), f.persona())
    Integrante.objects.create(propuesta=propuesta, participante=beto.participante, desde=timezone.now())  # sin su acto
    adhesion(f.publicada(f.reto()), carla)
    assert [tiene_actividad(c.participante) for c in (beto, carla, dora)] == [True, True, False]


def test_hilos_suprimir_mientras_se_decide_no_se_esperan_en_cruz(hilos):
    """Quien decide bloquea todas las propuestas por su número; quien suprime, las de la persona en el mismo orden."""
    ana = f.persona()
    propia, ajena = f.publicada(f.reto(), ana), f.publicada(f.reto())
    integrante(ajena, ana)

    def decidir():
        with transaction.atomic():
            bloquear_propuestas(propia.pk)
            time.sleep(0.5)
            return set(bloquear_propuestas(propia.pk, ajena.pk))

    def suprimir():
        time.sleep(0.1)
        return suprimir_datos(participante=ana.participante, sitio=f.sitio())

    decidido, constancia = hilos(decidir, suprimir)
    assert decidido == {propia.pk, ajena.pk}
    assert isinstance(constancia, ConstanciaSupresion)
