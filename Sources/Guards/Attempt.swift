import WatchCore

/// What came of one wrong request.
enum Attempt: Sendable, Hashable {
    case refused(Refusal)
    /// It was not refused; the proof in one line.
    case accepted(String)
    /// A server error, which is neither.
    case fault(String)
    /// A login or consent page, which is neither: what comes after it tells.
    case page(String)
    /// Neither, for another reason.
    case unclear(String)
    /// The guard makes no sense here; why.
    case notApplicable(String)
}

/// How a wrong request was refused.
struct Refusal: Sendable, Hashable {
    /// Status of the answer.
    var status: Int
    /// The OAuth error that it names; nil when it names none.
    var code: String?
    /// What is wrong with the way of refusing; nil: nothing.
    var blemish: Blemish?

    /// A flaw of a refusal that is a finding of its own.
    struct Blemish: Sendable, Hashable {
        var severity: Severity
        var message: String
    }

    init(status: Int, code: String? = nil, blemish: Blemish? = nil) {
        self.status = status
        self.code = code
        self.blemish = blemish
    }
}

/// A guard that could not be tried to its end; why, in one line.
struct Unscored: Error, Hashable {
    var reason: String

    init(_ reason: String) { self.reason = reason }
}
