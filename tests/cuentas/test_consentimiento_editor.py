"""La política en el editor de páginas, y el borrador que deja `preparar`."""

import pytest
from django.core.management import call_command
from django.utils.html import strip_tags
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cuentas.consentimiento.modelo import crear_borrador
from cuentas.consentimiento.rules import version_para_autorizar
from cuentas.enums import Finalidad, RolPersonal
from cuentas.models import PoliticaPage, VersionPolitica
from home.models import AjustesSitio
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]

TODAS = [(finalidad.value, f"Autorizo {finalidad.value}.") for finalidad in Finalidad]


@pytest.fixture
def politica():
    return f.politica()


@pytest.fixture
def editor(client):
    client.force_login(f.personal(RolPersonal.EDITOR))
    return client


def guardar(editor, pagina, finalidades=TODAS, cuerpo="<p>Texto.</p>", **extra):
    datos = nested_form_data(
        {
            "title": pagina.title,
            "slug": pagina.slug,
            "cuerpo": rich_text(cuerpo),
            "finalidades": streamfield(
                [("finalidad", {"clave": clave, "texto": texto}) for clave, texto in finalidades]
            ),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
            **extra,
        }
    )
    return editor.post(f"/admin/pages/{pagina.pk}/edit/", datos)


def publicar(editor, pagina, *args, **kwargs):
    return guardar(editor, pagina, *args, **kwargs, **{"action-publish": "1"})


def mensajes(error):
    """Los de un campo y los de los bloques que lleva dentro."""
    if isinstance(error, dict):
        return [m for uno in error.values() for m in mensajes(uno)]
    if isinstance(error, list):
        return [m for uno in error for m in mensajes(uno)]
    if hasattr(error, "block_errors"):
        sueltos = [str(uno) for uno in error.non_block_errors or []]
        return sueltos + mensajes(dict(error.block_errors or {}))
    return list(error.messages)


def numero():
    return VersionPolitica.objects.vigente(f.sitio(), "es").numero


def test_publicar_desde_el_editor_estrena_version(editor, politica):
    respuesta = publicar(editor, politica)
    assert respuesta.status_code == 302
    version = VersionPolitica.objects.vigente(f.sitio(), "es")
    assert (version.numero, [(x["clave"], x["texto"]) for x in version.finalidades]) == (2, TODAS)


@pytest.mark.parametrize(
    ("finalidades", "cuerpo", "mensaje"),
    [
        ([*TODAS, TODAS[1]], "<p>Texto.</p>", "Esta finalidad ya está arriba"),
        (TODAS[1:], "<p>Texto.</p>", "Falta la finalidad «Gestionar mi participación»."),
        ([("participar", "")], "<p>Texto.</p>", "Este campo es necesario."),
        ([("", "Autorizo.")], "<p>Texto.</p>", "Este campo es necesario."),
        ([("participar", "x" * 601)], "<p>Texto.</p>", "600 caracteres"),
        ([], "<p>Texto.</p>", "Este campo es necesario."),
        (TODAS, "<p>Responde [nombre de la entidad].</p>", "[nombre de la entidad]"),
        (TODAS, "<p></p>", "Escriba el texto de la política."),
    ],
)
def test_politica_incompleta_no_se_publica_y_dice_que_falta(editor, politica, finalidades, cuerpo, mensaje):
    respuesta = publicar(editor, politica, finalidades, cuerpo)
    assert respuesta.status_code == 200
    assert mensaje in " ".join(mensajes(respuesta.context["form"].errors.as_data()))
    assert numero() == 1


def test_en_borrador_se_puede_guardar_a_medias(editor, politica):
    assert guardar(editor, politica, TODAS[1:], "<p>[por escribir]</p>").status_code == 302
    assert numero() == 1
    assert "[por escribir]" in PoliticaPage.objects.get().get_latest_revision_as_object().cuerpo


def test_no_se_crea_otra_politica_en_el_sitio(editor, politica):
    portada = f.sitio().root_page
    assert not PoliticaPage.can_create_at(portada)
    assert editor.get(f"/admin/pages/add/cuentas/politicapage/{portada.pk}/").status_code == 302


def test_publicada_por_otra_puerta_sin_lo_necesario_cierra_el_registro(politica, client):
    politica.finalidades = [("finalidad", {"clave": "nombre_publico", "texto": "Autorizo."})]
    politica.save_revision().publish()
    assert version_para_autorizar(f.sitio()) is None
    assert "password1" not in client.get("/cuenta/signup/").text


# --- El texto modelo -------------------------------------------------------------------------


def test_el_borrador_trae_lo_que_pide_la_ley_y_no_rige(sin_politica):
    ajustes = AjustesSitio.for_site(f.sitio())
    ajustes.nombre_entidad, ajustes.correo_atencion = "Concejo <b>de</b> Prueba", "datos@example.org"
    ajustes.save()
    pagina = crear_borrador(sitio=f.sitio())
    assert pagina.live is False and not VersionPolitica.objects.exists()
    ajustes.refresh_from_db()
    assert ajustes.pagina_privacidad_id == pagina.pk
    texto = strip_tags(pagina.cuerpo)
    for tema in (
        "El responsable es Concejo", "datos@example.org", "para qué", "Datos sensibles", "Responderlas es voluntario",
        "menores de 14 años", "Pedir prueba de la autorización", "Revocar la autorización", "Conocer, actualizar y corregir",
        "Superintendencia de Industria y Comercio", "diez días hábiles", "quince", "Cómo ejercerlos", "[dirección]",
    ):  # fmt: skip
        assert tema in texto, tema
    assert "<b>de</b>" not in pagina.cuerpo
    assert [bloque.value["clave"] for bloque in pagina.finalidades] == Finalidad.values
    pagina.full_clean()


def test_el_borrador_no_se_publica_con_corchetes_y_completo_si(sin_politica, editor):
    pagina = crear_borrador(sitio=f.sitio())
    assert "[dirección]" in publicar(editor, pagina, cuerpo=pagina.cuerpo).text
    assert not VersionPolitica.objects.exists()
    completo = pagina.cuerpo
    for corchete in ("[nombre de la entidad]", "[dirección]", "[municipio y departamento]", "[teléfono]", "[correo]", "[escriba el área o cargo]"):
        completo = completo.replace(corchete, "algo")
    assert publicar(editor, pagina, cuerpo=completo).status_code == 302
    assert numero() == 1
    assert editor.get("/politica-de-datos-personales/").status_code == 200


def test_crear_borrador_otra_vez_no_hace_nada(sin_politica):
    assert crear_borrador(sitio=f.sitio()) is not None
    assert crear_borrador(sitio=f.sitio()) is None
    assert PoliticaPage.objects.count() == 1


def test_preparar_deja_el_borrador_y_avisa_hasta_que_se_publica(sin_politica, capsys):
    for _vez in range(2):
        call_command("preparar", verbosity=0)
        assert "el registro está cerrado" in capsys.readouterr().out
    pagina = PoliticaPage.objects.get()
    pagina.save_revision().publish()
    call_command("preparar", verbosity=0)
    assert "el registro está cerrado" not in capsys.readouterr().out


def test_preparar_no_toca_la_politica_de_la_demostracion(sin_politica, settings):
    settings.DEMOSTRACION = True
    call_command("preparar", verbosity=0)
    assert not PoliticaPage.objects.exists()
