"""What upstreams call the states of a case, onto CaseState: the shipped table, which a source's options extend."""

from __future__ import annotations

from collections.abc import Mapping

from situation.records import CaseState

OPEN = "open"
CLOSED = "closed"

ENDED = frozenset({CaseState.CLOSED, CaseState.EVALUATED, CaseState.REJECTED, CaseState.CANCELLED})
"""States that an upstream with only open and closed calls closed."""

STATES: Mapping[str, CaseState] = {
    **{state.value: state for state in CaseState},
    "上报": CaseState.REPORTED,
    "受理": CaseState.ACCEPTED,
    "立案": CaseState.REGISTERED,
    "派遣": CaseState.DISPATCHED,
    "处置": CaseState.IN_PROGRESS,
    "处理反馈": CaseState.REPLIED,
    "回退": CaseState.RETURNED,
    "挂账": CaseState.SUSPENDED,
    "核查": CaseState.VERIFIED,
    "结案": CaseState.CLOSED,
    "综合评价": CaseState.EVALUATED,
    "不予立案": CaseState.REJECTED,
    "注销": CaseState.CANCELLED,
    # the same steps as work-order systems (工单) call them
    "待受理": CaseState.REPORTED,
    "已上报": CaseState.REPORTED,
    "已受理": CaseState.ACCEPTED,
    "待立案": CaseState.ACCEPTED,
    "已立案": CaseState.REGISTERED,
    "待派遣": CaseState.REGISTERED,
    "已派遣": CaseState.DISPATCHED,
    "已派单": CaseState.DISPATCHED,
    "待处置": CaseState.DISPATCHED,
    "处置中": CaseState.IN_PROGRESS,
    "处理中": CaseState.IN_PROGRESS,
    "办理中": CaseState.IN_PROGRESS,
    "已处置": CaseState.REPLIED,
    "待核查": CaseState.REPLIED,
    "已核查": CaseState.VERIFIED,
    "待结案": CaseState.VERIFIED,
    "已结案": CaseState.CLOSED,
    "已办结": CaseState.CLOSED,
    "办结": CaseState.CLOSED,
    "已归档": CaseState.CLOSED,
    "已评价": CaseState.EVALUATED,
    "退回": CaseState.RETURNED,
    "已退回": CaseState.RETURNED,
    "已回退": CaseState.RETURNED,
    "已挂账": CaseState.SUSPENDED,
    "不予受理": CaseState.REJECTED,
    "已注销": CaseState.CANCELLED,
    "已作废": CaseState.CANCELLED,
    "已撤销": CaseState.CANCELLED,
    # CitySDK, as Helsinki's servers speak it
    "assigned": CaseState.DISPATCHED,
    "moved_to_other_system": CaseState.DISPATCHED,
    "informed": CaseState.DISPATCHED,
    "transferred_out": CaseState.RETURNED,
    "wait_for_answer": CaseState.IN_PROGRESS,
    "wait_for_comment": CaseState.IN_PROGRESS,
    # codes of case systems that speak English
    "new": CaseState.REPORTED,
    "accept": CaseState.ACCEPTED,
    "filed": CaseState.REGISTERED,
    "working": CaseState.IN_PROGRESS,
    "done": CaseState.REPLIED,
    "sent_back": CaseState.RETURNED,
    "on_hold": CaseState.SUSPENDED,
    "checked": CaseState.VERIFIED,
    "scored": CaseState.EVALUATED,
    "refused": CaseState.REJECTED,
    "void": CaseState.CANCELLED,
    "received": CaseState.REPORTED,
    "in_process": CaseState.IN_PROGRESS,
    "processed": CaseState.CLOSED,
    "archived": CaseState.CLOSED,
}

ORIGINS: Mapping[str, str] = {
    **{origin: origin for origin in ("inspector", "hotline", "video", "public", "sensor", "other")},
    "监督员上报": "inspector",
    "12345热线": "hotline",
    "12345 热线": "hotline",
    "视频": "video",
    "公众": "public",
    "物联告警": "sensor",
}


def read_states(key: str, given: Mapping[str, str]) -> dict[str, CaseState]:
    """The shipped table with a source's own words; raises ValueError for a state that does not exist."""
    own = {}
    for word, state in given.items():
        try:
            own[word.lower()] = CaseState(state)
        except ValueError as error:
            allowed = ", ".join(CaseState)
            raise ValueError(f"sources.{key}.options.states.{word}: {state!r}; allowed: {allowed}") from error
    return {**STATES, **own}
