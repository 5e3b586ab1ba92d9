"""Maps nbgrader's steps onto this course's folders; nbgrader and formgrader read it when started here."""

import os

from casebook.course.settings import configure

c = get_config()  # noqa: F821  (nbgrader puts it there)
configure(c, os.path.dirname(os.path.abspath(__file__)))
