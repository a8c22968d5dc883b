// swift-tools-version: 6.2
import PackageDescription

/// The same rules everywhere: Swift 6 mode, explicit existentials and imports, no warning left standing.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A C library of the system, imported by exactly one Swift target.
func library(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// A room of the house; its tests, where it has any, stand in `Tests/NAMETests`, with files that they read.
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], tested: [Target.Dependency]? = nil,
    testData: [String] = []
) -> [Target] {
    var targets: [Target] = [.target(name: name, dependencies: dependencies, swiftSettings: house)]
    if let tested {
        targets.append(
            .testTarget(
                name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + tested,
                exclude: testData, swiftSettings: house))
    }
    return targets
}

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let libraries: [Target] = [
    library("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),
    library("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
    library("CMicroHTTPD", pkgConfig: "libmicrohttpd", apt: "libmicrohttpd-dev"),
    library("CPQ", pkgConfig: "libpq", apt: "libpq-dev"),
    library("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
    library("CSystemd", pkgConfig: "libsystemd", apt: "libsystemd-dev"),
    library("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
    library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
]

// From the bottom of the house to its top: a room knows only rooms below it.
let rooms: [Target] = [
    room("WatchCore", tested: []),
    room("JSONReader", ["WatchCore"], tested: []),
    room("Crypto", ["WatchCore", "CCrypto"], tested: []),
    room("CurlHTTP", ["WatchCore", "CCurl"], tested: []),
    room("Egress", ["WatchCore"], tested: []),
    room("HTMLForms", ["WatchCore"], tested: [], testData: ["Pages"]),
    room("OAuthFlow", ["WatchCore", "HTMLForms", "Crypto", "JSONReader"], tested: []),
    room("Guards", ["WatchCore", "HTMLForms", "Crypto", "JSONReader", "OAuthFlow"], tested: []),
    room("StateStore", ["WatchCore", "Crypto", "JSONReader"], tested: []),
    room("Traces", ["WatchCore", "Crypto", "JSONReader", "CZlib"], tested: []),
    room("Scheduling", ["WatchCore"], tested: []),
    room("Health", ["WatchCore"], tested: []),
    room("Metrics", ["WatchCore"], tested: []),
    room("LocalServer", ["WatchCore", "CMicroHTTPD"], tested: []),
    room("Systemd", ["WatchCore", "CSystemd"], tested: []),
    room("Alerts", ["WatchCore"], tested: ["JSONReader", "StateStore"]),
    room("Config", ["WatchCore", "Alerts", "CYAML"], tested: []),
    room("Control", ["WatchCore", "JSONReader"], tested: []),
    room("CommandIO", ["WatchCore"], tested: []),
    room("Report", ["WatchCore", "Traces"], tested: ["JSONReader"]),
    room(
        "Daemon",
        [
            "WatchCore", "JSONReader", "Crypto", "CurlHTTP", "Egress", "OAuthFlow", "Guards", "StateStore", "Traces",
            "Scheduling", "Health", "Alerts", "Metrics", "LocalServer", "Systemd", "Config", "Control", "CommandIO",
            "Report", log,
        ], tested: ["Lab"]),
    room("Lab", ["WatchCore", "JSONReader", "Crypto"], tested: []),
    room(
        "SetupUser",
        [
            "WatchCore", "JSONReader", "Crypto", "CurlHTTP", "Egress", "HTMLForms", "OAuthFlow", "Traces", "Systemd",
            "CommandIO", "CPQ", "CSQLite",
        ], tested: []),
].flatMap { $0 }

let executables: [Target] = [
    .executableTarget(
        name: "oauthwatch", dependencies: ["Daemon", "Guards", "CommandIO", arguments], swiftSettings: house),
    .executableTarget(name: "oauthwatchd", dependencies: ["Daemon"], swiftSettings: house),
    .executableTarget(name: "oauthwatch-lab", dependencies: ["Lab", arguments], swiftSettings: house),
    // A part of the tests that must be a process of its own, to be killed.
    .executableTarget(
        name: "alert-soak",
        dependencies: ["Alerts", "CurlHTTP", "Egress", "JSONReader", "StateStore", "WatchCore"],
        path: "Tests/AlertSoak", swiftSettings: house),
    .executableTarget(
        name: "oauthwatch-setup-user", dependencies: ["SetupUser", "CommandIO", arguments], swiftSettings: house),
]

let package = Package(
    name: "oauthwatch",
    products: [
        .executable(name: "oauthwatch", targets: ["oauthwatch"]),
        .executable(name: "oauthwatchd", targets: ["oauthwatchd"]),
        .executable(name: "oauthwatch-lab", targets: ["oauthwatch-lab"]),
        .executable(name: "oauthwatch-setup-user", targets: ["oauthwatch-setup-user"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    ],
    targets: libraries + rooms + executables
)
