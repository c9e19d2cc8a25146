"""Cómo se hace en estas pruebas lo propio de una convocatoria."""

import uuid

from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cuentas import actions as cuentas
from retos.convocatoria import actions
from retos.models import PreguntaReto, RetoPage
from tests import fabricas as f


def preguntada(reto: RetoPage, de=None, texto="¿Puede proponer un colegio?", clave=None) -> PreguntaReto:
    de = de or f.persona()
    return actions.preguntar(
        ejercicio=reto.ejercicio,
        participante=cuentas.participante_de(de),
        texto=texto,
        clave_envio=clave or uuid.uuid4(),
    )


def publicar(reto: RetoPage, por=None, **cambios) -> RetoPage:
    """Publica otra vez la página con estos cambios, como quien la edita."""
    reto = RetoPage.objects.get(pk=reto.pk)
    for campo, valor in cambios.items():
        setattr(reto, campo, valor)
    reto.save_revision(user=por).publish(user=por)
    return RetoPage.objects.get(pk=reto.pk)


def con(reto: RetoPage, campo: str, *cambios: dict | None):
    """Los bloques de un campo de la página, con su identidad; cada uno con sus cambios, o None para quitarlo."""
    bloques = reto._meta.get_field(campo).stream_block
    crudos = zip(getattr(reto, campo).get_prep_value(), cambios, strict=True)
    return bloques.to_python([{**b, "value": b["value"] | cambio} for b, cambio in crudos if cambio is not None])


def fases_de(reto: RetoPage, **nuevas):
    """Las fases de la página; `nuevas`: tipo → sus fechas cambiadas, o None para quitarla."""
    return con(reto, "fases", *(nuevas.get(bloque.value["tipo"], {}) for bloque in reto.fases))


def hora(momento) -> str:
    return timezone.localtime(momento).strftime("%Y-%m-%d %H:%M:%S.%f") if momento else ""


def del_editor(reto: RetoPage, **cambios) -> dict:
    """Lo que envía el editor de Wagtail al oprimir «Publicar», con estos cambios; sin bloques si no se dan."""
    textos = ("objetivo", "problema", "contexto", "quienes", "incentivos", "propiedad", "terminos")
    bloques = (
        "fases", "requisitos", "formulario", "preguntas_frecuentes", "responsables", "aliados", "no_aplica", "criterios",
        "cronograma", "documentos",
    )  # fmt: skip
    iguales = ("title", "slug", "resumen", "pregunta_central", "dias_correccion", "modo_apoyo", "evaluaciones_minimas")
    datos = {
        **{campo: str(getattr(reto, campo)) for campo in (*iguales, "nivel_minimo", "fase_ciclo", "grado_incidencia")},
        **{campo: rich_text(getattr(reto, campo) or "<p>x</p>") for campo in textos},
        **{campo: streamfield([]) for campo in bloques},
        "apertura": hora(reto.apertura), "cierre": hora(reto.cierre),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0},
        "action-publish": "Publicar",
    }  # fmt: skip
    return nested_form_data(datos | cambios)
