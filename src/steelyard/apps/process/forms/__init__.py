"""Forms of what people add to the log: calendars, flows, what-ifs."""
