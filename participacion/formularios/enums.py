from django.db import models
from django.utils.translation import gettext_lazy as _


class TipoPregunta(models.TextChoices):
    TEXTO_CORTO = "texto_corto", _("Texto corto")
    TEXTO_LARGO = "texto_largo", _("Texto largo")
    NUMERO = "numero", _("Número")
    FECHA = "fecha", _("Fecha")
    UNICA = "unica", _("Una opción")
    MULTIPLE = "multiple", _("Varias opciones")
    DESPLEGABLE = "desplegable", _("Lista desplegable")
    ESCALA = "escala", _("Escala")
    MATRIZ = "matriz", _("Matriz")
    ORDENAMIENTO = "ordenamiento", _("Ordenar por preferencia")
    SI_NO = "si_no", _("Sí o no")
    ARCHIVO = "archivo", _("Archivo")
    LUGAR = "lugar", _("Comuna o vereda")
    ACEPTACION = "aceptacion", _("Casilla de aceptación")
    CORREO = "correo", _("Correo electrónico")


T = TipoPregunta
# Se contestan eligiendo de `opciones`.
CON_OPCIONES = {T.UNICA, T.MULTIPLE, T.DESPLEGABLE, T.LUGAR, T.MATRIZ, T.ORDENAMIENTO}
# Su valor es un número con el que se puede comparar.
NUMERICAS = {T.NUMERO, T.ESCALA}
# Se cuentan por casillas (opción o número); las demás se leen.
CERRADAS = {T.UNICA, T.MULTIPLE, T.DESPLEGABLE, T.LUGAR, T.MATRIZ, T.ORDENAMIENTO, T.ESCALA, T.SI_NO, T.ACEPTACION}
# Lo que se escribe con palabras propias, o identifica a alguien.
ABIERTAS = {T.TEXTO_CORTO, T.TEXTO_LARGO}


class TipoEscala(models.TextChoices):
    """Las escalas que se ofrecen; sus límites y rótulos están en `ESCALAS`."""

    ACUERDO = "acuerdo", _("De acuerdo (Likert, 1 a 5)")
    SATISFACCION = "satisfaccion", _("Satisfacción (Likert, 1 a 5)")
    ESTRELLAS = "estrellas", _("Estrellas (1 a 5)")
    CERO_DIEZ = "cero_diez", _("De 0 a 10")
    NPS = "nps", _("Recomendación (NPS, 0 a 10)")


# Escala → primer valor, último, y el rótulo de cada valor (o de los extremos).
ESCALAS = {
    TipoEscala.ACUERDO: (1, 5, {
        1: _("Muy en desacuerdo"), 2: _("En desacuerdo"), 3: _("Ni de acuerdo ni en desacuerdo"),
        4: _("De acuerdo"), 5: _("Muy de acuerdo"),
    }),
    TipoEscala.SATISFACCION: (1, 5, {
        1: _("Muy insatisfecho"), 2: _("Insatisfecho"), 3: _("Ni satisfecho ni insatisfecho"),
        4: _("Satisfecho"), 5: _("Muy satisfecho"),
    }),
    TipoEscala.ESTRELLAS: (1, 5, {1: _("1 estrella"), 2: _("2 estrellas"), 3: _("3 estrellas"), 4: _("4 estrellas"), 5: _("5 estrellas")}),
    TipoEscala.CERO_DIEZ: (0, 10, {0: _("0, lo más bajo"), 10: _("10, lo más alto")}),
    TipoEscala.NPS: (0, 10, {0: _("0, nada probable"), 10: _("10, muy probable")}),
}  # fmt: skip


class Operador(models.TextChoices):
    """Cómo se compara una respuesta. Sin respuesta, toda comparación es falsa, también «es distinta»."""

    IGUAL = "igual", _("es")
    DISTINTA = "distinta", _("no es")
    CONTIENE = "contiene", _("incluye")
    MAYOR = "mayor", _("es mayor que")
    MENOR = "menor", _("es menor que")
    CONTESTADA = "contestada", _("fue contestada")
    SIN_CONTESTAR = "sin_contestar", _("quedó sin contestar")


# Los que se pueden usar con cada tipo; los dos últimos, con todos.
_IGUALDAD = {Operador.IGUAL, Operador.DISTINTA}
_ORDEN = {Operador.MAYOR, Operador.MENOR}
_SIEMPRE = {Operador.CONTESTADA, Operador.SIN_CONTESTAR}
OPERADORES = {
    T.TEXTO_CORTO: _SIEMPRE | _IGUALDAD | {Operador.CONTIENE},
    T.TEXTO_LARGO: _SIEMPRE | {Operador.CONTIENE},
    T.NUMERO: _SIEMPRE | _IGUALDAD | _ORDEN,
    T.FECHA: _SIEMPRE | _IGUALDAD | _ORDEN,
    T.UNICA: _SIEMPRE | _IGUALDAD,
    T.MULTIPLE: _SIEMPRE | {Operador.CONTIENE},
    T.DESPLEGABLE: _SIEMPRE | _IGUALDAD,
    T.ESCALA: _SIEMPRE | _IGUALDAD | _ORDEN,
    T.MATRIZ: _SIEMPRE,
    T.ORDENAMIENTO: _SIEMPRE,
    T.SI_NO: _SIEMPRE | _IGUALDAD,
    T.ARCHIVO: _SIEMPRE,
    T.LUGAR: _SIEMPRE | _IGUALDAD,
    T.ACEPTACION: _SIEMPRE,
    T.CORREO: _SIEMPRE,
}


class EstadoRespuesta(models.TextChoices):
    PARCIAL = "parcial", _("Sin enviar")
    ENVIADA = "enviada", _("Enviada")
    ANULADA = "anulada", _("Anulada")
