from .analisis import hooks as analisis  # noqa: F401 -- inscribe los suyos
from .gestion import hooks as gestion  # noqa: F401 -- inscribe los suyos
