import ArgumentParser
import Daemon

/// `oauthwatch cimd`.
struct ClientDocumentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cimd", abstract: "Print a client ID metadata document to publish.",
        discussion: """
            Authorization servers that say `client_id_metadata_document_supported` take its URL as `client_id`; no client is \
            registered then. Publish it as application/json and name the URL in `client: {metadataDocument: URL}`.
            """)

    @Option(help: "The https URL where the document will be (default: the target's client.metadataDocument).")
    var url: String?
    @Option(help: "A client whose redirect URI it names; repeatable (default: the target's).")
    var persona: [String] = []
    @Option(help: "A configuration file, to take a target from.")
    var config: String?
    @Option(help: "The target of the configuration file.")
    var target: String?

    func run() throws {
        throw ExitCode(ClientDocument(url: url, personas: persona, config: config, target: target).run())
    }
}
