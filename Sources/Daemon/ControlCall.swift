import CommandIO
import Config
import Control
import Glibc
import Report
package import WatchCore

/// A command to the running daemon, from the command line.
package struct ControlCall: Sendable {
    private let socket: String?
    private let configuration: String?

    /// - Parameters:
    ///   - socket: the path of the daemon's control socket; nil looks for it.
    ///   - configuration: the daemon's configuration file; nil: the packaged service.
    package init(socket: String?, configuration: String?) {
        self.socket = socket
        self.configuration = configuration
    }

    /// `oauthwatch status`.
    ///
    /// - Parameter isJSON: print the JSON as it is.
    /// - Returns: the exit status of the worst target, as `oauthwatch trace` has it; 69 when no daemon answers.
    package func status(isJSON: Bool) -> Int32 {
        finish { (answer) in
            let status = answer["status"] ?? .null
            Console.out(isJSON ? status.text(indent: 1) + "\n" : StatusTable.text(status))
            let verdict = status["verdict"]?.string.flatMap(Verdict.init(rawValue:)) ?? .inconclusive
            return ExitCode(verdict, isStrict: false).rawValue
        } of: {
            ["command": "status"]
        }
    }

    /// `oauthwatch silence` and `oauthwatch pause`.
    ///
    /// - Parameters:
    ///   - command: `silence` or `pause`.
    ///   - target: its name; nil: all.
    ///   - duration: how long, as `2h`; nil ends it.
    ///   - reason: one line.
    /// - Returns: the exit status: 0; 1 when the daemon refuses, 64 for a duration that is none, 69 when no daemon
    ///   answers.
    package func hold(_ command: String, target: String?, duration: String?, reason: String) -> Int32 {
        var members = [JSON.Member("reason", .string(reason))]
        if let duration {
            guard let length = DurationText.read(duration), length >= .seconds(1) else {
                Console.error("--for takes a time with its unit, s, m, h or d: 2h")
                return EX_USAGE
            }
            members.append(JSON.Member("for", .integer(Int(length.seconds))))
        } else {
            members.append(JSON.Member("end", true))
        }
        return tell(command, target: target, members)
    }

    /// A command that names a target and prints what the daemon says.
    ///
    /// - Parameters:
    ///   - command: as the daemon knows it.
    ///   - target: its name; nil: all.
    ///   - members: what goes with it.
    /// - Returns: the exit status: 0; 1 when the daemon refuses, 69 when no daemon answers.
    package func tell(_ command: String, target: String?, _ members: [JSON.Member] = []) -> Int32 {
        finish { answer in
            Console.out("\(answer["message"]?.string ?? "")\n")
            return EX_OK
        } of: {
            let whom = target.map { JSON.Member("target", .string($0)) } ?? JSON.Member("all", true)
            return .object([JSON.Member("command", .string(command)), whom] + members)
        }
    }

    private func finish(_ done: (JSON) -> Int32, of request: () -> JSON) -> Int32 {
        do {
            let path = try ControlPlace.find(socket: socket, configuration: configuration)
            let answer = try ControlClient(path: path).ask(request())
            if answer["ok"]?.bool == true { return done(answer) }
            Console.error(answer["error"]?.string ?? "refused")
            return 1
        } catch let error as UsageError {
            Console.error(error.message)
            return error.status
        } catch {
            Console.error("\(error)")
            return EX_UNAVAILABLE
        }
    }
}
