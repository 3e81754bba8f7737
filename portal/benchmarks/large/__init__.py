"""A city of a million cases: some hundred model cases built through the services, cloned by set-based SQL and COPY.

What is genuine. A clone has the moments, people on the staff, texts and data key of its model, and a number, a reporter, ids
and a hash chain of its own: `verify_timeline` passes, and a refold of everything changes no row, because clocks depend on
the timeline alone. Texts and people are sealed for their own rows and open as any others do. Cards have numbers of their own.

What is left out, to be told with every figure: notices older than a year, attachments, the access log, and anchors (clones
count as anchored). Moments repeat among the clones of one model, so lists by due moment meet many equal keys. A first late
signing is forgiven in each clone, although their department had others.
"""

from __future__ import annotations

from datetime import datetime

from escalation.rules.hours import CHINA

AS_OF = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)  # the Monday morning on which the large city stands still
