from django.db import migrations

# En SQLite no se impide DELETE: las pruebas que vacían la base de datos borran fila por fila y fallarían.
# Allí lo impiden `ActoQuerySet.delete` y las llaves PROTECT; en PostgreSQL, que es producción, el disparador.
POSTGRESQL = """
CREATE FUNCTION registro_solo_anadir() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'El registro de participacion no se cambia ni se borra: anote otro acto.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER registro_solo_anadir BEFORE UPDATE OR DELETE ON registro_acto
    FOR EACH ROW EXECUTE FUNCTION registro_solo_anadir();
"""
SQLITE = """
CREATE TRIGGER registro_solo_anadir BEFORE UPDATE ON registro_acto
BEGIN
    SELECT RAISE(ABORT, 'El registro de participacion no se cambia: anote otro acto.');
END;
"""


def crear(apps, schema_editor):
    orden = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(orden)


def quitar(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER registro_solo_anadir ON registro_acto")
        schema_editor.execute("DROP FUNCTION registro_solo_anadir()")
    else:
        schema_editor.execute("DROP TRIGGER registro_solo_anadir")


class Migration(migrations.Migration):
    dependencies = [("registro", "0001_initial")]
    operations = [migrations.RunPython(crear, quitar)]
