from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cuentas.models import Usuario
from home.texto import limpiar_linea
from participacion.ejercicios.models import Ejercicio

from . import columnas as mapa
from .actions import FUENTE_MAXIMA
from .columnas import OBLIGATORIOS, Campo, Columnas
from .fechas import Orden
from .lectura import CODIFICACIONES, DELIMITADORES, TAMANO_MAXIMO, Tabla, comprobar_tamano, leer
from .rules import retos_importables

# Cuántas líneas se cargan dentro de una petición web sin acercarse a su tiempo límite (30 s).
LINEAS_WEB = 5_000


def comprobar_lineas(tabla: Tabla) -> None:
    """Lanza ValidationError si el archivo es demasiado largo para cargarlo desde el navegador."""
    if len(tabla.filas) > LINEAS_WEB:
        raise ValidationError(
            _(
                "El archivo tiene %(n)s líneas y desde aquí se cargan hasta %(maximo)s. Divídalo, o pida a quien "
                "administra el servidor que use «manage.py importar_propuestas»."
            )
            % {"n": len(tabla.filas), "maximo": LINEAS_WEB}
        )


class SubirForm(forms.Form):
    """Paso 1: qué archivo, de dónde viene y a qué reto va."""

    reto = forms.ModelChoiceField(label=gettext_lazy("Reto que las recibe"), queryset=Ejercicio.objects.none())
    fuente = forms.CharField(
        label=gettext_lazy("Plataforma de donde vienen"),
        max_length=FUENTE_MAXIMA,
        help_text=gettext_lazy(
            "Se mostrará en cada propuesta, por ejemplo «Decide Madrid». Use siempre el mismo nombre: con él y el "
            "identificador se sabe cuáles ya estaban."
        ),
    )
    archivo = forms.FileField(
        label=gettext_lazy("Archivo CSV"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )

    def __init__(self, *args, usuario: Usuario, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reto"].queryset = retos_importables(usuario).filter(cierre_reto=None)
        # Aquí y no en el campo: `%` fija el idioma en el momento en que se ejecuta.
        self.fields["archivo"].help_text = _("Hasta %(n)s MB, con los nombres de las columnas en la primera línea.") % {
            "n": TAMANO_MAXIMO // 1024**2
        }

    def clean_fuente(self):
        fuente = limpiar_linea(self.cleaned_data["fuente"])
        if not fuente:
            raise ValidationError(_("Escriba de qué plataforma vienen."))
        return fuente

    def clean_archivo(self):
        archivo = self.cleaned_data["archivo"]
        comprobar_tamano(archivo.size)
        comprobar_lineas(leer(archivo.read()))
        archivo.seek(0)
        return archivo


class LecturaForm(forms.Form):
    """Paso 2: cómo se lee el archivo."""

    codificacion = forms.ChoiceField(
        label=gettext_lazy("Codificación"),
        choices=list(CODIFICACIONES.items()),
        help_text=gettext_lazy("Si las tildes o las eñes se ven mal, pruebe otra."),
    )
    delimitador = forms.ChoiceField(label=gettext_lazy("Separador de columnas"), choices=list(DELIMITADORES.items()))


class ColumnasForm(forms.Form):
    """Paso 2: qué es cada columna."""

    orden_fecha = forms.ChoiceField(
        label=gettext_lazy("Cómo se leen las fechas"),
        choices=[("", gettext_lazy("Averiguarlo")), *Orden.choices],
        required=False,
    )
    omitir_malas = forms.BooleanField(
        label=gettext_lazy("Cargar las buenas aunque haya líneas rechazadas"),
        required=False,
        help_text=gettext_lazy("Sin marcar, una sola línea rechazada hace que no se cargue ninguna."),
    )

    def __init__(self, *args, tabla: Tabla, **kwargs):
        super().__init__(*args, **kwargs)
        opciones = [("", gettext_lazy("No está en el archivo")), *enumerate(tabla.encabezado)]
        for campo in Campo:
            self.fields[f"columna_{campo}"] = forms.TypedChoiceField(
                label=campo.label, choices=opciones, coerce=int, empty_value=None, required=campo in OBLIGATORIOS
            )
        self.order_fields([f"columna_{campo}" for campo in Campo])

    @staticmethod
    def iniciales(tabla: Tabla) -> dict:
        """Las columnas que se reconocen por su nombre."""
        return {f"columna_{campo}": indice for campo, indice in mapa.adivinar(tabla.encabezado).items()}

    def clean(self):
        datos = super().clean()
        if not self.errors:
            mapa.comprobar(self.columnas())
        return datos

    def columnas(self) -> Columnas:
        elegidas = {campo: self.cleaned_data[f"columna_{campo}"] for campo in Campo}
        return {campo: indice for campo, indice in elegidas.items() if indice is not None}

    def orden(self) -> Orden | None:
        return Orden(self.cleaned_data["orden_fecha"]) if self.cleaned_data["orden_fecha"] else None
