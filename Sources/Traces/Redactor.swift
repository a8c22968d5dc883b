package import WatchCore

/// Takes the secrets of one run out of everything that is kept or shown.
///
/// It works twice: by structure (the name of a parameter, member, field or control says that its value is a secret)
/// and by value (each secret that the run met, wherever it stands, under any layers of URL, HTML and JSON
/// escapes, and in Base64). A secret becomes `<redacted:1a2b3c4d>`, a fingerprint under a key that is thrown away, equal
/// for equal secrets; a password becomes `<password>`, without one.
///
/// By value, secrets of at least 8 bytes are found anywhere, those of 4 to 7 bytes as whole words only, and shorter
/// ones not at all: taking each letter `a` out of a page would destroy the page and betray the password. Those are
/// covered by structure. User names are no secrets.
///
/// The work grows with the length of the text only, not with what stands in it.
package final class Redactor: Sendable {
    /// What is taken out.
    package enum Mode: Sendable {
        case full
        /// `--no-redact`: passwords only.
        case passwordsOnly
    }

    let mode: Mode
    let fingerprint: Fingerprint
    /// The fingerprints of the run's values, made once each: most places hold one of them.
    private let labels: [String: String]
    private let forms: SecretForms
    private let scanner: PatternScanner
    /// Passwords that are too short to be looked for; a pair whose whole value is one of them is not kept.
    private let shortPasswords: Set<String>
    /// Some secret is a number, so that numbers in JSON must be looked at.
    let knowsNumbers: Bool

    /// A redactor for one run.
    ///
    /// - Parameters:
    ///   - secrets: every secret that the run met.
    ///   - key: random bytes, made for this run and kept nowhere.
    ///   - mode: what is taken out.
    package init(secrets: SecretLedger, key: [UInt8], mode: Mode = .full) {
        self.mode = mode
        let fingerprint = Fingerprint(key: key)
        self.fingerprint = fingerprint
        let passwords = secrets.passwords.map { $0.reveal() }
        shortPasswords = Set(passwords.filter { $0.utf8.count < SecretForms.shortest })
        let values = mode == .full ? secrets.values.map { $0.reveal() }.sorted() : []
        knowsNumbers = (passwords + values).contains { $0.utf8.allSatisfy(\.isASCIIDigit) }
        let named = values.map { ($0, fingerprint.label($0.utf8)) }
        labels = Dictionary(named, uniquingKeysWith: { first, _ in first })
        var forms = SecretForms(room: passwords.count + values.count)
        for password in passwords { forms.add(password, label: Fingerprint.password, isPassword: true) }
        for (value, label) in named { forms.add(value, label: label) }
        self.forms = forms
        scanner = PatternScanner(forms.patterns)
    }

    /// Any text, of whatever kind: prose, a page, a URL, JSON that is cut off.
    package func text(_ text: String) -> String {
        var text = text
        let bytes = text.withUTF8 { redacted($0) }
        return bytes.map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// Writes a text as `text(_:)` gives it.
    func write(_ text: String, to out: inout JSONWriter) { passOn(text) { out.write(utf8: $0) } }

    /// Writes the name of a member as `text(_:)` gives it.
    func write(name: String, to out: inout JSONWriter) { passOn(name) { out.write(nameInUTF8: $0) } }

    /// Hands over a text as `text(_:)` gives it, as bytes.
    private func passOn(_ text: String, to write: (UnsafeBufferPointer<UInt8>) -> Void) {
        var text = text
        text.withUTF8 { bytes in
            guard let redacted = redacted(bytes) else { return write(bytes) }
            redacted.withUnsafeBufferPointer(write)
        }
    }

    /// Whether a text has no secret, and nothing that looks as if.
    func holdsNothing(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { ByteTraits.arePlain($0) && scanner.findsNothing(in: $0) }
    }

    /// A finding, its words for people redacted and, after that, cut: cut before, half a secret would not be known again.
    package func finding(_ finding: Finding) -> Finding {
        var finding = finding
        finding.message = short(finding.message)
        finding.evidence = short(finding.evidence)
        finding.remedy = short(finding.remedy)
        return finding
    }

    /// Longer words of a finding are cut; whole answers are in the trace.
    static let longestWords = 1_000

    private func short(_ words: String) -> String {
        let all = text(words)
        let kept = all.unicodeScalars.prefix(Self.longestWords)
        return kept.endIndex == all.endIndex ? all : String(kept) + "…"
    }

    /// A URL: the secrets in its query and fragment, a password before its host.
    package func url(_ url: WebURL) -> String {
        var url = url
        if !shortPasswords.isEmpty, let query = url.query {
            url.query = query.split(separator: "&", omittingEmptySubsequences: false).map { pair in
                let isPassword = FormPair.decode(String(pair)).contains { isShortPassword($0.value) }
                return isPassword ? "\(pair.prefix { $0 != "=" })=\(Fingerprint.password)" : String(pair)
            }.joined(separator: "&")
        }
        return text(url.description)
    }

    /// Whether the whole value of a pair is a password that is too short to be found inside a text. The server that is
    /// watched names the fields of its forms, so their names need not tell.
    func isShortPassword(_ value: String) -> Bool { shortPasswords.contains(value) }

    /// The bytes without secrets; nil when there was none, as in most texts: that is told without a copy of them.
    func redacted(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        let isPlain = ByteTraits.arePlain(bytes)
        return isPlain && scanner.findsNothing(in: bytes) ? nil : looked(through: Array(bytes), isPlain: isPlain)
    }

    /// The bytes without secrets; nil when there was none.
    func redacted(_ bytes: [UInt8]) -> [UInt8]? {
        bytes.withUnsafeBufferPointer { redacted($0) }
    }

    private func looked(through bytes: [UInt8], isPlain: Bool) -> [UInt8]? {
        var redaction = TextRedaction()
        if isPlain {
            addValues(in: PeeledText(bytes), to: &redaction)
        } else {
            PeeledText.forEachLayer(of: bytes) { layer in
                addStructure(of: layer, to: &redaction)
                addValues(in: layer, to: &redaction)
            }
        }
        return redaction.isEmpty ? nil : redaction.applied(to: bytes)
    }

    /// What stands for a value that its place says to be a secret; nil when it may stay.
    func label(_ value: String, _ meaning: SensitiveName.Meaning?) -> String? {
        guard let meaning, !value.isEmpty else { return nil }
        // Known secrets come most often; a fingerprint says nothing of a password that stands in one.
        if meaning != .password, let known = labels[value] { return known }
        guard !Fingerprint.isLabel(value.utf8) else { return nil }
        if meaning == .password || holdsPassword(value) { return Fingerprint.password }
        if mode == .passwordsOnly { return nil }
        if meaning == .ambiguous, !SensitiveName.looksRandom(value.utf8) { return nil }
        return fingerprint.label(value.utf8)
    }

    private func fingerprint(of value: String) -> String { labels[value] ?? fingerprint.label(value.utf8) }

    private func holdsPassword(_ value: String) -> Bool {
        var found = false
        PeeledText.forEachLayer(of: Array(value.utf8)) { layer in
            scanner.scan(layer.bytes) { range, pattern in
                found = found || (forms[pattern].isPassword && forms[pattern].extent(range, in: layer.bytes) != nil)
                return found
            }
        }
        return found
    }

    private func addValues(in layer: PeeledText, to redaction: inout TextRedaction) {
        // The end of the last secret that went on beyond its pattern: not looked for again inside it.
        var covered = 0
        scanner.scan(layer.bytes) { range, pattern in
            let form = forms[pattern]
            if form.isPrefix, range.upperBound <= covered { return true }
            guard let extent = form.extent(range, in: layer.bytes) else { return false }
            if form.isPrefix { covered = extent.upperBound }
            redaction.add(layer.original(extent), label: form.label, weight: form.isPassword ? .password : .value)
            return true
        }
    }

    private func addStructure(of layer: PeeledText, to redaction: inout TextRedaction) {
        for place in StructureScanner(layer.bytes).places where place.isPassword || mode == .full {
            let value = String(decoding: layer.bytes[place.range], as: UTF8.self)
            let label = place.isPassword ? Fingerprint.password : fingerprint(of: value)
            redaction.add(layer.original(place.range), label: label, weight: place.isPassword ? .password : .structure)
        }
    }
}
