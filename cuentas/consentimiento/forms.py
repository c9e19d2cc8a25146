from django import forms
from django.utils.translation import gettext as _

from ..enums import FINALIDADES_NECESARIAS, Finalidad
from ..models import VersionPolitica


class AutorizacionField(forms.BooleanField):
    """Una finalidad con el texto exacto que se autoriza. Nunca nace marcada: el silencio no autoriza (Ley 1581, art. 9)."""

    def __init__(self, finalidad: dict, obligatoria: bool):
        self.clave = finalidad["clave"]
        # En el resumen de errores, el texto entero no dejaría ver qué falta.
        self.rotulo_corto = Finalidad(self.clave).label
        super().__init__(
            label=finalidad["texto"],
            required=obligatoria,
            error_messages={"required": _("Sin esta autorización no podemos continuar: la ley nos impide usar estos datos.")},
        )


class AutorizacionesMixin:
    """Añade a un formulario una casilla por finalidad de una versión de la política, y comprueba que sea la que rige.

    `version`: la que rige ahora, o None si no hay. `solo`: las finalidades que se preguntan, si no son todas.
    `obligatorias`: aquellas sin las que el formulario no se acepta.
    """

    def __init__(
        self, *args, version: VersionPolitica | None, solo=None, obligatorias=FINALIDADES_NECESARIAS, **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.politica = version
        if version is None:
            return
        self.fields["version"] = forms.CharField(
            required=False, initial=str(version.pk), widget=forms.HiddenInput, label=_("Política")
        )
        for finalidad in version.finalidades:
            if solo is None or finalidad["clave"] in solo:
                campo = AutorizacionField(finalidad, obligatoria=finalidad["clave"] in obligatorias)
                self.fields[f"finalidad_{campo.clave}"] = campo

    @property
    def campos_autorizacion(self) -> list[forms.BoundField]:
        return [self[nombre] for nombre, campo in self.fields.items() if isinstance(campo, AutorizacionField)]

    @property
    def otros_campos(self) -> list[forms.BoundField]:
        """Los demás que se ven."""
        propios = self.campos_autorizacion
        return [campo for campo in self.visible_fields() if campo not in propios]

    @property
    def finalidades_marcadas(self) -> list[str]:
        """Las que autorizó quien envió el formulario, ya validado."""
        return [c.field.clave for c in self.campos_autorizacion if self.cleaned_data.get(c.name)]

    def clean(self):
        limpios = super().clean()
        if self.politica is None:
            raise forms.ValidationError(_("La política de datos no está publicada: por ahora no se puede autorizar."))
        if self.cleaned_data.get("version") != str(self.politica.pk):
            self._preguntar_de_nuevo()
        return limpios

    def _preguntar_de_nuevo(self):
        """Lo marcado era para otro texto: se muestra el que rige, sin marcar, y se pide otra vez."""
        for campo in self.campos_autorizacion:
            self.errors.pop(campo.name, None)
        datos = self.data.copy()
        datos[self.add_prefix("version")] = str(self.politica.pk)
        for campo in self.campos_autorizacion:
            datos.pop(campo.html_name, None)
        self.data = datos
        self.add_error(
            None,
            forms.ValidationError(
                _("La política de datos cambió mientras la leía. Lea el texto nuevo y marque otra vez lo que autoriza."),
                code="version",
            ),
        )


class AutorizarForm(AutorizacionesMixin, forms.Form):
    """Lo que falta por autorizar. Aquí ninguna casilla obliga a marcar otra, pero enviar sin marcar nada no dice nada."""

    def __init__(self, *args, version, solo):
        super().__init__(*args, version=version, solo=solo, obligatorias=())

    def clean(self):
        limpios = super().clean()
        if not self.errors and not self.finalidades_marcadas:
            raise forms.ValidationError(_("Marque al menos una de las autorizaciones."), code="ninguna")
        return limpios
