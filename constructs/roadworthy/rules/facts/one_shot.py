"""Telling commands that do their work and end: migrations, and preparations of files.

Sources: https://alembic.sqlalchemy.org/en/latest/tutorial.html#running-our-first-migration,
https://docs.djangoproject.com/en/stable/ref/django-admin/#migrate,
https://guides.rubyonrails.org/active_record_migrations.html#running-migrations
"""

from collections.abc import Sequence

from roadworthy.rules.facts.shell import program, script, simple_commands
from roadworthy.template.pattern import Pattern

LONGEST_LINE = 500  # characters; a longer one is a program
ENDING = {"chown", "chmod", "cp", "mkdir", "touch", "mv", "rm", "echo", "true"}
# The words of a migration, whatever starts it: `python manage.py migrate`, `npx prisma migrate deploy`.
MIGRATION = Pattern(
    r"\balembic(?: \S+){0,6}? upgrade\b|\bmanage\.py migrate\b|\bdb:(?:migrate|setup|seed|prepare)\b"
    r"|\bflask db upgrade\b|\b(?:npm|yarn|pnpm)(?: run)? (?:db:)?migrat\w*|\bprisma migrate deploy\b"
    r"|\bknex migrate:latest\b|\bartisan migrate\b|\bflyway\b.* migrate$|\bliquibase\b.* update$"
    r"|\btypeorm migration:run\b|\bgoose\b.* up$|\bmigrate\b.* up$|^python[0-9.]* -m [\w.]*\bmigrat\w*$"
    r"|\bdotnet ef database update\b"
)
COPY = Pattern(r"\baws s3 (?:cp|sync)\b")
SERVER = Pattern(r"\b(?:serve|server|start|runserver|gunicorn|uvicorn|watch|daemon|tail|sleep)\b")


def ends_by_itself(words: Sequence[str]) -> bool:
    """Whether a command (skeletons) certainly ends when its work is done."""
    if not words:
        return False
    inner = script(words)
    if inner is None:
        return _is_one_shot(words)
    lines = [each for each in simple_commands(inner) if each.words]
    calm = all(each.joined_by in {"", "&&", ";", "\n", "||"} for each in lines)
    return bool(lines) and calm and not SERVER.search(inner) and _is_last(lines[-1].words)


def _is_last(words: Sequence[str]) -> bool:
    return tuple(words) == ("exit", "0") or _is_one_shot(words)


def _is_one_shot(words: Sequence[str]) -> bool:
    line = " ".join(words)
    if len(line) > LONGEST_LINE:
        return False
    if program(words[0]) in ENDING or COPY.search(line):
        return True
    return bool(MIGRATION.search(line)) and not SERVER.search(line)
