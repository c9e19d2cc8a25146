"""Lo que se anota del servicio no debe servir para actuar en nombre de nadie."""

import logging
import re

# Enlaces que llegan por correo: quien tenga el código firma, acepta o pone una contraseña.
_CON_CODIGO = re.compile(r"(/(?:acudiente/firmar|invitaciones|password/reset/key)/)[^/\s]+")


class SinCodigos(logging.Filter):
    """Django anota la dirección de toda respuesta de error, también la de un formulario mal llenado."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(_CON_CODIGO.sub(r"\1…", a) if isinstance(a, str) else a for a in record.args)
        return True
