"""The spreadsheet door: CSV files in, placements out, with no server and no database.

`letabli solve FOLDER --out OUT` and `letabli verify FOLDER OUT` use the same matcher as the
application. The files and their columns are in `columns.py`; this page settles what they mean.

Reading
- Delimiter `;`, `,` or tab; UTF-8 with or without byte order mark, or cp1252; headings in any
  order, in English or in French (`columns.py`); numbers with a decimal point or comma. An unknown
  heading or CSV file is left aside with a remark.
- Identifiers keep case and accents; spaces around them fall. One that begins with = + - @ is
  refused, so that no result file can run as a formula.
- A bad line gives one message, at its first bad cell; every file is read before the answer is no.
- Nothing depends on the order of the lines: each list is sorted by key as soon as it is read.

Places
- Postcode and commune together name the place: homonyms are listed, never chosen. A commune alone
  is enough when its name is unique, a postcode alone when it has one commune. The point is then
  the commune's.
- `lat` and `lon` win over the commune for the point. Without a commune, the nearest commune's
  point gives the territory and the road links.
- The territory (vintage 2023) is the one given, else the commune's; `-` means none, and none
  matches none. A pupil's territory is his own line's: the school column says only whose pupils
  are interchangeable, nothing else.

Offers
- A line is the seats of an offer in one week, in any one of several (`2027-W05 2027-W06`) or,
  when empty, in any week that some line of the folder names. One offer may have lines of both
  sorts; the same offer with the same weeks twice is refused.
- `reserved` seats are part of `seats`.

Caps (all off when their columns are empty; `caps.py`)
- `at_once` and `most_of_a_school` count the pupils who are on a line in the same week; `apart`
  names a set of pupils of one school, at most one of whom is on a line in a week. `offer_total`,
  `school_total` and `host_total` count over all lines of the offer or the host and all weeks, and
  are said the same, or not at all, on each of these lines.
- Accepted pupils count. Where they are more than a cap allows they stay, and nobody is added.
- Of two caps one must hold the other, or they share nothing; those that cross are refused by line.

Pupils, wishes and the rest
- `max_km` is rounded to whole tens of metres, like every distance, and both ends are allowed.
- A wish without a week is for every line of the offer; with a week, for the lines that can serve
  it, and it wins over a general wish. A wish out of reach is reported, and the ranks of the
  others stay as typed.
- An accepted pupil stays there even out of reach. Reserved seats go first to the accepted pupils
  who are entitled to them.
- `travel.csv` replaces the computed distance for every line of the offer.
- The lottery key of a pupil is drawn from the seed and his identifier.

Results are written as UTF-8 with a byte order mark, which spreadsheets need to show accents, with
`;` between cells and a decimal point. No clock is read: the same input, seed and version give the
same bytes.
"""
