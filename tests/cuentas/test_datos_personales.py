"""Todo modelo que guarda algo de alguien está en una fuente, o se dice aquí por qué no hace falta."""

import re

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from cuentas.datos_personales import FUENTES, para_suprimir
from cuentas.models import Participante, Usuario

_CONTENIDO = "lo escribe el personal para publicarlo; la llave a la cuenta que lo editó queda vacía al borrarla"
_TRADUCCION = "copia de textos de páginas, para traducirlos"
_DEFINICION = "configuración: no habla de nadie"

EXCEPCIONES = {
    "retos.retosindicepage": _CONTENIDO,
    "retos.retopage": _CONTENIDO,
    "retos.reto": _DEFINICION,
    "retos.criterio": _DEFINICION,
    "retos.versionterminos": "los términos como se publicaron, iguales para todos",
    "retos.prorroga": "por qué el personal amplió un plazo, que se publica",
    "retos.decisionreto": "lo que la entidad decide de un reto y por qué, que se publica",
    "retos.fallo": "lo que la entidad prepara sobre una propuesta; publicado, está en su respuesta oficial",
    "retos.implementacion": "el plan público de una propuesta elegida: responsables de la entidad, presupuesto y logros",
    "retos.hitoplan": "un paso del plan público de una propuesta elegida",
    "retos.cierrereto": "las conclusiones de la entidad al cerrar un reto, que se publican",
    "encuestas.encuestapage": _CONTENIDO,
    "foros.foropage": _CONTENIDO,
    "formularios.pregunta": "lo que se pregunta, igual para todos",
    "formularios.textosformulario": "la traducción de lo que se pregunta",
    "formularios.versionformulario": "un formulario como se publicó",
    "formularios.opcion": "lo que se ofrece para elegir, igual para todos",
    "encuestas.lotecodigos": "para quién imprimió códigos el personal; un código no dice de quién es",
    "encuestas.anulacion": "por qué el personal anuló una respuesta",
    "encuestas.tema": "el nombre que el personal da a lo que dicen varias respuestas",
    "encuestas.medidaencuesta": "una cifra publicada, con su meta",
    "encuestas.exportacion": "un libro que se borra al día siguiente, o al suprimir a quien respondió",
    "home.iniciopage": _CONTENIDO,
    "home.contenidopage": _CONTENIDO,
    "cuentas.politicapage": _CONTENIDO,
    "cuentas.versionpolitica": "el texto de la política, igual para todos",
    "cuentas.territorio": "nombres de comunas y veredas",
    "cuentas.constanciasupresion": "lo único que queda después de suprimir: un HMAC",
    "cuentas.documentopadron": "HMAC con la sal de su padrón: no se puede saber cuál es el de un participante",
    "home.rendition": "copia reducida de una imagen publicada",
    "wagtailimages.rendition": "copia reducida de una imagen publicada",
    "home.ajustessitio": "datos de contacto de la entidad",
    "wagtail_localize.translationsource": _TRADUCCION,
    "wagtail_localize.string": _TRADUCCION,
    "wagtail_localize.template": _TRADUCCION,
    "wagtail_localize.stringsegment": _TRADUCCION,
    "wagtail_localize.overridablesegment": _TRADUCCION,
    "wagtail_localize.translationcontext": _TRADUCCION,
    "wagtailembeds.embed": "videos y enlaces públicos que el personal pone en una página",
    "wagtailsearch.indexentry": "índice de páginas, imágenes y documentos publicados",
    "wagtailsearch.sqliteftsindexentry": "índice de páginas, imágenes y documentos publicados",
    "wagtailcore.site": _DEFINICION,
    "wagtailcore.collection": _DEFINICION,
    "wagtailcore.workflow": _DEFINICION,
    "wagtailcore.task": _DEFINICION,
    "wagtailcore.groupapprovaltask": _DEFINICION,
    "wagtailcore.referenceindex": _DEFINICION,
    "taggit.tag": _DEFINICION,
    "auth.permission": _DEFINICION,
    "auth.group": _DEFINICION,
    "django_tasks_database.dbtaskresult": "los argumentos de las tareas son sólo números: lo comprueba test_canario",
    "socialaccount.socialapp": "la configuración de un proveedor de identidad, no de quien entra con él",
}

_NOMBRA = re.compile(r"nombre|name|correo|mail|telefono|phone|documento|hmac|contacto|user_agent|(^|_)ip($|_)")
_GUARDA = (models.EmailField, models.GenericIPAddressField, models.FileField, models.TextField, models.JSONField)


def guarda_datos(modelo) -> bool:
    """Si tiene una llave a una persona o un campo que puede nombrarla: correo, IP, archivo, texto libre o un nombre."""
    for campo in modelo._meta.concrete_fields:
        if campo.is_relation:
            if campo.related_model in (Usuario, Participante):
                return True
        elif isinstance(campo, _GUARDA):
            if not campo.choices and not _solo_claves(modelo, campo):
                return True
        elif isinstance(campo, models.CharField) and _NOMBRA.search(campo.name):
            return True
    return False


def _solo_claves(modelo, campo) -> bool:
    """Las reglas de un ejercicio son listas de valores de un catálogo, y las rutas de página, direcciones."""
    return isinstance(campo, models.JSONField) and campo.name == "actores"


def sin_inscribir(modelos) -> set[str]:
    cubiertos = set().union(*(fuente.modelos for fuente in FUENTES.values())) | set(EXCEPCIONES)
    return {m._meta.label_lower for m in modelos if guarda_datos(m) and m._meta.label_lower not in cubiertos}


def instalados():
    return apps.get_models(include_auto_created=True)


def test_todo_modelo_con_datos_de_alguien_esta_inscrito():
    assert sin_inscribir(instalados()) == set()


def test_no_sobran_inscripciones_ni_excepciones():
    etiquetas = {modelo._meta.label_lower for modelo in instalados()}
    # Las de aplicaciones que se activan por configuración pueden no estar.
    por_configuracion = ("socialaccount.", "mfa.", "usersessions.", "wagtailsearch.")
    inscritos = set().union(*(fuente.modelos for fuente in FUENTES.values())) | set(EXCEPCIONES)
    assert {e for e in inscritos - etiquetas if not e.startswith(por_configuracion)} == set()
    repetidos = [m for m in EXCEPCIONES if any(m in fuente.modelos for fuente in FUENTES.values())]
    assert repetidos == []


def test_ningun_modelo_esta_en_dos_fuentes():
    vistos = [modelo for fuente in FUENTES.values() for modelo in fuente.modelos]
    assert sorted(vistos) == sorted(set(vistos))


@isolate_apps("cuentas")
@pytest.mark.parametrize(
    "campos",
    [
        {"de": models.ForeignKey(Usuario, models.CASCADE, related_name="+")},
        {"quien": models.OneToOneField(Participante, models.CASCADE, related_name="+")},
        {"direccion_ip": models.GenericIPAddressField()},
        {"contacto": models.CharField(max_length=50)},
        {"comentario": models.TextField()},
        {"soporte": models.FileField()},
    ],
)
def test_la_regla_ve_un_modelo_sin_inscribir(campos):
    atributos = {"__module__": "cuentas.models", "Meta": type("Meta", (), {"app_label": "cuentas"}), **campos}
    modelo = type("Olvidado", (models.Model,), atributos)
    assert sin_inscribir([modelo]) == {"cuentas.olvidado"}


@isolate_apps("cuentas")
def test_la_regla_deja_pasar_lo_que_no_habla_de_nadie():
    meta = type("Meta", (), {"app_label": "cuentas"})
    modelo = type(
        "Contador", (models.Model,), {"__module__": "cuentas.models", "Meta": meta, "total": models.IntegerField()}
    )
    assert sin_inscribir([modelo]) == set()


def test_cuentas_suprime_despues_que_las_salas_de_arriba():
    claves = [fuente.clave for fuente in para_suprimir()]
    primera_de_cuentas = next(i for i, clave in enumerate(claves) if clave.startswith("cuentas"))
    assert all(clave.startswith("cuentas") for clave in claves[primera_de_cuentas:])
    assert {"retos", "apoyos", "avisos", "adjuntos", "registro", "moderacion"} <= set(claves[:primera_de_cuentas])
    assert claves[-1] == "cuentas.cuenta"
