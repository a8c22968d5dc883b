/// Says which addresses may be connected to; asked with the address itself, after names were resolved and before
/// anything is sent.
package protocol AddressPolicy: Sendable {
    /// Whether a connection may be made.
    ///
    /// - Parameters:
    ///   - address: the address about to be connected to.
    ///   - port: its TCP port.
    ///   - origin: the origin that the request is meant for.
    func permits(_ address: IPAddress, port: UInt16, for origin: Origin) -> Bool
}
