import WatchCore

/// The reference of all keys, made from the tables that the decoder uses, so that the two cannot part ways.
package enum ConfigurationReference {
    /// The reference in Markdown: `docs/configuration.md`.
    package static var markdown: String {
        """
        # Configuration

        The configuration is one YAML file. `oauthwatch check-config FILE` names what is wrong with it: file, line, column,
        key, what is wrong and what is allowed, all problems in one go. Unknown keys are errors. A minimal and an annotated
        example stand in `config/`.

        - Durations have a unit: `200ms`, `5s`, `15m`, `2h`, `30d`. Sizes, too: `512B`, `64KiB`, `200MiB`, `2GiB`.
        - Text needs quotes where YAML would read something else: numbers, `true`, `false`, `null`. `yes`, `no`, `on` and
          `off` are text.
        - Relative paths start at the directory of the configuration. Files with secrets are looked up among systemd's
          credentials (`$CREDENTIALS_DIRECTORY`) first, with `_` for `/`: `credentials/a` is the file `a` in a directory that
          the unit loads with `LoadCredential=credentials:/etc/oauthwatch/credentials`, and without systemd the same file
          beside the configuration.
        - Anchors, aliases, tags, tabs in the indentation and several documents in a file are refused.

        """ + tables(of: ConfigurationFile.keys, title: "The file")
    }

    private static func tables(of keys: [KeyDescription], title: String) -> String {
        let head = "\n## \(title)\n\n| key | value | default | meaning |\n|---|---|---|---|\n"
        let below = keys.filter { !$0.keys.isEmpty }.map { key in
            tables(of: key.keys, title: "`\(key.name)`")
        }
        return head + keys.map(row).joined() + below.joined()
    }

    private static func row(_ key: KeyDescription) -> String {
        let fallback = key.isRequired ? "required" : key.defaultText ?? "–"
        let allowed = key.allowed.replacingEach("|", with: "\\|")
        return "| `\(key.name)` | \(allowed) | \(fallback) | \(key.meaning) |\n"
    }
}
