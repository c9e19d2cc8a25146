"""Un reto en evaluación ciega con marcas en todo lo que dice quién propone, y toda dirección con que se podrían buscar."""

import gzip
import io
import re
import zipfile
from itertools import product
from types import SimpleNamespace
from urllib.parse import unquote

import pypdf
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cuentas.actions import participante_de
from cuentas.enums import Finalidad, RolPersonal
from cuentas.models import Membresia, Organizacion, Participante
from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto
from participacion.apoyos.actions import apoyar
from participacion.ejercicios.models import Ejercicio
from participacion.formularios.models import Respuesta
from participacion.moderacion.models import Entrada
from participacion.registro.enums import Canal
from participacion.registro.models import Acto
from retos.asistida import atencion
from retos.equipos import uniones
from retos.evaluacion.actions.asignacion import declarar_impedimento
from retos.evaluacion.actions.jurado import remover
from retos.evaluacion.enums import Papel
from retos.models import (
    Evaluacion,
    Integrante,
    InvitacionEquipo,
    Jurado,
    PreguntaReto,
    Propuesta,
    RetoPage,
    SolicitudInformacion,
    Union,
)
from retos.versiones.actions import pedir_informacion
from retos.votos import archivos as votos
from retos.votos.avisos import enlace_de_baja
from tests import fabricas as f
from tests.cuentas import canario
from tests.encuestas.fabricas_encuestas import pregunta
from tests.home import test_metadatos as archivos
from tests.matriz import ajenas
from tests.matriz.mundo import _de_wagtail, otro_sitio
from tests.matriz.rutas import Ruta, todas
from tests.retos.convocatoria.fabricas_convocatoria import preguntada
from tests.retos.equipos import fabricas_equipos as equipos

from .mundo import asignar, cuenta_de, en_evaluacion, sumar

PREGUNTAS = [
    pregunta("texto_corto", "contacto", "¿Cómo le llamamos?", publica=False),
    pregunta("archivo", "hoja", "Hoja de vida", publica=False),
    pregunta("archivo", "plano", "Plano"),
]
# Los que alguna dirección nombra por su número o su clave.
MODELOS = (
    Adjunto, Ejercicio, Entrada, Evaluacion, Integrante, InvitacionEquipo, Jurado, Membresia, Organizacion, Participante,
    PreguntaReto, Propuesta, Respuesta, SolicitudInformacion, Union,
)  # fmt: skip


class Marcas(canario.Marcas):
    """Las sembradas una a una, y el nombre que llevan dentro los archivos de `tests/home/test_metadatos.py`."""

    def en(self, contenido):
        texto = contenido.decode("utf-8", "replace") if isinstance(contenido, bytes) else contenido
        return super().en(texto) | ({"metadatos de un archivo"} if archivos.AUTORA in texto else set())


class Mundo:
    """Una propuesta con equipo, dos versiones, archivos y otra que se le fusionó; y un jurado que la apoyó y la evalúa."""

    def __init__(self):
        cache.clear()
        self.marcas = Marcas()
        self.base = en_evaluacion(
            propuestas=0, jurados=0, asignadas=False, evaluacion_ciega=True, formulario=PREGUNTAS, licencias=["mit"]
        )
        f.mover_reloj(self.base.pagina, "convocatoria")
        self.autora, self.organizacion = self._quien("")
        self.propuesta = self._propuesta()
        self.lugar = sumar(self.base, f.persona())
        self.otros = [sumar(self.base, f.persona()) for _vez in range(2)]
        self._equipo()
        self.base.propuestas = [self.propuesta]
        f.mover_reloj(self.base.pagina, "evaluacion")
        asignar(self.base, [(self.propuesta.pk, lugar.pk) for lugar in (self.lugar, self.otros[0])])
        remover(jurado=self.otros[0], actor=self.base.gestion, motivo="No respondió.")

    def _quien(self, cual: str):
        """Alguien y su organización, con marcas en todo lo que dice quiénes son."""
        m = self.marcas
        quien = f.persona(f"{m.nueva(f'correo{cual}')}@example.org", nombre=m.nueva(f"nombres{cual}"), apellido=m.nueva(f"apellidos{cual}"))
        return quien, f.organizacion(quien, nombre=m.nueva(f"organización{cual}"), nit=m.nueva(f"nit{cual}")[:20])

    def _anexo(self, tipo: str, contenido: bytes) -> Adjunto:
        nombre = f"{self.marcas.nueva(f'nombre de archivo {tipo}')}.{tipo}"
        return adjuntos.guardar(archivo=SimpleUploadedFile(nombre, contenido), participante=self.autora.participante)

    def _propuesta(self) -> Propuesta:
        contenidos = {
            "pdf": archivos.pdf_con_autora(), "jpg": archivos.jpeg_con_gps(), "docx": archivos.docx(), "xlsx": archivos.xlsx(),
            "odt": archivos.odt(),
        }  # fmt: skip
        anexos = [self._anexo(tipo, contenido) for tipo, contenido in contenidos.items()]
        hoja, plano = (self._anexo("pdf", archivos.pdf_con_autora()) for _vez in range(2))
        borrador = f.borrador(
            self.base.pagina, self.autora, titulo="Sombra para la plaza", en_nombre_de=self.organizacion, adjuntos_nuevos=anexos,
            licencia="mit", valores={"contacto": self.marcas.nueva("teléfono"), "hoja": str(hoja.clave), "plano": str(plano.clave)},
        )  # fmt: skip
        socia, suya = self._quien(" de su equipo")
        equipos.integrante(borrador, socia, suya)
        equipos.invitada(borrador, f.cuenta(f"{self.marcas.nueva('correo de a quién invita')}@example.org"), organizacion=suya)
        enviada = f.retos.enviar_propuesta(propuesta=borrador, actor=self.autora)
        devuelta = f.resolver(enviada, f.Decision.DEVUELTA, self.base.moderador, motivo=self.marcas.nueva("motivo de la devolución"))
        enviada = f.retos.enviar_propuesta(propuesta=devuelta, actor=self.autora)
        return f.resolver(enviada, f.Decision.APROBADA, self.base.moderador)

    def _equipo(self) -> None:
        """El jurado la apoya y pide saber; otra se le fusiona; alguien pide sumarse; su autora pregunta; se le pide algo."""
        m, base = self.marcas, self.base
        apoyar(objeto=self.propuesta, participante=self.lugar.usuario.participante, quiere_avisos=True)
        otra, suya = self._quien(" de la que se fusionó")
        origen = f.publicada(base.pagina, otra, moderador=base.moderador, en_nombre_de=suya, licencia="mit", titulo="Árboles")
        union = equipos.fusion(origen, self.propuesta, mensaje=m.nueva("mensaje para fusionar"))
        uniones.aceptar(union=union, actor=self.autora)
        alguien, _suya = self._quien(" de quien pide sumarse")
        equipos.adhesion(self.propuesta, alguien, mensaje=m.nueva("mensaje para sumarse"))
        preguntada(base.pagina, self.autora, texto=m.nueva("pregunta sin responder"))
        pedir_informacion(
            propuesta=self.propuesta, actor=base.gestion, campos=["descripcion"], mensaje=m.nueva("lo que se le pide"),
            vence_en=timezone.now() + timezone.timedelta(days=3),
        )  # fmt: skip
        declarar_impedimento(
            jurado=self.lugar, propuesta=origen, actor=base.gestion, motivo=m.nueva("conflicto que anotó la gestión"), papel=Papel.GESTION
        )

    @property
    def evaluacion(self) -> Evaluacion:
        return Evaluacion.objects.get(jurado=self.lugar)

    @property
    def jurado_de_otro_reto(self):
        return cuenta_de(sumar(en_evaluacion(propuestas=0, jurados=0, asignadas=False)))


# --- Toda dirección ------------------------------------------------------------------------------------

# Lo que va en una dirección y no es un número ni una clave: por nombre.
PALABRAS = {
    "formato": ["csv", "notas.csv", "xlsx", "json", "pdf"],
    "archivo": ["datos.csv", "datos.json", "diccionario.csv", "votos.json", *votos.CSV],
    "finalidad": list(Finalidad.values),
    "provider_id": ["x"],
}
_HUECO = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)")
_RUTA_DEL_RETO = r"^(?P<ruta>[-\w]+(?:/[-\w]+)*)"


class Direcciones:
    """De cada dirección del resolutor, cómo se pide con lo que de verdad hay; lanza KeyError si no se sabe llenar."""

    def __init__(self, mundo: Mundo):
        self.mundo, base = mundo, mundo.base
        asistida = f.personal(RolPersonal.ASISTIDA)
        ficha = atencion.abrir(participante=mundo.autora.participante, canal=Canal.ASISTIDA, funcionario=asistida)
        self.palabras = PALABRAS | {
            "ficha": [ficha],
            "codigo": [enlace_de_baja(mundo.propuesta, mundo.lugar.usuario).rstrip("/").rpartition("/")[2]],
        }
        filas = [fila for modelo in MODELOS for fila in modelo.objects.all()]
        self.numeros = sorted({fila.pk for fila in filas if isinstance(fila.pk, int)})
        # Donde van dos o tres se combinan los que de verdad se corresponden.
        self.pocos = sorted({base.ejercicio.pk, mundo.propuesta.pk, mundo.lugar.pk, *(
            modelo.objects.latest("pk").pk
            for modelo in (Entrada, Integrante, InvitacionEquipo, Membresia, PreguntaReto, SolicitudInformacion)
        )})  # fmt: skip
        self.claves = sorted({str(fila.clave) for fila in filas if hasattr(fila, "clave")} | {str(Acto.objects.latest("pk").uuid)})
        self.wagtail = SimpleNamespace(
            sitio=f.sitio(), otro_sitio=otro_sitio(), reto=RetoPage.objects.get(pk=base.pagina.pk),
            gente=SimpleNamespace(jurado=mundo.lugar.usuario),
        )  # fmt: skip
        _de_wagtail(self.wagtail)

    def de_las_salas(self, *salas: str) -> set[str]:
        """Las de todas las direcciones del resolutor o, con `salas`, las de las que se llaman así."""
        return {
            direccion
            for ruta in todas()
            if not salas or ruta.nombre.partition(":")[0] in salas
            for direccion in self.de(ruta)
        }

    def de(self, ruta: Ruta) -> list[str]:
        if ruta.nombre == "wagtail_serve":
            return [pagina.url for pagina in Page.objects.live() if pagina.url]
        if not ruta.es_nuestra:
            return [ajenas.direccion_de(ruta, self.wagtail)]
        patron = ruta.patron
        if _RUTA_DEL_RETO in patron:
            patron = self.mundo.base.pagina.url.strip("/") + patron.replace(_RUTA_DEL_RETO, "")
        huecos = list(_HUECO.finditer(patron))
        solo = len(huecos) == 1 and not patron.startswith("admin/")
        return [
            "/" + self._llenar(patron, huecos, valores)
            for valores in product(*(self._valores(hueco, solo=solo) for hueco in huecos))
        ]

    def _valores(self, hueco, *, solo: bool) -> list:
        clase, nombre, suelto, forma = hueco.groups()
        if clase == "int" or suelto == "pk":
            return self.numeros if solo else self.pocos
        if clase == "uuid":
            return self.claves if solo else self.claves[:1]
        return [v for v in self.palabras[nombre or suelto] if not forma or re.fullmatch(forma, v)]

    @staticmethod
    def _llenar(patron: str, huecos, valores) -> str:
        for hueco, valor in zip(huecos, valores, strict=True):
            patron = patron.replace(hueco[0], str(valor), 1)
        llena = re.sub(r"[\^$\\]", "", patron)
        if set(llena) & set("()[]*+?<>"):
            raise KeyError(patron)
        return llena


# --- Lo que responde, entero -----------------------------------------------------------------------------


def leer(respuesta) -> str:
    """Todo lo que trae una respuesta: encabezados, galletas y cuerpo, con sus archivos abiertos."""
    cuerpo = b"".join(respuesta.streaming_content) if respuesta.streaming else respuesta.content
    encabezados = "\n".join(f"{nombre}: {unquote(valor)}" for nombre, valor in respuesta.items())
    return "\n".join([encabezados, respuesta.cookies.output(), *abrir(cuerpo)])


def abrir(contenido: bytes):
    """El texto de un archivo y el de los que lleve dentro, con sus nombres y sus metadatos."""
    yield contenido.decode("utf-8", "replace")
    if contenido.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(contenido)) as paquete:
            yield f"{paquete.comment} {paquete.infolist()}"
            for entrada in paquete.infolist():
                yield from abrir(paquete.read(entrada))
    elif contenido.startswith(b"%PDF-"):
        try:
            lector = pypdf.PdfReader(io.BytesIO(contenido))
        except pypdf.errors.PyPdfError:
            return
        yield f"{lector.metadata} {lector.xmp_metadata} {lector.attachments}"
        yield from (pagina.extract_text() for pagina in lector.pages)
        for objeto in pypdf.PdfWriter(clone_from=lector)._objects:
            yield str(objeto)
            if isinstance(objeto, pypdf.generic.StreamObject) and objeto.get("/Filter") == "/FlateDecode":
                yield objeto.get_data().decode("utf-8", "replace")
    elif contenido.startswith(b"\x1f\x8b"):
        yield from abrir(gzip.decompress(contenido))


class Lector:
    """Un navegador que pide cada dirección y recuerda en cuáles se lee alguna marca."""

    def __init__(self, marcas: Marcas, cuenta=None):
        self.marcas, self.halladas, self.fallas = marcas, {}, {}
        self.cliente = Client(raise_request_exception=False)
        if cuenta is not None:
            participante_de(cuenta)
            self.cliente.force_login(cuenta)
            self.cliente.post(reverse("account_reauthenticate"), {"password": f.CLAVE})  # para bajar sus datos
        self.galletas = {nombre: galleta.value for nombre, galleta in self.cliente.cookies.items()}

    def pedir(self, metodo: str, direccion: str, datos=None):
        """La respuesta; lo que haya cambiado se deshace, también su sesión."""
        self.cliente.cookies.load(self.galletas)
        with transaction.atomic():
            respuesta = self.cliente.post(direccion, datos or {}) if metodo == "POST" else self.cliente.generic(metodo, direccion)
            contenido = leer(respuesta)
            transaction.set_rollback(True)
        if respuesta.status_code >= 500:
            self.fallas[direccion] = respuesta.status_code
        for donde in self.marcas.en(contenido):
            self.halladas.setdefault(donde, []).append(f"{metodo} {direccion}")
        return respuesta, contenido

    def recorrer(self, direcciones, metodo="GET") -> dict:
        """De cada marca hallada, las primeras direcciones en que se lee."""
        for direccion in sorted(set(direcciones)):
            self.pedir(metodo, direccion)
        return {donde: cuales[:3] for donde, cuales in self.halladas.items()}


