"""La parte de una dirección que nombra la página de un reto."""

RETO = r"^(?P<ruta>[-\w]+(?:/[-\w]+)*)"
