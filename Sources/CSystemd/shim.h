#pragma once
#include <sys/prctl.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

/// prctl(2) is variadic, which Swift cannot import: PR_SET_DUMPABLE, with 0 or 1.
static inline int setDumpable(unsigned long dumpable) { return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0); }

/// prctl(2), PR_GET_DUMPABLE.
static inline int getDumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
