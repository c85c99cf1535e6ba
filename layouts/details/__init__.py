"""Detail pages: pure functions from one record and what belongs to it to components, one module for each kind.

The same page is a side sheet on a wall and a full page elsewhere: `assets/41-detail.css` decides.
"""

from layouts.details.addresses import address_of, is_scene
from layouts.details.facts import FACTS
from layouts.details.page import detail_page, not_found_page
from layouts.details.tree import to_tree
from layouts.details.view import Address, DetailView

__all__ = ["FACTS", "Address", "DetailView", "address_of", "detail_page", "is_scene", "not_found_page", "to_tree"]
