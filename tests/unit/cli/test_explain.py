import pytest

from roadworthy.cli import main


@pytest.mark.parametrize("name", ["latest-image-tag", "roadworthy::latest-image-tag"])
def test_a_rules_page_is_shown(capsys, name):
    assert main(["explain", name]) == 0
    page = capsys.readouterr().out
    assert page.startswith("# latest-image-tag\n\nAn image is named by a fixed tag")
    assert "## How to accept it" in page


def test_a_mistyped_name_is_one_line_with_the_nearest_and_exit_code_2(capsys):
    assert main(["explain", "latest-image-tga"]) == 2
    output = capsys.readouterr()
    assert output.err == "roadworthy: unknown rule `latest-image-tga`; did you mean `latest-image-tag`?\n"
    assert output.out == ""


def test_a_name_that_is_near_to_none_says_where_the_names_are(capsys):
    main(["explain", "zzz"])
    assert capsys.readouterr().err == "roadworthy: unknown rule `zzz`; `roadworthy rules` lists them\n"


def test_headings_are_bold_where_colours_are(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    main(["explain", "latest-image-tag"])
    assert capsys.readouterr().out.startswith("\033[1m# latest-image-tag\033[0m\n")
