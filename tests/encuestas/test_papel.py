import io
import re
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from cuentas.documentos import huella_de_documento
from cuentas.enums import RolPersonal
from encuestas import conteos
from encuestas.actions import anular_respuesta
from encuestas.enums import ACTO_ANULADA, ACTO_RESPUESTA, Modo
from encuestas.gestion import papel, tabla
from encuestas.models import Anulacion, Codigo, Cupo
from participacion.adjuntos.models import Adjunto
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.enums import EstadoRespuesta, TipoPregunta
from participacion.formularios.models import Respuesta, VersionFormulario
from participacion.formularios.valores import de_respuesta
from participacion.registro.enums import Canal
from participacion.registro.models import Acto, Asistencia
from tests import fabricas

from .fabricas_encuestas import contestada, encuesta, pregunta, reglas_de
from .recorrido import ocultos
from .test_codigos import con_codigo, lote_de, texto_de

pytestmark = pytest.mark.django_db
T = TipoPregunta


def variada(**campos):
    bloques = [
        pregunta(T.TEXTO_CORTO, "nombre", "¿Cómo le dicen?"),
        pregunta(T.UNICA, "transporte", "¿En qué va?", opciones=["Bus", "Bici"], otra="Otro", obligatoria=True),
        pregunta(T.MULTIPLE, "gustos", "¿Qué le gusta?", opciones=["Leer", "Correr", "Cine"], maximo=2),
        pregunta(T.MATRIZ, "matriz", "Califique", filas=["Agua", "Luz"], opciones=["Mal", "Bien"]),
        pregunta(T.ORDENAMIENTO, "orden", "Ordene", opciones=["Salud", "Vías"]),
        pregunta(T.ESCALA, "nota", "¿Qué tal?", escala="satisfaccion"),
        pregunta(T.NUMERO, "hijos", "¿Cuántos hijos?"),
        pregunta(T.FECHA, "dia", "¿Qué día?"),
        pregunta(T.SI_NO, "vive", "¿Vive aquí?"),
    ]
    return encuesta(bloques, **campos)


BUENO = {
    "1.": "Ana", "2.": "bici", "3.": "Leer | cine", "4. Califique [Agua]": "Bien", "4. Califique [Luz]": "mal", "5.": "Vías|Salud",
    "6.": "Muy satisfecho", "7.": "2,5", "8.": "2026-03-01", "9.": "Sí",
}  # fmt: skip


def _tabla(pagina, *filas):
    """Un CSV con el encabezado de la plantilla; cada fila, {principio del título: celda}."""
    titulos = tabla.encabezado(VersionFormulario.objects.vigente(pagina.ejercicio).formulario())
    lineas = [titulos]
    for n, fila in enumerate(filas, 1):
        fila = {"id": str(n)} | fila
        lineas.append([next((v for c, v in fila.items() if (t == c or t.startswith(c)) and "cuál" not in t), "") for t in titulos])
    return "\n".join(";".join(celdas) for celdas in lineas)


def _leer(pagina, texto):
    datos = texto if isinstance(texto, bytes) else texto.encode()
    return tabla.leer(datos, VersionFormulario.objects.vigente(pagina.ejercicio).formulario())


def _importar(pagina, texto, quien=None):
    return papel.importar(
        encuesta=reglas_de(pagina),
        version=VersionFormulario.objects.vigente(pagina.ejercicio),
        renglones=_leer(pagina, texto),
        funcionario=quien or fabricas.personal(RolPersonal.ASISTIDA),
    )


def _url(nombre, pagina, *args):
    return reverse(f"encuestas_gestion:{nombre}", args=[pagina.ejercicio.pk, *args])


# --- Importar ----------------------------------------------------------------------------


def test_un_papel_importado_dice_lo_mismo_que_contestado_por_la_web():
    pagina, quien = variada(), fabricas.personal(RolPersonal.ASISTIDA)
    assert _importar(pagina, _tabla(pagina, BUENO), quien) == 1
    respuesta = Respuesta.objects.get()
    assert de_respuesta(respuesta) == {
        "nombre": "Ana",
        "transporte": {"opcion": "transporte-o2", "otra": ""},
        "gustos": {"opciones": ["gustos-o1", "gustos-o3"], "otra": ""},
        "matriz": {"matriz-f-o1": "matriz-o2", "matriz-f-o2": "matriz-o1"},
        "orden": ["orden-o2", "orden-o1"],
        "nota": 5,
        "hijos": "2.5",
        "dia": "2026-03-01",
        "vive": True,
    }
    assert (respuesta.canal, respuesta.participante, respuesta.estado) == (Canal.PAPEL, None, EstadoRespuesta.ENVIADA)
    assert respuesta.referencia.startswith("E-")
    acto = Acto.objects.get(tipo=ACTO_RESPUESTA)
    assert (acto.canal, Asistencia.objects.get(acto=acto).funcionario) == (Canal.PAPEL, quien)
    assert conteos.contar_de_nuevo(pagina.ejercicio) == conteos.guardados(pagina.ejercicio)


def test_importar_dos_veces_es_importar_una_y_solo_entra_lo_nuevo():
    pagina = variada()
    assert _importar(pagina, _tabla(pagina, BUENO)) == 1
    assert _importar(pagina, _tabla(pagina, BUENO)) == 0
    assert _importar(pagina, _tabla(pagina, BUENO, BUENO)) == 1
    assert Respuesta.objects.count() == Acto.objects.filter(tipo=ACTO_RESPUESTA).count() == 2
    assert conteos.contar_de_nuevo(pagina.ejercicio) == conteos.guardados(pagina.ejercicio)


def test_los_errores_dicen_linea_y_columna_y_no_se_guarda_nada(client):
    pagina = variada()
    malas = [
        BUENO,
        BUENO | {"2.": "Avión"},
        BUENO | {"2.": ""},
        BUENO | {"7.": "dos"},
        BUENO | {"3.": "Leer|Cine|Correr"},
        BUENO | {"9.": "quizá"},
        BUENO | {"id": "1"},
        BUENO | {"id": ""},
        BUENO | {"8.": "ayer"},
    ]
    with pytest.raises(ValidationError) as error:
        _leer(pagina, _tabla(pagina, *malas))
    texto = " ".join(error.value.messages)
    for dicho in ("Línea 3, columna «2.", "Avión", "Línea 4, columna «2.", "Línea 5, columna «7.", "Línea 6, columna «3.",
                  "Línea 7, columna «9.", "Línea 8, columna «id»: repite el de la línea 2", "Línea 9, columna «id»", "Línea 10, columna «8."):
        assert dicho in texto, dicho  # fmt: skip
    assert "Línea 2," not in texto
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    archivo = SimpleUploadedFile("r.csv", _tabla(pagina, *malas).encode())
    recibida = client.post(_url("importar", pagina), {"archivo": archivo})
    assert recibida.status_code == 422 and "Línea 3" in recibida.content.decode()
    assert not Respuesta.objects.exists()


def test_un_libro_se_lee_como_un_csv(client):
    pagina = variada()
    titulos = tabla.encabezado(VersionFormulario.objects.vigente(pagina.ejercicio).formulario())
    libro = Workbook()
    libro.active.append(titulos)
    fila = dict(zip(titulos, _tabla(pagina, BUENO).split("\n")[1].split(";"), strict=True))
    libro.active.append([int(v) if k == "id" else v for k, v in fila.items()])
    memoria = io.BytesIO()
    libro.save(memoria)
    assert _leer(pagina, memoria.getvalue()) == _leer(pagina, _tabla(pagina, BUENO))


@pytest.mark.parametrize("basura", [b"", b"\x00\x01\x02" * 50, b"PK\x03\x04" + b"x" * 100, b"a;b\n1;2", b'id;"sin cerrar\n1;2', b"id\n"])
def test_un_archivo_que_no_es_la_plantilla_se_explica(basura):
    pagina = variada()
    with pytest.raises(ValidationError):
        _leer(pagina, basura)


def test_la_plantilla_sirve_para_importar(client):
    pagina = variada()
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    recibida = client.get(_url("plantilla", pagina, "csv"))
    assert recibida.content.decode("utf-8-sig").startswith("id;1. ¿Cómo le dicen?")
    libro = load_workbook(io.BytesIO(client.get(_url("plantilla", pagina, "xlsx")).content))
    titulos = [celda.value for celda in libro.active[1]]
    assert titulos == recibida.content.decode("utf-8-sig").strip().split(";")
    assert client.get(_url("plantilla", pagina, "pdf")).status_code == 404


def test_un_cupo_que_se_llena_deshace_toda_la_importacion():
    pagina = variada()
    opcion = pagina.ejercicio.preguntas.get(clave="transporte").opciones.get(clave="transporte-o2")
    Cupo.objects.create(ejercicio=pagina.ejercicio, opcion=opcion, limite=1)
    with pytest.raises(ValidationError) as error:
        _importar(pagina, _tabla(pagina, BUENO, BUENO))
    assert error.value.code == "cupo" and "Línea 3" in error.value.messages[0]
    assert not Respuesta.objects.exists() and Cupo.objects.get().usados == 0


def test_los_errores_se_leen_uno_por_renglon_y_en_el_orden_de_las_columnas(client):
    pagina = variada()
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    mala = BUENO | {"2.": "Avión", "6.": "9", "9.": "quizá"}
    recibida = client.post(_url("importar", pagina), {"archivo": SimpleUploadedFile("r.csv", _tabla(pagina, mala).encode())})
    renglones = re.findall(r"<li>(Línea 2, columna «\d\.)", recibida.content.decode())
    assert [renglon[-2] for renglon in renglones] == ["2", "6", "9"]


@pytest.mark.parametrize(
    ("veces", "dicho"), [(1, "Se importó 1 respuesta."), (2, "Se importaron 2 respuestas."), (3, "Se importó 1 respuesta. 2 ya estaban.")]
)
def test_se_dice_cuantas_entraron(client, veces, dicho):
    pagina = variada()
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    if veces == 3:
        _importar(pagina, _tabla(pagina, BUENO, BUENO))
    archivo = SimpleUploadedFile("r.csv", _tabla(pagina, *[BUENO] * veces).encode())
    recibida = client.post(_url("importar", pagina), {"archivo": archivo}, follow=True)
    assert [str(mensaje).strip() for mensaje in recibida.context["messages"]] == [dicho]


def test_un_archivo_obligatorio_no_se_importa_y_se_dice_como_hacerlo():
    pagina = encuesta([pregunta(T.SI_NO, "vive", "¿Vive aquí?"), pregunta(T.ARCHIVO, "foto", "La foto", obligatoria=True)])
    with pytest.raises(ValidationError) as error:
        _leer(pagina, "id;1. ¿Vive aquí?\n1;sí")
    assert error.value.messages == ["Línea 2, columna «La foto»: pide un archivo: use «Transcribir un papel»"]


# --- Uno por uno -------------------------------------------------------------------------


def test_transcribir_un_papel_sin_documento(client):
    pagina, quien = variada(), fabricas.personal(RolPersonal.ASISTIDA)
    client.force_login(quien)
    url = _url("papel", pagina)
    abierta = client.get(url)
    datos = ocultos(abierta) | {"p_transporte": "transporte-o1", "p_nota": "4", "tipo": "", "numero": ""}
    assert client.post(url, datos | {"p_transporte": ""}).status_code == 422
    assert client.post(url, datos).status_code == 302
    assert client.post(url, datos).status_code == 302  # F5: la misma
    respuesta = Respuesta.objects.get()
    assert (respuesta.canal, respuesta.participante) == (Canal.PAPEL, None)
    assert Asistencia.objects.get().funcionario == quien
    # Otra igual, en un formulario nuevo, es otro papel.
    assert client.post(url, datos | ocultos(client.get(url))).status_code == 302
    assert Respuesta.objects.count() == 2


def test_lo_que_falta_se_lista_arriba_con_enlace_a_su_campo(client):
    pagina = variada()
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    url = _url("papel", pagina)
    recibida = client.post(url, ocultos(client.get(url)) | {"p_nombre": "Ana", "p_hijos": "dos", "numero": "52123456"})
    texto = recibida.content.decode()
    assert recibida.status_code == 422
    assert re.findall(r'<li><a href="#([^"]+)"', texto) == ["id_tipo", "id_p_transporte_0", "id_p_hijos"]
    assert 'value="Ana"' in texto and 'value="dos"' in texto and 'value="52123456"' in texto


def test_el_archivo_que_acompana_un_papel_queda_en_la_respuesta(client):
    pagina = encuesta([pregunta(T.ARCHIVO, "foto", "La foto", obligatoria=True), pregunta(T.NUMERO, "hijos")])
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    url = _url("papel", pagina)
    # Con un error en otra pregunta, la foto no se sube dos veces.
    devuelta = client.post(url, ocultos(client.get(url)) | {"p_foto": fabricas.png(), "p_hijos": "dos"})
    assert devuelta.status_code == 422 and "Ya subió" in devuelta.content.decode()
    assert client.post(url, ocultos(devuelta) | {"p_hijos": "2"}).status_code == 302
    assert Adjunto.objects.de(Respuesta.objects.get()).get().nombre == "foto.png"


@pytest.mark.parametrize("nombre", ["papel", "importar"])
@pytest.mark.parametrize("campos", [{"secreta": True}, {"cierre": timezone.now() - timedelta(hours=1)}])
def test_no_se_ofrece_transcribir_lo_que_no_se_recibira(client, nombre, campos):
    pagina = variada(**campos)
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    recibida = client.get(_url(nombre, pagina), follow=True)
    assert recibida.redirect_chain == [(_url("encuesta", pagina), 302)]
    assert ("Secreta: no se transcriben" if "secreta" in campos else "no está abierta") in recibida.content.decode()


def test_cerrar_mientras_se_transcribe_no_borra_lo_escrito(client):
    pagina = variada()
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    url = _url("papel", pagina)
    datos = ocultos(client.get(url)) | {"p_nombre": "Doña Ana", "p_transporte": "transporte-o1"}
    Ejercicio.objects.filter(pk=pagina.ejercicio.pk).update(cierre=timezone.now() - timedelta(seconds=5))
    recibida = client.post(url, datos)
    assert recibida.status_code == 422
    assert "ya cerró" in recibida.content.decode() and 'value="Doña Ana"' in recibida.content.decode()
    assert not Respuesta.objects.enviadas().exists()


def test_transcribir_con_documento_es_una_por_persona(client):
    pagina, ana = variada(), fabricas.persona()
    ana.participante.documento_hmac = huella_de_documento("CC", "52123456")
    ana.participante.save()
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    url = _url("papel", pagina)
    datos = {"p_transporte": "transporte-o1", "tipo": "CC", "numero": "52123456"}
    assert client.post(url, ocultos(client.get(url)) | datos).status_code == 302
    assert Respuesta.objects.get().participante == ana.participante
    otra = client.post(url, ocultos(client.get(url)) | datos)
    assert otra.status_code == 422 and "ya respondió" in otra.content.decode()
    desconocida = client.post(url, ocultos(client.get(url)) | datos | {"numero": "52999999"})
    assert desconocida.status_code == 422 and "aún no está registrada" in desconocida.content.decode()
    assert Respuesta.objects.count() == 1


def test_transcribir_con_codigo_lo_gasta(client):
    pagina = con_codigo()
    lote = lote_de(pagina)
    client.force_login(fabricas.personal(RolPersonal.ASISTIDA))
    url = _url("papel", pagina)
    datos = {"p_nota": "3", "codigo": texto_de(lote)}
    assert client.post(url, ocultos(client.get(url)) | datos).status_code == 302
    assert Codigo.objects.exclude(usado_el=None).count() == 1
    assert client.post(url, ocultos(client.get(url)) | datos).status_code == 422
    assert client.post(url, ocultos(client.get(url)) | datos | {"codigo": "nada"}).status_code == 422
    assert Respuesta.objects.count() == 1


def test_una_secreta_no_se_transcribe_ni_se_importa():
    pagina = variada(secreta=True)
    quien = fabricas.personal(RolPersonal.ASISTIDA)
    with pytest.raises(ValidationError) as error:
        _importar(pagina, _tabla(pagina, BUENO), quien)
    assert error.value.code == "secreta"


def test_solo_quien_atiende_transcribe(client):
    pagina = variada()
    with pytest.raises(PermissionDenied):
        _importar(pagina, _tabla(pagina, BUENO), fabricas.personal(RolPersonal.ANALITICA))
    for rol in RolPersonal:
        client.force_login(fabricas.personal(rol))
        puede = rol in (RolPersonal.ASISTIDA, RolPersonal.ADMINISTRACION)
        for nombre in ("papel", "importar"):
            assert (client.get(_url(nombre, pagina)).status_code == 200) is puede
    assert not Respuesta.objects.exists()


# --- Anular ------------------------------------------------------------------------------


def test_anular_devuelve_conteos_cupo_y_codigo_y_se_puede_responder_otra_vez(client):
    pagina, admin = con_codigo(), fabricas.personal(RolPersonal.ADMINISTRACION)
    lote = lote_de(pagina)
    Cupo.objects.create(ejercicio=pagina.ejercicio, limite=1)
    codigo = Codigo.objects.filter(lote=lote).first()
    registrar = {
        "encuesta": reglas_de(pagina), "valores": {"nota": 4}, "funcionario": fabricas.personal(RolPersonal.ASISTIDA)
    }  # fmt: skip
    respuesta, _nueva = papel.registrar_en_papel(codigo=codigo, clave=uuid.uuid4(), **registrar)
    assert Cupo.objects.get().usados == 1
    client.force_login(admin)
    datos = {"referencia": respuesta.referencia.lower(), "motivo": "Se transcribió mal"}
    assert client.post(_url("anular", pagina), datos | {"motivo": ""}).status_code == 422
    assert client.post(_url("anular", pagina), datos).status_code == 302
    assert client.post(_url("anular", pagina), datos).status_code == 422
    assert client.post(_url("anular", pagina), datos | {"referencia": "E-0"}).status_code == 422
    respuesta.refresh_from_db(), codigo.refresh_from_db()
    assert (respuesta.estado, codigo.respuesta, codigo.usado_el) == (EstadoRespuesta.ANULADA, None, None)
    assert (Anulacion.objects.get().motivo, Anulacion.objects.get().por) == ("Se transcribió mal", admin)
    assert Acto.objects.get(tipo=ACTO_ANULADA).anula == Acto.objects.get(tipo=ACTO_RESPUESTA)
    assert Cupo.objects.get().usados == 0
    assert conteos.contar_de_nuevo(pagina.ejercicio) == conteos.guardados(pagina.ejercicio)
    otra, nueva = papel.registrar_en_papel(codigo=codigo, clave=uuid.uuid4(), **registrar)
    assert nueva and otra != respuesta
    assert conteos.contar_de_nuevo(pagina.ejercicio) == conteos.guardados(pagina.ejercicio)


def test_en_una_secreta_no_se_ofrece_anular(client):
    pagina = encuesta([pregunta(T.SI_NO, "vive")], secreta=True)
    client.force_login(fabricas.personal(RolPersonal.ADMINISTRACION))
    assert client.get(_url("anular", pagina)).url == _url("encuesta", pagina)


def test_no_se_anula_una_secreta_ni_lo_que_no_se_ha_enviado():
    pagina = encuesta([pregunta(T.SI_NO, "vive")], secreta=True)
    respuesta = contestada(pagina, {"vive": True})
    with pytest.raises(ValidationError) as error:
        anular_respuesta(respuesta=respuesta, motivo="x", actor=None)
    assert error.value.code == "secreta"
    pagina = encuesta([pregunta(T.SI_NO, "vive")], modo=Modo.ANONIMA)
    respuesta = contestada(pagina, {"vive": True})
    Respuesta.objects.filter(pk=respuesta.pk).update(estado=EstadoRespuesta.PARCIAL)
    with pytest.raises(ValidationError) as error:
        anular_respuesta(respuesta=respuesta, motivo="x", actor=None)
    assert error.value.code == "estado"
