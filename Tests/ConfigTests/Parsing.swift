import Config
import WatchCore

/// Files that exist only in a test: text and mode by absolute path.
struct FileTable: ExpressibleByDictionaryLiteral, Sendable {
    var files: [String: FileContents]

    init() { files = [:] }

    init(dictionaryLiteral elements: (String, String)...) {
        files = Dictionary(uniqueKeysWithValues: elements.map { ($0.0, FileContents(bytes: Array($0.1.utf8))) })
    }

    func surroundings(credentials: String? = nil, isReadableByOthers: Bool = false) -> Surroundings {
        Surroundings(
            baseDirectory: "/etc/oauthwatch", credentialsDirectory: credentials, isReadableByOthers: isReadableByOthers
        ) { [files] path throws(FileFault) in
            guard let file = files[path] else { throw FileFault(isAbsent: true, reason: "No such file or directory") }
            return file
        }
    }
}

/// Every problem of a text, warnings included, as a person reads them.
func problems(_ text: String, files: FileTable = [:], isReadableByOthers: Bool = false) -> [String] {
    do {
        let surroundings = files.surroundings(isReadableByOthers: isReadableByOthers)
        return try ConfigurationFile.parse(Array(text.utf8), file: "f", surroundings: surroundings).warnings
            .map(\.description)
    } catch {
        return error.problems.map(\.description)
    }
}

/// The configuration in a text that is right.
func configuration(_ text: String, _ surroundings: Surroundings = FileTable().surroundings()) throws -> Configuration {
    try ConfigurationFile.parse(Array(text.utf8), file: "f", surroundings: surroundings).configuration
}

/// A configuration whose only target has these further lines.
func targetText(_ lines: String...) -> String {
    """
    stateDirectory: /s
    traces: {directory: /t}
    targets:
      - name: a
        server: https://a.example

    """ + lines.map { "    \($0)\n" }.joined()
}

/// The only target of `targetText` with these lines.
func target(_ lines: String..., files: FileTable = [:], credentials: String? = nil) throws -> TargetSettings? {
    try configuration(
        targetText(lines.joined(separator: "\n    ")), files.surroundings(credentials: credentials)
    ).targets.first
}
