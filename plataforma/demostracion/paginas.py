"""Las páginas de la demostración, en español y en inglés."""

import json
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from cuentas.models import PoliticaPage, Usuario
from encuestas.models import EncuestaPage
from foros.models import ForoPage
from home.models import AjustesSitio, ContenidoPage, Documento
from home.texto import html_a_texto
from participacion.ejercicios.models import Ejercicio
from retos.models import RetoPage, RetosIndicePage

from .archivos import pdf

CONTENIDO = Path(__file__).parent / "contenido"
CAMPOS_TEXTO = [
    "title", "slug", "resumen", "search_description", "introduccion", "pregunta", "pregunta_central",
    "problema", "contexto", "quienes", "terminos", "proposito", "propietario", "objetivo", "incentivos", "propiedad",
    "licencias", "ods", "evaluacion_ciega",
]  # fmt: skip


def leer(nombre: str) -> dict:
    return tomllib.loads((CONTENIDO / f"{nombre}.toml").read_text(encoding="utf-8"))


def _id(*partes) -> str:
    """El mismo bloque lleva el mismo id en cada carga y en sus dos idiomas: así se emparejan al traducir."""
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, partes))))


@dataclass
class Paginas:
    """Crea y publica; recuerda por clave lo creado, para enlazarlo."""

    sitio: Site
    editor: Usuario
    hoy: date = field(default_factory=timezone.localdate)
    por_clave: dict[str, Page] = field(default_factory=dict)

    def cargar(self) -> None:
        """Ajustes del sitio y todas las páginas en español. Los retos que cierran quedan abiertos hasta `cerrar`."""
        sitio, retos, encuestas = leer("sitio"), leer("retos"), leer("encuestas")
        self._nombrar(sitio["ajustes"])
        portada = self.por_clave["portada"] = self.sitio.root_page.specific
        self._crear("privacidad", PoliticaPage, portada, sitio["politica"])
        self._crear("retos", RetosIndicePage, portada, retos["indice"], show_in_menus=True)
        for datos in sitio["pagina"]:
            self._crear(datos["clave"], ContenidoPage, portada, datos, show_in_menus=datos.get("menu", False))
        for clave, modelo in (("encuesta", EncuestaPage), ("foro", ForoPage)):
            reglas = self._reglas(sitio[clave])
            self._crear(clave, modelo, self.por_clave["conversar"], sitio[clave], show_in_menus=True, **reglas)
        self._crear_con_seguimiento(encuestas["linea_base"], encuestas["seguimiento"])
        for datos in retos["reto"] + leer("programa")["reto"]:
            anexo = self._terminos_de_referencia(datos)
            self._crear(datos["clave"], RetoPage, self.por_clave["retos"], datos, documentos=anexo, **self._reglas(datos), **self._programa(datos))
        # El texto va después: sus botones enlazan páginas que antes no existían.
        textos = {"portada": sitio["portada"], "encuesta": sitio["encuesta"], "foro": sitio["foro"]}
        textos |= {datos["clave"]: datos for datos in sitio["pagina"]}
        for clave, datos in textos.items():
            for campo, valor in self._campos(clave, datos).items():
                setattr(self.por_clave[clave], campo, valor)
        for clave, pagina in self.por_clave.items():
            if clave != "seguimiento":  # abre cuando cierra la línea base
                self._publicar(pagina)
        ajustes = AjustesSitio.for_site(self.sitio)
        ajustes.pagina_privacidad = self.por_clave["privacidad"]
        for datos in sitio["pagina"]:
            if "ajuste" in datos:
                setattr(ajustes, datos["ajuste"], self.por_clave[datos["clave"]])
        ajustes.save()

    def traducir(self) -> None:
        """Las páginas que tienen texto en inglés, de la portada hacia abajo."""
        sitio, retos = leer("sitio"), leer("retos")
        con_ingles = {"portada": sitio["portada"], "privacidad": sitio["politica"], "retos": retos["indice"]}
        con_ingles |= {datos["clave"]: datos for datos in sitio["pagina"] + retos["reto"]}
        encuestas = leer("encuestas")
        linea_base, seguimiento = encuestas["linea_base"], encuestas["seguimiento"]
        copiado = {"copia_de": seguimiento["copia_de"], "preguntas": linea_base["en"]["preguntas"]}
        con_ingles |= {"linea_base": linea_base, "seguimiento": {"en": seguimiento["en"] | copiado}}
        for clave, datos in con_ingles.items():
            if "en" in datos:
                self._traducir(clave, datos["en"])

    def publicar(self, clave: str, **cambios) -> None:
        """Publica un ejercicio con estos cambios en sus campos."""
        pagina = Page.objects.get(pk=self.por_clave[clave].pk).specific
        for campo, valor in cambios.items():
            setattr(pagina, campo, valor)
        self._publicar(pagina)

    def ejercicio(self, clave: str) -> Ejercicio:
        return Ejercicio.objects.get(sitio=self.sitio, translation_key=self.por_clave[clave].translation_key)

    def _nombrar(self, datos: dict) -> None:
        ajustes = AjustesSitio.for_site(self.sitio)
        for campo, valor in datos.items():
            setattr(ajustes, campo, valor)
        ajustes.save()
        self.sitio.site_name = datos["nombre_entidad"]
        self.sitio.save()

    def _crear(self, clave: str, modelo, madre: Page, datos: dict, **otros) -> None:
        campos = {**self._campos(clave, datos, con_cuerpo=False), **otros}
        self.por_clave[clave] = madre.add_child(instance=modelo(live=False, owner=self.editor, **campos))

    def _crear_con_seguimiento(self, base: dict, seguimiento: dict) -> None:
        """La encuesta de línea base y su copia, como la hace el editor: los ids de sus bloques son los mismos."""
        madre = self.por_clave["conversar"]
        self._crear("linea_base", EncuestaPage, madre, base, resultados=base["resultados"], **self._reglas(base))
        cambios = {campo: seguimiento[campo] for campo in (*CAMPOS_TEXTO, "resultados") if campo in seguimiento}
        self.por_clave["seguimiento"] = self.por_clave["linea_base"].copy(
            update_attrs={**cambios, "linea_base": self.por_clave["linea_base"]}, keep_live=False, user=self.editor
        )

    def _publicar(self, pagina: Page) -> None:
        pagina.save_revision(user=self.editor, log_action=True).publish(user=self.editor)

    def momento(self, dias: int) -> datetime:
        """Las 5 de la tarde, hora local, de dentro de tantos días."""
        return timezone.make_aware(datetime.combine(self.hoy + timedelta(days=dias), time(17)))

    def _reglas(self, datos: dict) -> dict:
        return {
            "apertura": self.momento(datos["abre"]),
            "cierre": self.momento(datos["cierra"]) if "cierra" in datos else None,
            "actores": datos.get("actores", []),
            "fase_ciclo": datos["fase_ciclo"],
            "grado_incidencia": datos["grado_incidencia"],
        }

    def _campos(self, clave: str, datos: dict, con_cuerpo: bool = True) -> dict:
        """Los campos de una página con el texto de `datos`, en el idioma en que esté."""
        campos = {campo: datos[campo] for campo in CAMPOS_TEXTO if campo in datos}
        if con_cuerpo and "cuerpo" in datos:
            campos["cuerpo"] = self._bloques(clave, [self._bloque(clave, n, fila) for n, fila in enumerate(datos["cuerpo"])])
        if "preguntas" in datos:
            semilla = f"{datos.get('copia_de', clave)}/preguntas"
            preguntas = [self._pregunta(semilla, n, **pregunta) for n, pregunta in enumerate(datos["preguntas"])]
            campos["formulario"] = self._bloques(semilla, preguntas)
        if "politica" in datos:
            campos["cuerpo"] = datos["politica"]
            finalidades = [("finalidad", {"clave": clave, "texto": texto}) for clave, texto in datos["finalidades"]]
            campos["finalidades"] = self._bloques("politica", finalidades)
        if "criterios" in datos:
            criterios = [("criterio", self._criterio(clave, n, *fila)) for n, fila in enumerate(datos["criterios"])]
            campos["criterios"] = self._bloques(f"{clave}/criterios", criterios)
            hitos = [
                ("hito", {"fecha": str(self.hoy + timedelta(days=dias)), "hito": hito})
                for dias, hito in datos["cronograma"]
            ]
            campos["cronograma"] = self._bloques(f"{clave}/cronograma", hitos)
        return campos

    def _criterio(self, clave: str, n: int, nombre: str, descripcion: str, peso: int, guias: list = ()) -> dict:
        niveles = [
            {"type": "item", "value": {"valor": valor, "texto": texto}, "id": _id(clave, "guia", n, valor)} for valor, texto in guias
        ]
        return {"nombre": nombre, "descripcion": descripcion, "peso": peso, "guias": niveles}

    def _programa(self, datos: dict) -> dict:
        """Lo que sólo llevan los retos que recorren el programa: sus fases, requisitos y contactos."""
        bloques = {
            "fases": ("fase", ("tipo", "inicia", "termina")),
            "requisitos": ("requisito", ("texto", "subsanable")),
            "preguntas_frecuentes": ("pregunta", ("pregunta", "respuesta")),
            "responsables": ("responsable", ("nombre", "cargo", "correo", "telefono")),
            "aliados": ("aliado", ("nombre", "aporte")),
        }
        datos = {**datos, "fases": [[t, *(self.momento(d).isoformat() for d in dias)] for t, *dias in datos.get("fases", ())]}
        return {
            campo: self._bloques(
                f"{datos['clave']}/{campo}", [(tipo, dict(zip(nombres, fila, strict=True))) for fila in datos[campo]]
            )
            for campo, (tipo, nombres) in bloques.items()
            if datos.get(campo)
        }

    def _pregunta(self, semilla: str, n: int, *, tipo: str, si=(), **datos) -> tuple[str, dict]:
        """Un bloque del formulario, con los ids de sus opciones y filas. `si`: (otra pregunta, operador, su opción)."""
        valor = {"ayuda": "", "otra": "", "visibilidad": "publica", **datos}
        for lista in {"opciones", "filas"} & datos.keys():
            valor[lista] = [
                {"type": "item", "value": {"texto": texto}, "id": _id(semilla, lista, n, i)}
                for i, texto in enumerate(datos[lista])
            ]
        reglas = []
        if si:
            de, operador, opcion = si
            regla = {"pregunta": _id(semilla, de), "operador": operador, "valor": _id(semilla, "opciones", de, opcion)}
            reglas = [{"type": "item", "value": regla, "id": _id(semilla, n, "regla")}]
        valor["condicion"] = {"reglas": reglas, "reunir": "todas"}
        return tipo, valor

    def _bloque(self, clave: str, n: int, fila: list) -> tuple[str, object]:
        tipo, *partes = fila
        match tipo:
            case "boton":
                texto, destino = partes
                return tipo, {"texto": texto, "pagina": self.por_clave[destino].pk, "enlace": ""}
            case "preguntas":
                preguntas = [{"pregunta": p, "respuesta": r} for p, r in partes[0]]
                return tipo, [
                    {"type": "item", "value": valor, "id": _id(clave, n, i)} for i, valor in enumerate(preguntas)
                ]
            case "tabla":
                titulo, columnas, filas = partes
                return tipo, {
                    "caption": titulo,
                    "columns": [{"type": "texto", "heading": columna} for columna in columnas],
                    "rows": [{"values": celdas} for celdas in filas],
                }
        return tipo, partes[0]

    def _bloques(self, semilla: str, bloques: list[tuple[str, object]]) -> str:
        return json.dumps(
            [{"type": tipo, "value": valor, "id": _id(semilla, n)} for n, (tipo, valor) in enumerate(bloques)]
        )

    def _terminos_de_referencia(self, datos: dict) -> str:
        """El documento anexo de un reto, como StreamField."""
        parrafos = [datos["pregunta_central"]]
        for titulo, campo in (("El problema", "problema"), ("Quién puede participar", "quienes"), ("Términos", "terminos")):
            parrafos += [titulo.upper(), *filter(None, html_a_texto(datos[campo]).split("\n"))]
        parrafos += ["CRITERIOS", *(f"{nombre}: {peso} %. {que}" for nombre, que, peso, *_guias in datos["criterios"])]
        titulo = f"Términos de referencia: {datos['title']}"
        contenido = pdf(titulo, ["Documento de demostración.", *parrafos])
        archivo = ContentFile(contenido, name=f"terminos-{datos['slug']}.pdf")
        documento = Documento.objects.create(
            title=titulo, file=archivo, file_size=len(contenido), uploaded_by_user=self.editor
        )
        return self._bloques(datos["clave"], [("documento", {"documento": documento.pk, "descripcion": ""})])

    def _traducir(self, clave: str, textos: dict) -> None:
        """Traduce como lo haría el editor de traducciones: cada texto queda emparejado con su original."""
        pagina = self.por_clave[clave].specific_class.objects.get(pk=self.por_clave[clave].pk)
        ingles = Locale.objects.get(language_code="en")
        fuente, _nueva = TranslationSource.get_or_create_from_instance(pagina)
        traduccion = Translation.objects.create(source=fuente, target_locale=ingles)
        borrador = type(pagina)(**self._campos(clave, textos))
        traducidos = [s for s in extract_segments(borrador) if isinstance(s, StringSegmentValue)]
        originales = fuente.stringsegment_set.select_related("string", "context").order_by("order")
        for original, traducido in zip(originales, traducidos, strict=True):
            if original.context.path != traducido.path:
                raise ValueError(f"{clave}: el inglés trae «{traducido.path}» donde va «{original.context.path}»")
            original.string.translations.create(
                locale=ingles, context=original.context, data=traducido.string.data, last_translated_by=self.editor
            )
        # Como borrador y publicado aquí: Localize publica al confirmar la transacción, que aún no acaba.
        traduccion.save_target(user=self.editor, publish=False)
        fuente.get_translated_instance(ingles).get_latest_revision().publish(user=self.editor)


def sitio_de_demostracion() -> Site:
    """El sitio por defecto, con la dirección en que se sirve: los enlaces de los correos salen de ella."""
    sitio = Site.objects.get(is_default_site=True)
    direccion = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    sitio.hostname, sitio.port = direccion.hostname, direccion.port or 80
    sitio.save()
    return sitio
