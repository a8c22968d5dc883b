import Glibc
import Testing
import WatchCore

@testable import Traces

struct TraceArchiveTests {
    /// Writes traces a minute apart, oldest first.
    private func directory(_ runs: [(RunKind, Verdict)], in folder: String) throws -> TestDirectory {
        let directory = try TestDirectory()
        mkdir("\(directory.path)/\(folder)", 0o700)
        for (index, run) in runs.enumerated() {
            let bytes = Array(
                #"{"metadata": {"verdict": "\#(run.1.rawValue)", "kind": "\#(run.0.rawValue)", "x": "y"}}"#.utf8)
            let name = TraceName(WallTime(seconds: 1_800_000_000 + 60 * Double(index))).text
            // Compressed ones are found, too.
            let isOld = index.isMultiple(of: 2)
            let path = "\(folder)\(name)\(isOld ? ".gz" : "")"
            try directory.write(isOld ? try #require(Gzip.compressed(bytes)) : bytes, to: path)
        }
        return directory
    }

    @Test(
        arguments: [
            (
                [(.login, .healthy), (.session, .healthy), (.login, .failed), (.session, .healthy), (.login, .failed)],
                0, 2
            ),
            (
                [
                    (.login, .failed), (.login, .healthy), (.login, .inconclusive), (.login, .insecure),
                    (.login, .healthy),
                ], 1, 3
            ),
            ([(.login, .failed)], nil, 0), ([(.login, .healthy), (.login, .inconclusive)], nil, nil),
            ([(.login, .degraded), (.session, .failed)], 0, 1),
        ] as [([(RunKind, Verdict)], Int?, Int?)])
    func findsTheNewestFailure_andWhatWasWellBefore(runs: [(RunKind, Verdict)], good: Int?, bad: Int?) throws {
        let directory = try directory(runs, in: "lab/")
        let archive = try TraceArchive(directory: directory.path)
        let failure = archive.newestFailure(of: "lab")
        func index(_ entry: TraceEntry?) -> Int? { entry.map { Int(($0.name.second - 1_800_000_000) / 60) } }
        #expect(index(failure.good) == good && index(failure.bad) == bad)
        #expect(archive.targets == ["lab"] && archive.entries.count == runs.count)
    }

    @Test func takesADirectoryOfSingleTraces() throws {
        let directory = try directory([(.login, .healthy), (.login, .failed)], in: "")
        let archive = try TraceArchive(directory: directory.path)
        #expect(archive.entries.map(\.isFailing) == [false, true])
        let failing = try #require(archive.entries.last)
        #expect(archive.lastGood(before: failing) == archive.entries.first)
        #expect(try TraceReader.read(archive.path(of: failing))["metadata"]?["verdict"] == "failed")
    }

    @Test func saysWhichDirectoryItCannotRead() {
        let failure = #expect(throws: TraceFailure.self) { try TraceArchive(directory: "/nowhere/traces") }
        #expect(failure?.description.contains("/nowhere") == true)
    }
}
