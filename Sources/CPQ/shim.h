#pragma once
#include <libpq-fe.h>

// Swift does not import a macro that is a character.
static const int oauthwatch_pg_message_primary = PG_DIAG_MESSAGE_PRIMARY;
