import Glibc
import WatchCore

/// Reads configuration files.
package enum ConfigurationFile {
    /// Reads, decodes and checks a file and the files that it names. It waits for the disk.
    ///
    /// - Parameter path: the file; its directory is where relative paths in it start from.
    /// - Returns: the configuration, and what deserves a second look.
    /// - Throws: `ConfigurationError` with all that is wrong, warnings included.
    package static func load(
        _ path: String
    ) throws(ConfigurationError) -> (configuration: Configuration, warnings: [ConfigurationProblem]) {
        let contents = try contents(of: path)
        let surroundings = Surroundings(
            baseDirectory: directory(of: path),
            credentialsDirectory: getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) },
            isReadableByOthers: contents.mode & 0o044 != 0)
        return try parse(contents.bytes, file: path, surroundings: surroundings)
    }

    /// Only the state directory that a file names: the files with secrets, which the asking user may not be allowed to
    /// read, are left alone, and so is what else is wrong with it.
    ///
    /// - Parameter path: the configuration file.
    /// - Throws: `ConfigurationError` when it cannot be read or names none.
    package static func stateDirectory(of path: String) throws(ConfigurationError) -> String {
        let contents = try contents(of: path)
        let key = "stateDirectory"
        var decoding = Decoding(file: path, surroundings: Surroundings(baseDirectory: directory(of: path)))
        do {
            let root = try YAMLReader.read(contents.bytes)
            let entry = decoding.entries(of: root)?.first { $0.name == key }
            if let entry, let found = decoding.inside(key: key, { ValueType<String>.path.read(entry.node, &$0) }) {
                return found
            }
            if entry == nil {
                decoding.inside(key: key) { $0.problem(at: root.position, "is missing", allowed: "a path") }
            }
        } catch {
            decoding.problem(at: error.position, error.what, allowed: error.allowed)
        }
        throw ConfigurationError(problems: decoding.problems)
    }

    private static func contents(of path: String) throws(ConfigurationError) -> FileContents {
        do {
            return try FileContents(path: path)
        } catch {
            throw ConfigurationError(problems: [
                ConfigurationProblem(
                    file: path, at: TextPosition(line: 1, column: 1), key: "",
                    what: "cannot be read: \(error.reason)", allowed: "a configuration file that this user can read")
            ])
        }
    }

    /// Decodes and checks a text and the files that it names.
    ///
    /// - Parameters:
    ///   - text: the configuration in UTF-8.
    ///   - file: what to call it in messages.
    ///   - surroundings: the files around it.
    /// - Returns: the configuration, and what deserves a second look.
    /// - Throws: `ConfigurationError` with all that is wrong, warnings included.
    package static func parse(
        _ text: [UInt8], file: String, surroundings: Surroundings
    ) throws(ConfigurationError) -> (configuration: Configuration, warnings: [ConfigurationProblem]) {
        var decoding = Decoding(file: file, surroundings: surroundings)
        var configuration: Configuration?
        do {
            configuration = ValueType<Configuration>.file.read(try YAMLReader.read(text), &decoding)
        } catch {
            decoding.problem(at: error.position, error.what, allowed: error.allowed)
        }
        let problems = decoding.problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        guard var configuration, problems.allSatisfy(\.isWarning) else { throw ConfigurationError(problems: problems) }
        for index in configuration.targets.indices {
            configuration.targets[index].connection.reference = configuration.reference
        }
        return (configuration, problems)
    }

    /// Every key that a configuration may have, nested as in the file.
    package static var keys: [KeyDescription] { ValueType<Configuration>.file.keys }

    private static func directory(of path: String) -> String {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        guard let resolved = realpath(folder.isEmpty ? "/" : folder, nil) else { return folder }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
