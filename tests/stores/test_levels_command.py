"""A new curve of levels shows first who goes up and who goes down."""

import pytest
from django.core.management import CommandError, call_command

from thrive_points import PointsService
from thrive_points.management.commands.points_levels import Command

pytestmark = pytest.mark.django_db


@pytest.fixture
def _members(make_user):
    for total in (50, 99, 99, 120, 400):
        PointsService.adjust(make_user(), total, "a start")


def lines(capsys, *arguments):
    call_command("points_levels", *arguments)
    return [line.split() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("_members")
def test_a_new_curve_says_who_moves(capsys):
    assert lines(capsys) == [["level", "members"], ["1", "3"], ["2", "1"], ["3", "1"]]
    said = lines(capsys, "--starts", "0,99,350", "--step", "100")
    assert said[1:4] == [
        ["1", "0", "0", "3", "1"],
        ["2", "100", "99", "1", "3"],
        ["3", "250", "350", "1", "1"],
    ]
    assert ["2", "members", "would", "go", "up."] in said
    assert ["0", "members", "would", "go", "down."] in said
    down = lines(capsys, "--starts", "0,1000")
    assert ["2", "members", "would", "go", "down."] in down
    assert [row[-3:] for row in down[-2:]] == [["400", "3", "1"], ["120", "2", "1"]]


@pytest.mark.parametrize("starts", ["1,2", "0,x", "0,5,5"])
def test_a_curve_that_cannot_be_is_refused(starts):
    with pytest.raises(CommandError, match="--starts"):
        call_command("points_levels", "--starts", starts)


def test_the_examples_run(capsys):
    for example in Command.examples:
        assert lines(capsys, *example.split()[2:])
