/// Times as they are written in a configuration.
package enum DurationText {
    /// Reads `200ms`, `5s`, `15m`, `2h`, `30d`; nil for anything else, for zero and for more than 366 days.
    package static func read(_ text: String) -> Duration? {
        guard let count = Quantity.read(text, units: Quantity.times), count > 0 else { return nil }
        let duration = Duration.milliseconds(count)
        return duration <= .seconds(366 * 86_400) ? duration : nil
    }
}
