import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from cuentas.actions import participante_de
from participacion.apoyos.actions import apoyar, retirar_apoyo
from participacion.registro.models import Acto
from retos.models import Propuesta
from tests import fabricas as f

pytestmark = pytest.mark.django_db


def test_el_acto_no_se_cambia_ni_por_sql():
    f.enviada(f.reto())
    acto = Acto.objects.get()
    with pytest.raises(TypeError):
        Acto.objects.update(tipo="otro")
    for borrar in (Acto.objects.all().delete, acto.delete, Acto._base_manager.all().delete):
        with pytest.raises(TypeError):
            borrar()
    acto.tipo = "otro"
    with pytest.raises(DatabaseError), transaction.atomic():
        acto.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE registro_acto SET canal = 'papel'")
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM registro_acto")
    acto.refresh_from_db()
    assert (acto.tipo, acto.canal) == ("propuesta_enviada", "web")


def test_el_acto_no_lleva_datos_personales():
    ana = f.persona(nombre="Casilda", apellido="Irrepetible", correo="casilda@example.org")
    f.enviada(f.reto(), ana)
    from wagtail.models import ModelLogEntry

    filas = [*Acto.objects.values(), *ModelLogEntry.objects.values()]
    assert len(filas) >= 2
    assert "asilda" not in str(filas) and "Irrepetible" not in str(filas)


def test_registrado_en_lo_pone_la_base():
    f.enviada(f.reto())
    acto = Acto.objects.get()
    assert acto.registrado_en is not None and abs((acto.registrado_en - acto.ocurrido_en).total_seconds()) < 5


def test_verificar_nombra_lo_que_difiere(capsys):
    propuesta, ana = f.publicada(f.reto()), participante_de(f.persona())
    apoyar(objeto=propuesta, participante=ana)
    call_command("verificar_registro")
    Propuesta.objects.update(apoyos=F("apoyos") + 3, estado="retirada")
    with pytest.raises(CommandError, match="2 diferencias"):
        call_command("verificar_registro")
    salida = capsys.readouterr().out
    assert f"retos.propuesta {propuesta.pk}: guardado 4, en el registro 1" in salida
    assert f"propuesta {propuesta.pk}: guardado 'retirada', en el registro 'publicada'" in salida


def test_vigentes_deja_fuera_lo_anulado_y_la_anulacion():
    propuesta, ana = f.publicada(f.reto()), participante_de(f.persona())
    apoyar(objeto=propuesta, participante=ana)
    corte = Acto.objects.latest("pk").ocurrido_en
    retirar_apoyo(objeto=propuesta, participante=ana)
    assert not Acto.objects.vigentes().filter(tipo__startswith="apoyo").exists()
    # Lo que se sabía antes del retiro: el apoyo seguía en pie.
    retiro = Acto.objects.get(tipo="apoyo_retirado")
    assert corte <= retiro.ocurrido_en
    assert Acto.objects.vigentes(en=retiro.ocurrido_en).filter(tipo="apoyo").count() == 1


def test_un_acto_se_anula_una_sola_vez():
    from django.db import IntegrityError

    from participacion.registro.actions import registrar_acto

    propuesta, ana = f.publicada(f.reto()), participante_de(f.persona())
    apoyar(objeto=propuesta, participante=ana)
    acto = Acto.objects.get(tipo="apoyo")
    datos = {"tipo": "apoyo_retirado", "ejercicio": propuesta.ejercicio, "anula": acto, "ocurrido_en": acto.ocurrido_en}
    registrar_acto(**datos)
    with pytest.raises(IntegrityError), transaction.atomic():
        registrar_acto(**datos)
