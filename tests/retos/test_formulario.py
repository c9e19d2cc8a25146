"""El formulario de propuesta ante lo que llega de verdad: incompleto, enorme, falso, repetido o sin sesión."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cuentas.enums import TipoActor
from participacion.adjuntos.models import Adjunto
from participacion.ejercicios.models import Ejercicio
from retos.enums import EstadoPropuesta
from retos.models import Propuesta
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
TEXTOS = {"titulo": "Árboles en la 4.ª", "resumen": "Sombra para caminar.", "descripcion": "Sembrar <b>guayacanes</b>."}
ACEPTA = {"terminos": "on", "version_terminos": "1"}


@pytest.fixture
def ana(client):
    ana = f.persona()
    client.force_login(ana)
    return ana


def enviar(client, reto, accion="enviar", clave=None, url=None, **campos):
    datos = {**TEXTOS, **ACEPTA, "clave_envio": str(clave or uuid.uuid4()), "accion": accion, "rescatable": "1", **campos}
    return client.post(url or f"{reto.url}proponer/", {k: v for k, v in datos.items() if v is not None})


def error_de(respuesta, campo):
    return [str(e) for e in respuesta.context["formulario"].errors.get(campo, [])]


def lo_escrito(respuesta):
    formulario = respuesta.context["formulario"]
    return {nombre: formulario[nombre].value() for nombre in TEXTOS}


def test_borrador_y_luego_enviar(client, ana):
    reto = f.reto()
    respuesta = enviar(client, reto, "guardar", resumen="", descripcion="")
    propuesta = Propuesta.objects.get()
    assert respuesta.url == f"/propuestas/{propuesta.pk}/editar/"
    respuesta = enviar(client, reto, clave=propuesta.clave_envio, url=respuesta.url)
    propuesta.refresh_from_db()
    assert (respuesta.url, propuesta.estado) == (f"/propuestas/{propuesta.pk}/recibida/", EstadoPropuesta.ENVIADA)
    assert propuesta.referencia in client.get(respuesta.url).text


@pytest.mark.parametrize(
    ("campo", "valor", "mensaje"),
    [
        ("titulo", "", "necesario"),
        ("titulo", "x" * 121, "120"),
        ("resumen", "x" * 401, "400"),
        ("descripcion", "x" * 1_000_000, "10000"),
        ("titulo", "con\x00nulo", "nulo"),
        ("clave_envio", "no-es-uuid", "UUID"),
        ("organizacion", "999999", "organización"),
        ("organizacion", "a'; drop", "organización"),
    ],
)
def test_entrada_invalida_dice_el_campo_y_conserva_lo_escrito(client, ana, campo, valor, mensaje):
    reto = f.reto()
    f.organizacion(ana)
    respuesta = enviar(client, reto, **{campo: valor})
    assert respuesta.status_code == 422
    assert mensaje in error_de(respuesta, campo)[0]
    assert lo_escrito(respuesta) == TEXTOS | ({campo: valor} if campo in TEXTOS else {})
    assert not Propuesta.objects.exists()


def test_organizacion_ajena_se_rechaza(client, ana):
    ajena = f.organizacion(f.persona())
    respuesta = enviar(client, f.reto(), organizacion=ajena.pk)
    assert respuesta.status_code == 422 and error_de(respuesta, "organizacion")
    assert not Propuesta.objects.exists()


def test_en_nombre_de_la_organizacion(client, ana):
    empresa = f.organizacion(ana, tipo=TipoActor.EMPRESA)
    enviar(client, f.reto(), organizacion=empresa.pk)
    assert Propuesta.objects.get().actor_tipo == "empresa"


# --- Archivos --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("archivo", "mensaje"),
    [
        (SimpleUploadedFile("plan.pdf", b"MZ\x90\x00 esto es un programa" * 50), "no es de un tipo aceptado"),
        (SimpleUploadedFile("foto.png", b"<script>alert(1)</script>"), "no es de un tipo aceptado"),
        (SimpleUploadedFile("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "no es de un tipo aceptado"),
        (SimpleUploadedFile("vacio.pdf", b""), "vacío"),
        (f.png("foto.pdf"), "su contenido es PNG"),
        (f.pdf("sin_extension"), "su contenido es PDF"),
    ],
    ids=lambda v: getattr(v, "name", None),
)
def test_archivo_por_su_contenido(client, ana, archivo, mensaje):
    archivo.seek(0)
    respuesta = enviar(client, f.reto(), archivo=archivo)
    assert respuesta.status_code == 422
    assert mensaje in error_de(respuesta, "archivo")[0]
    assert lo_escrito(respuesta) == TEXTOS
    assert not Adjunto.objects.exists() and not Propuesta.objects.exists()


def test_archivo_demasiado_grande_conserva_el_texto(client, ana, settings):
    settings.ADJUNTO_MAXIMO = 200_000
    respuesta = enviar(client, f.reto(), archivo=f.pdf(relleno=b"x" * 300_000))
    assert respuesta.status_code == 422
    assert error_de(respuesta, "archivo") == ["Un archivo pasa de 10 MB. Redúzcalo o divídalo."]
    assert lo_escrito(respuesta) == TEXTOS
    assert not Adjunto.objects.exists()


def test_archivo_no_se_pide_otra_vez_al_corregir_otro_campo(client, ana):
    reto, clave = f.reto(), uuid.uuid4()
    respuesta = enviar(client, reto, clave=clave, resumen="", archivo=f.pdf("mi plan.pdf"))
    assert respuesta.status_code == 422 and "mi plan.pdf" in respuesta.text
    ficha = respuesta.context["formulario"]["ficha"].value()
    enviar(client, reto, clave=clave, ficha=ficha)
    adjunto = Adjunto.objects.de(Propuesta.objects.get()).get()
    assert (adjunto.nombre, Adjunto.objects.count()) == ("mi plan.pdf", 1)


def test_archivo_de_ficha_falsa_o_ajena_no_entra(client, ana):
    reto = f.reto()
    de_otra = f.publicada(reto)
    from participacion.adjuntos import actions as adjuntos

    ajeno = adjuntos.guardar(archivo=f.pdf(), participante=None)
    adjuntos.agregar(adjuntos=[ajeno], objeto=de_otra)
    for ficha in ("basura", adjuntos.ficha(ajeno)):
        respuesta = enviar(client, reto, ficha=ficha)
        assert error_de(respuesta, "archivo") == ["Un archivo que había subido ya no está. Súbalo otra vez."]
    assert Adjunto.objects.de(de_otra).get() == ajeno


def nombres_de(propuesta):
    return list(Adjunto.objects.de(propuesta).order_by("pk").values_list("nombre", flat=True))


def test_archivos_se_suman_y_se_quitan_uno_por_uno(client, ana):
    reto, clave = f.reto(), uuid.uuid4()
    enviar(client, reto, "guardar", clave=clave, archivo=[f.pdf("uno.pdf"), f.png("dos.png")])
    propuesta = Propuesta.objects.get()
    url = f"/propuestas/{propuesta.pk}/editar/"
    enviar(client, reto, "guardar", clave=clave, url=url)
    assert nombres_de(propuesta) == ["uno.pdf", "dos.png"]
    enviar(client, reto, "guardar", clave=clave, url=url, archivo=f.pdf("tres.pdf"), quitar=str(Adjunto.objects.get(nombre="uno.pdf").clave))
    assert nombres_de(propuesta) == ["dos.png", "tres.pdf"]
    assert "dos.png" in client.get(url).text


def test_archivos_hasta_cinco(client, ana):
    reto, clave = f.reto(), uuid.uuid4()
    respuesta = enviar(client, reto, clave=clave, archivo=[f.pdf(f"{n}.pdf") for n in range(6)])
    assert respuesta.status_code == 422 and not Propuesta.objects.exists()
    assert error_de(respuesta, "archivo") == ["Se reciben hasta 5 archivos. Quite alguno."]
    enviar(client, reto, "guardar", clave=clave, archivo=[f.pdf(f"{n}.pdf") for n in range(5)])
    propuesta = Propuesta.objects.get()
    respuesta = enviar(client, reto, clave=clave, url=f"/propuestas/{propuesta.pk}/editar/", archivo=f.pdf("6.pdf"))
    assert respuesta.status_code == 422 and len(nombres_de(propuesta)) == 5


def test_quitar_el_archivo_de_otra_propuesta_no_hace_nada(client, ana):
    reto = f.reto()
    from participacion.adjuntos import actions as adjuntos

    ajena = f.borrador(reto, f.persona(), adjunto=adjuntos.guardar(archivo=f.pdf(), participante=None))
    enviar(client, reto, "guardar", quitar=str(Adjunto.objects.get().clave))
    assert nombres_de(ajena) == ["anexo.pdf"]


# --- Plazo, repetición -----------------------------------------------------------------------


def test_plazo_que_vence_con_el_formulario_abierto(client, ana):
    reto, clave = f.reto(), uuid.uuid4()
    client.get(f"{reto.url}proponer/")
    Ejercicio.objects.update(cierre=timezone.now() - timedelta(seconds=1))
    respuesta = enviar(client, reto, clave=clave, archivo=f.pdf())
    assert respuesta.status_code == 422
    assert "El plazo venció" in error_de(respuesta, "__all__")[0]
    assert lo_escrito(respuesta) == TEXTOS
    propuesta = Propuesta.objects.get()
    assert (propuesta.estado, propuesta.referencia) == (EstadoPropuesta.BORRADOR, "")
    # El archivo quedó con el borrador y sigue allí si se vuelve a enviar el mismo formulario.
    enviar(client, reto, "guardar", clave=clave)
    assert Adjunto.objects.de(propuesta).count() == 1


def test_repetir_el_envio_no_envia_otra(client, ana):
    reto, clave = f.reto(), uuid.uuid4()
    primera = enviar(client, reto, clave=clave)
    segunda = enviar(client, reto, clave=clave, titulo="Otra cosa")
    assert (primera.url, primera.status_code) == (segunda.url, segunda.status_code)
    assert Propuesta.objects.get().titulo == TEXTOS["titulo"]
    assert "ya se había enviado" in client.get(segunda.url).text


def test_editar_lo_enviado_lleva_a_verlo(client, ana):
    propuesta = f.enviada(f.reto(), ana)
    assert client.get(f"/propuestas/{propuesta.pk}/editar/").url == f"/propuestas/{propuesta.pk}/"


# --- Sin sesión --------------------------------------------------------------------------------


def entrar(client, usuario, destino):
    respuesta = client.post("/cuenta/login/", {"login": usuario.email, "password": f.CLAVE, "next": destino})
    assert respuesta.url == destino
    return client.get(destino)


def test_sin_sesion_se_conservan_texto_y_archivo_al_entrar(client):
    reto, ana = f.reto(), f.persona()
    ruta = f"{reto.url.removeprefix('http://localhost')}proponer/"
    respuesta = enviar(client, reto, archivo=f.pdf("mi plan.pdf"))
    assert respuesta.url == f"/cuenta/login/?next={ruta.replace('/', '%2F')}"
    assert not Propuesta.objects.exists()
    respuesta = entrar(client, ana, ruta)
    assert lo_escrito(respuesta) == TEXTOS
    assert "mi plan.pdf" in respuesta.text
    formulario = respuesta.context["formulario"]
    enviar(client, reto, clave=formulario["clave_envio"].value(), ficha=formulario["ficha"].value())
    assert Adjunto.objects.de(Propuesta.objects.get()).get().nombre == "mi plan.pdf"
    # Ya enviado, no se ofrece más.
    assert lo_escrito(client.get(ruta)) == {"titulo": None, "resumen": None, "descripcion": None}


def con_csrf(ana=None):
    cliente = Client(enforce_csrf_checks=True)
    if ana:
        cliente.force_login(ana)
    return cliente


def test_ficha_csrf_vieja_de_pagina_propia_conserva_lo_escrito():
    reto, ana = f.reto(), f.persona()
    ruta = f"{reto.url.removeprefix('http://localhost')}proponer/"
    cliente = con_csrf(ana)
    datos = {**TEXTOS, **ACEPTA, "clave_envio": str(uuid.uuid4()), "accion": "enviar", "rescatable": "1"}
    respuesta = cliente.post(ruta, datos, headers={"Sec-Fetch-Site": "same-origin"})
    assert (respuesta.status_code, respuesta.url) == (302, ruta)
    assert lo_escrito(cliente.get(ruta)) == TEXTOS
    assert not Propuesta.objects.exists()


@pytest.mark.parametrize(
    "cabeceras",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://malo.example"}, {}],
)
def test_ficha_csrf_falsa_de_otro_sitio_no_guarda_nada(cabeceras):
    reto, ana = f.reto(), f.persona()
    ruta = f"{reto.url.removeprefix('http://localhost')}proponer/"
    cliente = con_csrf(ana)
    respuesta = cliente.post(ruta, {**TEXTOS, "rescatable": "1", "accion": "enviar"}, headers=cabeceras)
    assert respuesta.status_code == 403
    assert lo_escrito(cliente.get(ruta))["titulo"] is None


def test_rescate_no_guarda_claves():
    cliente = con_csrf()
    cliente.post(
        "/cuenta/login/",
        {"login": "a@example.org", "password": "secreta", "rescatable": "1"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert "secreta" not in str(cliente.session.items())


def test_campos_de_mas_o_metodo_equivocado_no_dan_500(client, ana):
    reto = f.reto()
    for metodo in ("put", "delete", "patch"):
        assert getattr(client, metodo)(f"{reto.url}proponer/").status_code == 405
    assert client.post(f"{reto.url}proponer/", b"{mal json", content_type="application/json").status_code == 422
    assert client.post(f"{reto.url}proponer/", {f"c{n}": "x" for n in range(11_000)}).status_code == 400


def rescatada(cliente, reto, **campos):
    enviar(cliente, reto, **campos)
    return f"{reto.url.removeprefix('http://localhost')}proponer/"


def test_rescate_sigue_al_recargar_y_con_un_megabyte(client):
    reto, ana = f.reto(), f.persona()
    largo = "x" * 1_000_000
    ruta = rescatada(client, reto, descripcion=largo)
    assert lo_escrito(entrar(client, ana, ruta))["descripcion"] == largo
    assert lo_escrito(client.get(ruta))["descripcion"] == largo


def test_rescate_se_ofrece_aunque_el_plazo_haya_vencido(client):
    reto, ana = f.reto(), f.persona()
    ruta = rescatada(client, reto)
    Ejercicio.objects.update(cierre=timezone.now())
    assert lo_escrito(entrar(client, ana, ruta)) == TEXTOS


def test_rescate_vence_y_se_puede_descartar(client):
    reto = f.reto()
    ruta = rescatada(client, reto)
    assert lo_escrito(client.get(ruta)) == TEXTOS
    client.get(f"{ruta}?descartar=1")
    assert lo_escrito(client.get(ruta))["titulo"] is None
    rescatada(client, reto)
    sesion = client.session
    sesion["rescate"] = sesion["rescate"] | {"hora": sesion["rescate"]["hora"] - 3600}
    sesion.save()
    assert lo_escrito(client.get(ruta))["titulo"] is None


def test_rescate_tiene_limite_por_direccion():
    reto = f.reto()
    guardados = 0
    for _ in range(40):
        cliente = Client(REMOTE_ADDR="10.9.9.9")
        enviar(cliente, reto)
        guardados += bool(cliente.session.get("rescate"))
    assert guardados == 30


def test_corregir_muchas_veces_no_llena_el_disco(client, ana):
    reto = f.reto()
    for _ in range(12):
        enviar(client, reto, titulo="", archivo=f.pdf())
    assert Adjunto.objects.filter(objeto_tipo="").count() == 10


def test_titulo_que_crece_al_normalizar_se_mide_normalizado(client, ana):
    respuesta = enviar(client, f.reto(), titulo="\U0001d160" * 86)
    assert respuesta.status_code == 422 and error_de(respuesta, "titulo")


def test_documento_danado_dice_que_no_se_acepta(client, ana):
    danado = SimpleUploadedFile("a.docx", b"PK\x03\x04" + b"\x14\x00\x00\x08" + b"\xff" * 60)
    respuesta = enviar(client, f.reto(), archivo=danado)
    assert respuesta.status_code == 422 and error_de(respuesta, "archivo")
