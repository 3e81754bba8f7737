"""PostgreSQL and the Redis protocol without installation, and the foreground process that runs the portal.

Nothing in here imports Django: it decides the environment variables before the settings are read.

Who owns what. Each of the two services is watched by a small *keeper* process of its own. Whoever needs a service holds
a shared lock on `run/<service>.users`; the keeper waits for the exclusive lock on the same file, and getting it means
that nobody is left, so it stops its service and goes. The kernel drops the lock of a process killed with -9 as well.
`manage.py up` and every other command are users of the same kind.

Running as root. PostgreSQL refuses to run as root, and the unprivileged account it runs as cannot pass through the data
folder (0700) nor perhaps through the folders above it (/root). No permission is changed for that: the child is started
inside its own folder while still root and calls it `/proc/self/cwd` from then on.
"""
