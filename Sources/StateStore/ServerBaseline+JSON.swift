import WatchCore

extension ServerBaseline {
    var json: JSON {
        ["portrait": portrait, "acceptedAt": JSON(acceptedAt), "latest": latest ?? .null]
    }

    init(_ fields: StateFields) throws(StateFormatError) {
        let latest = fields.any("latest")
        self.init(
            portrait: fields.any("portrait"), acceptedAt: try fields.time("acceptedAt"),
            latest: latest == .null ? Optional.none : .some(latest))
    }
}
