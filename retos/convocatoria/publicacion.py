"""Lo que publicar un reto deja escrito: sus reglas, fases, criterios, requisitos, términos y formulario."""

import hashlib
import json

from participacion.ejercicios.actions import leer_reglas
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.actions import publicar_formulario

from ..models import Criterio, FaseReto, Requisito, Reto, RetoPage, VersionTerminos


def criterios_de(pagina: RetoPage) -> list[dict]:
    """Los que declara la página, con los nombres de los campos de `Criterio`."""
    return [
        {
            "clave": bloque.id,
            "nombre": bloque.value["nombre"],
            "descripcion": bloque.value["descripcion"] or "",
            "peso": bloque.value["peso"],
            "minimo": bloque.value["minimo"],
            "maximo": bloque.value["maximo"],
            "guias": [[nivel["valor"], nivel["texto"]] for nivel in bloque.value["guias"]],
            "orden": orden,
        }
        for orden, bloque in enumerate(pagina.criterios)
    ]


def json_canonico(criterios: list[dict]) -> str:
    """Los criterios en su orden, con las claves ordenadas y sin espacios: un mismo contenido, un mismo texto."""
    return json.dumps(criterios, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def huella_de(criterios: list[dict]) -> str:
    """SHA-256 del JSON canónico en UTF-8. Cualquiera la rehace con el archivo que publica la página del reto."""
    return hashlib.sha256(json_canonico(criterios).encode()).hexdigest()


def requisitos_de(pagina: RetoPage) -> list[dict]:
    """Los que declara la página, con los nombres de los campos de `Requisito`."""
    return [
        {"clave": bloque.id, "texto": bloque.value["texto"], "subsanable": bloque.value["subsanable"], "orden": orden}
        for orden, bloque in enumerate(pagina.requisitos)
    ]


def criterios_publicados(ejercicio: Ejercicio) -> list[dict]:
    """Los que rigen, en su orden y como los mira `huella_de`."""
    campos = ("clave", "nombre", "descripcion", "peso", "minimo", "maximo", "guias", "orden")
    return list(ejercicio.criterios.order_by("orden").values(*campos))


def publicar_reto(*, pagina: RetoPage, ejercicio: Ejercicio) -> Reto:
    """Se llama dentro de la transacción que publica la página en español."""
    reglas = {campo: getattr(pagina, campo) for campo in Reto.CAMPOS_RETO}
    criterios = criterios_de(pagina)
    huella = huella_de(criterios)
    anterior = Reto.objects.filter(ejercicio=ejercicio, huella_criterios=huella).first()
    desde = anterior.criterios_publicados_en if anterior else leer_reglas(ejercicio.pk)[1]
    reto, _nuevo = Reto.objects.update_or_create(
        ejercicio=ejercicio, defaults={**reglas, "huella_criterios": huella, "criterios_publicados_en": desde}
    )
    _poner(FaseReto, ejercicio, "tipo", [dict(bloque.value) for bloque in pagina.fases])
    _poner(Criterio, ejercicio, "clave", criterios)
    _poner(Requisito, ejercicio, "clave", requisitos_de(pagina))
    ultima = ejercicio.terminos.first()
    if ultima is None or ultima.texto != pagina.terminos:
        VersionTerminos.objects.create(
            ejercicio=ejercicio, numero=ultima.numero + 1 if ultima else 1, texto=pagina.terminos
        )
    publicar_formulario(ejercicio=ejercicio, formulario=pagina.construir_formulario())
    return reto


def _poner(modelo, ejercicio: Ejercicio, clave: str, declarados: list[dict]) -> None:
    """Deja las filas de un ejercicio como se declaran: las conocidas por su clave se actualizan, las demás se van."""
    modelo.objects.filter(ejercicio=ejercicio).exclude(**{f"{clave}__in": [d[clave] for d in declarados]}).delete()
    for declarado in declarados:
        modelo.objects.update_or_create(ejercicio=ejercicio, **{clave: declarado[clave]}, defaults=declarado)
