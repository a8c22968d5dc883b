/// Finds the key that was meant.
package enum NearestKey {
    /// For a message: the known keys, the nearest one first when there is one.
    static func suggestion(for name: String, among known: [String]) -> String {
        let all = known.joined(separator: ", ")
        guard let nearest = nearest(to: name, among: known) else { return all }
        return "perhaps \(nearest); all: \(all)"
    }

    /// The known key that differs least; nil when none is near.
    static func nearest(to name: String, among known: [String]) -> String? {
        let wanted = normal(name)
        guard wanted.count <= longest, let best = ranked(name, among: known).first,
            best.distance <= max(1, wanted.count / 3)
        else { return nil }
        return best.name
    }

    /// The known names that differ least, the nearest first; none when that is another word altogether.
    ///
    /// - Parameters:
    ///   - name: what was written.
    ///   - count: how many at most.
    package static func nearest(to name: String, among known: [String], count: Int) -> [String] {
        let ranked = ranked(String(name.prefix(longest)), among: known)
        guard let best = ranked.first, best.distance <= name.count / 2 else { return [] }
        return ranked.prefix(count).map(\.name)
    }

    /// In bytes; comparing longer names would help nobody.
    private static let longest = 64

    private static func ranked(_ name: String, among known: [String]) -> [(distance: Int, name: String)] {
        let wanted = normal(name)
        let ranked = known.map { (distance: distance(wanted, normal($0)), name: $0) }
        return ranked.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
    }

    /// `Password_File` and `password-file` are `passwordFile`, but for the looks.
    private static func normal(_ name: String) -> [UInt8] {
        Array(name.lowercased().utf8.filter { !"_- ".utf8.contains($0) })
    }

    /// The number of bytes to insert, remove or replace.
    ///
    /// Source: Wagner and Fischer, The String-to-String Correction Problem (1974).
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let replaced = diagonal + (x == y ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}

extension String {
    /// Short and without controls, to be shown in a message.
    var shown: String {
        let scalars = unicodeScalars.prefix(60).map { scalar -> Unicode.Scalar in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format ? "?" : scalar
        }
        return String(String.UnicodeScalarView(scalars)) + (unicodeScalars.count > 60 ? "…" : "")
    }
}
