from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from participacion.adjuntos import actions as adjuntos
from participacion.adjuntos.models import Adjunto

from .campos import CAMPOS, OBLIGATORIA
from .condiciones import Valores, completa, depurar
from .definicion import Explicacion, Formulario, Pagina, Pregunta
from .enums import TipoPregunta

# Qué elementos tenía a la vista quien envió la página: sólo a ésos se les exige respuesta.
MOSTRADAS = "mostradas"
EN_GRUPO = {TipoPregunta.MATRIZ, TipoPregunta.ORDENAMIENTO}


@dataclass(frozen=True)
class Pieza:
    """Lo que la plantilla dibuja: una explicación con su imagen, o una pregunta con sus campos y su archivo."""

    elemento: Explicacion | Pregunta
    visible: bool
    campos: list[forms.BoundField] = field(default_factory=list)
    imagen: object = None
    archivo: Adjunto | None = None

    @property
    def es_pregunta(self) -> bool:
        return isinstance(self.elemento, Pregunta)

    @property
    def es_grupo(self) -> bool:
        """Si su rótulo lo lleva el conjunto: los campos son sus filas o sus opciones."""
        return self.es_pregunta and self.elemento.tipo in EN_GRUPO

    @property
    def es_archivo(self) -> bool:
        return self.es_pregunta and self.elemento.tipo == TipoPregunta.ARCHIVO

    @property
    def con_errores(self) -> bool:
        return any(campo.errors for campo in self.campos)


class PaginaForm(forms.Form):
    """Una página de un formulario, con lo contestado en las demás.

    Lleva los campos de todas sus preguntas y sólo conserva los de las que se muestran. Quien no tiene JavaScript
    recibe la página otra vez cuando lo que contestó hace aparecer preguntas (`faltan_por_ver`).

    `semilla` fija el orden al azar. `exigir`: si lo obligatorio se pide ya (no al guardar para después). `subir` guarda
    un archivo nuevo y lanza ValidationError si no se acepta; `excedidos`: los campos cuyo archivo pasó del máximo.
    """

    use_required_attribute = False

    def __init__(
        self,
        data=None,
        files=None,
        *,
        formulario: Formulario,
        pagina: Pagina,
        valores: Valores,
        semilla: str,
        exigir: bool = True,
        subir: Callable[[UploadedFile], Adjunto] | None = None,
        excedidos: Collection[str] = (),
    ):
        self.formulario, self.pagina, self.previos = formulario, pagina, valores
        self.exigir, self.subir, self.excedidos = exigir, subir, excedidos
        self.preguntas = list(pagina.preguntas)
        iniciales = {p.clave: CAMPOS[p.tipo].inicial(p, nombre_de(p), valores.get(p.clave)) for p in self.preguntas}
        super().__init__(data, files, initial={c: v for campos in iniciales.values() for c, v in campos.items()})
        for pregunta in self.preguntas:
            for campo, creado in CAMPOS[pregunta.tipo].crear(pregunta, nombre_de(pregunta), semilla).items():
                self.fields[campo] = creado
                if pregunta.tipo in EN_GRUPO:
                    creado.rotulo_corto = f"{pregunta.texto} ({creado.label})"
        self.visibles, _quedan = depurar(formulario, valores)
        self.vistas: set[str] = set()
        self.propios: Valores = {}
        if self.is_bound:
            self.vistas = set(self.data.get(MOSTRADAS, "").split(","))
            self.data = self._con_lo_no_visto(iniciales)

    def _con_lo_no_visto(self, iniciales):
        """Lo enviado, más lo que ya había contestado en preguntas que su página no mostraba."""
        datos = self.data.copy()
        for pregunta in self.preguntas:
            if pregunta.clave in self.vistas:
                continue
            for campo, valor in iniciales[pregunta.clave].items():
                if campo in datos or valor is None:
                    continue
                if isinstance(valor, list):
                    datos.setlist(campo, valor)
                else:
                    datos[campo] = valor
        return datos

    def clean(self):
        """Lee los valores, decide qué se muestra con ellos y olvida los errores de lo que no."""
        datos = super().clean()
        leidos, errores = {}, {}
        for pregunta in self.preguntas:
            try:
                leidos[pregunta.clave] = self._leer(pregunta, datos)
            except ValidationError as error:
                errores[pregunta.clave] = error
        self.visibles, _quedan = depurar(self.formulario, self.previos | dict.fromkeys(errores) | leidos)
        for pregunta in self.preguntas:
            if pregunta.clave not in self.visibles:
                for campo in self.campos_de(pregunta):
                    self._errors.pop(campo, None)
            elif pregunta.clave in errores:
                self.add_error(self.campos_de(pregunta)[0], errores[pregunta.clave])
            elif self.exigir and pregunta.obligatoria and pregunta.clave in self.vistas:
                self._exigir(pregunta, leidos[pregunta.clave])
        # Lo que quedó mal no borra lo que hubiera antes.
        self.propios = {p.clave: leidos[p.clave] for p in self.preguntas if not self._con_errores(p) and p.clave in leidos}
        return datos

    def _leer(self, pregunta, datos):
        if pregunta.tipo == TipoPregunta.ARCHIVO:
            return self._leer_archivo(pregunta, datos)
        return CAMPOS[pregunta.tipo].leer(pregunta, nombre_de(pregunta), datos)

    def _leer_archivo(self, pregunta, datos):
        """La clave del archivo con que queda la pregunta. El nuevo se guarda ya: así no se pierde al corregir otra."""
        nombre = nombre_de(pregunta)
        if nombre in self.excedidos:
            raise ValidationError(_("El archivo pasa de 10 MB. Redúzcalo o divídalo."), code="tamano")
        if archivo := datos.get(nombre):
            adjunto = self.subir(archivo)
            self.data[f"{nombre}__ficha"] = adjuntos.ficha(adjunto)
            return str(adjunto.clave)
        if datos.get(f"{nombre}__quitar"):
            return None
        ficha, previo = datos.get(f"{nombre}__ficha"), self.previos.get(pregunta.clave)
        if ficha and (suelto := adjuntos.por_ficha(ficha)):
            return str(suelto.clave)
        if ficha and previo is None:
            raise ValidationError(_("El archivo que había subido ya no está. Súbalo otra vez."), code="perdido")
        return previo

    def _exigir(self, pregunta, valor):
        if completa(pregunta, valor) or self._con_errores(pregunta):
            return
        campos = self.campos_de(pregunta)
        if pregunta.tipo == TipoPregunta.MATRIZ:
            faltan = [campo for campo in campos if not self.cleaned_data.get(campo)]
        else:
            faltan = campos[:1]
        for campo in faltan:
            self.add_error(campo, ValidationError(OBLIGATORIA, code="required"))

    def campos_de(self, pregunta: Pregunta) -> list[str]:
        nombre = nombre_de(pregunta)
        return [campo for campo in self.fields if campo == nombre or campo.startswith(f"{nombre}__")]

    def _con_errores(self, pregunta) -> bool:
        return any(campo in self._errors for campo in self.campos_de(pregunta))

    @cached_property
    def piezas(self) -> list[Pieza]:
        """Lo que tiene la página, en orden, con lo oculto señalado."""
        if self.is_bound:
            self.is_valid()
        imagenes = get_image_model().objects.in_bulk(
            {e.imagen for e in self.pagina.elementos if isinstance(e, Explicacion) and e.imagen}
        )
        return [self._pieza(elemento, imagenes) for elemento in self.pagina.elementos]

    def _pieza(self, elemento, imagenes) -> Pieza:
        visible = elemento.clave in self.visibles
        if isinstance(elemento, Explicacion):
            return Pieza(elemento, visible, imagen=imagenes.get(elemento.imagen))
        campos = [self[campo] for campo in self.campos_de(elemento)]
        # Sólo para el rótulo: qué se exige lo decide `clean`, que sabe qué se muestra.
        campos[0].field.required = elemento.obligatoria and elemento.tipo not in EN_GRUPO
        archivo = self._archivo_de(elemento) if elemento.tipo == TipoPregunta.ARCHIVO else None
        return Pieza(elemento, visible, campos, archivo=archivo)

    def _archivo_de(self, pregunta) -> Adjunto | None:
        """El que la pregunta ya tiene: el que acaba de subir o el de lo guardado."""
        clave = self.propios.get(pregunta.clave, self.previos.get(pregunta.clave))
        return Adjunto.objects.filter(clave=clave).first() if clave else None

    @property
    def mostradas(self) -> str:
        return ",".join(pieza.elemento.clave for pieza in self.piezas if pieza.visible)

    @property
    def cambiaron(self) -> list[Pieza]:
        """Las piezas que aparecen o desaparecen respecto a lo que la página enviada mostraba."""
        return [pieza for pieza in self.piezas if pieza.visible != (pieza.elemento.clave in self.vistas)]

    @property
    def faltan_por_ver(self) -> list[Pregunta]:
        """Las preguntas que lo contestado hizo aparecer y la página enviada no mostraba."""
        return [p for p in self.preguntas if p.clave in self.visibles and p.clave not in self.vistas]

    @property
    def reacciona(self) -> bool:
        """Si algo de la página depende de una respuesta de la misma página."""
        return self._deciden(self.pagina.elementos)

    @property
    def puede_haber_mas(self) -> bool:
        """Si una página posterior, aunque ahora no toque, depende de una respuesta de ésta."""
        posteriores = self.formulario.paginas[self.formulario.paginas.index(self.pagina) + 1 :]
        return any(self._deciden([pagina, *pagina.elementos]) for pagina in posteriores)

    def _deciden(self, piezas) -> bool:
        """Si alguna de estas piezas se muestra según lo que se conteste en la página."""
        propias = {pregunta.clave for pregunta in self.preguntas}
        return any(regla.pregunta in propias for pieza in piezas for regla in pieza.condicion.reglas)


def nombre_de(pregunta: Pregunta) -> str:
    return f"p_{pregunta.clave}"


def en_una_pagina(formulario: Formulario) -> Pagina:
    """Todas las páginas en una sola; el título de cada una queda como sección, visible si su página lo es."""
    elementos = []
    for pagina in formulario.paginas:
        elementos += [Explicacion(pagina.clave, titulo=pagina.titulo, condicion=pagina.condicion), *pagina.elementos]
    return Pagina("todas", elementos=tuple(elementos))
