"""Logs: one JSON line an event on stderr, with nothing secret in it."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET_NAMES = re.compile(r"pass|token|secret|cookie|authorization|session|csrf|otp|answer|amount|pay", re.I)
SECRET_PATHS = re.compile(r"(/accounts/invitation/[^/\s]+/)[^/\s]+")
HIDDEN = "[hidden]"


def hide_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop values by the name of their key, and the one-time part of an invitation's address."""
    for key, value in event.items():
        if SECRET_NAMES.search(key):
            event[key] = HIDDEN
        elif isinstance(value, str):
            event[key] = SECRET_PATHS.sub(rf"\g<1>{HIDDEN}", value)
    return event


SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def settings(level: str) -> dict[str, Any]:
    """Django's LOGGING; structlog's own loggers go the same way."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    hide_secrets,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django gives its own loggers handlers of their own; ours is enough.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "axes": {"level": "WARNING"},
        },
    }
