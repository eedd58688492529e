"""A fishbone's places: whatever the texts, no two of them stand on each other, and all are in the picture."""

from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.charts.fishbone import LINE, WRAP, Bone, Item, layout, wrapped
from steelyard.charts.scale import text_width

TEXT = st.text(alphabet="ab 报价太晚，wM", min_size=1, max_size=70).filter(str.strip)
BONES = st.lists(
    st.builds(
        Bone,
        name=st.sampled_from(["Goals", "Market and product", "市场与产品"]),
        items=st.lists(st.builds(Item, text=TEXT, mark=st.just("–")), max_size=6).map(tuple),
    ),
    min_size=7,
    max_size=7,
)


def boxes(drawn):
    """(left, top, right, bottom) of every item."""
    for words in drawn.items:
        width = max((text_width(line) for line in words.lines), default=0)
        yield words.x - width, words.y - 11, words.x, words.y - 11 + len(words.lines) * LINE


def test_names_stand_clear_of_each_other():
    bones = [Bone("Market and product", note="● 54%") for _ in range(7)]
    drawn = layout(bones, problem="x")
    for names, notes in ((drawn.names[:4], drawn.notes[:4]), (drawn.names[4:], drawn.notes[4:])):
        ends = [note.x + text_width(note.lines[0]) for note in notes]
        assert all(end < name.x for end, name in zip(ends, names[1:], strict=False))
        assert names[0].x >= 0


@settings(max_examples=60, deadline=None)
@given(BONES, TEXT)
def test_texts_stand_clear_of_each_other_and_inside(bones, problem):
    drawn = layout(bones, problem=problem)
    found = list(boxes(drawn))
    for left, top, right, bottom in found:
        assert left >= 0
        assert right <= drawn.width
        assert top >= 0
        assert bottom <= drawn.height
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            is_apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] + 1 or other[3] <= one[1] + 1
            )
            assert is_apart, (one, other)


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_a_wrapped_text_is_whole_and_fits(text):
    lines = wrapped(text, WRAP)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line) <= WRAP for line in lines)


def test_the_same_bones_are_drawn_the_same():
    bones = [Bone(str(n), (Item("报价发得太晚"),)) for n in range(7)]
    assert layout(bones, problem="x") == layout(bones, problem="x")
