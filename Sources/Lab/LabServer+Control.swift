import WatchCore

extension LabServer {
    /// The lab's own controls under `/-/`, for tests and drills; to loopback names only.
    func control(_ request: LabRequest) -> LabResponse {
        guard let host = request.fields["Host"], WebURL("http://\(host)/")?.isLoopback == true else {
            return .text("the controls answer to loopback names only\n", status: 403)
        }
        switch (request.method, request.path) {
        case ("GET", "/-/stats"): return .json(stats.json)
        case ("GET", "/-/faults"): return .json(.array(activeFaults.sorted().map { .string($0) }))
        case ("GET", "/-/requests"): return .json(.array(requests.map(\.json)))
        case ("DELETE", "/-/requests"):
            clearRequests()
            return .empty(204)
        case ("POST", "/-/restart"):
            restart()
            return .empty(204)
        case ("POST", let path) where path.hasPrefix("/-/skip/"): return controlTime(path)
        case ("POST", let path), ("DELETE", let path): return controlFault(path, isOn: request.method == "POST")
        default: return .text("there is no such control\n", status: 404)
        }
    }

    private func controlTime(_ path: String) -> LabResponse {
        guard let seconds = path.suffix(after: "/-/skip/").flatMap({ UInt32($0) }) else {
            return .text("/-/skip/ takes whole seconds\n", status: 400)
        }
        skip(.seconds(Int64(seconds)))
        return .empty(204)
    }

    private func controlFault(_ path: String, isOn: Bool) -> LabResponse {
        guard let id = path.suffix(after: "/-/fault/") else { return .text("there is no such control\n", status: 404) }
        do {
            try setFault(PercentEncoding.decode(id), isOn)
            return .empty(204)
        } catch {
            return .text("\(error)\n", status: 404)
        }
    }
}
