import getpass
import os
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Site

from cuentas.enums import RolPersonal
from cuentas.models import Usuario
from cuentas.personal.actions import incorporar

VARIABLE_CLAVE = "CLAVE_PERSONAL"


class Command(BaseCommand):
    help = (
        "Da roles del personal a una cuenta; si no existe, la crea y pide su clave en la terminal "
        f"(o la toma de la variable de entorno {VARIABLE_CLAVE}). Así entra la primera persona a una instalación nueva."
    )

    def add_arguments(self, parser):
        parser.add_argument("correo")
        parser.add_argument(
            "--rol", action="append", default=[], choices=RolPersonal.values, dest="roles", help="Se puede repetir."
        )
        parser.add_argument("--superusuario", action="store_true", help="Puede todo, en todos los sitios.")
        parser.add_argument("--sitio", help="Dominio del sitio donde valen los roles; sin él, el sitio por defecto.")
        parser.add_argument("--nombre", default="", help="Nombres.")
        parser.add_argument("--apellido", default="", help="Apellidos.")
        parser.add_argument(
            "--usar-cuenta", action="store_true", help="Acepta una cuenta que ya exista; conserva su nombre y su clave."
        )

    def handle(self, *, correo, roles, superusuario, sitio, nombre, apellido, usar_cuenta, **opciones):
        if not roles and not superusuario:
            raise CommandError("Diga qué podrá hacer: al menos un --rol, o --superusuario.")
        correo = correo.strip().lower()
        existe = Usuario.objects.filter(email__iexact=correo).exists()
        try:
            validate_email(correo)
            clave = None if existe else self.leer_clave(Usuario(email=correo, first_name=nombre, last_name=apellido))
            with transaction.atomic():
                usuario, nueva = incorporar(
                    correo=correo,
                    clave=clave,
                    nombre=nombre,
                    apellido=apellido,
                    sitio=self.buscar_sitio(sitio),
                    roles=roles,
                    actor=None,
                    usar_cuenta=usar_cuenta,
                )
                if superusuario and not usuario.is_superuser:
                    usuario.is_superuser = True
                    usuario.save(update_fields=["is_superuser"])
                    log(instance=usuario, action="cuentas.hacer_superusuario")
        except ValidationError as error:
            if existe and not usar_cuenta:
                raise CommandError(f"{' '.join(error.messages)} Para usarla, añada --usar-cuenta.") from error
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Cuenta {'creada' if nueva else 'actualizada'}: {usuario.email}")

    def buscar_sitio(self, dominio):
        sitio = Site.objects.filter(**({"hostname": dominio} if dominio else {"is_default_site": True})).first()
        if sitio is None:
            raise CommandError(f"No hay un sitio «{dominio}»." if dominio else "No hay un sitio por defecto.")
        return sitio

    def leer_clave(self, usuario):
        """La clave de la cuenta nueva. Lanza ValidationError si es débil."""
        clave = os.environ.get(VARIABLE_CLAVE)
        if clave is None:
            if not sys.stdin.isatty():
                raise CommandError(f"Sin terminal para pedir la clave: póngala en la variable {VARIABLE_CLAVE}.")
            clave = getpass.getpass("Clave: ")
            if clave != getpass.getpass("Otra vez: "):
                raise CommandError("Las dos claves no son iguales.")
        validate_password(clave, usuario)
        return clave
