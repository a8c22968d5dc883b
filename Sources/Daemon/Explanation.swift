import CommandIO
import Config
import Glibc
import Report
import WatchCore

/// `oauthwatch explain`.
package struct Explanation {
    private let check: String?
    private let isMarkdown: Bool

    /// - Parameters:
    ///   - check: the id to explain; nil explains all.
    ///   - isMarkdown: whether the text is for a document and not for a terminal.
    package init(check: String?, isMarkdown: Bool) {
        self.check = check
        self.isMarkdown = isMarkdown
    }

    /// Prints it.
    ///
    /// - Returns: the exit status: 0, or 64 when no check has that id.
    package func run() -> Int32 {
        guard let check else {
            Console.out(isMarkdown ? CheckReference.markdown : CheckReference.text)
            return EX_OK
        }
        guard let id = CheckID(rawValue: check) else {
            let near = Self.suggestions(for: check)
            let hint = near.isEmpty ? "" : "near: \(near.joined(separator: ", ")); "
            Console.error("no check is called “\(check.prefix(64))”; \(hint)all: oauthwatch explain --all")
            return EX_USAGE
        }
        let explanation = CheckExplanation(id)
        Console.out(isMarkdown ? explanation.markdown : explanation.text)
        return EX_OK
    }

    /// The ids that may be meant: those that begin or end with the word, else the three nearest when one is near.
    static func suggestions(for word: String) -> [String] {
        let known = CheckID.allCases.map(\.rawValue)
        let family = known.filter { $0.hasPrefix("\(word).") || $0.hasSuffix(".\(word)") }
        return family.isEmpty ? NearestKey.nearest(to: word, among: known, count: 3) : family
    }
}
