"""Traer a un reto propuestas recogidas en otra plataforma, desde un CSV.

`lectura` entiende el archivo, `columnas` qué es cada columna, `conversion` cada línea, y `actions` decide la
suerte de cada una y la carga. No se importa ningún dato personal: la columna del autor, si la hay, no se lee.
"""
