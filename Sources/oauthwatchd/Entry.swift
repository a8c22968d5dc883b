import Daemon
@preconcurrency import Glibc

/// The daemon alone: `oauthwatch run` becomes this, so that what stays resident for years holds no command line parser.
///
/// Arguments: the configuration file, the log level, and the log format when one is wanted, as `oauthwatch run` has checked them.
@main
enum Entry {
    static func main() async {
        let arguments = CommandLine.arguments
        guard (3...4).contains(arguments.count) else {
            fputs("oauthwatchd: start it by `oauthwatch run --config FILE`\n", stderr)
            exit(EX_USAGE)
        }
        let format = arguments.count > 3 ? arguments[3] : nil
        exit(
            await DaemonProgram(configurationFile: arguments[1], logLevel: arguments[2], logFormat: format).run())
    }
}
