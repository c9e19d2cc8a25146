"""En una evaluación ciega nada dice de quién es una propuesta: ni página, ni archivo, ni descarga, ni correo."""

import re
from itertools import product

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto
from participacion.formularios.models import Respuesta
from retos.decision.actions import guardar_decision, publicar_decision, tomar_decision
from retos.decision.enums import EstadoDecision, TipoDecision
from retos.models import DecisionReto, Evaluacion, Integrante, Jurado, Propuesta
from tests import fabricas as f
from tests.cuentas import canario
from tests.encuestas.fabricas_encuestas import pregunta
from tests.home import test_metadatos as archivos
from tests.matriz.rutas import todas

from .mundo import asignar, cuenta_de, en_evaluacion, notas

pytestmark = [
    pytest.mark.django_db,
    # El informe de traducciones de wagtail-localize pagina sin orden.
    pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning"),
]
PREGUNTAS = [pregunta("texto_corto", "contacto", "¿Cómo le llamamos?", publica=False), pregunta("archivo", "hoja", "Hoja de vida", publica=False)]
ENLACES = 60


class Marcas(canario.Marcas):
    """Las sembradas una a una, y el nombre que llevan dentro los archivos de `tests/home/test_metadatos.py`."""

    def en(self, contenido):
        texto = contenido.decode("utf-8", "replace") if isinstance(contenido, bytes) else contenido
        return super().en(texto) | ({"metadatos de un archivo"} if archivos.AUTORA in texto else set())


def _anexo(nombre: str, contenido: bytes, de):
    return adjuntos.guardar(archivo=SimpleUploadedFile(nombre, contenido), participante=de.participante)


class Mundo:
    def __init__(self):
        cache.clear()
        self.marcas = m = Marcas()
        self.base = en_evaluacion(propuestas=0, asignadas=False, evaluacion_ciega=True, formulario=PREGUNTAS, licencias=["mit"])
        f.mover_reloj(self.base.pagina, "convocatoria")
        self.autora = f.persona(f"{m.nueva('correo')}@example.org", nombre=m.nueva("nombres"), apellido=m.nueva("apellidos"))
        self.socia = f.persona(f"{m.nueva('correo de su equipo')}@example.org", nombre=m.nueva("nombres de su equipo"), apellido="Luz")
        self.organizacion = f.organizacion(self.autora, nombre=m.nueva("organización"), nit=m.nueva("nit")[:20])
        contenidos = {"pdf": archivos.pdf_con_autora(), "jpg": archivos.jpeg_con_gps(), "docx": archivos.docx()}
        anexos = [_anexo(f"{m.nueva(f'nombre de archivo {tipo}')}.{tipo}", datos, self.autora) for tipo, datos in contenidos.items()]
        hoja = _anexo(f"{m.nueva('nombre de archivo contestado')}.pdf", archivos.pdf_con_autora(), self.autora)
        borrador = f.borrador(
            self.base.pagina, self.autora, en_nombre_de=self.organizacion, adjuntos_nuevos=anexos, licencia="mit",
            valores={"contacto": m.nueva("teléfono"), "hoja": str(hoja.clave)},
        )  # fmt: skip
        Integrante.objects.create(propuesta=borrador, participante=self.socia.participante, desde=timezone.now())
        enviada = f.retos.enviar_propuesta(propuesta=borrador, actor=self.autora)
        self.propuesta = f.resolver(enviada, f.Decision.APROBADA, self.base.moderador)
        self.base.propuestas = [self.propuesta]
        f.mover_reloj(self.base.pagina, "evaluacion")
        asignar(self.base)
        self.lugar = self.base.jurados[0]

    @property
    def evaluacion(self) -> Evaluacion:
        return Evaluacion.objects.get(jurado=self.lugar)

    def inicio(self) -> set[str]:
        """Toda dirección del resolutor: las nuestras con cuanto número y clave hay, y las que cuelgan del reto."""
        filas = {
            "retos.propuesta": Propuesta, "retos.evaluacion": Evaluacion, "retos.jurado": Jurado, "retos.integrante": Integrante,
            "adjuntos.adjunto": Adjunto, "formularios.respuesta": Respuesta, "cuentas.organizacion": type(self.organizacion),
            "cuentas.participante": type(self.autora.participante), "ejercicios.ejercicio": type(self.base.ejercicio),
        }  # fmt: skip
        suyas = {nombre: list(modelo.objects.all()) for nombre, modelo in filas.items()}
        suyas["retos.propuesta"] += suyas["ejercicios.ejercicio"]  # las de gestión reciben el del ejercicio
        return (
            {"/", "/sitemap.xml"}
            | canario.de_las_rutas(suyas)
            | set(_de_dos_numeros(self.base.ejercicio.pk, self.propuesta.pk))
            | set(_del_reto(self.base.pagina.url))
            | canario.busquedas(self.marcas, self.base.pagina.url)
        )


def _de_dos_numeros(*numeros):
    for ruta in todas():
        huecos = re.findall(r"<int:\w+>", ruta.patron)
        if ruta.es_nuestra and len(huecos) == 2 and ruta.patron.count("<") == 2:
            for valores in product(numeros, repeat=2):
                llena = ruta.patron
                for hueco, valor in zip(huecos, valores, strict=True):
                    llena = llena.replace(hueco, str(valor), 1)
                yield f"/{llena}"


def _del_reto(url: str):
    """Las que llevan la ruta de la página, que son expresiones regulares; sin las que además piden otro dato."""
    for ruta in todas():
        _antes, cuelga, final = ruta.patron.partition("(?:/[-\\w]+)*)")
        if cuelga and not set(final) & set("()<>[]*+?"):
            yield url + final.strip("^$/") + "/"


def entrar(cuenta=None) -> Client:
    cliente = Client()
    if cuenta is not None:
        cliente.force_login(cuenta)
    return cliente


def recorrer(mundo, cuenta=None) -> dict:
    return {d: sorted(u)[:3] for d, u in canario.recorrer(entrar(cuenta), mundo.marcas, mundo.inicio(), ENLACES).items()}


def test_nada_delata_a_quien_propone_hasta_la_decision(trabajar, caplog):
    mundo = Mundo()
    caplog.clear()
    quien = cuenta_de(mundo.lugar)
    # Hay algo que leer, y a quien sí puede saber se le muestra de quién es.
    pagina = entrar(quien).get(reverse("retos:evaluacion", args=[mundo.evaluacion.pk]))
    assert pagina.status_code == 200 and "Archivo 3" in pagina.text and "Evaluación ciega" in pagina.text
    publica = entrar(mundo.base.gestion).get(mundo.propuesta.get_absolute_url())
    assert {"organización", "teléfono"} <= mundo.marcas.en(publica.content)
    anexo = reverse("adjuntos:descargar", args=[Adjunto.objects.de(mundo.propuesta).first().clave])
    assert "nombre de archivo pdf" in canario.recorrer(entrar(mundo.autora), mundo.marcas, {anexo}, 0)
    for lector in (quien, None):
        assert recorrer(mundo, lector) == {}
    # Tampoco lo que recibe al enviar, ni sus correos.
    datos = {f"criterio-{pk}": 3 for pk in notas(mundo.base, 3, 3)}
    respuestas = [
        entrar(quien).post(reverse(nombre, args=[mundo.evaluacion.pk]), envio, follow=True)
        for nombre, envio in (
            ("retos:evaluacion", datos | {"accion": "guardar"}),
            ("retos:evaluacion", {"accion": "enviar"}),
            ("retos:evaluacion", datos | {"accion": "enviar"}),
            ("retos:evaluacion_conflicto", {"motivo": ""}),
        )
    ]
    assert [mundo.marcas.en(respuesta.content) for respuesta in respuestas] == [set()] * 4
    trabajar()
    suyos = [m for m in mail.outbox if m.to == [quien.email]]
    assert len(suyos) == 2
    assert set().union(*(mundo.marcas.en(f"{m.subject} {m.body}") for m in suyos)) == set()
    # Cerrada la evaluación ve las cifras, y siguen sin decir de quién es.
    f.mover_reloj(mundo.base.pagina, "decision")
    cifras = entrar(quien).get(reverse("retos:jurado_resultados", args=[mundo.lugar.pk]))
    assert cifras.status_code == 200 and mundo.propuesta.referencia in cifras.text
    assert mundo.marcas.en(cifras.content) == set()


def test_publicada_la_decision_se_conoce_quien_propuso():
    mundo = Mundo()
    f.mover_reloj(mundo.base.pagina, "decision")
    direccion = reverse("retos:propuesta", args=[mundo.propuesta.pk])
    quien = cuenta_de(mundo.lugar)
    assert "organización" not in mundo.marcas.en(entrar(quien).get(direccion).content)
    comunes = {"ejercicio": mundo.base.ejercicio, "actor": mundo.base.gestion}
    guardar_decision(**comunes, tipo=TipoDecision.DESIERTA, motivos="Ninguna resuelve.", textos={"no_elegida": "Gracias por proponer."})
    tomar_decision(**comunes)
    publicar_decision(**comunes)
    assert DecisionReto.objects.get().estado == EstadoDecision.PUBLICADA
    assert "organización" in mundo.marcas.en(entrar(quien).get(direccion).content)
