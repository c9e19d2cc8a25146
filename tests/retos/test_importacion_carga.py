"""De las líneas a la base de datos, por la acción y por la orden."""

import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import ModelLogEntry

from participacion.ejercicios.models import Consecutivo, Ejercicio
from participacion.registro.models import Acto
from retos.enums import EstadoPropuesta
from retos.importacion import columnas as mapa
from retos.importacion.actions import importar_propuestas, simular_importacion
from retos.importacion.conversion import preparar
from retos.importacion.informe import Suerte
from retos.importacion.lectura import leer
from retos.models import Propuesta
from tests import fabricas as f

pytestmark = pytest.mark.django_db
REAL = Path(__file__).parents[1] / "datos" / "propuestas_madrid.csv"
CABEZA = "id;titulo;descripcion;votos;fecha;retirada\n"
DOS = CABEZA + "1;Uno;<p>Texto <b>uno</b></p>;3;15/01/2024;\n2;Dos;;0;16/01/2024;20/01/2024\n"


def lote(texto):
    tabla = leer(texto.encode() if isinstance(texto, str) else texto)
    return preparar(tabla, mapa.adivinar(tabla.encabezado))


def importar(ejercicio, texto, fuente="Fuente", **kwargs):
    return importar_propuestas(ejercicio=ejercicio, lote=lote(texto), fuente=fuente, actor=None, **kwargs)


def suertes(informe):
    return [(linea.linea, linea.suerte, linea.motivo) for linea in informe.lineas]


def huella():
    """Todo lo que una importación podría escribir."""
    return (
        list(Propuesta.objects.order_by("pk").values()),
        Acto.objects.count(),
        ModelLogEntry.objects.count(),
        list(Consecutivo.objects.values("ultimo")),
    )


def bogota(*partes):
    return timezone.make_aware(datetime(*partes))


@pytest.fixture
def ejercicio():
    return f.reto().ejercicio


# --- El archivo real, entero --------------------------------------------------------


def test_archivo_real_entra_entero_y_repetirlo_no_escribe(ejercicio, client):
    real = REAL.read_bytes()
    with REAL.open(encoding="utf-8", newline="") as archivo:
        filas = list(csv.DictReader(archivo, delimiter=";"))
    informe = importar(ejercicio, real, "Decide Madrid")
    assert {s: informe.conteo(s) for s in Suerte} == {
        Suerte.IMPORTADA: 1369,
        Suerte.YA_ESTABA: 0,
        Suerte.DISTINTA: 0,
        Suerte.RECHAZADA: 0,
    }
    propuestas = ejercicio.propuestas
    assert propuestas.filter(estado=EstadoPropuesta.PUBLICADA).count() == 1354
    assert propuestas.filter(estado=EstadoPropuesta.RETIRADA, publicada_en__isnull=False).count() == 15
    assert set(propuestas.values_list("fuente_id", flat=True)) == {fila["id"] for fila in filas}
    votos = sum(int(fila["cached_votes_up"]) for fila in filas)
    assert propuestas.aggregate(n=Sum("apoyos_importados"), propios=Sum("apoyos")) == {"n": votos, "propios": 0}
    assert Acto.objects.filter(tipo="apoyos_importados").aggregate(n=Sum("cantidad"))["n"] == votos
    textos = [re.sub(r"<[^>]+>|&nbsp;|\s", "", fila["description"]) for fila in filas]
    assert propuestas.filter(descripcion="").count() == textos.count("") == 244
    con_formato = [texto for texto, fila in zip(textos, filas, strict=True) if "<" in fila["description"]]
    assert propuestas.exclude(descripcion_html="").count() == sum(bool(texto) for texto in con_formato)
    assert len(set(propuestas.values_list("referencia", flat=True))) == 1369
    assert (
        Acto.objects.filter(canal="importacion", actor_tipo="sin_dato", participante=None).count()
        == Acto.objects.count()
    )
    call_command("verificar_registro", stdout=io.StringIO())

    antes = huella()
    segunda = importar(ejercicio, real, "decide MADRID")
    assert (segunda.fuente, segunda.conteo(Suerte.YA_ESTABA)) == ("Decide Madrid", 1369)
    assert huella() == antes
    call_command("verificar_registro", stdout=io.StringIO())

    fila = next(fila for fila in filas if fila["retired_at"])
    detalle = client.get(reverse("retos:propuesta", args=[propuestas.get(fuente_id=fila["id"]).pk]))
    assert detalle.status_code == 200


# --- Lo que se guarda ---------------------------------------------------------------


def test_propuesta_importada_y_sus_actos(ejercicio):
    informe = importar(ejercicio, DOS)
    uno, dos = ejercicio.propuestas.order_by("pk")
    anio = timezone.localtime().year
    assert [linea.referencia for linea in informe.lineas] == [f"R-{anio}-00001", f"R-{anio}-00002"]
    assert (uno.referencia, uno.estado, uno.actor_tipo, uno.autor) == (f"R-{anio}-00001", "publicada", "sin_dato", None)
    assert (uno.titulo, uno.resumen, uno.descripcion) == ("Uno", "Texto uno", "Texto uno")
    assert (uno.descripcion_html, uno.texto_busqueda) == ("<p>Texto <b>uno</b></p>", "uno texto uno texto uno")
    assert uno.enviada_en == uno.publicada_en == bogota(2024, 1, 15)
    assert (uno.apoyos, uno.apoyos_importados, uno.fuente, uno.fuente_id) == (0, 3, "Fuente", "1")
    assert (dos.estado, dos.publicada_en, dos.apoyos_importados) == ("retirada", bogota(2024, 1, 16), 0)
    assert list(Acto.objects.order_by("pk").values_list("tipo", "objeto_id", "estado", "cantidad", "ocurrido_en")) == [
        ("propuesta_importada", uno.pk, "publicada", 1, bogota(2024, 1, 15)),
        ("apoyos_importados", uno.pk, "", 3, bogota(2024, 1, 15)),
        ("propuesta_importada", dos.pk, "publicada", 1, bogota(2024, 1, 16)),
        ("propuesta_retirada", dos.pk, "retirada", 1, bogota(2024, 1, 20)),
    ]
    assert set(Acto.objects.values_list("canal", "actor_tipo", "idioma", "participante")) == {
        ("importacion", "sin_dato", "es", None)
    }
    call_command("verificar_registro", stdout=io.StringIO())


def test_quien_importa_en_ingles_no_cambia_el_idioma_de_lo_importado(ejercicio):
    with override("en"):
        importar(ejercicio, DOS)
    assert set(Acto.objects.values_list("idioma", flat=True)) == {"es"}
    assert set(Propuesta.objects.values_list("idioma", flat=True)) == {"es"}


def test_la_numeracion_sigue_la_del_reto(ejercicio):
    propia = f.enviada(f.RetoPage.objects.get(translation_key=ejercicio.translation_key))
    importar(ejercicio, DOS)
    siguiente = f.enviada(f.RetoPage.objects.get(translation_key=ejercicio.translation_key))
    assert [
        p.referencia[-5:] for p in (propia, *ejercicio.propuestas.exclude(fuente="").order_by("pk"), siguiente)
    ] == [
        "00001",
        "00002",
        "00003",
        "00004",
    ]


def test_historial_dice_cuantas_y_de_donde_sin_datos_de_personas(ejercicio):
    actor = f.personal(f.RolPersonal.ADMINISTRACION)
    importar_propuestas(ejercicio=ejercicio, lote=lote(DOS), fuente="Fuente", actor=actor)
    entrada = ModelLogEntry.objects.get(action="retos.importar_propuestas")
    assert (entrada.object_id, entrada.user) == (str(ejercicio.pk), actor)
    assert entrada.data == {"fuente": "Fuente", "importada": 2, "ya_estaba": 0, "distinta": 0, "rechazada": 0}
    assert str(entrada.formatter.format_message(entrada)) == "2 importadas de «Fuente»"


def test_html_importado_es_inerte(ejercicio, client):
    malo = '<script>alert("malo")</script><p onclick="malo()">bien<img src=x onerror=malo()></p>'
    celda = malo.replace('"', '""')
    importar(ejercicio, CABEZA + f'1;"Título {celda}";"{celda}";0;15/01/2024;\n')
    propuesta = ejercicio.propuestas.get()
    assert "malo" not in " ".join(str(valor) for valor in vars(propuesta).values())
    for url in (reverse("retos:propuesta", args=[propuesta.pk]), f"/retos/{f.RetoPage.objects.get().slug}/propuestas/"):
        respuesta = client.get(url)
        assert respuesta.status_code == 200
        assert "malo" not in respuesta.content.decode()
        assert "bien" in respuesta.content.decode()


# --- La suerte de cada línea --------------------------------------------------------


def test_lo_que_cambio_en_la_fuente_se_informa_y_no_se_toca(ejercicio):
    importar(ejercicio, DOS)
    antes = huella()
    informe = importar(
        ejercicio,
        CABEZA + "1;Otro;<p>Texto <b>uno</b></p>;4;15/01/2024;18/01/2024\n2;Dos;Nueva;0;17/01/2024;20/01/2024\n",
    )
    assert suertes(informe) == [
        (2, "distinta", "Cambió: título, número de apoyos, fecha de retiro."),
        (3, "distinta", "Cambió: fecha de publicación, descripción."),
    ]
    assert huella() == antes


def test_columna_que_ya_no_viene_no_cuenta_como_cambio(ejercicio):
    importar(ejercicio, DOS)
    informe = importar(ejercicio, "id;titulo;fecha\n1;Uno;15/01/2024\n2;Dos;16/01/2024\n")
    assert [linea.suerte for linea in informe.lineas] == ["ya_estaba", "ya_estaba"]


def test_mismo_identificador_de_otra_fuente_o_en_otro_reto_es_otra(ejercicio):
    importar(ejercicio, DOS)
    assert importar(ejercicio, DOS, "Otra").conteo(Suerte.IMPORTADA) == 2
    assert importar(f.reto().ejercicio, DOS).conteo(Suerte.IMPORTADA) == 2


MALA = DOS + "3;;;0;16/01/2024;\n"


def test_una_linea_rechazada_no_deja_cargar_ninguna(ejercicio):
    antes = huella()
    informe = importar(ejercicio, MALA)
    assert not informe.escrito
    assert suertes(informe)[2] == (4, "rechazada", "No tiene título.")
    assert informe.etiqueta("importada") == "Por importar"
    assert huella() == antes


def test_omitir_malas_carga_las_buenas(ejercicio):
    informe = importar(ejercicio, MALA, omitir_malas=True)
    assert informe.escrito
    assert informe.conteos == {"importada": 2, "rechazada": 1}
    assert ejercicio.propuestas.count() == 2


def test_fecha_futura_se_rechaza(ejercicio):
    manana = timezone.localtime() + timedelta(days=1)
    informe = importar(ejercicio, CABEZA + f"1;Uno;;0;{manana:%Y-%m-%d};\n2;Dos;;0;2024-01-16;{manana:%Y-%m-%d}\n")
    assert suertes(informe) == [(n, "rechazada", "Su fecha está en el futuro.") for n in (2, 3)]


def test_si_algo_falla_a_mitad_no_queda_nada(ejercicio, monkeypatch):
    def fallar(**kwargs):
        raise RuntimeError

    monkeypatch.setattr("retos.importacion.actions.importar_apoyos", fallar)
    antes = huella()
    with pytest.raises(RuntimeError):
        importar(ejercicio, DOS)
    assert huella() == antes


def test_simular_dice_lo_mismo_que_importar_y_no_escribe(ejercicio):
    antes = huella()
    simulada = simular_importacion(ejercicio=ejercicio, lote=lote(MALA), fuente="Fuente")
    assert huella() == antes
    assert suertes(simulada) == suertes(importar(ejercicio, MALA, omitir_malas=True))


@pytest.mark.parametrize("fuente", ["", "  ", "\u200b", "x" * 41])
def test_fuente_sin_nombre_no_vale(ejercicio, fuente):
    with pytest.raises(ValidationError, match="plataforma"):
        importar(ejercicio, DOS, fuente)


def test_solo_a_un_reto(ejercicio):
    Ejercicio.objects.filter(pk=ejercicio.pk).update(tipo="foro")
    with pytest.raises(ValidationError, match="a un reto"):
        importar(ejercicio, DOS)


def test_consultas_no_crecen_con_lo_que_ya_estaba(ejercicio, django_assert_num_queries):
    varias = CABEZA + "".join(f"{n};T{n};;0;15/01/2024;\n" for n in range(300))
    importar(ejercicio, varias)
    preparado = lote(varias)
    with django_assert_num_queries(7):  # punto de retorno, candado, reloj, cierre, fuentes, guardadas y liberación
        importar_propuestas(ejercicio=ejercicio, lote=preparado, fuente="Fuente", actor=None)


@pytest.mark.django_db(transaction=True)
def test_dos_importaciones_a_la_vez_no_duplican(hilos):
    ejercicio = f.reto().ejercicio
    varias = lote(CABEZA + "".join(f"{n};T{n};;2;15/01/2024;\n" for n in range(200)))

    def correr():
        return importar_propuestas(ejercicio=ejercicio, lote=varias, fuente="Fuente", actor=None)

    informes = hilos(correr, correr, correr)
    assert sorted(informe.conteo(Suerte.IMPORTADA) for informe in informes) == [0, 0, 200]
    assert sorted(informe.conteo(Suerte.YA_ESTABA) for informe in informes) == [0, 200, 200]
    assert ejercicio.propuestas.count() == len(set(ejercicio.propuestas.values_list("referencia"))) == 200
    assert Acto.objects.count() == 400


# --- La orden -----------------------------------------------------------------------


def orden(archivo, *args, **kwargs):
    salida = io.StringIO()
    call_command("importar_propuestas", archivo, *args, stdout=salida, stderr=salida, **kwargs)
    return salida.getvalue()


@pytest.fixture
def archivo(tmp_path):
    def escribir(texto):
        ruta = tmp_path / "propuestas.csv"
        ruta.write_bytes(texto if isinstance(texto, bytes) else texto.encode())
        return str(ruta)

    return escribir


def test_orden_importa_y_cuenta(archivo, tmp_path):
    pagina = f.reto()
    salida = orden(archivo(DOS), reto=pagina.slug, fuente="Decide Madrid", informe=tmp_path / "i.csv")
    assert salida.splitlines() == ["Importada: 2", "Ya estaba: 0", "Distinta: no se cambió: 0", "Rechazada: 0"]
    assert pagina.ejercicio.propuestas.filter(fuente="Decide Madrid").count() == 2
    informe = (tmp_path / "i.csv").read_text(encoding="utf-8-sig").splitlines()
    assert informe[1] == f"2;1;Uno;Importada;;{pagina.ejercicio.propuestas.earliest('pk').referencia}"


def test_orden_simular_no_escribe(archivo):
    pagina = f.reto()
    antes = huella()
    assert orden(archivo(MALA), "--simular", reto=pagina.slug).splitlines() == [
        "línea 4 (3): Rechazada. No tiene título.",
        "Por importar: 2",
        "Ya estaba: 0",
        "Distinta: no se cambió: 0",
        "Rechazada: 1",
    ]
    assert huella() == antes


def test_orden_con_rechazadas_falla_sin_escribir(archivo):
    pagina = f.reto()
    with pytest.raises(CommandError, match="No se cargó nada"):
        orden(archivo(MALA), reto=pagina.slug)
    assert not Propuesta.objects.exists()
    assert "Importada: 2" in orden(archivo(MALA), "--omitir-malas", reto=pagina.slug)


def test_orden_con_columnas_y_formatos_elegidos(archivo):
    pagina = f.reto()
    texto = "clave|asunto del vecino|cuándo|votos\n1|Año|01/02/2024|5\n"
    orden(
        archivo(texto.encode("cp850")),
        "--columna=id=clave",
        "--columna=titulo=asunto del vecino",
        "--columna=fecha=cuándo",
        "--columna=apoyos=",
        "--delimitador=|",
        "--codificacion=cp850",
        "--orden-fecha=mda",
        reto=pagina.slug,
    )
    propuesta = pagina.ejercicio.propuestas.get()
    assert (propuesta.titulo, propuesta.enviada_en) == ("Año", bogota(2024, 1, 2))
    assert (propuesta.apoyos_importados, propuesta.fuente) == (0, "otra plataforma")


def test_orden_avisa_si_supuso_el_orden_de_las_fechas(archivo):
    assert "--orden-fecha" in orden(archivo("id;titulo;fecha\n1;T;01/02/2024\n"), "--simular", reto=f.reto().slug)


@pytest.mark.parametrize(
    ("texto", "argumentos", "mensaje"),
    [
        ("", [], "vacío"),
        ("a;b\n1;2\n", [], "Falta decir qué columna trae: Identificador"),
        (DOS, ["--columna=id"], "DATO=ENCABEZADO"),
        (DOS, ["--columna=autor=id"], "DATO=ENCABEZADO"),
        (DOS, ["--columna=id=no existe"], "No hay una columna"),
        (DOS, ["--fuente="], "plataforma"),
        (DOS, ["--reto=no-existe"], "no-existe"),
    ],
)
def test_orden_mal_pedida_se_explica(archivo, texto, argumentos, mensaje):
    pagina = f.reto()
    with pytest.raises(CommandError, match=mensaje):
        orden(archivo(texto), f"--reto={pagina.slug}", *argumentos)


def test_orden_con_archivo_que_no_existe(tmp_path):
    with pytest.raises(CommandError, match="No se puede leer"):
        orden(str(tmp_path / "nada.csv"), reto=f.reto().slug)
