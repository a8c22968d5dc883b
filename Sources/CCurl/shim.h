#pragma once
// libcurl's variadic functions are macros with type checks, which Swift cannot import:
// one static inline for each argument type, without logic.
#include <curl/curl.h>
#include <openssl/crypto.h>
#include <stdint.h>

typedef int (*ccurl_debug_function)(
    CURL *_Nonnull, curl_infotype, char *_Nullable, size_t, void *_Nullable);
typedef size_t (*ccurl_data_function)(char *_Nullable, size_t, size_t, void *_Nullable);
typedef int (*ccurl_request_function)(void *_Nullable, char *_Nullable, char *_Nullable, int, int);
typedef curl_socket_t (*ccurl_socket_function)(
    void *_Nullable, curlsocktype, struct curl_sockaddr *_Nullable);

static inline CURLcode ccurl_set_long(CURL *_Nonnull handle, CURLoption option, long value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_offset(CURL *_Nonnull handle, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_string(CURL *_Nonnull handle, CURLoption option, const char *_Nullable value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *_Nonnull handle, CURLoption option, const void *_Nullable value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_data_function(
    CURL *_Nonnull handle, CURLoption option, ccurl_data_function _Nonnull value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode ccurl_set_debug_function(CURL *_Nonnull handle, ccurl_debug_function _Nonnull value) {
    return (curl_easy_setopt)(handle, CURLOPT_DEBUGFUNCTION, value);
}

static inline CURLcode ccurl_set_socket_function(CURL *_Nonnull handle, ccurl_socket_function _Nonnull value) {
    return (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}

static inline CURLcode ccurl_get_context(CURL *_Nonnull handle, void *_Nullable *_Nonnull value) {
    return (curl_easy_getinfo)(handle, CURLINFO_PRIVATE, value);
}

static inline CURLcode ccurl_get_long(CURL *_Nonnull handle, CURLINFO info, long *_Nonnull value) {
    return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode ccurl_get_offset(CURL *_Nonnull handle, CURLINFO info, curl_off_t *_Nonnull value) {
    return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode ccurl_get_string(
    CURL *_Nonnull handle, CURLINFO info, const char *_Nullable *_Nonnull value) {
    return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode ccurl_get_certificates(
    CURL *_Nonnull handle, struct curl_certinfo *_Nullable *_Nonnull value) {
    return (curl_easy_getinfo)(handle, CURLINFO_CERTINFO, value);
}

static inline CURLSHcode ccurl_share(CURLSH *_Nonnull share, curl_lock_data what) {
    return (curl_share_setopt)(share, CURLSHOPT_SHARE, what);
}

// What newer versions of libcurl have, and what stands for it in older ones.

/// http and https only.
static inline CURLcode ccurl_set_web_protocols(CURL *_Nonnull handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return (curl_easy_setopt)(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return (curl_easy_setopt)(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/// Call `function` on each connection, new or used before, before a request is sent on it. Not possible before 7.80.
static inline CURLcode ccurl_set_request_function(
    CURL *_Nonnull handle, ccurl_request_function _Nonnull function, void *_Nonnull context) {
#if LIBCURL_VERSION_NUM >= 0x075000
    CURLcode code = (curl_easy_setopt)(handle, CURLOPT_PREREQFUNCTION, function);
    return code ? code : (curl_easy_setopt)(handle, CURLOPT_PREREQDATA, context);
#else
    return CURLE_UNKNOWN_OPTION;
#endif
}

/// Do not wait for a name lookup that is given up. Before 7.87 libcurl always waits.
static inline CURLcode ccurl_set_quick_exit(CURL *_Nonnull handle) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return (curl_easy_setopt)(handle, CURLOPT_QUICK_EXIT, 1L);
#else
    return CURLE_OK;
#endif
}

/// Keep the parsed CA certificates for this many seconds. Before 7.87 they are read for each connection.
static inline CURLcode ccurl_set_ca_cache(CURL *_Nonnull handle, long seconds) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return (curl_easy_setopt)(handle, CURLOPT_CA_CACHE_TIMEOUT, seconds);
#else
    return CURLE_OK;
#endif
}
