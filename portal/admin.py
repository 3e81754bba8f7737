"""Django looks here for admin classes; they live in the administration room."""

import portal.administration.reference  # noqa: F401
