import Glibc

/// Keeps passwords given on the command line out of `/proc/PID/cmdline`.
package enum CommandLineSecrets {
    private static let option = "--password"

    /// Overwrites the value of each `--password` in the memory that the kernel shows; call it first of all.
    ///
    /// Source: proc_pid_cmdline(5).
    package static func overwrite() {
        let arguments = CommandLine.unsafeArgv
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = arguments[index] else { continue }
            let text = String(cString: argument)
            if text == option, index + 1 < CommandLine.argc, let value = arguments[index + 1] {
                fill(value, from: 0)
            } else if text.hasPrefix(option + "=") {
                fill(argument, from: option.utf8.count + 1)
            }
        }
    }

    private static func fill(_ text: UnsafeMutablePointer<CChar>, from start: Int) {
        let length = strlen(text)
        guard start < length else { return }
        // A fixed look, so that not even the length is told: one mark, then ends of string.
        memset(text + start, 0, length - start)
        text[start] = CChar(bitPattern: UInt8(ascii: "x"))
    }
}
