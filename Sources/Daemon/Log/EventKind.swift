import Logging

/// The kinds of event that the journal knows by a message id, each explained in its catalog.
///
/// Source: systemd.journal-fields(7), `MESSAGE_ID`.
enum EventKind: String, Sendable, Hashable, CaseIterable {
    case started, stopped
    case startFailed = "start-failed"
    case runGood = "run-good"
    case runFailed = "run-failed"
    case runInsecure = "run-insecure"
    case runInconclusive = "run-inconclusive"
    case reloaded
    case configurationRefused = "configuration-refused"
    case configurationWarning = "configuration-warning"
    case stateSetAside = "state-set-aside"
    case traceNotWritten = "trace-not-written"
    case scheduleStalled = "schedule-stalled"
    case alert
    case alertNotDelivered = "alert-not-delivered"

    /// Under which name an entry's metadata hold the kind.
    static let key = "event"

    /// A random number that stands for this kind for ever: 32 hexadecimal digits.
    var messageID: String {
        switch self {
        case .started: "4ed83b75e33b4df9afb08ad358133572"
        case .stopped: "a170879fe73d4a1ca337e56d75148354"
        case .startFailed: "724870f3b46147caa776bf8e68da0c0a"
        case .runGood: "cd10a8091b9e45b099945bd39e8fa936"
        case .runFailed: "bf7cb0bc3b2d44dd80ab3647febac154"
        case .runInsecure: "335883977f0a49b3ac1e9559f6671109"
        case .runInconclusive: "9048d2ed2ce24623987422d808819db1"
        case .reloaded: "71ed45e7015742b2bf411580b5c4b80b"
        case .configurationRefused: "f598c7993f8a4fa39035b80f855d6d83"
        case .configurationWarning: "f3b5576e19374da393785fa7a1f04323"
        case .stateSetAside: "a294aac8272240d28319241a4c928a70"
        case .traceNotWritten: "c36fd389e18b4730a95be67be5aba27e"
        case .scheduleStalled: "577ff4868fee4398a00e33a338702acb"
        case .alert: "5265a981efec4b6ebd0500188a39b9d6"
        case .alertNotDelivered: "84aff43b5c1a42079f4d406effa9f1f2"
        }
    }
}

extension Logger {
    /// Logs an event of a kind that the journal's catalog explains.
    ///
    /// - Parameters:
    ///   - kind: what kind of event it is.
    ///   - level: how bad it is.
    ///   - message: what happened.
    ///   - fields: what else there is to say.
    func tell(_ kind: EventKind, _ level: Level, _ message: String, _ fields: [String: String] = [:]) {
        var metadata = fields.mapValues { MetadataValue.string($0) }
        metadata[EventKind.key] = .string(kind.rawValue)
        log(level: level, "\(message)", metadata: metadata)
    }
}
