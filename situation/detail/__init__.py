"""What a detail page tells beside its record: what lies around it, what is related and why, an area's numbers."""

from situation.detail.areas import (
    AreaNumbers,
    Rank,
    area_cases,
    area_numbers,
    children_of,
    covering,
    path_of,
    ranks,
    siblings_of,
)
from situation.detail.departments import DepartmentNumbers, department_cases, department_numbers
from situation.detail.near import Near, near, spot_of
from situation.detail.relations import Reason, Relation, Subject, relations, subject_of
from situation.detail.urgent import Urgent, most_urgent
from situation.detail.warnings import WarnedGround, chain_of, ground_of_warning, warnings_at

__all__ = [
    "AreaNumbers",
    "DepartmentNumbers",
    "Near",
    "Rank",
    "Reason",
    "Relation",
    "Subject",
    "Urgent",
    "WarnedGround",
    "area_cases",
    "area_numbers",
    "chain_of",
    "children_of",
    "covering",
    "department_cases",
    "department_numbers",
    "ground_of_warning",
    "most_urgent",
    "near",
    "path_of",
    "ranks",
    "relations",
    "siblings_of",
    "spot_of",
    "subject_of",
    "warnings_at",
]
