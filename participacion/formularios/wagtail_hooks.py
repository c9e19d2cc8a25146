from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.translation import gettext as _
from wagtail import hooks

from cuentas.models import Territorio

from .construccion import lugares
from .enums import OPERADORES, Operador


@hooks.register("insert_editor_js")
def condiciones():
    """Lo que las listas de una condición necesitan saber y no está en pantalla, y el programa que las arma."""
    datos = {
        "operadores": {str(tipo): [o.value for o in Operador if o in admitidos] for tipo, admitidos in OPERADORES.items()},
        "sin_valor": [Operador.CONTESTADA, Operador.SIN_CONTESTAR],
        "si_no": [["si", _("Sí")], ["no", _("No")]],
        "lugares": [[lugar.clave, lugar.texto] for lugar in lugares(Territorio.objects.all())],
        "siempre": _("Siempre"),
        "con_condiciones": _("Según lo que se responda"),
        "elija": _("Elija una"),
        "no_anterior": _("(ya no está antes de ésta: elija otra)"),
        "perdida": _("(ya no está: elija otra)"),
    }
    programa = format_html('<script type="module" src="{}"></script>', static("js/condiciones.js"))
    return json_script(datos, "formularios-datos") + programa
