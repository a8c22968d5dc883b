package import WatchCore

/// Posts notifications to a URL that the operator named. A redirect is no success and is not followed: nobody but the
/// named origin gets what is sent.
package struct WebhookSink: AlertSink {
    private let url: WebURL
    private let body: WebhookBody
    private let headers: HTTPFields
    private let transport: any HTTPTransport

    /// A webhook.
    ///
    /// - Parameters:
    ///   - url: where to post to; it may hold a secret and is never shown.
    ///   - body: the form of the body.
    ///   - headers: further header fields, which may hold secrets.
    ///   - transport: sends the request; its time limit is the sink's.
    package init(url: WebURL, body: WebhookBody, headers: HTTPFields, transport: any HTTPTransport) {
        self.url = url
        self.body = body
        self.headers = headers
        self.transport = transport
    }

    package func deliver(_ notifications: [Notification]) async throws(DeliveryFailure) {
        var target = url
        var topic = ""
        if body == .ntfy, let slash = url.path.lastIndex(of: "/") {
            topic = String(url.path[url.path.index(after: slash)...])
            target.path = String(url.path[...slash])
        }
        let fields = HTTPFields([HTTPFields.Field("Idempotency-Key", WebhookBody.digestKey(notifications))])
        try await transport.post(
            body.json(notifications, topic: topic), to: target, HTTPFields(fields.fields + headers.fields))
    }
}

extension HTTPTransport {
    /// Posts JSON that was told to nobody but us; any answer but 2xx is a failure.
    func post(_ json: JSON, to url: WebURL, _ fields: HTTPFields) async throws(DeliveryFailure) {
        // The step is of no account here: no flow sees this request.
        let request = HTTPRequest(.revocation, "POST", url, fields: fields, body: .json(json), carriesSecret: true)
        let response: HTTPResponse
        do throws(TransportFailure) {
            response = try await send(request)
        } catch {
            throw DeliveryFailure("\(url.origin): \(error.kind.rawValue)")
        }
        guard !(200...299).contains(response.status) else { return }
        let wait = response.fields["Retry-After"].flatMap { Int($0) }.map { Duration.seconds(max(0, min($0, 3_600))) }
        throw DeliveryFailure("\(url.origin) answers \(response.status)", wait: wait)
    }
}
