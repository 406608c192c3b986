"""What each role may do on the page for customer managers."""

from __future__ import annotations

from collections.abc import Mapping

from ui.signin import Role

_COLLEAGUES = frozenset({Role.STAFF, Role.AGENT, Role.ADMIN})
_EVERYONE = frozenset(Role)
TABS: Mapping[str, frozenset[Role]] = {
    "chat": _EVERYONE,
    "products": _EVERYONE,
    "campaigns": _EVERYONE,
    "drafts": _COLLEAGUES,
    "leads": _COLLEAGUES,
}
"""The tabs of the page, in their order, with the roles that they are for."""
