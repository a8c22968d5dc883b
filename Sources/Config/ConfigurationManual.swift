import WatchCore

/// The manual page of the configuration, made from the tables that the decoder uses.
///
/// Source: mdoc(7).
package enum ConfigurationManual {
    /// The page: `deploy/man/oauthwatch.yaml.5`.
    package static var page: String {
        """
        .\\" Made from the program; do not edit.
        .Dd November 25, 2026
        .Dt OAUTHWATCH.YAML 5
        .Os
        .Sh NAME
        .Nm oauthwatch.yaml
        .Nd configuration of oauthwatch
        .Sh DESCRIPTION
        The configuration of
        .Xr oauthwatch 1
        is one YAML file.
        .Ql oauthwatch check-config FILE
        names what is wrong with it: file, line, column, key, what is wrong and what
        is allowed, all problems in one go.
        Unknown keys are errors.
        .Pp
        Durations have a unit: 200ms, 5s, 15m, 2h, 30d.
        Sizes, too: 512B, 64KiB, 200MiB, 2GiB.
        Text needs quotes where YAML would read something else: numbers, true, false,
        null.
        Relative paths start at the directory of the configuration.
        Anchors, aliases, tags, tabs in the indentation and several documents in a
        file are refused.
        .Pp
        Files with secrets are looked up among the credentials of
        .Xr systemd.exec 5
        first, with an underscore for each slash.
        The service loads the directory
        .Pa /etc/oauthwatch/credentials ,
        so that
        .Ql passwordFile: credentials/NAME
        is the file NAME there.
        Another password there is picked up when the service restarts; a file that the
        service itself can read, when the configuration is reloaded.

        """ + sections(of: ConfigurationFile.keys, title: "KEYS") + tail
    }

    private static let tail = """
        .Sh FILES
        .Bl -tag -width Ds
        .It Pa /etc/oauthwatch/oauthwatch.yaml
        What the service reads.
        .It Pa /usr/share/doc/oauthwatch/examples/
        A minimal example and one that explains every key.
        .It Pa /usr/share/oauthwatch/oauthwatch.schema.json
        A JSON Schema for editors.
        .El
        .Sh SEE ALSO
        .Xr oauthwatch 1

        """

    private static func sections(of keys: [KeyDescription], title: String) -> String {
        let list = ".Bl -tag -width Ds\n" + keys.map(entry).joined() + ".El\n"
        let below = keys.filter { !$0.keys.isEmpty }.map { key in
            sections(of: key.keys, title: "KEYS OF \(key.name.uppercased())")
        }
        return ".Sh \(escaped(title))\n" + list + below.joined()
    }

    private static func entry(_ key: KeyDescription) -> String {
        let fallback = key.isRequired ? "Required." : key.defaultText.map { "Default: \($0)." } ?? ""
        return ".It Ic \(key.name)\n" + lines([key.meaning, "Allowed: \(key.allowed).", fallback])
    }

    /// Each sentence on lines of its own, none longer than 80 characters where words allow it.
    private static func lines(_ texts: [String]) -> String {
        texts.filter { !$0.isEmpty }.map { text in
            var lines = [""]
            for word in text.split(separator: " ") {
                let line = lines[lines.count - 1]
                if line.isEmpty {
                    lines[lines.count - 1] = String(word)
                } else if line.utf8.count + 1 + word.utf8.count > 78 {
                    lines.append(String(word))
                } else {
                    lines[lines.count - 1] = "\(line) \(word)"
                }
            }
            return lines.map { "\(escaped($0))\n" }.joined()
        }.joined()
    }

    /// Without what roff would take as a request or an escape.
    private static func escaped(_ line: String) -> String {
        let text = line.replacingEach("\\", with: "\\e").replacingEach("`", with: "").replacingEach("…", with: "...")
            .replacingEach("–", with: "\\(en")
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&\(text)" : text
    }
}
