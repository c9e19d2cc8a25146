"""Del editor a la definición: errores con palabras, traducción, copia y vista previa."""

import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from cuentas.enums import RolPersonal
from cuentas.models import Territorio
from encuestas import actions, conteos
from encuestas.enums import Modo
from encuestas.models import EncuestaPage
from participacion.formularios.enums import OPERADORES, Operador, TipoPregunta
from participacion.formularios.models import Pregunta, Respuesta, VersionFormulario
from tests import fabricas
from tests.encuestas.fabricas_encuestas import encuesta, pregunta
from tests.encuestas.recorrido import enviar, primera

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
T = TipoPregunta


def publicar(*bloques, **campos):
    return encuesta(list(bloques), **campos)


def pagina_nueva(clave, titulo, *reglas):
    bloque = pregunta("pagina", clave, reglas=reglas)
    bloque["value"] = {"titulo": titulo, "condicion": bloque["value"]["condicion"]}
    return bloque


@pytest.mark.parametrize(
    ("bloques", "dice"),
    [
        ([], "No hay ninguna pregunta."),
        ([pregunta(T.UNICA, "a", "¿Color?", opciones=["Rojo"])], "«¿Color?»: necesita al menos dos opciones."),
        ([pregunta(T.LUGAR, "a", "¿Dónde?")], "«¿Dónde?»: necesita que la entidad registre sus comunas o veredas."),
        ([pregunta(T.NUMERO, "a", "¿Edad?", minimo=9, maximo=1)], "«¿Edad?»: el mínimo supera al máximo."),
        (
            [pregunta(T.SI_NO, "a", "¿Una?", reglas=[("b", "igual", "si")]), pregunta(T.SI_NO, "b")],
            "«¿Una?»: su condición mira una pregunta que no está antes.",
        ),
        (
            [pregunta(T.SI_NO, "a"), pregunta(T.SI_NO, "b", "¿Dos?", reglas=[("a", "mayor", "3")])],
            "«¿Dos?»: su condición compara de una forma que esa pregunta no admite.",
        ),
        (
            [pregunta(T.UNICA, "a", opciones=["X", "Y"]), pregunta(T.SI_NO, "b", "¿Dos?", reglas=[("a", "igual", "a-o9")])],
            "«¿Dos?»: su condición espera una respuesta que esa pregunta no ofrece.",
        ),
        (
            [pregunta(T.NUMERO, "a"), pregunta(T.SI_NO, "b", "¿Dos?", reglas=[("a", "mayor", "mucho")])],
            "«¿Dos?»: su condición espera una respuesta que esa pregunta no ofrece.",
        ),
        (
            [pregunta(T.SI_NO, "a"), pagina_nueva("p", "Final", ("a", "igual", "quizá")), pregunta(T.SI_NO, "b")],
            "«Final»: su condición espera una respuesta que esa pregunta no ofrece.",
        ),
    ],
)  # fmt: skip
def test_lo_que_impide_publicar_se_dice_con_palabras_y_en_las_preguntas(bloques, dice):
    pagina = publicar(*bloques, publicar=False)
    with pytest.raises(ValidationError) as error:
        pagina.save_revision().publish()
    assert error.value.message_dict == {"formulario": [dice]}
    assert not VersionFormulario.objects.exists()


@pytest.mark.parametrize("tipo", list(T))
def test_cada_tipo_admite_alguna_forma_de_compararse(tipo):
    assert OPERADORES[tipo] >= {Operador.CONTESTADA, Operador.SIN_CONTESTAR}


def test_las_comunas_se_congelan_como_opciones():
    sitio = fabricas.sitio()
    floresta = Territorio.objects.create(sitio=sitio, nombre="Comuna 3")
    Territorio.objects.create(sitio=sitio, nombre="El Alto")
    pagina = publicar(pregunta(T.LUGAR, "donde", "¿Dónde vive?"))
    floresta.delete()
    opciones = VersionFormulario.objects.vigente(pagina.ejercicio).formulario().preguntas["donde"].opciones
    assert {o.texto for o in opciones} == {"Comuna 3", "El Alto"}


# --- Traducir --------------------------------------------------------------------------------


BLOQUES = [
    pregunta(T.UNICA, "color", "¿Qué color?", opciones=["Rojo", "Azul"], ayuda="El que más le guste", otra="Otro tono"),
    pregunta(T.TEXTO_CORTO, "rojo", "¿Por qué rojo?", reglas=[("color", "igual", "color-o1")]),
    pagina_nueva("p2", "La segunda"),
    pregunta(T.MATRIZ, "mat", "¿Qué tanto?", filas=["Fila uno"], opciones=["Poco", "Mucho"]),
]
INGLES = {
    "¿Qué color?": "Which colour?", "El que más le guste": "Your favourite", "Rojo": "Red", "Azul": "Blue", "Otro tono": "Another",
    "¿Por qué rojo?": "Why red?", "La segunda": "The second", "¿Qué tanto?": "How much?", "Fila uno": "Row one", "Poco": "Little",
    "Mucho": "Much",
}  # fmt: skip


def test_a_quien_traduce_se_le_ofrecen_los_textos_y_nunca_las_claves():
    pagina = publicar(*BLOQUES)
    textos = {
        s.string.data for s in extract_segments(pagina) if isinstance(s, StringSegmentValue) and s.path.startswith("formulario.")
    }
    assert textos == set(INGLES)


def traducir(pagina):
    ingles, _nuevo = Locale.objects.get_or_create(language_code="en")
    if not pagina.get_parent().has_translation(ingles):
        pagina.get_parent().copy_for_translation(ingles).save_revision().publish()
    fuente, _creada = TranslationSource.get_or_create_from_instance(pagina)
    traduccion = Translation.objects.create(source=fuente, target_locale=ingles)
    for segmento in fuente.stringsegment_set.select_related("string", "context"):
        if segmento.string.data in INGLES:
            StringTranslation.objects.create(
                translation_of=segmento.string, locale=ingles, context=segmento.context, data=INGLES[segmento.string.data]
            )
    traduccion.save_target()
    traducida = pagina.get_translation(ingles)
    traducida.get_latest_revision().publish()  # `save_target` lo deja para cuando se confirme la transacción
    return EncuestaPage.objects.get(pk=traducida.pk)


def test_en_ingles_se_contesta_lo_mismo_con_otros_textos(client):
    pagina = publicar(*BLOQUES, modo=Modo.ANONIMA)
    traducida = traducir(pagina)
    assert [b.id for b in traducida.formulario] == [b.id for b in pagina.formulario]
    url = f"/en{primera(pagina)}"
    texto = client.get(url).content.decode()
    assert "Which colour?" in texto and "Red" in texto and "Another" in texto and "¿Qué color?" not in texto
    siguiente = enviar(client, url, {"p_color": "color-o2"})
    final = enviar(client, siguiente.url, {"p_mat__mat-f-o1": "mat-o2"})
    revision = client.get(final.url).content.decode()
    assert "Row one: Much" in revision
    assert client.post(final.url).status_code == 302
    respuesta = Respuesta.objects.get()
    assert (respuesta.idioma, respuesta.ejercicio) == ("en", pagina.ejercicio)
    assert VersionFormulario.objects.count() == 1
    assert set(Pregunta.objects.values_list("texto", flat=True)) == {"¿Qué color?", "¿Por qué rojo?", "¿Qué tanto?"}
    assert conteos.guardados(pagina.ejercicio) == conteos.contar_de_nuevo(pagina.ejercicio)


def test_la_copia_conserva_los_ids_con_que_se_compara():
    original = publicar(*BLOQUES)
    copia = original.copy(update_attrs={"slug": "otra", "title": "Seguimiento"}, keep_live=False)
    copia = EncuestaPage.objects.get(pk=copia.pk)
    copia.linea_base = original
    copia.save_revision().publish()
    uno, dos = (VersionFormulario.objects.vigente(p.ejercicio).formulario() for p in (original, EncuestaPage.objects.get(pk=copia.pk)))
    assert uno == dos and uno.huella == dos.huella
    assert set(uno.preguntas["color"].por_opcion) == {"color-o1", "color-o2", "color-otra"}
    encuesta_copia = EncuestaPage.objects.get(pk=copia.pk).ejercicio.encuesta
    assert encuesta_copia.linea_base == original.ejercicio


def test_renombrar_una_opcion_estrena_version_y_no_parte_sus_conteos():
    pagina = publicar(*BLOQUES)
    ana, beto = fabricas.persona(), fabricas.persona()

    def responder(quien):
        version = VersionFormulario.objects.vigente(pagina.ejercicio)
        fila = actions.empezar(
            encuesta=pagina.ejercicio.encuesta, version=version, clave=uuid.uuid4(), participante=quien.participante
        )
        actions.enviar_respuesta(respuesta=fila, valores={"color": {"opcion": "color-o2", "otra": ""}})

    responder(ana)
    bloques = pagina.formulario.get_prep_value()
    bloques[0]["value"]["opciones"][1]["value"]["texto"] = "Azul claro"
    pagina.formulario = bloques
    pagina.save_revision().publish()
    responder(beto)
    filas = {(numero, texto) for numero, texto in Respuesta.objects.values_list("version__numero", "valores__opcion__texto")}
    assert filas == {(1, "Azul claro"), (2, "Azul claro")}
    assert Pregunta.objects.get(clave="color").opciones.filter(clave="color-o2").count() == 1


# --- El editor ----------------------------------------------------------------------------------


def test_la_vista_previa_dibuja_el_formulario_entero_sin_poder_enviarlo():
    pagina = publicar(*BLOQUES, publicar=False)
    respuesta = pagina.make_preview_request(RequestFactory().get("/"), "")
    texto = respuesta.render().content.decode()
    assert "¿Por qué rojo?" in texto and "Página 2 de 2" in texto and "Vista previa" in texto
    assert texto.count('<fieldset class="previa" disabled>') == 2
    assert not Respuesta.objects.exists()


def test_el_editor_recibe_lo_que_necesitan_las_condiciones(client):
    Territorio.objects.create(sitio=fabricas.sitio(), nombre="Comuna «3» </script>")
    pagina = publicar(*BLOQUES)
    client.force_login(fabricas.personal(RolPersonal.EDITOR))
    texto = client.get(reverse("wagtailadmin_pages:edit", args=[pagina.pk])).content.decode()
    assert re.search(r'<script id="formularios-datos" type="application/json">', texto)
    assert "js/condiciones.js" in texto and "</script>" not in texto.split('id="formularios-datos"')[1].split("Comuna")[1][:40]
    assert 'data-condicion-papel-value=\\"pregunta\\"' in texto or "data-condicion-papel-value" in texto
