import Daemon
@preconcurrency import Glibc

/// The daemon alone: `oauthwatch run` becomes this, so that what stays resident for years holds no command line parser.
///
/// Arguments: the configuration file and the log level, as `oauthwatch run` has checked them.
@main
enum Entry {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else {
            fputs("oauthwatchd: start it by `oauthwatch run --config FILE`\n", stderr)
            exit(EX_USAGE)
        }
        exit(await DaemonProgram(configurationFile: arguments[1], logLevel: arguments[2]).run())
    }
}
