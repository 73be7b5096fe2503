"""Tables of Markdown, as many as a page can show."""

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table

MAX_CELLS = 10_000
"""Of all tables of one text; short rows count as if they were filled, as they are filled when shown."""

_SPENT = "table_cells"


def bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's rule for tables, up to MAX_CELLS cells; the lines of further tables are shown as typed."""
    spent = state.env.get(_SPENT, 0)
    if spent >= MAX_CELLS or not table(state, start, end, True):
        return False
    columns = state.src[state.bMarks[start] : state.eMarks[start]].count("|") + 1
    rows = next((line for line in range(start, end) if state.isEmpty(line)), end) - start
    state.env[_SPENT] = MAX_CELLS if spent + columns * rows > MAX_CELLS else spent + (0 if silent else columns * rows)
    return state.env[_SPENT] < MAX_CELLS and (silent or table(state, start, end, silent))
