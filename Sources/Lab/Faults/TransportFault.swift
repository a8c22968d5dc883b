/// How an answer goes wrong below the level of OAuth.
enum TransportFault: String, Sendable, Hashable, CaseIterable {
    case hang
    case drip
    case reset
    case truncated
    case oversized
    case deepJSON = "deep-json"
    case wrongEncoding = "wrong-encoding"
    case malformed
    case html = "html-instead-of-json"
    case serverError = "http-500"

    /// What it does, for the list of faults.
    var summary: String {
        switch self {
        case .hang: "never answered"
        case .drip: "answered one byte at a time"
        case .reset: "answered with a TCP reset"
        case .truncated: "answered with half of the body, then closed"
        case .oversized: "answered with a body of 2 MiB"
        case .deepJSON: "answered with 100,000 nested JSON arrays"
        case .wrongEncoding: "answered in UTF-16 without saying so"
        case .malformed: "answered with what is no HTTP"
        case .html: "answered with 200 and an HTML page"
        case .serverError: "answered with 500"
        }
    }

    /// Whether the request is not even looked at. The other faults spoil the answer to a request that has had its
    /// effect: the client does not learn of the code or the token that was used up.
    var comesBeforeProcessing: Bool { self == .serverError || self == .html }
}
