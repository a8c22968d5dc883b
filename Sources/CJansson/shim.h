#pragma once
#include <jansson.h>

// json_decref is a static inline over a macro on some versions; one name for all.
static inline void json_delete_reference(json_t *_Nonnull json) { json_decref(json); }
