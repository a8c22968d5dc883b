import CCurl
import Glibc
import Testing
import WatchCore

@testable import CurlHTTP

@Suite struct FailureReportTests {
    private static let origin = Origin(scheme: "https", host: "mcp.example", port: 443)

    private func report(_ code: CURLcode, isOnline: Bool = true) -> FailureReport {
        let network = LocalNetwork(hasRoute: { _ in isOnline }, resolverFile: { "nameserver 9.9.9.9\n" })
        return FailureReport(code: code, origin: Self.origin, network: network)
    }

    @Test(arguments: [
        (ECONNREFUSED, true, TransportFailure.Kind.connectionRefused), (ETIMEDOUT, true, .timedOut),
        (ECONNRESET, true, .connectionReset), (ENETUNREACH, false, .noRoute), (EHOSTUNREACH, false, .noRoute),
        (EHOSTUNREACH, true, .connectionRefused), (ENETUNREACH, true, .connectionRefused), (EPERM, true, .monitor),
    ])
    func tellsConnectErrorsApart(number: Int32, isOnline: Bool, kind: TransportFailure.Kind) throws {
        var report = report(CURLE_COULDNT_CONNECT, isOnline: isOnline)
        report.systemError = number
        report.tried = [try #require(IPAddress("93.184.215.14"))]
        #expect(report.failure.kind == kind)
    }

    @Test(arguments: [
        (CURLE_PEER_FAILED_VERIFICATION, TransportFailure.Kind.tlsVerification),
        (CURLE_SSL_CONNECT_ERROR, .tlsHandshake),
        (CURLE_WEIRD_SERVER_REPLY, .malformed), (CURLE_HTTP2, .malformed), (CURLE_BAD_CONTENT_ENCODING, .malformed),
        (CURLE_PARTIAL_FILE, .connectionReset), (CURLE_GOT_NOTHING, .connectionReset),
        (CURLE_OPERATION_TIMEDOUT, .nameNotFound),
        (CURLE_OUT_OF_MEMORY, .monitor), (CURLE_SSL_CACERT_BADFILE, .monitor), (CURLE_COULDNT_RESOLVE_PROXY, .monitor),
        (CURLE_ABORTED_BY_CALLBACK, .cancelled),
    ])
    func tellsCodesApart(code: CURLcode, kind: TransportFailure.Kind) {
        #expect(report(code).failure.kind == kind)
    }

    @Test func namesALongHeaderLine_forWhichLibcurlSaysThatMemoryIsOut() {
        var report = report(CURLE_OUT_OF_MEMORY)
        report.wasSent = true
        #expect(report.failure.kind == .headersTooLarge)
        #expect(report.failure.message.hasSuffix("a header line is longer than 100 KB"))
    }

    @Test func blamesTheName_unlessNoNameServerCanBeReached() {
        #expect(report(CURLE_COULDNT_RESOLVE_HOST).failure.kind == .nameNotFound)
        #expect(report(CURLE_COULDNT_RESOLVE_HOST, isOnline: false).failure.kind == .resolverUnreachable)
    }

    @Test func saysTheTimeInMilliseconds() {
        var report = report(CURLE_OPERATION_TIMEDOUT)
        report.timeLimit = .nanoseconds(587_017_064)
        report.wasSent = true
        #expect(report.failure.message == "https://mcp.example: no answer within 0.587 s")
    }

    @Test func blamesItself_whenThereAreNoSockets() {
        var report = report(CURLE_COULDNT_CONNECT)
        report.socketError = EMFILE
        #expect(report.failure.kind == .monitor)
        #expect(report.failure.message == "socket: Too many open files")
    }

    @Test(arguments: [(403, TransportFailure.Kind.monitor), (407, .monitor), (502, .connectionRefused)])
    func tellsAProxysAnswerApart(status: Int, kind: TransportFailure.Kind) {
        var report = report(CURLE_RECV_ERROR)
        report.proxyStatus = status
        #expect(report.failure.kind == kind)
    }

    @Test(arguments: [
        ("nameserver 10.0.0.1\n", ["10.0.0.1"], true), ("nameserver 10.0.0.1\n", [], false),
        ("nameserver 127.0.0.53\n", ["192.0.2.1"], true), ("nameserver 127.0.0.53\n", ["127.0.0.53"], false),
        ("# none\n", [], false), ("nameserver 10.0.0.1\nnameserver fe80::1%eth0\n", ["fe80::1"], true),
    ])
    func looksForAUsableResolver(file: String, routes: [String], isUsable: Bool) {
        let network = LocalNetwork(hasRoute: { routes.contains($0.description) }, resolverFile: { file })
        #expect(network.resolverIsUsable == isUsable)
    }
}
