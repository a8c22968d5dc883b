package import WatchCore

/// One request as it came over the wire.
package struct RecordedRequest: Sendable, Hashable {
    /// Which of the lab's two addresses it came to.
    package enum Listener: String, Sendable, Hashable {
        /// The server itself.
        case lab
        /// Another origin, to which some faults point; no secret may ever arrive here.
        case elsewhere
    }

    package var at: WallTime
    package var listener: Listener
    package var method: String
    /// As in the request line: path and query.
    package var target: String
    package var fields: HTTPFields
    package var body: [UInt8]
    /// The status that the server answered with, before any fault spoiled the answer.
    package var status: Int
    /// What it answered; nil where only requests are kept.
    package var answer: Answer?

    /// An answer, before any fault spoiled it.
    package struct Answer: Sendable, Hashable {
        package var fields: HTTPFields
        package var body: [UInt8]

        fileprivate var json: JSON {
            ["headers": RecordedRequest.json(fields), "body": .string(String(decoding: body, as: UTF8.self))]
        }
    }

    /// Path without query.
    package var path: String { String(target.prefix { $0 != "?" }) }

    /// The body as text; broken UTF-8 is replaced.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Body pairs of a form.
    package var form: [FormPair] { FormPair.decode(text) }

    /// As one line of a recording.
    package var json: JSON {
        [
            "at": .string(at.iso8601), "listener": .string(listener.rawValue), "method": .string(method),
            "target": .string(target), "headers": Self.json(fields), "body": .string(text), "status": .integer(status),
            "answer": answer?.json ?? .null,
        ]
    }

    private static func json(_ fields: HTTPFields) -> JSON {
        .array(fields.fields.map { [.string($0.name), .string($0.value)] })
    }
}
