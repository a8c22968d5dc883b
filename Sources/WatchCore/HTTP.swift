/// Header fields in the order of the wire; names compare without case.
///
/// Source: RFC 9110 §5.
package struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// One header field.
    package struct Field: Sendable, Hashable {
        package var name: String
        package var value: String

        /// One header field.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var fields: [Field]

    /// The fields in this order.
    package init(_ fields: [Field] = []) { self.fields = fields }

    /// None, with room for as many.
    package init(room: Int) {
        fields = []
        fields.reserveCapacity(room)
    }
    package init(dictionaryLiteral elements: (String, String)...) {
        fields = []
        if elements.isEmpty { return }
        // Whoever writes some adds others later.
        fields.reserveCapacity(elements.count + 4)
        for (name, value) in elements { fields.append(Field(name, value)) }
    }

    /// Reading: the first value of `name`. Writing: replaces every value of it; nil removes them.
    package subscript(name: String) -> String? {
        get { fields.first { $0.name.equalsIgnoringCase(name) }?.value }
        set {
            fields.removeAll { $0.name.equalsIgnoringCase(name) }
            if let newValue { fields.append(Field(name, newValue)) }
        }
    }

    /// Every value of `name`, in order.
    package func all(_ name: String) -> [String] {
        var values: [String] = []
        for field in fields where field.name.equalsIgnoringCase(name) { values.append(field.value) }
        return values
    }
}

extension String {
    /// Whether both are the same but for the case of ASCII letters.
    package func equalsIgnoringCase(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var (own, other) = (self, other)
        return own.withUTF8 { own in
            other.withUTF8 { other in
                for index in own.indices where own[index] != other[index] {
                    guard own[index].asciiLowercased == other[index].asciiLowercased else { return false }
                }
                return true
            }
        }
    }
}

extension UInt8 {
    /// The lower-case letter of an ASCII capital; anything else as it is.
    package var asciiLowercased: UInt8 { (65...90).contains(self) ? self | 32 : self }
}

/// The body of a request, kept in the form in which a trace shows it.
package enum RequestBody: Sendable, Hashable {
    /// `application/x-www-form-urlencoded` pairs, in order.
    case form([FormPair])
    /// `application/json`.
    case json(JSON)
    /// Anything else, with its content type.
    case bytes([UInt8], contentType: String)
}

/// A name and a value in a query or a form.
package struct FormPair: Sendable, Hashable {
    package var name: String
    package var value: String

    /// A name and its value, both not encoded.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One request, as the flow asks for it.
package struct HTTPRequest: Sendable {
    package var step: Step
    package var method: String
    package var url: WebURL
    package var fields: HTTPFields
    package var body: RequestBody?
    /// Whether a password, code, verifier, token, client secret or session cookie travels in it; `Egress` lets those
    /// go to allowed origins only.
    package var carriesSecret: Bool
    /// Tells from the body so far that the rest need not be waited for (an event stream that has given its answer).
    package var isComplete: (@Sendable ([UInt8]) -> Bool)?
    /// Time for this request when less is left than one request may take; nil: as much as the transport gives.
    package var timeLimit: Duration?
    /// Whether it goes over a connection of its own, so that no connection's history explains the answer.
    package var wantsFreshConnection = false

    /// One request.
    package init(
        _ step: Step, _ method: String, _ url: WebURL, fields: HTTPFields = [:], body: RequestBody? = nil,
        carriesSecret: Bool = false, isComplete: (@Sendable ([UInt8]) -> Bool)? = nil
    ) {
        self.step = step
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
        self.carriesSecret = carriesSecret
        self.isComplete = isComplete
    }
}

/// Time spent in each phase of one request, from the start of that phase to its end.
///
/// Source: CURLINFO_NAMELOOKUP_TIME_T(3) and its sisters.
package struct HTTPPhases: Sendable, Hashable {
    package var nameLookup: Duration = .zero
    package var connect: Duration = .zero
    package var tls: Duration = .zero
    package var firstByte: Duration = .zero
    package var transfer: Duration = .zero

    /// All zero.
    package init() {}

    /// Adds, phase by phase, the time of another request.
    package mutating func add(_ other: HTTPPhases) {
        nameLookup += other.nameLookup
        connect += other.connect
        tls += other.tls
        firstByte += other.firstByte
        transfer += other.transfer
    }
}

/// What TLS agreed on, and the certificate that the peer showed.
package struct TLSFacts: Sendable, Hashable {
    package var version: String
    package var subject: String
    package var issuer: String
    /// Beginning of the certificate's validity; nil when it could not be read.
    package var notBefore: WallTime?
    /// End of the certificate's validity; nil when it could not be read.
    package var notAfter: WallTime?

    /// What TLS agreed on.
    package init(
        version: String, subject: String, issuer: String, notBefore: WallTime? = nil, notAfter: WallTime?
    ) {
        self.version = version
        self.subject = subject
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
    }
}

/// One answer, or as much of it as came before a failure.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var reason: String
    /// `1.1`, `2`, …
    package var version: String
    package var fields: HTTPFields
    package var body: [UInt8] {
        didSet { parsed = ParsedJSON() }
    }
    /// The JSON of the body, for whoever parses it.
    package private(set) var parsed = ParsedJSON()
    /// The header fields that were really sent with the request.
    package var sentFields: HTTPFields
    package var phases: HTTPPhases
    package var tls: TLSFacts?
    /// Address and port that the connection went to: `127.0.0.1:8000`.
    package var remoteAddress: String?

    /// One answer.
    package init(
        status: Int, reason: String = "", version: String = "1.1", fields: HTTPFields = [:], body: [UInt8] = [],
        sentFields: HTTPFields = [:], phases: HTTPPhases = HTTPPhases(), tls: TLSFacts? = nil,
        remoteAddress: String? = nil
    ) {
        self.status = status
        self.reason = reason
        self.version = version
        self.fields = fields
        self.body = body
        self.sentFields = sentFields
        self.phases = phases
        self.tls = tls
        self.remoteAddress = remoteAddress
    }

    /// The body as text; broken UTF-8 becomes replacement characters.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The media type without parameters, in lower case; empty when none was given.
    package var mediaType: String {
        var value = fields["content-type"] ?? ""
        let type = value.withUTF8 { bytes in
            String(decoding: bytes.prefix { $0 != UInt8(ascii: ";") }.trimmingSpaces, as: UTF8.self)
        }
        return type.utf8.allSatisfy { $0 < 128 && $0 == $0.asciiLowercased } ? type : type.lowercased()
    }
}

extension StringProtocol {
    /// Without spaces, tabs and line ends at both ends.
    package var trimmingSpaces: String { String(self).trimmingSpaces }
}

// Once more for the two types that there are: through the protocol it takes many times as long.
extension String {
    /// Without spaces, tabs and line ends at both ends.
    package var trimmingSpaces: String {
        var text = self
        let trimmed = text.withUTF8 { bytes in
            let kept = bytes[...].trimmingSpaces
            return kept.count == bytes.count ? nil : String(decoding: kept, as: UTF8.self)
        }
        return trimmed ?? self
    }
}

extension Substring {
    /// Without spaces, tabs and line ends at both ends.
    package var trimmingSpaces: String {
        var text = self
        return text.withUTF8 { String(decoding: $0[...].trimmingSpaces, as: UTF8.self) }
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// Without spaces, tabs and line ends at both ends.
    fileprivate var trimmingSpaces: Self {
        func isShown(_ byte: UInt8) -> Bool { byte != 32 && !(9...13).contains(byte) }
        guard let start = firstIndex(where: isShown), let last = lastIndex(where: isShown) else { return prefix(0) }
        return self[start...last]
    }
}

/// Why a request brought no whole answer.
package struct TransportFailure: Error, Sendable {
    /// The kinds that the flow tells apart.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case nameNotFound = "name-not-found"
        case resolverUnreachable = "resolver-unreachable"
        case noRoute = "no-route"
        case connectionRefused = "connection-refused"
        case connectionReset = "connection-reset"
        /// No whole answer within the time for one request.
        case timedOut = "timed-out"
        case tlsVerification = "tls-verification"
        case tlsHandshake = "tls-handshake"
        case truncated
        case bodyTooLarge = "body-too-large"
        case headersTooLarge = "headers-too-large"
        /// What came is not HTTP, or breaks its rules.
        case malformed
        /// The address is one that this target may not be asked at; nothing was sent.
        case addressRefused = "address-refused"
        /// The origin is not allowed to receive secrets; nothing was sent.
        case originRefused = "origin-refused"
        /// The time for the whole flow, or the number of requests, is used up; nothing was sent.
        case budgetExhausted = "budget-exhausted"
        /// The run was stopped from inside (shutdown).
        case cancelled
        /// The monitor's own side failed: out of memory, descriptors, a bad CA file.
        case monitor
    }

    package var kind: Kind
    /// One line, without secrets.
    package var message: String
    /// What came of the answer before the failure.
    package var partial: HTTPResponse?

    /// Why a request brought no whole answer.
    package init(_ kind: Kind, _ message: String, partial: HTTPResponse? = nil) {
        self.kind = kind
        self.message = message
        self.partial = partial
    }
}

/// Sends one request and brings its whole answer; never follows a redirect, keeps no cookies.
package protocol HTTPTransport: Sendable {
    /// Sends `request`.
    ///
    /// - Returns: the whole answer, whatever its status.
    /// - Throws: `TransportFailure` when no whole answer came; see its kinds.
    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse
}

/// One request and what came of it, as a trace tells it.
///
/// An object, because it is large, never changes, and stands in many lists.
package final class Exchange: Sendable {
    package let request: HTTPRequest
    package let startedAt: WallTime
    package let endedAt: WallTime
    /// The whole answer, or what came of it before the failure.
    package let response: HTTPResponse?
    /// Why there is no whole answer; nil when there is one.
    package let failure: TransportFailure?

    /// One request and what came of it.
    package init(
        request: HTTPRequest, startedAt: WallTime, endedAt: WallTime, result: Result<HTTPResponse, TransportFailure>
    ) {
        self.request = request
        self.startedAt = startedAt
        self.endedAt = endedAt
        switch result {
        case .success(let whole): (response, failure) = (whole, nil)
        case .failure(let failure): (response, self.failure) = (failure.partial, failure)
        }
    }
}
