"""Forms of measuring."""

from .definition import DefinitionForm, YamlDefinitionForm
from .fields import document_of, fields_of

__all__ = ["DefinitionForm", "YamlDefinitionForm", "document_of", "fields_of"]
