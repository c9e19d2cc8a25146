"""Evaluación ciega: de quién es una propuesta se sabe con la decisión. Antes, sólo su equipo y quien la modera o gestiona."""

import io

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cuentas import actions as cuentas
from cuentas.enums import RolPersonal
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto
from retos import actions, identidad
from retos.models import DecisionReto, Integrante, Jurado, Propuesta
from retos.rules import conoce_la_identidad
from tests import fabricas as f

pytestmark = [pytest.mark.django_db, pytest.mark.una_base]
R = RolPersonal


def pdf_de(autor: str, nombre: str) -> SimpleUploadedFile:
    escritor, memoria = pypdf.PdfWriter(), io.BytesIO()
    escritor.add_blank_page(9, 9)
    escritor.add_metadata({"/Author": autor})
    escritor.write(memoria)
    return SimpleUploadedFile(nombre, memoria.getvalue())


@pytest.fixture
def ciega():
    reto = f.reto(evaluacion_ciega=True)
    ana = f.persona("casilda@example.org", nombre="Casilda", apellido="Irrepetible")
    organizacion = f.organizacion(ana, nombre="Fundación Zurriaga")
    type(organizacion).objects.update(verificada_en=timezone.now())
    anexos = [adjuntos.guardar(archivo=pdf_de("Casilda", f"plan {n}.pdf"), participante=None) for n in (1, 2)]
    return reto, f.publicada(reto, ana, en_nombre_de=organizacion, adjuntos_nuevos=anexos), ana, anexos


NOMBRES = ("Casilda", "Irrepetible", "Zurriaga", "casilda@", "plan 1", "Organización verificada")


def lee(cuenta, reto, propuesta, anexos) -> set[str]:
    cliente = Client()
    if cuenta:
        cliente.force_login(cuenta)
    urls = [f"/propuestas/{propuesta.pk}/", f"/propuestas/{propuesta.pk}/versiones/", reto.url, f"{reto.url}propuestas/", "/buscar/?q=detalle"]
    texto = "".join(cliente.get(url).text for url in urls)
    for anexo in anexos:
        respuesta = cliente.get(f"/adjuntos/{anexo.clave}/")
        texto += respuesta["Content-Disposition"] + respuesta.getvalue().decode("latin-1")
    return {nombre for nombre in NOMBRES if nombre.lower() in texto.lower()}


def test_quien_sabe_de_quien_es(ciega):
    reto, propuesta, ana, anexos = ciega
    companera = f.persona()
    Integrante.objects.create(propuesta=propuesta, participante=cuentas.participante_de(companera), desde=timezone.now())
    no_saben = [None, f.persona(), *(f.personal(rol) for rol in (R.JURADO, R.ANALITICA, R.EDITOR, R.ASISTIDA))]
    # Un jurado no lo sabe aunque también gestione, ni aunque todo lo pueda.
    dos_papeles, super_ = f.personal(R.JURADO, R.GESTION), f.persona(is_superuser=True, is_staff=True)
    for cuenta in (dos_papeles, super_):
        Jurado.objects.create(ejercicio=reto.ejercicio, usuario=cuenta, estado="aceptado", invitado_en=timezone.now())
    for cuenta in (*no_saben, dos_papeles, super_):
        assert lee(cuenta, reto, propuesta, anexos) == set(), cuenta
    for cuenta in (ana, companera, *(f.personal(rol) for rol in (R.MODERACION, R.GESTION, R.ADMINISTRACION))):
        assert conoce_la_identidad.test(cuenta, propuesta)
        assert {"Zurriaga", "plan 1", "Organización verificada"} <= lee(cuenta, reto, propuesta, anexos)
    respuesta = Client().get(f"/adjuntos/{anexos[1].clave}/")
    assert respuesta["Content-Disposition"] == 'attachment; filename="anexo-2.pdf"'
    respuesta.getvalue()


def test_tampoco_se_dice_que_clase_de_actor_propone(ciega, client):
    """En un municipio con una sola universidad, dice cuál."""
    reto, propuesta, ana, _anexos = ciega
    lista = f"{reto.url}propuestas/"
    paginas = (f"/propuestas/{propuesta.pk}/", lista, reto.url)
    assert not any("Universidad" in client.get(url).text for url in paginas)
    assert propuesta.titulo not in client.get(f"{lista}?actor=universidad").text
    client.force_login(ana)
    assert "Universidad" in client.get(paginas[0]).text
    actions.revelar(reto.ejercicio)
    DecisionReto.objects.create(ejercicio=reto.ejercicio, tipo="elige", estado="publicada", motivos="m", tomada_en=timezone.now(), publicada_en=timezone.now())
    client.logout()
    assert all("Universidad" in client.get(url).text for url in paginas)
    assert propuesta.titulo in client.get(f"{lista}?actor=universidad").text


def test_los_archivos_pierden_a_su_autor_al_enviar(ciega):
    *_resto, anexos = ciega
    for anexo in Adjunto.objects.all():
        with anexo.archivo.open() as archivo:
            datos = archivo.read()
        assert b"Casilda" not in datos and len(datos) == anexo.tamano and anexo.sin_metadatos
    assert len(anexos) == 2


def test_al_revelar_se_sabe(ciega):
    reto, propuesta, _ana, anexos = ciega
    assert lee(None, reto, propuesta, anexos) == set()
    assert actions.revelar(reto.ejercicio) == 1
    propuesta.refresh_from_db()
    assert {"Zurriaga", "plan 1"} <= lee(None, reto, propuesta, anexos)


def test_con_la_decision_publicada_lo_que_se_envie_ya_no_se_vela():
    reto, ana = f.reto(evaluacion_ciega=True), f.persona()
    propuesta = f.borrador(reto, ana)
    DecisionReto.objects.create(ejercicio=reto.ejercicio, tipo="elige", estado="publicada", motivos="m", tomada_en=timezone.now(), publicada_en=timezone.now())
    assert actions.enviar_propuesta(propuesta=propuesta, actor=ana).anonima is False


@pytest.mark.parametrize(
    ("campo", "texto"),
    [
        ("titulo", "Idea de CASILDA irrepetible"),
        ("resumen", "Escriba a quien.sea@correo.co"),
        ("descripcion", "Llame al 315 555 12 34, o al (602) 2115555"),
        ("descripcion", "La fundacion zurriaga ya lo hizo"),
        ("archivo", "Irrepetible-Casilda.pdf"),
    ],
)
def test_texto_que_la_nombra_se_avisa_y_se_puede_confirmar(client, campo, texto):
    reto = f.reto(evaluacion_ciega=True)
    ana = f.persona("c@example.org", nombre="Casilda María", apellido="Irrepetible Gómez")
    organizacion = f.organizacion(ana, nombre="Fundación Zurriaga")
    client.force_login(ana)
    datos = {
        "titulo": "t", "resumen": "r", "descripcion": "d", "terminos": "on", "version_terminos": "1", "accion": "enviar",
        "clave_envio": "0b8f6f3c-0f0f-4a4a-8a8a-000000000002", "organizacion": organizacion.pk,
    }  # fmt: skip
    datos |= {"archivo": f.pdf(texto)} if campo == "archivo" else {campo: texto}
    respuesta = client.post(f"{reto.url}proponer/", datos)
    assert respuesta.status_code == 422 and "confirma_identidad" in respuesta.text
    assert "se lee quién propone" in str(respuesta.context["formulario"].errors[campo])
    propuesta = Propuesta.objects.get()
    assert (propuesta.estado, Adjunto.objects.de(propuesta).count()) == ("borrador", int(campo == "archivo"))
    datos.pop("archivo", None)
    respuesta = client.post(f"{reto.url}proponer/", datos | {"confirma_identidad": "on", "sello": propuesta.sello})
    assert respuesta.status_code == 302, respuesta.context["formulario"].errors
    propuesta.refresh_from_db()
    assert (propuesta.estado, propuesta.anonima) == ("enviada", True)


def test_lo_que_solo_se_parece_no_se_avisa():
    ana = f.persona(nombre="Ana", apellido="Río")
    propuesta = f.borrador(f.reto(), ana)
    assert identidad.hallazgos(propuesta, {"titulo": "Mañana riego el río; 2026-11-22, $ 3.000.000.000 y art. 12"}) == {}


def test_archivo_que_no_se_deja_limpiar_impide_enviar_y_dice_cual():
    escritor, memoria = pypdf.PdfWriter(), io.BytesIO()
    escritor.add_blank_page(9, 9)
    escritor.encrypt("x")
    escritor.write(memoria)
    cifrado = adjuntos.guardar(archivo=SimpleUploadedFile("clave.pdf", memoria.getvalue()), participante=None)
    ana = f.persona()
    propuesta = f.borrador(f.reto(evaluacion_ciega=True), ana, adjunto=cifrado)
    with pytest.raises(ValidationError) as caso:
        actions.enviar_propuesta(propuesta=propuesta, actor=ana)
    assert "«clave.pdf»" in caso.value.message_dict["archivo"][0]
    propuesta.refresh_from_db()
    assert (propuesta.estado, propuesta.referencia) == ("borrador", "")
