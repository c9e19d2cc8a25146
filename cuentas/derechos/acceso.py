"""Lo que no se deja hacer con una sesión que alguien encontró abierta."""

import time
from functools import wraps

from allauth.account import app_settings
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.utils.translation import gettext as _


def acaba_de_identificarse(request) -> bool:
    """Si entró o confirmó que es él hace menos que `ACCOUNT_REAUTHENTICATION_TIMEOUT` segundos."""
    entradas = get_authentication_records(request, request.user)
    return bool(entradas) and time.time() - entradas[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def con_identidad_reciente(vista):
    """Pide otra vez la clave o el segundo factor; a quien entra sin ninguno de los dos, que vuelva a entrar.

    allauth da por buena la sesión de quien no tiene con qué reautenticarse (entra con un código o por otro proveedor).
    """

    @login_required
    @wraps(vista)
    def envoltura(request, *args, **kwargs):
        if reauthentication.get_reauthentication_flows(request.user):
            if not reauthentication.did_recently_reauthenticate(request):
                raise ReauthenticationRequired()
        elif not acaba_de_identificarse(request):
            destino = request.get_full_path()
            logout(request)
            messages.info(request, _("Por seguridad, entre otra vez para continuar."))
            return redirect_to_login(destino)
        return vista(request, *args, **kwargs)

    return envoltura
