#pragma once
// libcurl's variadic functions are macros with type checks, which Swift cannot import:
// one static inline for each argument type, without logic.
#include <curl/curl.h>
