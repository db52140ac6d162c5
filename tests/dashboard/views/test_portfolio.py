"""Many workflows on one review: figures, filters in the link, what holds folded."""

from __future__ import annotations

from dataclasses import replace

from leadline.dashboard.views.weekly.portfolio import MOST_ROWS
from leadline.dashboard.words.portfolio import (
    by_state,
    cost_by_currency,
    filtered,
    folded_line,
    portfolio_figures,
)
from leadline.metrics.results import Review, WorkflowReview
from tests.dashboard import example_reviews as examples
from tests.dashboard.conftest import Show
from tests.dashboard.paging import assert_nothing_is_live, opened, text


def many(count: int = 12) -> Review:
    """Worst first, as reviews are; owners by turns."""

    def made(kind: WorkflowReview, at: int) -> WorkflowReview:
        return replace(
            kind, workflow=f"{kind.workflow}-{at}", name=f"{kind.name} {at}", owner=f"Owner {at % 3}"
        )

    kinds = (examples.drifting(), examples.too_early(), examples.holding())
    return examples.review(*(made(kind, at) for kind in kinds for at in range(count // 3)))


def test_a_portfolio_opens_with_its_figures_and_folds_what_holds(reviewing: Show) -> None:
    reviewing(many())
    app = opened()
    assert [(each.label, each.value) for each in app.metric] == [
        ("Drifting", "4"), ("To be decided", "4"), ("Cost so far", "€1.6m"), ("Overdue", "0"),
    ]  # fmt: skip
    folds = [each.label.replace("\\", "") for each in app.expander]
    assert "● Holding (4): Content studio 0, Content studio 1, Content studio 2 and Content studio 3" in folds
    told = text(app)
    assert "Lead routing agent 3" in " ".join(link.proto.label for link in app.get("page_link"))
    assert told.count("Pause the workflow") == 4
    assert not app.get("plotly_chart")


def test_of_many_that_drift_the_costliest_are_drawn_and_the_rest_is_a_line(reviewing: Show) -> None:
    reviewing(many(45))
    app = opened()
    assert text(app).count("Pause the workflow") == MOST_ROWS
    folds = [each.label.replace("\\", "") for each in app.expander]
    assert any(fold.startswith("◆ 5 more drifting: Lead routing agent") for fold in folds)
    assert not [field for field in app.text_input if field.key and field.key.startswith("carry ")]


def test_what_is_filtered_by_stands_in_the_link(reviewing: Show) -> None:
    reviewing(many())
    app = opened(state="Drifting", owner="Owner 1")
    assert [each.value for each in app.metric][:2] == ["1", "1"]
    app.text_input(key="search").set_value("nothing like it").run()
    assert "No workflow fits what is chosen above." in text(app)
    odd = opened(state="<script>", owner="nobody", search="=1+1")
    assert not odd.exception
    assert_nothing_is_live(odd)


def test_the_review_is_shown_one_workflow_a_screen_and_turned(reviewing: Show) -> None:
    shown = many(6)
    reviewing(shown)
    first, second, *_ = (each.workflow for each in shown.workflows)
    app = opened(show=first, week="2024-06-30")
    assert f"**1 of 6** · {shown.workflows[0].name}" in text(app)
    assert app.button(key="Before").disabled
    app.button(key="Next").click().run()
    assert app.query_params["show"] == second
    app.button(key="leave").click().run()
    assert "show" not in app.query_params
    assert "Overdue" in [each.label for each in app.metric]
    assert "**1 of 6**" in text(opened(show="<b>nobody</b>"))


def test_five_are_no_portfolio(reviewing: Show) -> None:
    reviewing(examples.review(*many().workflows[:5]))
    assert "Overdue" not in [each.label for each in opened().metric]


def test_costs_in_two_currencies_are_no_sum() -> None:
    one, other = many().workflows[:2]
    assert other.cost is not None
    both = (one, replace(other, cost=replace(other.cost, currency="USD")))
    assert cost_by_currency(both) == {"EUR": 402_000.0, "USD": 402_000.0}
    assert portfolio_figures(both)[2].value == "€402k + $402k"
    assert portfolio_figures(many().workflows[-2:])[2].value == "None counted"


def test_filters_are_met_together_and_in_any_letters() -> None:
    review = many()
    assert len(filtered(review, (), None, "")) == 12
    assert {each.verdict for each in filtered(review, ("Holding",), None, "")} == {"aligned"}
    assert [each.workflow for each in filtered(review, ("Holding",), "Owner 1", "STUDIO")] == [
        "content-studio-1"
    ]
    assert filtered(review, ("Holding",), None, "routing") == ()
    assert {each.owner for each in filtered(review, (), None, "", "Owner 1")} == {"Owner 1"}


def test_states_come_worst_first() -> None:
    review = many()
    assert [verdict for verdict, _ in by_state(review.workflows)] == ["diverging", "too_early", "aligned"]
    assert folded_line("aligned", [replace(examples.holding(), name="A\nB")]) == "● Holding (1): A B"
