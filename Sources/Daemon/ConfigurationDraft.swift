import CommandIO
import Config
import CurlHTTP
import Glibc
import OAuthFlow
import WatchCore

/// `oauthwatch init`.
package struct ConfigurationDraft: Sendable {
    private let url: String
    private let caFile: String?
    private let username: String?

    /// A draft for the server at `url`.
    ///
    /// - Parameters:
    ///   - url: the MCP endpoint.
    ///   - caFile: CA certificates in PEM form; nil: the system's.
    ///   - username: the test user, to stand in the draft; nil when it is not known yet.
    package init(url: String, caFile: String?, username: String? = nil) {
        self.url = url
        self.caFile = caFile
        self.username = username
    }

    /// Looks at what the server publishes and prints a configuration for it. No credential is sent.
    ///
    /// - Returns: the exit status: 0; 64 for a bad URL; 1 or 4 when discovery failed.
    package func run() async -> Int32 {
        guard let server = WebURL(url), ["http", "https"].contains(server.scheme), server.userinfo == nil,
            let redirectURI = WebURL("http://localhost:3000/callback")
        else {
            Console.error(
                "init takes an http or https URL without user name and password, such as https://mcp.example.com")
            return EX_USAGE
        }
        var target = TargetSettings(
            name: server.host, server: server, username: "", password: nil, redirectURI: redirectURI)
        do throws(UsageError) {
            target.connection.caFile = try caFile.map { (file) throws(UsageError) in
                try TraceOptions.readable(file, "--ca-file")
            }
        } catch {
            Console.error(error.message)
            return error.status
        }
        // Only discovery is done, and it sends no credential: every origin may be named in the draft.
        target.allowsAnnouncedOrigin = true
        do throws(TransportFailure) {
            return await draft(target, try CurlDriver())
        } catch {
            Console.error(error.message)
            return EX_OSERR
        }
    }

    private func draft(_ target: TargetSettings, _ driver: CurlDriver) async -> Int32 {
        let run = TargetRun(target: target, driver: driver, clock: SystemClock(), memory: TransientMemory())
        let (record, found) = await run.flow().flow.discover()
        driver.stop()
        for finding in record.findings {
            Console.error("\(finding.check.rawValue): \(Console.oneLine(finding.message))")
        }
        guard let found else {
            record.findings.forEach { Console.error(Console.oneLine($0.remedy)) }
            return record.verdict == .inconclusive ? 4 : 1
        }
        let origins = found.origins.subtracting([target.server.origin])
        let template = InitTemplate(
            server: target.server, allowedOrigins: origins, scope: found.scope, username: username)
        Console.out(template.text)
        return EX_OK
    }
}
