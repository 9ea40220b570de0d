"""Tests of everything, with real parts where they can be had."""

import pytest

# What assertions of shared helpers compared is shown, as for those of tests.
pytest.register_assert_rewrite("tests.support")
