import CommandIO
import Crypto
import CurlHTTP
import Egress
import OAuthFlow
import Traces
import WatchCore

/// The steps, in their order: form, login, database, login.
struct SetupSession {
    let settings: SetupSettings
    /// Whether an existing user gets the password.
    let updates: Bool
    let driver: CurlDriver
    private let clock = SystemClock()
    private let redactor: Redactor

    /// The steps for these settings.
    init(settings: SetupSettings, updates: Bool, driver: CurlDriver) {
        self.settings = settings
        self.updates = updates
        self.driver = driver
        var secrets = SecretLedger()
        secrets.add(password: settings.account.password)
        redactor = Redactor(secrets: secrets, key: SecureRandom.bytes(32))
    }

    private var name: String { "`\(settings.account.username)`" }

    /// Logs in, and tells whether that is possible.
    func check() async -> SetupEnd {
        switch await login() {
        case .letsIn:
            say("\(name) logs in at \(settings.target.server)")
            return .done
        case .refuses(let reason), .fails(let reason):
            complain("\(name) does not log in: \(reason)")
            return .failed
        case .inconclusive(let reason):
            complain("cannot tell whether \(name) logs in: \(reason)")
            return .inconclusive
        }
    }

    /// Makes the user: through the form, else in the database.
    func setUp(databaseOnly: Bool) async -> SetupEnd {
        if databaseOnly { return await setUpInDatabase() }
        var registration = WebRegistration(
            server: settings.target.server, account: settings.account, transport: door(), clock: clock)
        let otherwise: SetupEnd
        switch await registration.register() {
        case .created(let words):
            say("\(name) was made: \(words)")
            return await verify()
        case .exists(let words):
            complain("\(name) exists already, and nothing was changed: \(words)")
            guard updates else { return .failed }
            otherwise = .failed
        case .unsure(let words):
            complain("the answer does not say whether \(name) was made: \(words)")
            let verdict = await login()
            if verdict == .letsIn {
                say("\(name) logs in")
                return .done
            }
            otherwise = tellThatItIsUnsure(verdict)
        case .refused(let words), .unavailable(let words):
            complain("the form did not make \(name): \(words)")
            otherwise = .failed
        }
        guard settings.database != nil else {
            complain(
                updates && otherwise == .failed
                    ? "a password is changed in the database; set PANTRY_DATABASE_URL"
                    : "with PANTRY_DATABASE_URL set, the user would be made in the database")
            return otherwise
        }
        let end = await setUpInDatabase()
        // What the form may have made, the database does not take back.
        return end == .failed ? otherwise : end
    }

    private func tellThatItIsUnsure(_ verdict: LoginCheck.Verdict) -> SetupEnd {
        switch verdict {
        case .letsIn: return .done
        case .refuses(let reason):
            complain("\(name) does not log in: \(reason)")
            return .useless
        case .fails(let reason), .inconclusive(let reason):
            complain("a login does not tell, either: \(reason)")
            return .inconclusive
        }
    }

    private func setUpInDatabase() async -> SetupEnd {
        guard let address = settings.database else { return .failed }
        do throws(DatabaseFailure) {
            let database = try UserDatabase(address, timeout: settings.target.timeout)
            switch try await database.save(settings.account, updates: updates) {
            case .created: say("\(name) was made in \(address.name)")
            case .updated: say("\(name) has a new password in \(address.name)")
            case .exists(let same):
                let detail =
                    same.map { $0 ? ", with this password" : ", with another password (--update-password changes it)" }
                complain("\(name) exists already in \(address.name)\(detail ?? ""), and nothing was changed")
                return .failed
            }
        } catch {
            complain("\(address.name): \(error.message)")
            return .failed
        }
        return await verify()
    }

    /// The user was made; only a login that refuses the password changes that.
    private func verify() async -> SetupEnd {
        switch await login() {
        case .letsIn:
            say("\(name) logs in")
            return .done
        case .refuses(let reason):
            complain("but \(name) does not log in: \(reason)")
            return .useless
        case .fails(let reason), .inconclusive(let reason):
            complain("the login could not be tried: \(reason)")
            return .done
        }
    }

    private func login() async -> LoginCheck.Verdict {
        let egress = door()
        let environment = FlowEnvironment(
            transport: egress, clock: clock, memory: TransientMemory(),
            permitsSecrets: { egress.allows($0) }, allowAnnounced: { egress.allow($0) })
        return LoginCheck(await OAuthFlow(target: settings.target, environment: environment).logIn()).verdict
    }

    /// The one door; credentials go to the configured origin alone.
    private func door() -> Egress {
        let target = settings.target
        let policy = OriginAddressPolicy(server: target.server, allowNetworks: [])
        let transport = CurlTransport(
            driver: driver, settings: target.connection, timeout: target.timeout, addressPolicy: policy,
            userAgent: Version.userAgent)
        return Egress(transport: transport, settings: target, clock: clock)
    }

    private func say(_ line: String) { Console.out("\(Console.oneLine(redactor.text(line)))\n") }

    private func complain(_ line: String) { Console.error(Console.oneLine(redactor.text(line))) }
}
