"""A beam of a page as a line on paper."""

from steelyard.web.beams import Row
from steelyard.web.pdf.parts import BeamLine


def beam_line(row: Row) -> BeamLine:
    beam = row.beam
    return {
        "name": row.label,
        "note": row.note,
        "figure": row.value.text,
        "change": f"{row.distance} {row.judgement}".strip(),
        "judgement": beam.judgement,
        "weight": beam.weight,
        "off_scale": beam.off_scale,
        "notches": list(beam.notches),
        "ring": beam.ring,
        "is_ring_raised": beam.is_ring_raised,
        "band": list(beam.band) if beam.band else None,
    }
