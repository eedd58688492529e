"""The verbs a person types. Every verb that prints figures has `--json`."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from steelyard.cli import (
    cascade,
    catalogue,
    data,
    demo,
    diagnose,
    imports,
    kpi,
    localise,
    manage,
    process,
    reach,
    rebuild,
    sample,
    serve,
    smart,
    users,
)
from steelyard.errors import Refused

app = typer.Typer(
    name="steelyard",
    help="Steelyard 定盘星: where the team stands, why, what to do about it, and whether it worked.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    data_folder: Annotated[
        Path | None, typer.Option("--data", help="The data folder. Default: $STEELYARD_DATA, else ./var.")
    ] = None,
    as_user: Annotated[
        str | None,
        typer.Option("--as", help="Act as this user (e-mail). Default: local operator, an analyst's rights."),
    ] = None,
) -> None:
    if data_folder is not None:
        os.environ["STEELYARD_DATA"] = str(data_folder.resolve())
    if as_user is not None:
        os.environ["STEELYARD_AS"] = as_user


app.command("import")(imports.import_files)
app.command("data")(data.data)
app.command("rebuild")(rebuild.rebuild)
app.command("kpi")(kpi.kpi)
app.command("catalogue")(catalogue.catalogue)
app.command("diagnose")(diagnose.diagnose)
app.command("localise")(localise.localise)
app.command("process")(process.process)
app.command("cascade")(cascade.cascade)
app.command("smart")(smart.smart)
app.command("reach")(reach.reach)
app.command("sample")(sample.sample)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("user")(users.user)
app.command("manage", context_settings=manage.PASS_ON)(manage.manage)


def main() -> None:
    """Run a verb; a refusal is one clear line on stderr (JSON with --json) and exit code 2."""
    try:
        app()
    except Refused as refusal:
        if "--json" in sys.argv:
            print(json.dumps({"error": refusal.code, **refusal.params}, default=str), file=sys.stderr)
        else:
            from steelyard.cli.output import sentence

            print(sentence(refusal), file=sys.stderr)
        sys.exit(2)
