"""Built at install time, never committed: compiled translations and the chart bundle."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path(__file__).parent / "src" / "steelyard"


def compile_translations() -> None:
    import polib

    for po in PACKAGE.rglob("*.po"):
        polib.pofile(str(po)).save_as_mofile(str(po.with_suffix(".mo")))


def bundle_charts() -> None:
    import vl_convert

    bundle = PACKAGE / "web" / "static" / "web" / "vendor" / "vega.js"
    bundle.parent.mkdir(parents=True, exist_ok=True)
    if not bundle.exists():
        bundle.write_text(vl_convert.javascript_bundle(), encoding="utf-8")


class BuildHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict) -> None:
        compile_translations()
        bundle_charts()


if __name__ == "__main__":
    compile_translations()
    bundle_charts()
