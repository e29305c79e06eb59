"""How each person wants the desk: notices, sound, keys, appearance. It follows him to every machine."""
