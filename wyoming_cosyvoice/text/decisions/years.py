"""The context of an English year."""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import any_of

_IN = any_of("""
    in since year until till before after circa during of by from early mid late fall
    autumn spring summer winter class_of copyright to and around born died [bdc]\\. ca\\.
""")
_MONTH = any_of("""
    january february march april may june july august september october november december
""")
YEAR_BEFORE = rf"(?:^|\s|\()(?i:{_IN}|{_MONTH})\s\(?"

_WORD = any_of("""
    and or to until with was were is are the in at on for but by when as a an had has
    have will would
""")
_THING = any_of("""
    edition model version release season budget BC AD BCE CE B\\.C A\\.D
""")
YEAR_FOLLOWS = rf"\s*(?:$|[.,;:!?()'\"-]|{_WORD}\b|{_THING}\b|[A-Z])"
