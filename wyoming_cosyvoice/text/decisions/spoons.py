"""Decide whether t and T behind a number are spoons: 1/4t salt, 2T butter."""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.patterns import any_of

HEAVY = any_of("""
    trucks? lorry lift crane van pickup trailer jack load vehicle chassis payload capacity of_(?:steel|coal|co2|cargo|freight)
""")
FOOD = any_of("""
    salt sugar pepper vanilla cinnamon nutmeg cloves? ginger cumin paprika turmeric oregano basil thyme parsley cilantro
    rosemary sage dill curry chil[ei] chilli cayenne garlic onion mustard baking yeast cornstarch cornflour flour cocoa
    coffee honey syrup molasses milk cream butter margarine mayo mayonnaise oil olive sesame vegetable canola coconut
    vinegar soy fish worcestershire lemon lime orange water broth stock juice extract zest tomato ketchup sauce jam
    ground fresh dried kosher sea table brown white black red granulated powdered minced chopped grated melted softened
    unsalted salted heavy sour peanut capers? seeds? poppy chia flax
""")

SPOONS = Table(
    "t and T behind a number",
    Row("en", "", "", rf"\s{HEAVY}\b", "word", "the 1/4t lift"),
    Row("en", "", ".*[/⁄].*", "", "spoon", "1/4t of it"),
    Row("en", "", "", rf"\s(?:of\s)?{FOOD}\b", "spoon", "2T butter, 1t vanilla"),
)
"""Without a row that fits they are letters or tons."""
