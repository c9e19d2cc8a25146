"""Los criterios se publican antes de abrir y desde entonces no cambian; cualquiera rehace su huella."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.test.utils.form_data import streamfield

from cuentas.enums import RolPersonal
from participacion.ejercicios.models import Ejercicio
from retos.models import Criterio, Reto, RetoPage
from tests import fabricas as f

from .fabricas_convocatoria import con, del_editor, publicar

pytestmark = pytest.mark.django_db
DIA = timedelta(days=1)


def por_abrir(**campos):
    return f.reto(apertura=timezone.now() + DIA, criterios=f.criterios(60, 40), **campos)


def abrir():
    """Como si hubiera llegado la hora: la página y lo publicado dicen lo mismo."""
    apertura = timezone.now() - timedelta(seconds=1)
    Ejercicio.objects.update(apertura=apertura)
    RetoPage.objects.update(apertura=apertura)


def rechazo(reto, **cambios) -> dict:
    with pytest.raises(ValidationError) as caso:
        publicar(reto, **cambios)
    return {campo: " ".join(textos) for campo, textos in caso.value.message_dict.items()}


def test_antes_de_abrir_se_cambian_y_la_fecha_es_la_de_la_ultima_huella():
    reto = por_abrir()
    primera = Reto.objects.get()
    publicar(reto, resumen="Otro resumen.")
    assert Reto.objects.get().criterios_publicados_en == primera.criterios_publicados_en
    publicar(reto, criterios=con(reto, "criterios", {"peso": 50}, {"peso": 50}))
    segunda = Reto.objects.get()
    assert segunda.huella_criterios != primera.huella_criterios
    assert segunda.criterios_publicados_en > primera.criterios_publicados_en
    assert list(Criterio.objects.values_list("peso", flat=True)) == [50, 50]


def test_abierto_no_cambian_y_se_dice_la_huella_y_la_fecha():
    reto = por_abrir()
    huella = Reto.objects.get().huella_criterios
    abrir()
    casos = [
        con(reto, "criterios", {"peso": 50}, {"peso": 50}),
        con(reto, "criterios", None, {"peso": 100}),
        con(reto, "criterios", {"maximo": 10}, {}),
        con(reto, "criterios", {"guias": [{"valor": 5, "texto": "Muy bien"}]}, {}),
        con(reto, "criterios", {"nombre": "Otro"}, {}),
        [],
    ]
    for criterios in casos:
        dicho = rechazo(reto, criterios=criterios)
        assert dicho.keys() == {"criterios"} and huella in dicho["criterios"], dicho
    assert list(Criterio.objects.values_list("peso", flat=True)) == [60, 40]
    publicar(reto, resumen="Lo demás sí se corrige.")
    assert Reto.objects.get().huella_criterios == huella


def test_abierto_no_cambian_los_requisitos():
    reto = por_abrir(requisitos=[("requisito", {"texto": "Presupuesto", "subsanable": True})])
    abrir()
    for requisitos in ([], con(reto, "requisitos", {"subsanable": False})):
        assert rechazo(reto, requisitos=requisitos).keys() == {"requisitos"}
    assert reto.ejercicio.requisitos.get().subsanable


def test_sellado_y_ciega_se_cambian_hasta_la_primera_propuesta():
    reto = f.reto()
    publicar(reto, evaluacion_ciega=True, sellado=True)
    f.borrador(reto, f.persona())
    publicar(reto, evaluacion_ciega=False, sellado=False)
    f.enviada(reto)
    assert rechazo(reto, evaluacion_ciega=True, sellado=True).keys() == {"evaluacion_ciega", "sellado"}


def test_como_se_apoya_no_cambia_desde_que_se_abre_el_apoyo():
    reto = f.reto(**f.programa("convocatoria", fases=("apoyo",)), modo_apoyo="puntos", maximo_apoyos=10, ocultar_apoyos=True)
    publicar(reto, maximo_apoyos=5)
    simple = f.reto()
    assert rechazo(simple, ocultar_apoyos=True).keys() == {"ocultar_apoyos"}  # sin fase de apoyo, se apoya desde que abre
    f.mover_reloj(reto, "apoyo")
    fila = reto.ejercicio.fases.get()
    reto = RetoPage.objects.get(pk=reto.pk)
    ejercicio = Ejercicio.objects.get(translation_key=reto.translation_key)
    fechas = {
        "apertura": ejercicio.apertura,
        "cierre": ejercicio.cierre,
        "fases": [("fase", {"tipo": "apoyo", "inicia": fila.inicia, "termina": fila.termina})],
    }
    dichos = rechazo(reto, modo_apoyo="simple", maximo_apoyos=None, ocultar_apoyos=False, **fechas)
    assert dichos.keys() == {"modo_apoyo", "maximo_apoyos", "ocultar_apoyos"}


def test_cualquiera_rehace_la_huella_con_lo_que_publica_la_pagina(client):
    reto = f.reto(
        criterios=[
            ("criterio", {"nombre": "Ñandú «útil»", "descripcion": "Qué\ntanto", "peso": 70, "minimo": 1, "maximo": 5, "guias": [{"valor": 5, "texto": "Mucho"}]}),
            ("criterio", {"nombre": "Costo", "descripcion": "", "peso": 30, "minimo": 0, "maximo": 10, "guias": []}),
        ]
    )
    pagina = client.get(reto.url).text
    publicada = re.search(r"<code>([0-9a-f]{64})</code>", pagina)[1]
    archivo = client.get(re.search(r'href="([^"]+criterios\.json)"', pagina)[1])
    assert hashlib.sha256(archivo.content).hexdigest() == publicada
    leidos = json.loads(archivo.content)
    assert [(c["nombre"], c["peso"], c["minimo"], c["maximo"], c["guias"]) for c in leidos] == [
        ("Ñandú «útil»", 70, 1, 5, [[5, "Mucho"]]),
        ("Costo", 30, 0, 10, []),
    ]
    canonico = json.dumps(leidos, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonico.encode()).hexdigest() == publicada


def test_sin_criterios_no_hay_archivo(client):
    reto = f.reto()
    assert client.get(f"{reto.url}criterios.json").status_code == 404
    assert "sha256sum" not in client.get(reto.url).text


def test_el_editor_lo_dice_junto_al_campo_y_no_pierde_lo_escrito(client):
    reto = f.reto(criterios=f.criterios(100))
    client.force_login(f.personal(RolPersonal.EDITOR))
    otro = ("criterio", {"nombre": "Otro", "descripcion": "", "peso": "90", "minimo": "0", "maximo": "5", "guias": {"count": "0"}})
    datos = del_editor(reto, resumen="Resumen nuevo", cierre="", modo_apoyo="puntos", criterios=streamfield([otro]))
    respuesta = client.post(f"/admin/pages/{reto.pk}/edit/", datos | {"ods": ["4", "17"], "licencias": ["mit"]})
    formulario = respuesta.context["form"]
    assert {"criterios", "cierre", "maximo_apoyos"} <= set(formulario.errors), formulario.errors
    assert "sumar 100" in str(formulario.errors["criterios"]) and reto.ejercicio.reto.huella_criterios in str(formulario.errors["criterios"])
    assert formulario["resumen"].value() == "Resumen nuevo"
    assert (formulario.cleaned_data["ods"], formulario.cleaned_data["licencias"]) == ([4, 17], ["mit"])
    assert RetoPage.objects.get(pk=reto.pk).resumen != "Resumen nuevo"


def test_por_ninguna_puerta_de_wagtail_cambia_lo_congelado(client):
    """En lote, por la API del administrador, despublicada y vuelta a publicar: nada queda publicado ni a medias."""
    reto = por_abrir()
    huella, fases = Reto.objects.get().huella_criterios, list(reto.ejercicio.fases.values())
    abrir()
    client.force_login(f.personal(RolPersonal.EDITOR))
    assert client.post(f"/admin/pages/{reto.pk}/unpublish/").status_code == 302
    pagina = RetoPage.objects.get(pk=reto.pk)
    pagina.criterios = con(pagina, "criterios", {"peso": 50}, {"peso": 50})
    pagina.save_revision()
    assert client.post(f"/admin/bulk/wagtailcore/page/publish/?id={reto.pk}&next=/admin/").status_code == 302
    respuesta = client.post(f"/admin/api/main/pages/{reto.pk}/action/publish/", content_type="application/json")
    assert respuesta.status_code == 400 and "criterios" in respuesta.json()
    quedo = RetoPage.objects.get(pk=reto.pk)
    assert (quedo.live, [bloque.value["peso"] for bloque in quedo.criterios]) == (False, [60, 40])
    assert Reto.objects.get().huella_criterios == huella
    assert (list(Ejercicio.objects.get().fases.values()), Ejercicio.objects.get().publicado) == (fases, False)
