"""Campos que limpian lo escrito antes de medirlo: lo que se valida es lo que se guarda."""

from django import forms
from django.core.validators import ProhibitNullCharactersValidator

from .texto import limpiar_linea, limpiar_parrafos

_SIN_NULOS = ProhibitNullCharactersValidator()


class LineaField(forms.CharField):
    """Un renglón sin caracteres invisibles ni de dirección, con los que se firma como otro."""

    def to_python(self, value):
        value = super().to_python(value) or ""
        _SIN_NULOS(value)
        return limpiar_linea(value)


class ParrafosField(forms.CharField):
    """Varios renglones, con la misma limpieza."""

    widget = forms.Textarea

    def to_python(self, value):
        value = super().to_python(value) or ""
        _SIN_NULOS(value)
        return limpiar_parrafos(value)
