"""Lo que se hace cuando allauth avisa de algo."""

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.stagekit import unstash_login
from allauth.account.signals import email_confirmed
from allauth.mfa.signals import authenticator_added
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.utils.translation import gettext as _

from .segundo_paso import VERIFICADORES


def anotar_segundo_paso(sender, request, user, authenticator, **kwargs):
    """Activarlo ya probó que se tiene: no se vuelve a pedir en esta sesión."""
    if authenticator.type in VERIFICADORES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def olvidar_credenciales_ajenas(sender, request, email_address, **kwargs):
    """Cualquiera abre una cuenta con un correo ajeno y espera. Si el dueño del correo lo confirma por otra puerta, lo que
    aquél dejó puesto —contraseña, proveedor de identidad— deja de servir; de lo contrario entraría cuando quisiera."""
    login = unstash_login(request, peek=True)
    if request.user.is_authenticated or (login and login.signup):
        return  # la misma sesión que abrió la cuenta, o un correo añadido desde dentro
    usuario = email_address.user
    metodos = {r["method"] for r in get_authentication_records(request, usuario)}
    if "socialaccount" not in metodos:
        SocialAccount.objects.filter(user=usuario).delete()
    if "password" not in metodos and usuario.has_usable_password():
        usuario.set_unusable_password()
        usuario.save(update_fields=["password"])
        aviso = _("Por seguridad quitamos la contraseña que se puso antes de confirmar el correo. Puede poner otra.")
        messages.info(request, aviso)


def conectar():
    authenticator_added.connect(anotar_segundo_paso, dispatch_uid="cuentas_anotar_segundo_paso")
    email_confirmed.connect(olvidar_credenciales_ajenas, dispatch_uid="cuentas_olvidar_credenciales_ajenas")
