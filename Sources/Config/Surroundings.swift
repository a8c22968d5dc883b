import Glibc

/// What a configuration refers to besides its own text; injected, so that tests own the files.
package struct Surroundings: Sendable {
    /// The directory that relative paths start from: an absolute path.
    package var baseDirectory: String
    /// Where systemd puts credentials; nil when it gave none.
    ///
    /// Source: systemd.exec(5), `LoadCredential=`.
    package var credentialsDirectory: String?
    /// Whether others than the owner can read the configuration.
    package var isReadableByOthers: Bool
    /// Reads a file by its absolute path.
    package var readFile: @Sendable (String) throws(FileFault) -> FileContents

    /// What a configuration refers to; see the properties.
    package init(
        baseDirectory: String, credentialsDirectory: String? = nil, isReadableByOthers: Bool = false,
        readFile: @escaping @Sendable (String) throws(FileFault) -> FileContents = { path throws(FileFault) in
            try FileContents(path: path)
        }
    ) {
        self.baseDirectory = baseDirectory
        self.credentialsDirectory = credentialsDirectory
        self.isReadableByOthers = isReadableByOthers
        self.readFile = readFile
    }

    /// The absolute form of a path in the configuration.
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(baseDirectory)/\(path)" }

    /// Where a secret's file may be, most likely place first: a relative one is a credential of systemd, else it stands
    /// beside the configuration. systemd names the files of a directory that it loads as a credential by their path, with
    /// `_` for `/`, so that `credentials/a` is found by one name with and without systemd.
    ///
    /// Source: systemd.exec(5), `LoadCredential=`.
    func places(ofSecret path: String) -> [String] {
        guard !path.hasPrefix("/"), let credentialsDirectory else { return [absolute(path)] }
        let name = path.split(separator: "/").joined(separator: "_")
        return ["\(credentialsDirectory)/\(name)", absolute(path)]
    }
}
