import Config
import Glibc
import Testing
import WatchCore

@Suite struct ConfigurationReferenceTests {
    /// With `OAUTHWATCH_UPDATE` in the environment the files are written anew instead.
    @Test(arguments: [
        ("docs/configuration.md", ConfigurationReference.markdown),
        ("deploy/man/oauthwatch.yaml.5", ConfigurationManual.page),
        ("config/oauthwatch.schema.json", ConfigurationSchema.json.text(indent: 2) + "\n"),
    ])
    func isWhatTheFilesSay(_ name: String, _ expected: String) throws {
        let path = repositoryPath(name)
        if getenv("OAUTHWATCH_UPDATE") != nil {
            let file = try #require(fopen(path, "w"))
            fputs(expected, file)
            fclose(file)
        }
        let text = try String(decoding: FileContents(path: path).bytes, as: UTF8.self)
        #expect(text == expected, "OAUTHWATCH_UPDATE=1 writes \(name) anew")
    }
}

@Suite struct HostileTextTests {
    /// Damaged files end in problems that point into the file, never in a trap.
    @Test func survivesDamagedFiles() throws {
        let original = try FileContents(path: repositoryPath("config/oauthwatch.example.yaml")).bytes
        let marks = Array("[]{}:,-&*!|>'\"%@`#\n\t \0\u{ff}0~".utf8)
        var random = UInt64(42)
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % bound
        }
        for _ in 0..<400 {
            var text = original
            for _ in 0...next(4) {
                let place = next(text.count)
                if next(3) == 0 { text.removeSubrange(place..<min(text.count, place + next(40))) }
                text.insert(marks[next(marks.count)], at: min(place, text.count))
            }
            let lines = text.count { $0 == 10 } + 1
            do throws(ConfigurationError) {
                _ = try ConfigurationFile.parse(text, file: "f", surroundings: FileTable().surroundings())
            } catch {
                #expect(error.problems.allSatisfy { (1...lines + 1).contains($0.line) && !$0.allowed.isEmpty })
                #expect(error.problems.contains { !$0.isWarning })
            }
        }
    }
}
