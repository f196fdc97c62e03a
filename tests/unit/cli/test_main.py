import importlib
import subprocess
import sys

import pytest

from roadworthy import __version__, cli
from roadworthy.cli.run import parser_of
from roadworthy.cli.verbs import GROUPS, HELP, VERBS

PATHS = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
LINES = {verb: f"  {verb:{max(map(len, VERBS)) + 2}}{line}" for verb, line in HELP.items()}


def raising(error):
    def run(_args):
        raise error

    return run


def test_no_arguments_show_the_help_and_are_wrong_use(capsys):
    assert cli.main([]) == 2
    assert capsys.readouterr().err.startswith("usage: roadworthy VERB [options]\n")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"], ["help", "--help"]])
def test_help_lists_every_verb_under_what_it_is_for(capsys, arguments):
    assert cli.main(arguments) == 0
    groups = capsys.readouterr().out.split("\n\n")[2:-1]
    assert groups == ["\n".join([f"{heading}:", *(LINES[verb] for verb in verbs)]) for heading, verbs in GROUPS.items()]


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_is_the_same_in_both_ways(capsys, verb):
    assert cli.main(["help", verb]) == 0
    told = capsys.readouterr().out
    assert cli.main([verb, "--help"]) == 0
    assert capsys.readouterr().out == told
    assert HELP[verb] in " ".join(told.split())


def test_the_version_is_told(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"roadworthy {__version__}\n"


def test_the_overview_imports_hardly_anything():
    code = "import sys; before = {*sys.modules}; from roadworthy.cli import main; main(['--help']); print()"
    code += ";print(*sorted({*sys.modules} - before))"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env=PATHS)
    ours = ["roadworthy", "roadworthy.cli", "roadworthy.cli.overview", "roadworthy.cli.verbs"]
    assert done.stdout.splitlines()[-1].split() == ours


@pytest.mark.parametrize(
    ("package", "told"),
    [("boto3", "'roadworthy[aws]'"), ("aws_cdk", "'roadworthy[cdk]'"), ("unheard_of", "unheard_of")],
)
def test_a_verb_whose_packages_are_absent_says_what_to_install(capsys, monkeypatch, package, told):
    missing = ModuleNotFoundError(f"No module named '{package}'", name=package)
    monkeypatch.setattr("roadworthy.cli.exit_codes_verb.run", raising(missing))
    assert cli.main(["exit-codes"]) == 2
    assert capsys.readouterr().err == f"roadworthy: `exit-codes` needs the package `{package}`: pip install {told}\n"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("chek", "verb `chek`; did you mean `check`?"),
        ("hlep", "verb `hlep`; did you mean `help`?"),
        ("zzz", "verb `zzz`; `roadworthy --help` lists them"),
        ("--zzz", "option `--zzz`; `roadworthy --help` lists them"),
    ],
)
def test_an_unknown_verb_is_one_line_with_a_hint(capsys, word, hint):
    assert cli.main([word]) == 2
    assert capsys.readouterr().err == f"roadworthy: unknown {hint}\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["restart", "api", "--paralel=3"], "restart: unrecognized arguments: --paralel=3; did you mean `--parallel`?"),
        (
            ["list", "stage", "--zzz"],
            "list: unrecognized arguments: --zzz; `roadworthy list --help` shows what there is",
        ),
        (["logs", "api", "--since"], "logs: argument --since: expected one argument; `roadworthy logs --help`"),
        (["status"], "status: the following arguments are required: SERVICE; `roadworthy status --help`"),
        (["local", "upp"], "local: argument VERB: invalid choice: 'upp'"),
        (["restart", "api", "--timeout", "x\x1b"], "restart: argument --timeout: 'x\\x1b' is no time"),
    ],
)
def test_wrong_arguments_are_one_line_with_the_nearest_option(capsys, arguments, told):
    assert cli.main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"roadworthy: {told}")
    assert said.count("\n") == 1


def test_an_interrupt_has_the_shells_exit_code(monkeypatch):
    monkeypatch.setattr("roadworthy.cli.check.run", raising(KeyboardInterrupt()))
    assert cli.main(["check", "x"]) == 130


def test_an_error_that_nobody_expected_is_one_line(capsys, monkeypatch):
    monkeypatch.setattr("roadworthy.cli.check.run", raising(ValueError("odd\nvalue")))
    assert cli.main(["check", "x"]) == 70
    told = "roadworthy: check: a fault of roadworthy: ValueError: odd\\nvalue; --debug shows where\n"
    assert capsys.readouterr().err == told


@pytest.mark.parametrize(("error", "code"), [(ValueError("odd"), 70), (FileNotFoundError(2, "gone", "x"), 2)])
def test_debug_shows_where_an_error_comes_from(capsys, monkeypatch, error, code):
    monkeypatch.setattr("roadworthy.cli.check.run", raising(error))
    assert cli.main(["check", "x", "--debug"]) == code
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "Traceback (most recent call last):"
    assert said[-1].startswith("roadworthy: ")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_takes_debug(verb):
    assert "--debug" in parser_of(verb).format_help()


def test_only_the_verb_that_is_asked_for_is_imported(monkeypatch):
    monkeypatch.delitem(sys.modules, "roadworthy.cli.local", raising=False)
    cli.main(["check", "absent"])
    assert "roadworthy.cli.local" not in sys.modules


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_the_table_can_be_run(verb):
    module = importlib.import_module(VERBS[verb])
    assert callable(module.configure)
    assert callable(module.run)
