"""The command ``silin``: one file a command; every other word is a command of Django's."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module

COMMANDS = {
    "up": "serve pages and run the jobs, under one supervisor",
    "web": "serve pages only",
    "work": "run the jobs only",
    "demo": "load the demo city and serve it on this machine",
    "check": "look for what is wrong: settings, database, migrations, books; with a cure for each finding",
    "init": "begin another city: its divisions, its keys, its first administrator",
    "createadmin": "make the first administrator",
    "client": "let a system of others in: client NAME --kind hotline --place CODE --scopes read,raise",
    "backup": "write database and uploads into one file, while the system runs",
    "restore": "put a backup back and compare it",
    "import": "bring in a table: import KEY FILE --place CODE; the official list: import divisions FILE",
    "export": "write a table: export KEY --place CODE OUT.xlsx; an empty one: export KEY --template OUT.xlsx",
    "assess": "measure a period: assess --period 2026-06 [--place CODE] [--json] [--verify]",
    "facts": "the book of facts: reckon its cube again, write it out as Parquet files",
    "keys": "the keys of personal fields: list, add, rewrite every value, drop old ones",
    "messages": "gather, compile and check the translations",
}
FOOTER = """\
Exit codes: 0 done, 1 refused or something found, 2 not understood.
Every other word is a command of Django's, such as: silin migrate, silin shell, silin dbshell.
Settings are SILIN_* variables: docs/settings.md. Running it for a city: docs/operators.md.
"""


def main(words: Sequence[str] | None = None) -> int:
    """Carry out one command line (default: this process's own); returns the exit code."""
    words = list(sys.argv[1:] if words is None else words)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "silin.settings")
    if words and words[0] not in COMMANDS and not words[0].startswith("-"):
        from django.core.management import execute_from_command_line

        execute_from_command_line(["silin", *words])
        return 0
    options = _parser(words[0] if words else "").parse_args(words)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except EOFError:
        words_of_help = f"silin {words[0]} --help names what can be said beforehand."
        print("Nobody is here to answer.", words_of_help, file=sys.stderr)
        return 1


def _parser(wanted: str) -> ArgumentParser:
    parser = ArgumentParser(
        prog="silin",
        description="Silin: neighbours, their matters, and who sees to them.",
        epilog=FOOTER,
        formatter_class=RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for word, about in COMMANDS.items():
        command = commands.add_parser(word, help=about, description=about[0].upper() + about[1:] + ".")
        if word == wanted:
            module = import_module(f"silin.cli.{'imports' if word == 'import' else word}")
            module.arguments(command)
            command.set_defaults(run=module.run)
    return parser
