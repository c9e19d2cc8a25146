from django.core.management.base import BaseCommand
from nacl.encoding import Base64Encoder
from nacl.public import PrivateKey


class Command(BaseCommand):
    help = "Genera el par de claves de las encuestas secretas. Guarde la privada sólo donde corre el trabajador."

    def handle(self, **opciones):
        privada = PrivateKey.generate()
        self.stdout.write(f"CLAVE_SECRETO_PUBLICA={privada.public_key.encode(Base64Encoder).decode()}")
        self.stdout.write(f"CLAVE_SECRETO_PRIVADA={privada.encode(Base64Encoder).decode()}")
