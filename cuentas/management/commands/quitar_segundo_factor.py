from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from wagtail.log_actions import log

from cuentas.models import Usuario


class Command(BaseCommand):
    help = (
        "Quita el segundo paso de una cuenta y cierra sus sesiones, cuando su dueño perdió el teléfono y los códigos de "
        "recuperación. Compruebe antes que es él: quien tenga su contraseña podrá entrar y activar otro."
    )

    def add_arguments(self, parser):
        parser.add_argument("correo")

    @transaction.atomic
    def handle(self, *, correo, **opciones):
        usuario = Usuario.objects.filter(email__iexact=correo.strip()).first()
        if usuario is None:
            raise CommandError("No hay ninguna cuenta con ese correo.")
        borrados, _por_modelo = Authenticator.objects.filter(user=usuario).delete()
        if not borrados:
            raise CommandError("Esa cuenta no tiene segundo paso.")
        for sesion in UserSession.objects.filter(user=usuario):
            sesion.end()
        log(instance=usuario, action="cuentas.quitar_segundo_factor")
        self.stdout.write("Listo: la próxima vez que entre se le pedirá activar otro.")
