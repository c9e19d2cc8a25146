import hashlib
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from cuentas.actions import participante_de
from cuentas.consentimiento.actions import autorizar, publicar_version, revocar
from cuentas.enums import CanalConsentimiento, Finalidad, NivelVerificacion
from cuentas.models import Consentimiento, RespuestaDiferencial, VersionPolitica
from cuentas.perfil.actions import guardar_perfil, responder_diferencial
from cuentas.requisitos import faltantes, tiene_consentimiento
from participacion.registro.models import Acto
from tests import fabricas as f

pytestmark = pytest.mark.django_db

AUTORIZACIONES = "/mi-cuenta/autorizaciones/"
F = Finalidad


def version(idioma="es"):
    return VersionPolitica.objects.vigente(f.sitio(), idioma)


def publicar(pagina, **campos):
    for campo, valor in campos.items():
        setattr(pagina, campo, valor)
    pagina.save_revision().publish()
    return version()


def traducir(pagina, textos):
    """Traduce como el editor de traducciones: cada texto traducible con el suyo; devuelve la página en inglés."""
    ingles = Locale.objects.get(language_code="en")
    fuente, _nueva = TranslationSource.update_or_create_from_instance(pagina)
    traduccion, _nueva = Translation.objects.get_or_create(source=fuente, target_locale=ingles)
    for segmento in fuente.stringsegment_set.select_related("string", "context"):
        segmento.string.translations.update_or_create(
            locale=ingles, context=segmento.context, defaults={"data": textos.get(segmento.string.data, "texto en inglés")}
        )
    traduccion.save_target(publish=False)
    destino = fuente.get_translated_instance(ingles)
    destino.get_latest_revision().publish()
    destino.refresh_from_db()
    return destino


def vigentes(usuario):
    return sorted(usuario.participante.consentimientos.vigentes().values_list("finalidad", "version__numero"))


@pytest.fixture
def politica():
    return f.politica()


@pytest.fixture
def ana(politica):
    return f.persona("ana@example.org", finalidades=[F.PARTICIPAR, F.NOMBRE_PUBLICO])


@pytest.fixture
def cliente(client, ana):
    client.force_login(ana)
    return client


# --- Las versiones --------------------------------------------------------------------------


def test_el_numero_crece_solo_con_texto_nuevo_en_espanol(politica):
    primera = version()
    assert primera.numero == 1
    assert publicar(politica) == primera  # el mismo texto otra vez
    politica.search_description = "Lo que no se autoriza no hace versión."
    assert publicar(politica) == primera
    numeros = [
        publicar(politica, cuerpo="<p>Otro.</p>").numero,
        publicar(politica, title="Otro título").numero,
        publicar(politica, finalidades=[("finalidad", {"clave": "participar", "texto": "Otra casilla."})]).numero,
    ]
    assert numeros == [2, 3, 4]
    # Volver a un texto viejo también es una versión nueva: la autorización es del que rige.
    assert publicar(politica, cuerpo="<p>Qué y para qué.</p>").numero == 5
    assert VersionPolitica.objects.count() == 5


def test_el_ingles_se_suma_a_la_version_que_rige(politica):
    publicar(politica, cuerpo="<p>Segunda.</p>")
    ingles = traducir(politica, {"Segunda.": "Second."})
    en = version("en")
    assert (en.numero, en.idioma, version("es").numero) == (2, "en", 2)
    assert "Second." in en.cuerpo
    # Corregir la traducción no pide otra autorización a nadie.
    ingles.cuerpo = "<p>Second, corrected.</p>"
    ingles.save_revision().publish()
    assert (version("en").numero, "corrected" in version("en").cuerpo) == (2, True)
    # Un texto nuevo en español deja atrás la traducción: en inglés se muestra el español.
    publicar(politica, cuerpo="<p>Tercera.</p>")
    assert (version("en").idioma, version("en").numero) == ("es", 3)


def test_solo_se_traducen_titulo_cuerpo_y_textos(politica):
    rutas = {s.path.split(".")[0] for s in extract_segments(politica) if isinstance(s, StringSegmentValue)}
    assert rutas <= {"title", "slug", "seo_title", "search_description", "cuerpo", "finalidades"}
    datos = [s.string.data for s in extract_segments(politica) if isinstance(s, StringSegmentValue)]
    assert not set(datos) & set(Finalidad.values)
    ingles = traducir(politica, {})
    assert [b.value["clave"] for b in ingles.finalidades] == [b.value["clave"] for b in politica.finalidades]


def test_la_huella_se_puede_recalcular(politica):
    una = version()
    contenido = {"titulo": una.titulo, "cuerpo": una.cuerpo, "finalidades": una.finalidades}
    texto = json.dumps(contenido, ensure_ascii=False, sort_keys=True)
    assert hashlib.sha256(texto.encode()).hexdigest() == una.texto_hash


def test_programada_o_en_borrador_no_rige(politica):
    politica.cuerpo = "<p>Todavía no.</p>"
    politica.save_revision()
    assert version().numero == 1


def test_publicar_a_la_vez_no_repite_numero(hilos):
    politica = f.politica()
    politica.cuerpo = "<p>La misma, dos veces.</p>"
    resultados = hilos(*[lambda: publicar_version(pagina=politica).numero] * 2)
    assert resultados == [2, 2]
    assert VersionPolitica.objects.count() == 2


# --- Autorizar ------------------------------------------------------------------------------


def test_autorizar_deja_la_prueba_y_repetirla_no_cambia_nada(politica):
    ana = participante_de(f.cuenta())
    for _vez in range(2):
        autorizar(participante=ana, version=version(), finalidades=[F.PARTICIPAR], canal=CanalConsentimiento.PAPEL)
    prueba = Consentimiento.objects.get()
    assert (prueba.finalidad, prueba.version, prueba.texto_hash, prueba.canal) == (
        "participar", version(), version().texto_hash, "papel",
    )  # fmt: skip
    assert tiene_consentimiento(ana, f.sitio(), F.PARTICIPAR)


def test_no_se_autoriza_lo_que_no_esta_ni_lo_que_ya_no_rige(politica):
    ana = participante_de(f.cuenta())
    vieja = version()
    publicar(politica, finalidades=[("finalidad", {"clave": "participar", "texto": "Autorizo."})])
    for una, finalidad, codigo in ((version(), F.NOMBRE_PUBLICO, "finalidad"), (vieja, F.PARTICIPAR, "version")):
        with pytest.raises(ValidationError) as error:
            autorizar(participante=ana, version=una, finalidades=[F.PARTICIPAR, finalidad])
        assert error.value.code == codigo
    assert not Consentimiento.objects.exists()


def test_dos_pestanas_dejan_una_fila_por_finalidad(hilos):
    ana = f.cuenta()
    participante = participante_de(ana)
    f.politica()
    una = version()

    def autorizar_todo():
        autorizar(participante=participante, version=una, finalidades=[F.PARTICIPAR, F.NOMBRE_PUBLICO])

    assert hilos(autorizar_todo, autorizar_todo) == [None, None]
    assert vigentes(ana) == [("nombre_publico", 1), ("participar", 1)]


def test_autorizar_y_revocar_a_la_vez_dejan_el_nombre_como_dicen_las_filas(hilos):
    ana = f.persona()
    una, participante = version(), ana.participante
    hilos(
        lambda: revocar(participante=participante, sitio=f.sitio(), finalidad=F.NOMBRE_PUBLICO),
        lambda: autorizar(participante=participante, version=una, finalidades=[F.NOMBRE_PUBLICO]),
        lambda: guardar_perfil(participante=participante, rango_declarado="18_mas"),
    )
    participante.refresh_from_db()
    assert participante.muestra_nombre is (("nombre_publico", 1) in vigentes(ana))


def test_la_base_impide_dos_autorizaciones_vigentes_iguales(ana):
    fila = Consentimiento.objects.filter(finalidad="participar").get()
    fila.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        fila.save()


# --- La pantalla ----------------------------------------------------------------------------


def test_muestra_como_esta_cada_una_y_solo_pregunta_lo_que_falta(cliente, ana):
    respuesta = cliente.get(AUTORIZACIONES)
    assert [(x.clave, x.esta_autorizada, x.es_anterior) for x in respuesta.context["finalidades"]] == [
        ("participar", True, False), ("nombre_publico", True, False), ("caracterizacion", False, False),
    ]  # fmt: skip
    assert [c.name for c in respuesta.context["form"].campos_autorizacion] == ["finalidad_caracterizacion"]
    assert " checked" not in respuesta.text


def test_autorizar_lo_que_falta(cliente, ana):
    datos = {"version": version().pk, "finalidad_caracterizacion": "on", "next": "/retos/"}
    respuesta = cliente.post(AUTORIZACIONES, datos)
    assert (respuesta.status_code, respuesta.url) == (302, "/retos/")
    assert vigentes(ana) == [("caracterizacion", 1), ("nombre_publico", 1), ("participar", 1)]
    assert cliente.get(AUTORIZACIONES).context["form"].campos_autorizacion == []


def test_politica_cambiada_se_avisa_se_renueva_y_se_vuelve_a_participar(cliente, ana, politica):
    reto = f.reto()
    publicar(politica, cuerpo="<p>Segunda.</p>")
    assert [r.codigo for r in faltantes(ana.participante, f.sitio(), NivelVerificacion.CORREO)] == ["consentimiento"]
    assert "Falta su autorización" in cliente.get("/mi-cuenta/").text
    borrador = f.borrador(reto, ana)
    with pytest.raises(ValidationError) as error:
        f.retos.enviar_propuesta(propuesta=borrador, actor=ana)
    assert error.value.code == "requisitos"
    respuesta = cliente.get(AUTORIZACIONES)
    assert "La política cambió el" in respuesta.text
    assert [x.es_anterior for x in respuesta.context["finalidades"]] == [True, True, False]
    cliente.post(AUTORIZACIONES, {"version": version().pk, "finalidad_participar": "on"})
    assert vigentes(ana) == [("nombre_publico", 1), ("participar", 1), ("participar", 2)]
    assert f.retos.enviar_propuesta(propuesta=borrador, actor=ana).referencia
    assert "Falta su autorización" not in cliente.get("/mi-cuenta/").text


@pytest.mark.parametrize(
    ("datos", "mensaje"),
    [
        ({}, "cambió mientras la leía"),
        ({"version": "{v}"}, "Marque al menos una"),
        ({"version": "0", "finalidad_caracterizacion": "on"}, "cambió mientras la leía"),
        ({"version": "{v}", "finalidad_inventada": "on"}, "Marque al menos una"),
    ],
)
def test_envio_que_no_autoriza_nada_lo_dice(cliente, ana, datos, mensaje):
    datos = {clave: valor.format(v=version().pk) for clave, valor in datos.items()}
    respuesta = cliente.post(AUTORIZACIONES, datos)
    assert respuesta.status_code == 422 and mensaje in respuesta.text
    assert len(vigentes(ana)) == 2


def test_sin_politica_se_dice_y_no_falla(client, sin_politica):
    client.force_login(f.cuenta())
    respuesta = client.get(AUTORIZACIONES)
    assert respuesta.status_code == 200 and "no tiene publicada su política" in respuesta.text
    assert client.post(AUTORIZACIONES, {"finalidad_participar": "on"}).status_code == 422
    assert client.get("/mi-cuenta/").status_code == 200


@pytest.mark.parametrize("extra", [0, 2])
def test_lecturas_de_la_pantalla(cliente, ana, politica, django_assert_num_queries, extra):
    for n in range(extra):
        una = publicar(politica, cuerpo=f"<p>Texto {n}.</p>")
        autorizar(participante=ana.participante, version=una, finalidades=list(F))
    cliente.get(AUTORIZACIONES)
    with django_assert_num_queries(8):
        cliente.get(AUTORIZACIONES)


# --- Revocar --------------------------------------------------------------------------------


def test_revocar_pregunta_primero_y_explica(cliente, ana):
    texto = cliente.get(f"{AUTORIZACIONES}participar/revocar/").text
    assert "Podrá leer todo el sitio, pero no enviar" in texto
    assert len(vigentes(ana)) == 2


def test_revocar_la_necesaria_impide_participar_y_deja_lo_hecho(cliente, ana):
    propuesta = f.publicada(f.reto(), ana)
    actos = Acto.objects.count()
    assert cliente.post(f"{AUTORIZACIONES}participar/revocar/").status_code == 302
    assert [r.codigo for r in faltantes(ana.participante, f.sitio(), NivelVerificacion.CORREO)] == ["consentimiento"]
    assert cliente.get(propuesta.get_absolute_url()).status_code == 200
    assert Acto.objects.count() == actos
    fila = Consentimiento.objects.get(finalidad="participar")
    assert fila.revocado_en is not None and fila.texto_hash == version().texto_hash


def test_se_puede_autorizar_despues_de_revocar_y_quedan_las_dos_pruebas(cliente, ana):
    cliente.post(f"{AUTORIZACIONES}participar/revocar/")
    cliente.post(AUTORIZACIONES, {"version": version().pk, "finalidad_participar": "on"})
    assert Consentimiento.objects.filter(finalidad="participar").count() == 2
    assert ("participar", 1) in vigentes(ana)


def test_revocar_quita_todas_las_versiones(cliente, ana, politica):
    una = publicar(politica, cuerpo="<p>Segunda.</p>")
    autorizar(participante=ana.participante, version=una, finalidades=[F.PARTICIPAR])
    cliente.post(f"{AUTORIZACIONES}participar/revocar/")
    assert vigentes(ana) == [("nombre_publico", 1)]


def test_revocar_lo_que_no_esta_vigente_no_falla(cliente, ana):
    respuesta = cliente.post(f"{AUTORIZACIONES}caracterizacion/revocar/", follow=True)
    assert respuesta.status_code == 200 and "no está vigente" in respuesta.text
    assert cliente.get(f"{AUTORIZACIONES}inventada/revocar/").status_code == 404


def test_lo_autorizado_que_la_politica_ya_no_trae_se_puede_revocar(cliente, ana, politica):
    publicar(politica, finalidades=[("finalidad", {"clave": "participar", "texto": "Autorizo."})])
    assert [x.clave for x in cliente.get(AUTORIZACIONES).context["finalidades"]] == ["participar", "nombre_publico"]
    cliente.post(f"{AUTORIZACIONES}nombre_publico/revocar/")
    ana.participante.refresh_from_db()
    assert ana.participante.muestra_nombre is False


def test_nadie_revoca_lo_de_otra_persona(cliente, ana):
    otra = f.persona()
    cliente.post(f"{AUTORIZACIONES}participar/revocar/")
    assert len(vigentes(otra)) == 3


# --- El nombre a la vista -------------------------------------------------------------------


def test_revocar_el_nombre_lo_oculta_enseguida_en_todas_partes(cliente, ana, client):
    reto = f.reto()
    propuesta = f.publicada(reto, ana)
    rutas = [reto.url, f"{reto.url}propuestas/", propuesta.get_absolute_url(), "/buscar/?q=Propuesta", "/"]
    anonimo = type(client)()
    con_nombre = [ruta for ruta in rutas if "Ana Ríos" in anonimo.get(ruta).text]
    # Si no estuviera en ninguna, no verlo después no probaría nada.
    assert con_nombre == rutas[:3]
    cliente.post(f"{AUTORIZACIONES}nombre_publico/revocar/")
    for ruta in rutas:
        texto = anonimo.get(ruta).text
        assert "Ana" not in texto and "Ríos" not in texto, ruta
    for ruta in con_nombre:
        assert "Participante" in anonimo.get(ruta).text
    cliente.post(AUTORIZACIONES, {"version": version().pk, "finalidad_nombre_publico": "on"})
    assert [ruta for ruta in rutas if "Ana Ríos" in anonimo.get(ruta).text] == con_nombre


def test_quien_modera_si_sabe_quien_escribe(client, politica):
    ana = f.persona(finalidades=[F.PARTICIPAR])
    propuesta = f.enviada(f.reto(), ana)
    client.force_login(f.personal("moderacion"))
    from participacion.moderacion.models import Entrada

    texto = client.get(f"/admin/moderacion/{Entrada.objects.de(propuesta).get().pk}/").text
    assert "Ana Ríos" in texto and "Participante" in texto


# --- La constancia --------------------------------------------------------------------------


def test_la_constancia_trae_la_prueba_completa_y_solo_la_propia(cliente, ana, politica):
    otra = f.persona("otra@example.org", nombre="Ximena")
    vieja = version()
    publicar(politica, cuerpo="<p>Segunda.</p>")
    revocar(participante=ana.participante, sitio=f.sitio(), finalidad=F.NOMBRE_PUBLICO)
    respuesta = cliente.get(f"{AUTORIZACIONES}constancia/")
    assert respuesta["Content-Type"] == "text/plain; charset=utf-8"
    assert "attachment" in respuesta["Content-Disposition"] and "no-store" in respuesta["Cache-Control"]
    texto = respuesta.text
    for dato in (
        "Ana Ríos <ana@example.org>", str(ana.participante.clave), vieja.texto_hash, "versión 1 (es)", "Canal: Web",
        "Autorizo lo que llaman participar.", f"http://testserver/mi-cuenta/politica/{vieja.pk}/",
    ):  # fmt: skip
        assert dato in texto
    assert texto.count("Revocada: no") == 1 and texto.count("Huella SHA-256") == 2
    assert "Ximena" not in texto and str(otra.participante.clave) not in texto
    assert "&" not in texto


def test_revocar_la_caracterizacion_borra_las_respuestas(cliente, ana):
    responder_diferencial(participante=ana.participante, version=version(), opciones=["mujer"], autoriza=True)
    cliente.post(f"{AUTORIZACIONES}caracterizacion/revocar/")
    assert not RespuestaDiferencial.objects.exists()
