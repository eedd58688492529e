"""Words of measuring: refusals, names of periods and units, and the sentences that open its pages."""
