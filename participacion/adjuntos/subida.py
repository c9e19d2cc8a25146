from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class LimiteDeTamano(FileUploadHandler):
    """Deja de recibir un archivo al pasar del máximo, sin llenar el disco ni cortar la conexión.

    El resto del formulario se lee entero; `request.archivos_excedidos` dice en qué campos pasó,
    para explicarlo junto al campo.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.recibido = 0
        en_admin = request is not None and request.path_info.startswith("/admin/")
        self.maximo = settings.SUBIDA_PERSONAL_MAXIMA if en_admin else settings.ADJUNTO_MAXIMO

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.recibido = 0

    def receive_data_chunk(self, raw_data, start):
        self.recibido += len(raw_data)
        if self.recibido > self.maximo:
            excedidos = getattr(self.request, "archivos_excedidos", set())
            self.request.archivos_excedidos = excedidos | {self.field_name}
            raise SkipFile()
        return raw_data

    def file_complete(self, file_size):
        return None
