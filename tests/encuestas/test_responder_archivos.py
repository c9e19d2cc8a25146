import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile

from cuentas import retencion
from cuentas.datos_personales import FUENTES, SUPRIMIDO
from cuentas.enums import RolPersonal
from encuestas import conteos
from encuestas.enums import Modo
from participacion.adjuntos.models import Adjunto
from participacion.formularios.enums import EstadoRespuesta, TipoPregunta
from participacion.formularios.models import Respuesta, Valor
from tests import fabricas

from .fabricas_encuestas import encuesta, pregunta
from .recorrido import direccion, enviar, ocultos, primera

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
T = TipoPregunta


@pytest.fixture(autouse=True)
def _sin_limites():
    caches["default"].clear()


def con_archivos(**campos):
    return encuesta(
        [
            pregunta(T.ARCHIVO, "foto", "Una foto"),
            pregunta(T.ARCHIVO, "plan", "El plan"),
            pregunta(T.TEXTO_CORTO, "nombre", "Nombre", obligatoria=True),
            pregunta(T.UNICA, "medio", opciones=["Bus"], otra="Otro"),
        ],
        **campos,
    )


def enviada_con_cuenta(client, persona, **campos):
    pagina = con_archivos(**campos)
    client.force_login(persona)
    url = client.get(direccion(pagina, "responder")).url
    datos = {"p_nombre": "CONFIDENCIAL", "p_foto": fabricas.png("cara.png"), "p_medio": "medio-otra", "p_medio__otra": "MOTO"}
    client.post(enviar(client, url, datos).url)
    return pagina, Respuesta.objects.get(estado=EstadoRespuesta.ENVIADA, participante=persona.participante)


def test_varios_archivos_quedan_en_la_respuesta(client):
    pagina = con_archivos(modo=Modo.ANONIMA)
    url = primera(pagina)
    revision = enviar(client, url, {"p_nombre": "Ana", "p_foto": fabricas.png(), "p_plan": fabricas.pdf()})
    respuesta = Respuesta.objects.get()
    assert sorted(Adjunto.objects.de(respuesta).values_list("nombre", flat=True)) == ["anexo.pdf", "foto.png"]
    texto = client.get(revision.url).content.decode()
    assert "foto.png" in texto and "anexo.pdf" in texto
    client.post(revision.url)
    assert Adjunto.objects.de(respuesta).count() == 2
    assert Valor.objects.filter(texto__in=[str(a.clave) for a in Adjunto.objects.all()]).count() == 2


def test_el_archivo_no_se_pierde_al_corregir_otra_pregunta(client):
    pagina = con_archivos(modo=Modo.ANONIMA)
    url = primera(pagina)
    mala = enviar(client, url, {"p_nombre": "", "p_foto": fabricas.png()})
    assert mala.status_code == 422 and "foto.png" in mala.content.decode()
    assert client.post(url, ocultos(mala) | {"p_nombre": "Ana", "accion": "siguiente"}).status_code == 302
    assert [a.nombre for a in Adjunto.objects.de(Respuesta.objects.get())] == ["foto.png"]


@pytest.mark.parametrize(
    ("archivo", "dice"),
    [
        (SimpleUploadedFile("foto.png", b"no soy una imagen"), "no es de un tipo aceptado"),
        (SimpleUploadedFile("foto.exe", b"MZ\x90\x00"), "no es de un tipo aceptado"),
        (SimpleUploadedFile("vacio.pdf", b""), "vacío"),
        (SimpleUploadedFile("grande.pdf", b"%PDF-1.4" + b"0" * (10 * 1024 * 1024 + 1)), "pasa de 10 MB"),
    ],
    ids=["imagen falsa", "programa", "vacío", "grande"],
)
def test_un_archivo_que_no_sirve_se_dice_junto_a_su_pregunta(client, archivo, dice):
    archivo.seek(0)
    pagina = con_archivos(modo=Modo.ANONIMA)
    mala = enviar(client, primera(pagina), {"p_nombre": "Se queda", "p_foto": archivo})
    texto = mala.content.decode()
    assert mala.status_code == 422
    assert dice in texto.split('id="e-foto"')[1].split('id="e-plan"')[0]
    assert 'value="Se queda"' in texto
    assert not Adjunto.objects.exists()


def test_reemplazar_y_quitar(client):
    pagina = con_archivos(modo=Modo.ANONIMA)
    url = primera(pagina)
    enviar(client, url, {"p_nombre": "Ana", "p_foto": fabricas.png("uno.png")})
    enviar(client, url, {"p_nombre": "Ana", "p_foto": fabricas.png("dos.png")})
    assert [a.nombre for a in Adjunto.objects.all()] == ["dos.png"]
    enviar(client, url, {"p_nombre": "Ana", "p_foto__quitar": "on"})
    assert not Adjunto.objects.exists() and Respuesta.objects.get().parcial["foto"] is None


def test_corregir_sin_enviar_no_borra_el_archivo_enviado(client):
    ana = fabricas.persona()
    pagina, respuesta = enviada_con_cuenta(client, ana, permite_editar=True)
    uno = direccion(pagina, "pagina", respuesta.clave, 1)
    enviar(client, uno, {"p_nombre": "Ana", "p_foto": fabricas.png("nueva.png")})
    assert sorted(a.nombre for a in Adjunto.objects.de(respuesta)) == ["cara.png", "nueva.png"]
    client.post(direccion(pagina, "revisar", respuesta.clave))
    assert [a.nombre for a in Adjunto.objects.de(respuesta)] == ["nueva.png"]


def test_una_ficha_de_otro_sin_firma_no_sirve(client):
    pagina = con_archivos(modo=Modo.ANONIMA)
    mala = enviar(client, primera(pagina), {"p_nombre": "Ana", "p_foto__ficha": "inventada:x:y"})
    assert mala.status_code == 422 and "Súbalo otra vez" in mala.content.decode()


def test_lo_descarga_su_autor_y_quien_analiza_y_nadie_mas(client):
    ana = fabricas.persona()
    _pagina, respuesta = enviada_con_cuenta(client, ana)
    url = f"/adjuntos/{Adjunto.objects.de(respuesta).get().clave}/"
    esperado = {
        None: 404, fabricas.persona(): 404, fabricas.personal(RolPersonal.EDITOR): 404, fabricas.personal(RolPersonal.MODERACION): 404,
        ana: 200, fabricas.personal(RolPersonal.ANALITICA): 200, fabricas.personal(RolPersonal.ADMINISTRACION): 200,
    }  # fmt: skip
    obtenido = {}
    for quien in esperado:
        client.logout()
        if quien:
            client.force_login(quien)
        respuesta_http = client.get(url)
        if respuesta_http.streaming:  # leerlo entero lo cierra
            b"".join(respuesta_http.streaming_content)
        obtenido[quien] = respuesta_http.status_code
    assert obtenido == esperado
    Respuesta.objects.update(estado=EstadoRespuesta.PARCIAL)  # sin enviar, sólo su autor
    client.force_login(fabricas.personal(RolPersonal.ANALITICA))
    assert client.get(url).status_code == 404


# --- Datos personales -----------------------------------------------------------------------------


def test_la_copia_dice_lo_que_contesto_y_trae_sus_archivos(client):
    ana = fabricas.persona()
    _pagina, respuesta = enviada_con_cuenta(client, ana)
    copia = FUENTES["formularios"].copiar(ana.participante)
    assert [r["respuesta"] for r in copia.datos[0]["respuestas"]] == [["cara.png"], ["CONFIDENCIAL"], ["Otro: MOTO"]]
    assert [nombre for nombre, _archivo in copia.archivos] == [f"respuesta-{respuesta.pk}-cara.png"]
    assert FUENTES["formularios"].copiar(fabricas.persona().participante).datos == []


def test_suprimir_quita_las_palabras_y_los_archivos_y_no_cambia_los_conteos(client):
    ana, beto = fabricas.persona(), fabricas.persona()
    pagina, respuesta = enviada_con_cuenta(client, ana)
    otra = type(client)()
    otra.force_login(beto)
    url = otra.get(direccion(pagina, "responder")).url
    otra.post(enviar(otra, url, {"p_nombre": "De Beto"}).url)
    otra_encuesta = encuesta([pregunta(T.TEXTO_CORTO, "x")])
    client.force_login(ana)
    enviar(client, client.get(direccion(otra_encuesta, "responder")).url, {"p_x": "CONFIDENCIAL"}, accion="guardar")
    antes = conteos.guardados(pagina.ejercicio)

    for _vez in range(2):  # repetirlo no hace daño
        FUENTES["formularios"].suprimir(ana.participante)
    assert not Respuesta.objects.parciales().exists()
    assert not Valor.objects.filter(texto__in=["CONFIDENCIAL", "MOTO"]).exists()
    assert Valor.objects.filter(respuesta=respuesta, texto=SUPRIMIDO).count() == 3
    assert not Adjunto.objects.exists()
    assert Valor.objects.filter(texto="De Beto").count() == 1
    respuesta.refresh_from_db()
    assert respuesta.participante == ana.participante
    assert conteos.guardados(pagina.ejercicio) == antes == conteos.contar_de_nuevo(pagina.ejercicio)


def test_lo_que_nadie_termino_se_borra_con_el_tiempo(client, settings):
    pagina = con_archivos(modo=Modo.ANONIMA)
    enviar(client, primera(pagina), {"p_nombre": "Vieja", "p_foto": fabricas.png()}, accion="guardar")
    vieja = Respuesta.objects.get()
    enviar(client, primera(pagina), {"p_nombre": "Nueva"}, accion="guardar")
    Respuesta.objects.filter(pk=vieja.pk).update(actualizada_en="2020-01-01T00:00:00Z")
    assert retencion.FINALIDADES["respuestas_sin_enviar"].ejecutar() == 1
    assert Respuesta.objects.get().parcial["nombre"] == "Nueva" and not Adjunto.objects.exists()
