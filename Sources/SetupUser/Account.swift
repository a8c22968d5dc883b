import WatchCore

/// Who is to be able to log in.
struct Account: Sendable {
    var username: String
    var email: String
    var password: Secret
}
