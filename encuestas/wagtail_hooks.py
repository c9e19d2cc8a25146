"""Wagtail busca este módulo; cada parte de las encuestas pone sus ganchos al importarse el suyo."""

from importlib import import_module

for _parte in ("analisis", "gestion"):
    import_module(f"encuestas.{_parte}.hooks")
