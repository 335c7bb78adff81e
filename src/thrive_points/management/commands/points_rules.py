"""Look at the rules, propose one, and carry them between sites as reviewed files."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from thrive_points.conf import points_settings
from thrive_points.core.rubric import Effort, Frequency, Impact, place
from thrive_points.core.rule import Rule
from thrive_points.exceptions import PointsError
from thrive_points.management.examples import ExampleCommand, user_named
from thrive_points.rules.changelog import changes_of
from thrive_points.rules.current import rulebook
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.diff import side_by_side
from thrive_points.rules.effects import Effect
from thrive_points.rules.files import SUFFIXES, to_json, to_toml
from thrive_points.rules.import_export import changes, exported, publish_all, read_entries
from thrive_points.rules.lint import incoherences
from thrive_points.rules.proposal import as_code, propose
from thrive_points.rules.revisions import (
    number_of,
    preview_revert,
    preview_withdrawal,
    revert,
    withdraw,
)

DRY = "This was a dry run: nothing was published."
QUESTIONS: Mapping[str, tuple[Any, str]] = {
    "effort": (Effort, "How much work does one take the member"),
    "impact": (Impact, "How much do others, or the member's growth, gain from one"),
    "frequency": (Frequency, "How often does a keen member do it"),
}


class Command(ExampleCommand):
    """The rules by command."""

    help = "Look at the rules, propose one, and carry them between sites as reviewed files."
    examples = (
        "manage.py points_rules list",
        "manage.py points_rules show quiz_completed",
        "manage.py points_rules propose podcast_published --effort high --impact medium "
        "--frequency sometimes",
        "manage.py points_rules export --output rules.toml",
        "manage.py points_rules diff rules.toml",
        "manage.py points_rules diff quiz_completed code now",
        'manage.py points_rules import rules.toml --dry-run --reason "Reviewed on staging."',
        'manage.py points_rules revert quiz_completed code --reason "Too much."',
        'manage.py points_rules withdraw quiz_completed r1 --reason "Not this year."',
        "manage.py points_rules lint rules.toml",
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

        ask = self.add_action(actions, "propose", "Ask three questions and suggest a rule.")
        ask.add_argument("activity_type")
        for name, (enum, question) in QUESTIONS.items():
            ask.add_argument(f"--{name}", choices=[str(member) for member in enum], help=question)
        ask.add_argument("--save", type=Path, metavar="FILE", help="Save the draft as a rule file.")

        self.add_action(actions, "list", "The rules in force, with band and category.")

        show = self.add_action(actions, "show", "One rule, and the history of its revisions.")
        show.add_argument("activity_type")

        diff = self.add_action(actions, "diff", "What a file, or another revision, changes.")
        diff.add_argument("target", help="A rule file, or an activity type.")
        diff.add_argument("before", nargs="?", default="code", help="r1, r2, ..., code or now.")
        diff.add_argument("after", nargs="?", default="now", help="The same.")

        out = self.add_action(actions, "export", "Write rules in force and scheduled to a file.")
        out.add_argument("activity_types", nargs="*", metavar="ACTIVITY_TYPE")
        out.add_argument("--format", choices=("toml", "json"), help="By default as FILE's name.")
        out.add_argument("--output", type=Path, metavar="FILE", help="By default standard output.")

        take = self.add_action(actions, "import", "Publish what a rule file changes.")
        take.add_argument("file", type=Path)
        take.add_argument("--reason", required=True, help="Why, for the change log.")
        take.add_argument("--author", metavar="USERNAME", help="Who decided it.")
        take.add_argument("--dry-run", action="store_true", help="Only print what it would change.")

        for action, what, named in (
            ("revert", "Bring an earlier revision back for everybody.", "r1, r2, ... or code."),
            ("withdraw", "Take a revision back: what lies beneath it decides.", "r1, r2, ..."),
        ):
            back = self.add_action(actions, action, what)
            back.add_argument("activity_type")
            back.add_argument("revision", help=named)
            back.add_argument("--reason", required=True, help="Why, for the change log.")
            back.add_argument("--author", metavar="USERNAME", help="Who decided it.")
            back.add_argument("--dry-run", action="store_true", help="Only print what it does.")

        lint = self.add_action(actions, "lint", "Check the rules, and files, against the rubric.")
        lint.add_argument("files", nargs="*", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except PointsError as error:
            raise CommandError(str(error)) from error

    def _propose(self, options: dict[str, Any]) -> None:
        answers = {
            name: enum(options[name] or self._answer(enum, question))
            for name, (enum, question) in QUESTIONS.items()
        }
        name = options["activity_type"]
        proposal = propose(name, rules=rulebook().rules_at(timezone.now()), **answers)
        self.stdout.write(f"Band: {proposal.placing.band}. {proposal.placing.why}.")
        self.stdout.write(
            f"Suggested: {proposal.rule.base_points} points in {proposal.rule.category}.\n\n"
            "The rules most like it:"
        )
        self.table(*_rows(dict(proposal.alike)))
        self.stdout.write("\nThe entry to paste, once its label and notes are written:\n")
        self.stdout.write(as_code(name, proposal.rule))
        if options["save"]:
            draft = to_toml([{"activity_type": name, **to_definition(proposal.rule)}])
            options["save"].write_text(draft, encoding="utf-8")
            self.stdout.write(f"\nSaved as {options['save']}.")

    def _answer(self, enum: Any, question: str) -> str:
        allowed = [str(member) for member in enum]
        while True:
            try:
                given = input(f"{question}? ({', '.join(allowed)}) ").strip().lower()
            except EOFError:
                raise CommandError(
                    "There is nobody to ask; give --effort, --impact and --frequency"
                ) from None
            if given in allowed:
                return given

    def _list(self, options: dict[str, Any]) -> None:
        self.table(*_rows(rulebook().rules_at(timezone.now())))

    def _show(self, options: dict[str, Any]) -> None:
        name = options["activity_type"]
        rule = rulebook().resolve(name, timezone.now())
        placing = place(rule.effort, rule.impact, rule.frequency)
        self.stdout.write(f"{name}, {rule.revision}: {rule.base_points} points for {rule.label}")
        self.stdout.write(f"band: {placing.band}. {placing.why}.")
        for field, _, value in side_by_side({}, to_definition(rule)):
            self.stdout.write(f"{field}: {value}")
        self.stdout.write("\nHistory:")
        history = [
            (
                change.version,
                change.state,
                f"{change.decides_from or change.row.effective_from:%Y-%m-%d %H:%M}",
                f"{change.row.share}%",
                change.row.author or "",
                change.summary,
                change.row.reason,
            )
            for change in changes_of(name)
        ]
        if history:
            header = ("revision", "state", "from (UTC)", "share", "author", "change", "reason")
            self.table(header, history)
        else:
            self.stdout.write("The rule in code was never overridden.")

    def _diff(self, options: dict[str, Any]) -> None:
        target = options["target"]
        if Path(target).suffix in SUFFIXES:
            self._print_changes(Path(target))
            return
        sides = [_definition(target, options[side]) for side in ("before", "after")]
        rows = [
            (d.field, d.before, "->" if d.changed else "", d.after) for d in side_by_side(*sides)
        ]
        self.table(("field", options["before"], "", options["after"]), rows)

    def _print_changes(self, path: Path) -> list[Any]:
        found = changes(path, read_entries(path))
        if not found:
            self.stdout.write(f"{path} changes nothing: all its rules are in force or scheduled.")
        for change in found:
            entry = change.entry
            when = f"from {entry.effective_from.isoformat()}" if entry.effective_from else "at once"
            if entry.effective_until:
                when += f" until {entry.effective_until.isoformat()}"
            whom = "" if entry.share == 100 else f" for {entry.share}% of the members"
            self.stdout.write(f"{entry.activity_type} (line {entry.line}), {when}{whom}:")
            for line in (*change.differences, *change.effects):
                self.stdout.write(f"  {line}")
        return found

    def _export(self, options: dict[str, Any]) -> None:
        names = [rulebook().name_of(name) for name in options["activity_types"]]
        path: Path | None = options["output"]
        chosen = options["format"] or (path.suffix.lstrip(".") if path else "toml")
        if chosen not in ("toml", "json"):
            raise CommandError(f"{path} is neither {' nor '.join(SUFFIXES)}; give --format")
        rules = exported(names or None)
        text = (to_toml if chosen == "toml" else to_json)(rules)
        if path is None:
            self.stdout.write(text, ending="")
        else:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{len(rules)} rules written to {path}.")

    def _import(self, options: dict[str, Any]) -> None:
        author = user_named(options["author"])
        found = self._print_changes(options["file"])
        if options["dry_run"]:
            self.stdout.write(DRY)
            return
        published = publish_all(found, reason=options["reason"], author=author)
        self.stdout.write(self.style.SUCCESS(f"{len(published)} revisions published."))

    def _revert(self, options: dict[str, Any]) -> None:
        name, version = options["activity_type"], options["revision"]
        to = None if version == "code" else _number(version)
        self._print_effects(preview_revert(name, to))
        if options["dry_run"]:
            self.stdout.write(DRY)
            return
        author = user_named(options["author"])
        row = revert(name, to, reason=options["reason"], author=author)
        self.stdout.write(
            self.style.SUCCESS(f"{row} takes effect {row.effective_from.isoformat()}.")
        )

    def _withdraw(self, options: dict[str, Any]) -> None:
        name, revision = options["activity_type"], _number(options["revision"])
        self._print_effects(preview_withdrawal(name, revision))
        if options["dry_run"]:
            self.stdout.write(DRY)
            return
        author = user_named(options["author"])
        rows = withdraw(name, revision, reason=options["reason"], author=author)
        names = ", ".join(f"r{row.revision.revision}" for row in rows)
        self.stdout.write(
            self.style.SUCCESS(
                f"{names} decides nothing from {rows[0].effective_from.isoformat()}."
            )
        )

    def _print_effects(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self.stdout.write(f"  {effect}")

    def _lint(self, options: dict[str, Any]) -> None:
        errors = 0
        for what, rules in _linted(options["files"]):
            wrong = incoherences(rules)
            errors += sum(incoherence.is_error for incoherence in wrong)
            for incoherence in wrong:
                self.stdout.write(f"{what}: {incoherence}")
        if errors:
            raise CommandError(f"{errors} errors")
        self.stdout.write(self.style.SUCCESS("The rules are coherent."))


def _rows(rules: Mapping[str, Rule]) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    header = ("activity type", "category", "band", "base", "day", "week", "enabled", "revision")
    return header, [
        (
            name,
            rule.category,
            place(rule.effort, rule.impact, rule.frequency).band.name,
            rule.base_points,
            rule.max_per_day,
            rule.max_per_week,
            "yes" if rule.enabled else "no",
            rule.revision,
        )
        for name, rule in rules.items()
    ]


def _number(version: str) -> int:
    """Return a revision's number."""
    number = number_of(version)
    if number is None:
        raise CommandError(f"{version!r} is no revision; allowed are r1, r2, ...")
    return number


def _definition(activity_type: str, version: str) -> dict[str, Any]:
    book = rulebook()
    if version == "code":
        return to_definition(book.in_code(activity_type))
    if version == "now":
        return to_definition(book.resolve(activity_type, timezone.now()))
    rule = book.named(activity_type, version)
    if rule is None:
        known = ["code", "now", *(known.name for known in book.revisions_of(activity_type))]
        raise CommandError(f"{activity_type} has no {version!r}; allowed are {', '.join(known)}")
    return to_definition(rule)


def _linted(files: list[Path]) -> Iterator[tuple[str, dict[str, Rule]]]:
    in_force = rulebook().rules_at(timezone.now())
    yield "in code", dict(points_settings().rules)
    yield "in force", in_force
    for path in files:
        rules = {entry.activity_type: entry.rule for entry in read_entries(path)}
        yield str(path), {**in_force, **rules}
