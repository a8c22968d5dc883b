import WatchCore

extension Fault {
    /// One for each class of requests and each way to spoil an answer.
    static let transport: [Fault] = EndpointClass.allCases.flatMap { endpoint in
        TransportFault.allCases.map { transport in
            let expectation = expectation(of: transport, at: endpoint)
            return Fault(
                id: "\(endpoint.rawValue).\(transport.rawValue)",
                kind: expectation == .healthy ? .variety : .fault,
                summary: "\(endpoint.rawValue) requests are \(transport.summary)", expectation: expectation
            ) { $0.transport[endpoint] = transport }
        }
    }

    /// What must be said of a spoiled answer. Where nobody needs the body of an answer, a strange body does no harm.
    private static func expectation(of transport: TransportFault, at endpoint: EndpointClass) -> Expectation {
        switch (endpoint, transport.spoils) {
        case (.challenge, .body), (.login, .body), (.revocation, .body), (.revocation, .kind): .healthy
        // A page of a web server, where there is no place for pages, comes from what stands in front.
        case (.challenge, .kind): .failure(.challengeStatus).blaming(.edge)
        case (.discovery, .kind): .failure(.discoveryResourceMetadata).blaming(.edge)
        case (.registration, .kind): .failure(.registrationClientId).blaming(.edge).and(.info(.registrationStatus))
        case (.token, .kind): .failure(.tokenJson).blaming(.edge)
        case (.mcp, .kind): .failure(.mcpBody).blaming(.edge)
        case (.refresh, .kind): .failure(.refreshAccessToken).blaming(.edge)
        case (.challenge, _): .failure(.challengeStatus)
        case (.discovery, _): .failure(.discoveryResourceMetadata)
        case (.registration, .body): .failure(.registrationClientId)
        case (.registration, .exchange): .failure(.registrationStatus)
        // A byte order mark says what the encoding is, and browsers read the page.
        case (.authorization, .body) where transport == .wrongEncoding: .healthy
        case (.authorization, _): .failure(.authorizationPage)
        case (.login, _): .failure(.authenticationRedirect)
        case (.token, .exchange): .failure(.tokenStatus)
        case (.token, _): .failure(.tokenJson)
        case (.mcp, .exchange): .failure(.mcpStatus)
        case (.mcp, _): .failure(.mcpBody)
        case (.refresh, .exchange): .failure(.refreshStatus)
        case (.refresh, _): .failure(.refreshAccessToken)
        case (.revocation, .exchange): .info(.revocationStatus)
        }
    }
}

extension TransportFault {
    /// How far the harm goes.
    fileprivate enum Harm { case exchange, kind, body }

    fileprivate var spoils: Harm {
        switch self {
        // No whole answer comes, or none that tells anything.
        case .hang, .drip, .reset, .truncated, .oversized, .malformed, .serverError: .exchange
        // Another answer comes, with status 200.
        case .html: .kind
        // Status and fields are right, and the body is of no use.
        case .deepJSON, .wrongEncoding: .body
        }
    }
}
