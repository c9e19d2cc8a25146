"""Los formularios de allauth que crean una cuenta. Van aparte de `RegistroForm`, que ellos extienden."""

from allauth.account.forms import SignupForm
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.shortcuts import redirect


class EnteroONadaMixin:
    """La cuenta nace con su perfil y sus autorizaciones, o no nace."""

    def try_save(self, request):
        if self.account_already_exists:
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            # Dos registros a la vez con el mismo correo: el segundo sigue el camino de quien ya tenía cuenta.
            self.account_already_exists = True
            return super().try_save(request)
        except ValidationError as error:
            return self.cambio_la_politica(request, error)

    def cambio_la_politica(self, request, error):
        """Entre validar y guardar: se muestra la nueva y se pregunta otra vez."""
        messages.error(request, " ".join(error.messages))
        return None, redirect(request.get_full_path())


class RegistroCuentaForm(EnteroONadaMixin, SignupForm):
    """Registro con contraseña o con llave de acceso."""
