import CommandIO
import CurlHTTP
import Glibc
import Systemd
import WatchCore

/// `oauthwatch setup-user`: makes a user for the flow, or looks whether there is one.
package struct UserSetup: Sendable {
    private let options: SetupOptions

    /// As the options say.
    package init(_ options: SetupOptions) { self.options = options }

    /// Does it, and tells.
    ///
    /// - Returns: the exit status: 0 when the user can log in, as far as could be found out; 1 when not, or when the user
    ///   existed before; 4 when nothing could be found out; 64, 73, 78 when the options make no sense.
    package func run() async -> Int32 {
        // A peer that goes away is an error of that connection, no reason to die.
        signal(SIGPIPE, SIG_IGN)
        do throws(UsageError) {
            do throws(SystemdError) { try ProcessHardening.apply() } catch {
                throw UsageError(message: "cannot keep memory from being dumped: \(error)", status: EX_OSERR)
            }
            if options.password != nil {
                Console.error("--password can be seen by other users of this machine; use --password-file")
            }
            let settings = try SetupSettings(options)
            return await run(settings)
        } catch {
            Console.error(error.message)
            return error.status
        }
    }

    private func run(_ settings: SetupSettings) async -> Int32 {
        let driver: CurlDriver
        do throws(TransportFailure) { driver = try CurlDriver() } catch {
            settings.passwordFile?.remove()
            Console.error(error.message)
            return EX_OSERR
        }
        defer { driver.stop() }
        let server = settings.target.server
        if server.scheme == "http", !server.isLoopback, !options.isDatabaseDirect {
            Console.error("\(server.origin) is not encrypted: others on the way can read the password")
        }
        let session = SetupSession(settings: settings, updates: options.updatesPassword, driver: driver)
        let end: SetupEnd
        if options.isCheckOnly {
            end = await session.check()
        } else {
            end = await session.setUp(databaseOnly: options.isDatabaseDirect)
        }
        if let generated = settings.passwordFile {
            if end.hasAccount {
                Console.out("The password is in \(generated.path)\n")
            } else {
                generated.remove()
            }
        }
        return end.status
    }
}

/// How it ended.
struct SetupEnd: Sendable, Hashable {
    /// The exit status.
    var status: Int32
    /// Whether somebody may have the password now.
    var hasAccount: Bool

    static let done = SetupEnd(status: 0, hasAccount: true)
    /// Nothing was changed.
    static let failed = SetupEnd(status: 1, hasAccount: false)
    /// There is a user, who cannot log in.
    static let useless = SetupEnd(status: 1, hasAccount: true)
    static let inconclusive = SetupEnd(status: 4, hasAccount: true)
}
