"""OneRoster 1.2 as CSV in a zip (1EdTech): a school's roster in, and rosters with results out."""
