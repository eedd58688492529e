"""The standard tables of business facts and of the organisation: their keys, needs and columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

TYPES = ("text", "date", "timestamp", "money", "number", "integer")
IMPORT_COLUMN = "_import"


@dataclass(frozen=True)
class TableSpec:
    """A standard table.

    A name in `needs` that holds a bar ("lead_id|account_id") asks for at least one of the columns.
    `values` lists the only words a closed column may hold; `minimum` how many must stand behind a row:
    of fewer, single people could be told. `tied` is a time of the key that gives way where two different rows
    have the same one: things that happened in the same second are all kept.
    """

    name: str
    key: tuple[str, ...]
    needs: tuple[str, ...]
    columns: Mapping[str, str]
    owner: str | None
    label_zh: str
    values: Mapping[str, tuple[str, ...]]
    minimum: Mapping[str, int]
    tied: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """The key and the single columns that a row is rejected without."""
        return tuple(dict.fromkeys([*self.key, *(need for need in self.needs if "|" not in need)]))

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """The groups of columns of which a row must fill at least one."""
        return tuple(tuple(need.split("|")) for need in self.needs if "|" in need)


# Every other standard column is text.
_TYPE_OF = {
    "date": "mql_on sql_on disqualified_on created_on closed_on ordered_on signed_on due_on since "
    "issued_on received_on started_on ended_on day given_on assessed_on valid_from valid_to raised_on "
    "answered_on joined_on left_on held_on",
    "timestamp": "first_contact_at changed_at observed_after touched_at done_at started_at finished_at",
    "money": "amount list_price cost budget spend",
    "number": "score quantity minutes favourable mean hours capacity_hours rate people value needed",
    "integer": "impressions clicks registrations attendees leads reach reads shares comments sessions "
    "answers likes interactions engaged",
}
_TYPES = {column: kind for kind, columns in _TYPE_OF.items() for column in columns.split()}


def _table(
    name: str,
    label_zh: str,
    *,
    key: str,
    needs: str = "",
    may: str = "",
    owner: str | None = None,
    types: Mapping[str, str] = MappingProxyType({}),
    values: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    minimum: Mapping[str, int] = MappingProxyType({}),
    tied: str = "",
) -> TableSpec:
    names = [*key.split(), *(part for need in needs.split() for part in need.split("|")), *may.split()]
    columns = {column: types.get(column, _TYPES.get(column, "text")) for column in names}
    return TableSpec(
        name=name,
        key=tuple(key.split()),
        needs=tuple(needs.split()),
        columns=MappingProxyType(columns),
        owner=owner,
        label_zh=label_zh,
        values=MappingProxyType(dict(values)),
        minimum=MappingProxyType(dict(minimum)),
        tied=tied,
    )


_FACTS = [
    _table(
        "leads",
        "线索",
        key="lead_id",
        needs="created_on",
        may="first_contact_at source campaign_id owner region score mql_on sql_on disqualified_on reason",
        owner="owner",
    ),
    _table(
        "accounts",
        "客户",
        key="account_id",
        needs="name",
        may="owner industry region level size since",
        owner="owner",
    ),
    _table(
        "contracts",
        "合同",
        key="contract_id",
        needs="account_id owner signed_on amount",
        may="kind cost opportunity_id currency",
        owner="owner",
        values={"kind": ("new", "renewal")},
    ),
    _table("collection_plan", "回款计划", key="plan_id", needs="contract_id due_on amount", may="milestone"),
    _table(
        "opportunities",
        "商机",
        key="opportunity_id",
        needs="owner stage",
        may="created_on account_id product lead_id amount list_price cost currency closed_on outcome "
        "lost_reason competitor",
        owner="owner",
        values={"outcome": ("won", "lost", "open")},
    ),
    _table(
        "orders",
        "订单",
        key="order_line_id",
        needs="ordered_on amount",
        may="order_id customer owner region product quantity list_price cost currency returned",
        owner="owner",
    ),
    _table(
        "stage_changes",
        "阶段变更",
        key="opportunity_id changed_at",
        needs="to_stage",
        may="from_stage by observed_after",
        owner="by",
    ),
    _table(
        "owner_changes",
        "负责人变更",
        key="opportunity_id changed_at",
        needs="to_owner",
        may="from_owner observed_after",
        owner="to_owner",
    ),
    _table(
        "invoices",
        "应收",
        key="invoice_id",
        needs="customer issued_on due_on amount",
        may="owner opportunity_id order_id credited_invoice_id currency",
        owner="owner",
    ),
    _table(
        "receipts",
        "回款",
        key="receipt_id",
        needs="received_on amount",
        may="invoice_id plan_id received_by currency",
        owner="received_by",
    ),
    _table(
        "campaigns",
        "营销活动",
        key="campaign_id",
        needs="name channel started_on",
        may="ended_on budget owner product",
        owner="owner",
    ),
    _table(
        "campaign_days",
        "活动日报",
        key="campaign_id day",
        may="spend impressions clicks registrations attendees leads",
    ),
    _table(
        "content_days",
        "内容日报",
        key="content_id day",
        needs="channel",
        may="author impressions reach reads likes shares comments interactions engaged leads",
        owner="author",
    ),
    _table(
        "touches",
        "触点",
        key="touch_id",
        needs="touched_at lead_id|account_id",
        may="campaign_id kind person",
        owner="person",
    ),
    _table(
        "activities",
        "销售动作",
        key="activity_id",
        needs="done_at owner kind",
        may="account_id contact_id contact_level minutes",
        owner="owner",
    ),
    _table(
        "feedback",
        "客户反馈",
        key="feedback_id",
        needs="given_on score scale",
        may="customer owner campaign_id comment complaint",
        owner="owner",
        values={"scale": ("nps", "csat")},
    ),
    _table(
        "work_events",
        "工作事件",
        key="case_id activity finished_at",
        may="started_at performer role outcome due_on process",
        owner="performer",
        values={"outcome": ("approved", "rejected", "changed")},
        tied="finished_at",
    ),
    _table("tool_use", "工具使用", key="tool person day", may="sessions minutes feature", owner="person"),
    _table(
        "survey_scores",
        "调研分",
        key="wave team question",
        needs="answers favourable",
        may="mean held_on tag",
        minimum={"answers": 5},
    ),
    _table(
        "skill_assessments",
        "技能评估",
        key="person skill assessed_on",
        needs="level",
        may="by evidence needed",
        owner="person",
        types={"level": "number"},
    ),
    _table("learning", "学习记录", key="person item day", needs="hours", may="form score", owner="person"),
    _table("exchange_rates", "汇率", key="currency valid_from", needs="rate"),
    _table(
        "ideas",
        "改进建议",
        key="idea_id raised_on",
        needs="person",
        may="status answered_on used",
        owner="person",
    ),
    _table(
        "headcount",
        "人力",
        key="team month",
        needs="people",
        may="capacity_hours cost",
        types={"month": "date"},
    ),
    _table("targets", "目标值", key="kpi period unit", needs="value"),
]

_ORGANISATION = [
    _table("people", "人员", key="code", needs="name", may="email joined_on left_on aliases"),
    _table("teams", "团队", key="code", needs="name", may="parent region"),
    _table("memberships", "团队成员", key="person team valid_from", may="role valid_to"),
    _table(
        "manager_links",
        "汇报关系",
        key="person manager kind valid_from",
        may="valid_to",
        values={"kind": ("solid", "dotted")},
    ),
]

TABLES: Mapping[str, TableSpec] = MappingProxyType({spec.name: spec for spec in _FACTS})
ORGANISATION_TABLES: Mapping[str, TableSpec] = MappingProxyType({spec.name: spec for spec in _ORGANISATION})


def table_spec(name: str) -> TableSpec:
    """The spec of a fact or organisation table; KeyError for a name that is neither."""
    return TABLES[name] if name in TABLES else ORGANISATION_TABLES[name]
