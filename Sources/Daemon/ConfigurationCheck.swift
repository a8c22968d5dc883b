import CommandIO
import Config
import Glibc

/// `oauthwatch check-config`.
package struct ConfigurationCheck {
    private let file: String

    /// The check of a configuration file.
    package init(file: String) { self.file = file }

    /// Prints what is wrong, a line each.
    ///
    /// - Returns: the exit status: 0, or 78 when the daemon would not take the file.
    package func run() -> Int32 {
        do throws(ConfigurationError) {
            let (configuration, warnings) = try ConfigurationFile.load(file)
            warnings.forEach { Console.out("\($0.description)\n") }
            Console.out("\(file): good, \(configuration.targets.count) target(s)\n")
            return EX_OK
        } catch {
            Console.out("\(error.description)\n")
            return EX_CONFIG
        }
    }
}
