"""What imports, mappings and the lake refuse: each sentence says the place and what to do."""

from django.utils.translation import gettext_lazy as _

FILES = {
    "import.no-file": _("No file was chosen. Choose one file or several."),
    "import.not-a-file": _("%(file)s is a folder or a device. Choose a file."),
    "import.empty-file": _("%(file)s is empty. Export it again and look inside before you upload it."),
    "import.file-too-large": _(
        "%(file)s is %(size|bytes)s large; %(limit|bytes)s are taken here. "
        "Split it by month or year, or use the command line, which takes larger files."
    ),
    "import.unreadable-file": _("%(file)s cannot be read (%(reason)s). Save it again, as CSV if need be."),
    "import.password-protected": _("%(file)s is protected by a password. Save it without one."),
    "import.not-a-table": _("%(file)s is not a table. CSV, Excel, Parquet and XES files can be read."),
    "import.web-page": _(
        "%(file)s is a web page, whatever its name says. Open it in a spreadsheet and save it as XLSX or CSV."
    ),
    "import.broken-archive": _(
        "%(file)s is a broken archive (%(reason)s). Download it or pack it once more."
    ),
    "import.archive-without-table": _(
        "%(file)s is an archive without a table. Unpack it and upload the files."
    ),
    "import.too-many-members": _(
        "The archive %(file)s holds %(members|count)s files; %(limit|count)s are allowed. Unpack it first."
    ),
    "import.expands-too-much": _(
        "%(file)s grows to more than %(limit|count)s times its size when it is unpacked. Upload it unpacked."
    ),
    "import.unknown-sheet": _("%(file)s has no sheet “%(sheet)s”. It has: %(sheets)s. Choose one of these."),
    "import.bad-encoding": _(
        "Line %(line)s of %(file)s is not valid %(encoding)s. Choose another encoding, "
        "or save the file as UTF-8."
    ),
    "import.unknown-encoding": _(
        "The encoding of %(file)s cannot be told (line %(line)s). "
        "Choose it by hand, or save the file as UTF-8."
    ),
    "import.unclosed-quote": _(
        "In %(file)s a quotation mark that opens on line %(line)s is never closed. Mend that line."
    ),
    "import.broken-quote": _(
        "In %(file)s a quotation mark stands in the wrong place on line %(line)s. Mend that line."
    ),
    "import.field-too-long": _(
        "In %(file)s a cell from line %(line)s on is too long to be one. "
        "A quotation mark may be missing there."
    ),
    "import.no-columns": _("No row of %(file)s looks like a header. Say on which line the header stands."),
    "import.too-many-columns": _(
        "%(file)s has %(columns|count)s columns; %(limit|count)s are taken. Leave out what is not needed."
    ),
    "import.duplicate-column": _(
        "%(file)s has two columns named “%(column)s”. Rename one of them in the file."
    ),
    "import.nested-column": _("The column %(column)s of %(file)s holds lists or records. Flatten it."),
    "import.binary-column": _("The column %(column)s of %(file)s holds bytes. Leave it out of the file."),
    "import.too-many-rows": _("There are more than %(limit|count)s rows. Split the file by month or year."),
    "import.too-much-memory": _("Reading the files took more memory than allowed. Split them and try again."),
    "import.took-too-long": _("Reading the files took longer than allowed. Split them and try again."),
    "import.cancelled": _("Cancelled. Nothing was changed."),
}
LOGS = {
    "import.broken-xml": _(
        "%(file)s is not valid XML from line %(line)s on (%(reason)s). Export the log once more."
    ),
    "import.xml-with-doctype": _(
        "%(file)s declares a document type on line %(line)s. Such files are not read, because they can hide "
        "other files and endless text. Export the log as plain XES."
    ),
    "import.xml-too-deep": _(
        "On line %(line)s of %(file)s more than %(limit|count)s elements stand inside one another. "
        "That is no event log."
    ),
    "import.event-without-trace": _(
        "On line %(line)s of %(file)s an event belongs to no case. Export the log with its traces."
    ),
    "import.ragged-row": _(
        "Line %(line)s of %(file)s has %(cells|count)s cells, and its header has %(columns|count)s. "
        "Mend that line."
    ),
    "log.column-not-found": _(
        "No column of %(file)s is known to hold what an event log needs (%(column)s). "
        "Say which it is. The file has: %(has)s."
    ),
    "log.not-a-time": _(
        "Line %(line)s of %(file)s has no time in the column %(column)s, but “%(value)s”. Mend that line."
    ),
    "log.record-not-understood": _(
        "On line %(line)s of %(file)s the record of an approval in the column %(column)s is not understood "
        "from “%(value)s” on. Mend that cell, or leave the row out."
    ),
    "import.uneven-row": _(
        "Line %(line)s of %(file)s has more or fewer cells than its header. Mend that line."
    ),
    "log.not-times": _("The column %(column)s of %(file)s holds no times (%(kind)s). Choose another column."),
    "log.day-or-month": _(
        "Day and month cannot be told apart in the column %(column)s of %(file)s (%(examples)s). "
        "Write the year first in the file."
    ),
}
READING = {
    "import.ambiguous-date": _(
        "Day and month cannot be told apart in the column %(column)s of %(file)s (%(examples)s). "
        "Say which comes first."
    ),
    "import.mixed-dates": _(
        "The column %(column)s writes some dates with the day first and some with the month first "
        "(%(examples)s). Bring them to one form in the file."
    ),
    "import.missing-column": _(
        "%(file)s has no column “%(column)s”, which the mapping names. It has: %(has)s. Change the mapping."
    ),
    "import.unmapped-need": _(
        "The table %(table)s needs %(column)s, and no column of %(file)s feeds it. "
        "Choose a column for it, or give one value for all rows."
    ),
    "import.join-not-unique": _(
        "The value “%(value)s” comes more than once in the column %(column)s of %(file)s, "
        "so rows cannot be joined to it. Keep each value once."
    ),
    "import.file-missing": _(
        "The mapping needs a file named like %(pattern)s. Upload it together with the others."
    ),
    "import.file-not-in-mapping": _(
        "The mapping says nothing of %(file)s; it knows %(patterns)s. Rename the file or change the mapping."
    ),
    "import.unknown-table": _("There is no table “%(table)s”. There are: %(tables)s."),
    "import.already-decided": _(
        "This import has been decided already. Upload the files again to start anew."
    ),
    "import.not-checked": _("This import has not been checked. Run the dry run first."),
    "import.job-running": _("A job works on this import at the moment. Wait for it, or cancel it."),
    "import.changed-nothing": _("This import changed nothing, so there is nothing to undo."),
    "import.not-published": _("This import was never committed, so there is nothing to undo."),
}
MAPPING = {
    "mapping.unreadable": _("The mapping %(file)s is not valid YAML: %(reason)s"),
    "mapping.bad-value": _(
        "The mapping has a value that does not fit at %(place)s: “%(value)s”. Correct it."
    ),
    "mapping.unknown-key": _(
        "The mapping has an unknown word at %(place)s: “%(key)s”. Correct or remove it."
    ),
    "mapping.feeds-nothing": _("The mapping feeds no table. Name one."),
    "mapping.unknown-table": _("The mapping names a table that does not exist: “%(table)s”. Correct it."),
    "mapping.table-not-fed": _(
        "The mapping does not feed the table %(table)s. Choose another mapping or table."
    ),
    "mapping.unknown-file": _(
        "The mapping of %(table)s names “%(file)s”, which is not among its files. Add it there."
    ),
    "mapping.no-file-named": _("The mapping names files but not which of them feeds %(table)s. Add “from”."),
    "mapping.one-origin": _(
        "At %(place)s the mapping must give exactly one of: a file column, one value, columns to join, "
        "a measure."
    ),
    "mapping.names-missing": _("The mapping says that a file has no header. Name its columns under “names”."),
    "mapping.measure-without-group": _(
        "At %(place)s the mapping measures a group of lines and forms none. Add “group: true” to the table."
    ),
}
SNAPSHOTS = {
    "mapping.snapshot-without-source": _(
        "A full snapshot is held against what its source brought before, so the source needs a name. "
        "Give it one."
    ),
    "snapshot.older": _(
        "This snapshot was taken on %(as_of)s, and a newer one of the same source, of %(newest)s, has been "
        "committed already. Correct the day, or undo the newer one first."
    ),
    "snapshot.same-time": _(
        "Another snapshot of the same source and moment (%(as_of)s) has been committed already, "
        "and this one differs. If it corrects the other, undo that one first; "
        "if it was taken later, say at what time."
    ),
    "snapshot.retires-most": _(
        "This snapshot would remove %(retired|count)s of the %(held|count)s rows of %(table)s "
        "that its source has. Is the file complete? If so, confirm it in so many words."
    ),
    "snapshot.in-future": _("A snapshot cannot have been taken on %(as_of)s, which is yet to come."),
    "snapshot.stretch-reversed": _("The stretch ends on %(last)s, before it begins on %(first)s."),
    "snapshot.no-such-date": _(
        "The snapshot covers a stretch of the column %(column)s, and no table that it feeds has such dates. "
        "Choose another column, or the whole source."
    ),
}
INBOX = {
    "inbox.not-a-file": _("%(file)s is a link or a device, not a file. Copy the file itself here."),
    "inbox.unknown-source": _(
        "There is no source “%(source)s” that remembers how its files are read. "
        "Import one of its files by hand first and give the source this name, "
        "then put the next files into its folder."
    ),
    "inbox.worker-lost": _(
        "The process that imported this file ended again and again before it was done. "
        "Import the file by hand, or ask an administrator to look into the server's log."
    ),
    "inbox.too-many-alike": _("There are too many files named %(file)s already. Tidy up the folder."),
}
LAKE = {
    "lake.busy": _("Another import is writing at the moment. Try again when it is done."),
    "lake.unknown-table": _("There is no table “%(table)s”."),
    "rebuild.differs": _(
        "Rebuilt from the originals, %(table)s would differ from snapshot %(snapshot)s, "
        "so nothing was replaced. Restore a backup, or report this."
    ),
    "data.unknown-source": _("There is no source “%(source)s”."),
}
REFUSALS = {**FILES, **LOGS, **READING, **MAPPING, **SNAPSHOTS, **INBOX, **LAKE}
