#pragma once
// libmicrohttpd's variadic functions, which Swift cannot import: one static inline for each use, without logic.
#include <microhttpd.h>

/// MHD_start_daemon(3) for a daemon whose owner polls: callbacks share one context, other options stand in `options`,
/// which ends with MHD_OPTION_END.
static inline struct MHD_Daemon *_Nullable startDaemon(
    unsigned int flags, MHD_AccessHandlerCallback _Nonnull handler, MHD_NotifyConnectionCallback _Nonnull notify,
    size_t (*_Nonnull unescape)(void *_Nullable, struct MHD_Connection *_Nullable, char *_Nullable),
    void *_Nonnull context, const struct MHD_OptionItem *_Nonnull options)
{
    return MHD_start_daemon(
        flags, 0, NULL, NULL, handler, context, MHD_OPTION_NOTIFY_CONNECTION, notify, context,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape, context, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

/// The descriptor that becomes readable when the daemon has work; -1 when there is none.
static inline int daemonDescriptor(struct MHD_Daemon *_Nonnull daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

/// The socket of a connection; -1 when it has none.
static inline int connectionDescriptor(struct MHD_Connection *_Nonnull connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}
