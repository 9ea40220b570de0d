"""Speech quality: words by ``models.judge``, clicks and pitch by the modules here.

pip install -e .[judge]
"""
