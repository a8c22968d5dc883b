import CommandIO
import Config
import Glibc
import OAuthFlow
import WatchCore

/// `oauthwatch cimd`: the client's metadata, for the operator to publish.
package struct ClientDocument: Sendable {
    private let url: String?
    private let personas: [String]
    private let config: String?
    private let target: String?

    /// The document that is to be found at `url`, or where the configuration says.
    ///
    /// - Parameters:
    ///   - url: where it will be published; nil: the target's `client.metadataDocument`.
    ///   - personas: the clients whose redirect URIs it names; empty: the target's.
    ///   - config: a configuration file; nil: none.
    ///   - target: the target of it; nil when it has only one.
    package init(url: String?, personas: [String], config: String?, target: String?) {
        self.url = url
        self.personas = personas
        self.config = config
        self.target = target
    }

    /// Prints it.
    ///
    /// - Returns: the exit status: 0; 64 for what cannot be used, 78 for a configuration.
    package func run() -> Int32 {
        do throws(UsageError) {
            let settings = try TraceOptions(
                serverURL: config == nil ? "http://localhost" : nil, username: nil, password: nil, passwordFile: nil,
                saveTrace: nil, quiet: true, config: config, target: target, clientName: nil, redirectURI: nil,
                scope: nil, mcpPath: nil, personas: personas, apiURL: nil, allowOrigins: [], timeout: nil,
                stateDirectory: nil, caFile: nil, strict: false, redacts: true, isJSON: false
            ).settings { _ in nil }
            guard let place = url.map({ WebURL($0) }) ?? settings.clientDocument, place.scheme == "https",
                !["", "/"].contains(place.path), place.userinfo == nil, place.fragment == nil
            else {
                throw UsageError(
                    message: "--url takes the https URL, with a path, where you will publish the document")
            }
            Console.out(settings.clientDocument(at: place).text(indent: 2) + "\n")
            return EX_OK
        } catch {
            Console.error(error.message)
            return error.status
        }
    }
}
