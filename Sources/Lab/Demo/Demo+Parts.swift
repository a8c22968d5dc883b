import Glibc

extension Demo {
    /// Path of a program that lies beside this one.
    ///
    /// - Throws: `demo` when it is not there.
    static func sibling(_ name: String) throws(LabError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw .last("readlink /proc/self/exe") }
        let own = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.lastIndex(of: "/").map { own[..<$0] } ?? "."
        let path = "\(folder)/\(name)"
        guard access(path, X_OK) == 0 else {
            throw .demo("\(path) is not there; build or install `\(name)` beside this program")
        }
        return path
    }

    /// The wished port when it is free, else any free one.
    static func freePort(_ wish: UInt16) throws(LabError) -> UInt16 {
        do throws(LabError) {
            return try ListeningSocket(host: "127.0.0.1", port: wish).port
        } catch .system(_, EADDRINUSE) {
            return try ListeningSocket(host: "127.0.0.1", port: 0).port
        }
    }

    /// The daemon's configuration: one target, every few seconds enough for a look.
    static func daemonConfiguration(
        _ directory: String, port: UInt16, _ server: String, _ username: String, _ passwordFile: String
    ) -> String {
        """
        listen: 127.0.0.1:\(port)
        stateDirectory: \(directory)/state
        traces:
          directory: \(directory)/traces
        targets:
          - name: lab
            server: \(server)
            username: \(username)
            passwordFile: \(passwordFile)
            interval: 1m
            timeout: 10s

        """
    }
}
