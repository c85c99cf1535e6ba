"""Cases: one problem tracked to closure, its states and the seven steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from situation.records.base import PlacedRecord


class CaseState(StrEnum):
    """Life of a case (GB/T 30428 workflow). `CASE_STEPS` maps each state onto the seven steps."""

    REPORTED = "reported"  # 上报
    ACCEPTED = "accepted"  # 受理
    REGISTERED = "registered"  # 立案
    DISPATCHED = "dispatched"  # 派遣
    IN_PROGRESS = "in_progress"  # 处置
    REPLIED = "replied"  # 处理反馈
    RETURNED = "returned"  # 回退: back at dispatch
    SUSPENDED = "suspended"  # 挂账
    VERIFIED = "verified"  # 核查
    CLOSED = "closed"  # 结案
    EVALUATED = "evaluated"  # 综合评价
    REJECTED = "rejected"  # 不予立案
    CANCELLED = "cancelled"  # 注销


class CaseStep(StrEnum):
    """The seven steps: 信息收集、案件建立、任务派遣、任务处理、处理反馈、核查结案、综合评价."""

    COLLECT = "collect"
    REGISTER = "register"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    REPLY = "reply"
    CLOSE = "close"
    EVALUATE = "evaluate"


CASE_STEPS: dict[CaseState, CaseStep | None] = {
    CaseState.REPORTED: CaseStep.COLLECT,
    CaseState.ACCEPTED: CaseStep.COLLECT,
    CaseState.REGISTERED: CaseStep.REGISTER,
    CaseState.RETURNED: CaseStep.DISPATCH,
    CaseState.DISPATCHED: CaseStep.DISPATCH,
    CaseState.IN_PROGRESS: CaseStep.HANDLE,
    CaseState.SUSPENDED: CaseStep.HANDLE,
    CaseState.REPLIED: CaseStep.REPLY,
    CaseState.VERIFIED: CaseStep.CLOSE,
    CaseState.CLOSED: CaseStep.EVALUATE,
    CaseState.EVALUATED: CaseStep.EVALUATE,
    CaseState.REJECTED: None,
    CaseState.CANCELLED: None,
}
"""Which step a case in this state waits in; None: it left the workflow without being handled."""


OPEN_STATES = frozenset(
    {
        CaseState.REGISTERED,
        CaseState.DISPATCHED,
        CaseState.RETURNED,
        CaseState.IN_PROGRESS,
        CaseState.SUSPENDED,
        CaseState.REPLIED,
        CaseState.VERIFIED,
    }
)
"""Registered and not closed, cancelled or rejected: what `cases_open` counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """Something that happened to a case."""

    at: datetime
    state: CaseState
    actor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(PlacedRecord):
    """One problem tracked to closure. Overdue is computed from `due_at`, never stored.

    `category` is the GB/T 30428 大类, `subcategory` the 小类; `is_component` tells 部件 from 事件.
    `state_text` is the state as given where no table knows the word: `state` then only says that it is looked after.
    `priority` 1 … 4; `origin` is where the report came from (inspector, hotline, video, public, sensor, other).
    """

    kind: ClassVar[str] = "case"
    number: str = ""
    state: CaseState = CaseState.REPORTED
    state_text: str = ""
    category: str = ""
    subcategory: str = ""
    is_component: bool = False
    origin: str = ""
    priority: int = 3
    description: str = ""
    reported_at: datetime | None = None
    registered_at: datetime | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    updated_at: datetime | None = None
    events: tuple[CaseEvent, ...] = ()
