"""Cómo se hace en estas pruebas lo propio de una convocatoria."""

import uuid

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
