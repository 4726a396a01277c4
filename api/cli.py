"""`engage`: the one program. Every command says what went wrong in one sentence and ends with code 1."""

import logging
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import click

TTL_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
MOST_CONTACTS = 1_000_000

_data_dir = click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    envvar="ENGAGE_DATA_DIR",
    help="Where `engage run` keeps its servers and its state [default: .engage].",
)
_smtp_descriptor = click.option("--smtp-fd", "smtp_descriptor", type=int, hidden=True, help="The same for its mail.")
_descriptor = click.option("--fd", "descriptor", type=int, hidden=True, help="Take over this listening socket.")


@click.group(context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]})
@click.version_option(package_name="engage")
def cli() -> None:
    """Engage: a sales engagement platform that an organisation runs itself."""


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Of the API and the SPA; 0: any free one [default: 8000].")
@click.option("--sandbox-port", type=click.IntRange(0, 65535), help="Of the sandbox; 0: any free one [default: 8900].")
@click.option("--demo/--no-demo", default=True, help="With the demo organization; listens on loopback only.")
@click.option("--sandbox/--no-sandbox", default=True, help="With stand-ins of the providers and a movable clock.")
@_data_dir
def run(port: int | None, sandbox_port: int | None, demo: bool, sandbox: bool, data_dir: Path | None) -> None:
    """Everything on this machine: database, Redis, migrations, demo data, sandbox, API and a worker."""
    from api.commands.run import RunOptions
    from api.commands.run import run as run_everything

    run_everything(RunOptions(data_dir or Path(".engage"), port, sandbox_port, demo, sandbox))


@cli.command()
@click.option("--host", help="Address to listen on [default: ENGAGE_HOST].")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on [default: ENGAGE_PORT].")
@_descriptor
@_data_dir
def serve(host: str | None, port: int | None, descriptor: int | None, data_dir: Path | None) -> None:
    """The API and the SPA."""
    from api.commands import processes

    processes.serve(data_dir, descriptor, **_given(host=host, port=port))


@cli.command()
@_data_dir
def worker(data_dir: Path | None) -> None:
    """Jobs and sweepers; start as many as you like."""
    from api.commands import processes

    processes.work(data_dir)


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on [default: ENGAGE_SANDBOX_PORT].")
@_descriptor
@_smtp_descriptor
@_data_dir
def sandbox(port: int | None, descriptor: int | None, smtp_descriptor: int | None, data_dir: Path | None) -> None:
    """Stand-ins of the providers."""
    from api.commands import processes

    processes.stand_in(data_dir, descriptor, smtp_descriptor, **_given(sandbox_port=port))


@cli.command()
@_data_dir
def migrate(data_dir: Path | None) -> None:
    """Bring the database to the newest revision."""
    from api.commands import upkeep

    click.echo(f"The database is at revision {upkeep.migrate(data_dir)}.")


@cli.command()
@click.option("--contacts", type=click.IntRange(1, MOST_CONTACTS), default=1, help="Fill it up to so many contacts.")
@_data_dir
def demo(contacts: int, data_dir: Path | None) -> None:
    """Load the demo organization, where it is missing."""
    from api.commands import people

    people.load_demo(data_dir, contacts, lambda many: click.echo(f"{many:,} of {contacts:,} contacts"))


@cli.group()
def admin() -> None:
    """Administrators."""


@admin.command("create")
@click.option("--organization", required=True, help="Name of the new organization.")
@click.option("--email", required=True, help="What the Administrator signs in with.")
@click.option("--name", required=True, help="The Administrator's name.")
@click.option("--culture", help="Language and region of the Administrator, like de-DE [default: this machine's].")
@click.option("--time-zone", help="Of the Administrator, like Europe/Paris [default: this machine's].")
@click.option("--postal-address", default="", help="Stands at the end of every email; many laws ask for it.")
@click.option("--password", envvar="ENGAGE_ADMIN_PASSWORD", help="To sign in at once; also ENGAGE_ADMIN_PASSWORD.")
@click.option("--password-stdin", is_flag=True, help="Read the password from a line of the standard input.")
@_data_dir
def admin_create(
    organization: str,
    email: str,
    name: str,
    culture: str | None,
    time_zone: str | None,
    postal_address: str,
    password: str | None,
    password_stdin: bool,
    data_dir: Path | None,
) -> None:
    """Make an organization with its first Administrator, who gets a mail to choose a password, unless one is given."""
    from api.commands import machine, people

    culture, time_zone = culture or machine.culture(), time_zone or machine.time_zone()
    new = people.NewAdministrator(organization, email, name, culture, time_zone, postal_address)
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else password
    if password is not None:
        people.create_administrator(data_dir, new, password)
        click.echo(f"{email} administers {organization}.")
    elif link := people.welcome_administrator(data_dir, new):
        click.echo(f"{email} administers {organization} once the password is chosen, within seven days: {link}")
    else:
        click.echo(f"{email} administers {organization} once the password is chosen; the link is on its way by mail.")


@cli.group()
def token() -> None:
    """Personal access tokens."""


def _lifetime(_context: click.Context, _parameter: click.Parameter, value: str) -> timedelta:
    number, unit = value[:-1], TTL_UNITS.get(value[-1:])
    if unit is None or not number.isdecimal() or int(number) == 0:
        raise click.BadParameter("is a number with m, h or d, like 30d.")
    return timedelta(**{unit: int(number)})


@token.command("create")
@click.option("--email", required=True, help="Whose token it is.")
@click.option("--scope", "scopes", multiple=True, help="May be repeated; without one, all that the user may do.")
@click.option("--ttl", default="30d", callback=_lifetime, help="How long it is good: 12h, 30d [default: 30d].")
@_data_dir
def token_create(email: str, scopes: tuple[str, ...], ttl: timedelta, data_dir: Path | None) -> None:
    """Print a new token, and nothing else."""
    from api.commands import people

    click.echo(people.create_token(data_dir, email=email, scopes=scopes, lifetime=ttl))


@cli.group()
def audit() -> None:
    """The audit log."""


@audit.command("verify")
@click.option("--organization", "organization_id", type=click.UUID, help="One by its id; without it, all.")
@_data_dir
def audit_verify(organization_id: UUID | None, data_dir: Path | None) -> None:
    """Follow every chain of entries from its beginning to its end; code 1 when one is broken."""
    from api.commands import auditing

    if not auditing.verify(data_dir, organization_id, click.echo):
        sys.exit(1)


@cli.command()
@click.option("--check", is_flag=True, help="Fail when the kept document is not what the code says.")
@click.option("--stdout", is_flag=True, help="Print instead of writing openapi/openapi.json.")
def openapi(check: bool, stdout: bool) -> None:
    """Write the OpenAPI document."""
    from api.commands import upkeep

    if check:
        upkeep.check_openapi(upkeep.OPENAPI)
    elif stdout:
        click.echo(upkeep.openapi_text(), nl=False)
    else:
        upkeep.write_openapi(upkeep.OPENAPI)


@cli.command()
@click.option("--new-secret-key", is_flag=True, help="Print an entry for ENGAGE_SECRET_KEYS, and nothing else.")
@_data_dir
def doctor(new_secret_key: bool, data_dir: Path | None) -> None:
    """List every setting and look whether the installation can run."""
    from api.commands import run, upkeep

    if new_secret_key:
        click.echo(run.new_secret_key())
        return
    line = ""
    for line in upkeep.examination(data_dir):
        click.echo(line)
    if line != upkeep.WELL:
        sys.exit(1)


@cli.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@_data_dir
def backup(target: Path, data_dir: Path | None) -> None:
    """Write the whole database to TARGET. The secret keys are not in it: keep them too."""
    from api.commands import archive

    archive.backup(data_dir, target)
    click.echo(f"Written to {target}. Keep the secret keys as well: without them connections cannot be read.")


@cli.command()
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@_data_dir
def restore(source: Path, data_dir: Path | None) -> None:
    """Replace the database by SOURCE; nothing is sent until an organization resumes dispatch."""
    from api.commands import archive

    archive.restore(data_dir, source)
    click.echo("Restored, with dispatch paused for every organization.")


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def main() -> None:
    """The console script."""
    # Deprecations are told to developers, by the tests, and not to people at a terminal.
    logging.captureWarnings(capture=True)
    sys.exit(_told(lambda: cli(standalone_mode=False)))


def _told(command: Callable[[], Any]) -> int:
    """Runs a command; its exit code. What people can act on becomes a sentence, the rest a traceback."""
    from adapters.embedded.processes import ServerFailed
    from adapters.running import AlreadyRunning
    from adapters.settings import InvalidSettings
    from api.commands import CommandFailed
    from domain.shared.errors import EngageError, Rejected

    try:
        command()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except Rejected as rejected:
        click.echo(" ".join(error.message for error in rejected.errors), err=True)
    except (CommandFailed, InvalidSettings, AlreadyRunning, ServerFailed, EngageError) as failed:
        click.echo(str(failed), err=True)
    except OSError as failed:
        click.echo(f"{failed.strerror or failed}{f': {failed.filename}' if failed.filename else ''}.", err=True)
    else:
        return 0
    return 1


if __name__ == "__main__":
    main()
