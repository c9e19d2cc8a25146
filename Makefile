.PHONY: demo test bench mensajes limpiar

PY := .venv/bin/python

# Sirve la plataforma con contenido de demostración en http://localhost:8000
demo:
	@scripts/entorno.sh ejecucion
	@$(PY) manage.py demo

# Todas las pruebas: SQLite, PostgreSQL y navegador
test:
	@scripts/entorno.sh desarrollo
	@$(PY) -m scripts.probar

# Mide las páginas frente a una vacía, una encuesta de 100.000 respuestas y un reto de 10.000 propuestas; añade el resultado a docs/medidas.md
bench:
	@scripts/entorno.sh ejecucion
	@$(PY) -m bench.medir
	@$(PY) -m bench.encuestas
	@$(PY) -m bench.retos

# Recoge los textos por traducir y compila el catálogo en inglés
mensajes:
	@scripts/entorno.sh ejecucion
	@$(PY) manage.py makemessages --locale en --no-wrap --no-location --ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*' --ignore 'bench/*'
	@$(PY) manage.py compilemessages --locale en --ignore '.venv/*'

# Borra el entorno y lo que dejan las pruebas; los datos de var/ quedan
limpiar:
	rm -rf .venv var/pruebas var/estaticos .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
