"""Circles among imports."""

from graphlib import CycleError, TopologicalSorter

from grimp import ImportGraph


def cycles(graph: ImportGraph) -> list[list[str]]:
    """Circles of modules, each a list that ends where it begins; breaking one may show another."""
    needs = {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}
    found = []
    while True:
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            circle = list(error.args[1])
            found.append(circle)
            # graphlib names a circle from the needed to the needing.
            needs[circle[1]].discard(circle[0])
        else:
            return found


def mutual_rooms(graph: ImportGraph) -> list[tuple[str, str]]:
    """Pairs of rooms that import from each other, in alphabetical order."""
    needs = {
        (_room(module), _room(other))
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
    }
    return sorted((a, b) for a, b in needs if a < b and (b, a) in needs)


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])
