import sys

import pytest

from roadworthy import cli


def test_no_arguments_show_the_help_and_are_wrong_use(capsys):
    assert cli.main([]) == 2
    assert "verbs:" in capsys.readouterr().err


def test_help_lists_every_verb(capsys):
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])
    output = capsys.readouterr().out
    assert all(f"\n  {verb} " in output for verb in cli.VERBS)


def test_help_survives_a_verb_whose_packages_are_absent(capsys, monkeypatch):
    monkeypatch.setitem(cli.VERBS, "fly", "roadworthy.absent")
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])
    assert "(needs the package `roadworthy.absent`: pip install 'roadworthy[fly]')" in capsys.readouterr().out


def test_a_verb_whose_packages_are_absent_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setitem(cli.VERBS, "fly", "roadworthy.absent")
    assert cli.main(["fly"]) == 2
    assert (
        capsys.readouterr().err
        == "roadworthy: `fly` needs the package `roadworthy.absent`: pip install 'roadworthy[fly]'\n"
    )


@pytest.mark.parametrize(
    ("word", "hint"), [("chek", "did you mean `check`?"), ("zzz", "`roadworthy --help` lists them")]
)
def test_an_unknown_verb_is_one_line_with_a_hint(capsys, word, hint):
    assert cli.main([word]) == 2
    assert capsys.readouterr().err == f"roadworthy: unknown verb `{word}`; {hint}\n"


def test_an_interrupt_has_the_shells_exit_code(monkeypatch):
    def interrupted(_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("roadworthy.cli.check.run", interrupted)
    assert cli.main(["check", "x"]) == 130


def test_only_the_verb_that_is_asked_for_is_imported(monkeypatch):
    monkeypatch.delitem(sys.modules, "roadworthy.cli.local", raising=False)
    cli.main(["check", "absent"])
    assert "roadworthy.cli.local" not in sys.modules
