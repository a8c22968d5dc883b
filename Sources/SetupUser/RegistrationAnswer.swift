import HTMLForms
import JSONReader
import WatchCore

/// What the server answered to the form that makes an account, and whether it says that there is one now.
///
/// Pure. A status of 200 says nothing: forms that were refused come back with it, too. So the answer counts as success
/// only when it is 201, JSON that says so, or a page with new words of success on it and none of failure.
struct RegistrationAnswer: Sendable {
    /// What the answer comes to, each with the server's words.
    enum Verdict: Sendable, Hashable {
        case created(String), exists(String), refused(String)
        /// It tells neither.
        case unsure(String)
    }

    var response: HTTPResponse
    /// Where it came from, after redirects.
    var url: WebURL
    /// The lines that stood on the page before the form was sent: they say nothing about it.
    var before: Set<String> = []
    /// Whether the same form stands on the page again.
    var asksAgain = false

    /// What it comes to.
    var verdict: Verdict {
        let lines = newLines
        let words = Self.words(lines)
        let quote = quote(lines)
        if response.status == 409 || Self.saysThatItExists(lines) { return .exists(quote) }
        switch response.status {
        case 200...299: break
        case 400...499: return .refused(quote)
        // A server error may come after the user was made; so may a redirect that cannot be followed.
        default: return .unsure(quote)
        }
        if let json = json.flatMap(Self.success) { return json ? .created(quote) : .refused(quote) }
        if response.status == 201 { return .created(quote) }
        if !words.isDisjoint(with: Self.success), words.isDisjoint(with: Self.failure) { return .created(quote) }
        return asksAgain ? .refused(quote) : .unsure(quote)
    }

    private var json: JSON? {
        guard response.mediaType == "application/json" else { return nil }
        return response.json
    }

    /// The lines that a person reads and that were not there before.
    private var newLines: [String] {
        let lines: [String] =
            switch response.mediaType {
            case "application/json": json.map(Self.messages) ?? []
            case "text/plain": response.text.split { $0.isNewline }.map(\.trimmingSpaces)
            default: VisibleText(bytes: response.body, contentType: response.fields["content-type"]).lines
            }
        return lines.filter { !before.contains($0) && !$0.isEmpty }
    }

    /// Status, place, and the line that says most.
    private func quote(_ lines: [String]) -> String {
        let telling = lines.first { line in
            let words = Self.words([line])
            return !words.isDisjoint(with: Self.success.union(Self.failure))
        }
        let place = "\(url.origin)\(url.path) answered \(response.status)"
        return (telling ?? lines.first).map { "\(place): “\($0.prefix(200))”" } ?? place
    }

    /// Whether JSON says that it worked; nil when it does not say.
    private static func success(_ json: JSON) -> Bool? {
        for name in ["error", "errors"] {
            switch json[name] {
            case nil, .null, .bool(false), .string(""), .array([]), .object([]): continue
            default: return false
            }
        }
        for name in ["success", "ok", "created"] {
            if case .bool(let says) = json[name] { return says }
        }
        guard let status = json["status"]?.string?.lowercased() else { return nil }
        if ["success", "ok", "created", "registered"].contains(status) { return true }
        return ["error", "fail", "failed", "failure"].contains(status) ? false : nil
    }

    private static func messages(_ json: JSON) -> [String] {
        ["message", "error", "error_description", "detail", "status"].compactMap { json[$0]?.string }
    }

    /// “Might already exist” is a guess, not an answer.
    private static func saysThatItExists(_ lines: [String]) -> Bool {
        let phrases = [
            "already exist", "exists already", "already registered", "already taken", "already been taken",
            "already in use", "is taken", "already has an account", "already used",
        ]
        return lines.map { $0.lowercased() }.contains { line in
            phrases.contains { line.contains($0) } && words([line]).isDisjoint(with: ["might", "may", "maybe", "if"])
        }
    }

    private static func words(_ lines: [String]) -> Set<String> {
        Set(lines.flatMap { $0.lowercased().split { !$0.isLetter }.map(String.init) })
    }

    private static let success: Set<String> = [
        "success", "successful", "successfully", "registered", "created", "complete", "completed",
    ]
    private static let failure: Set<String> = [
        "error", "errors", "invalid", "failed", "failure", "fail", "wrong", "incorrect", "missing", "must", "required",
        "mismatch", "match", "differ", "already", "taken", "unable", "cannot", "could", "can't", "not", "no", "never",
        "sorry", "denied", "forbidden", "weak", "short", "common", "disabled", "closed", "unavailable", "expired",
        "please", "again", "csrf", "might", "may",
    ]
}
