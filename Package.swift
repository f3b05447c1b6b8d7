// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
]

/// The stages, one target each under Plugins/. They see the core and the wire formats, nothing else.
/// (SwiftPM keeps a folder of that name for build tool plugins, hence the explicit paths.)
let stages = [
    "ARPResolver", "ARPResponder", "Counter", "Discard", "Generator", "IGMPQuerier", "NLBFilter", "RateLimit", "Sample",
    "Tee",
    "UnicastRewrite", "VLANIsolation",
]

/// The stages that share the state machines of group membership.
let membershipStages = ["IGMPResponder", "IGMPSnooper", "MLDResponder", "Switch"]

/// The target of a stage.
func stage(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Plugins/\(name)", swiftSettings: settings)
}

let package = Package(
    name: "weir",
    products: [
        .executable(name: "weir", targets: ["weir"]),
        .library(name: "Weir", targets: ["Weir", "WeirWire"]),
        .library(name: "WeirTesting", targets: ["WeirTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "WeirWire", swiftSettings: settings),
        .target(name: "CPrefetch"),
        .target(name: "CLinux"),
        .target(name: "Weir", dependencies: ["WeirWire", "CPrefetch"], swiftSettings: settings),
        .target(name: "WeirMembership", dependencies: ["Weir", "WeirWire"], swiftSettings: settings),
        .target(name: "WeirConfig", dependencies: ["Weir", "WeirWire", "CYAML"], swiftSettings: settings),
        .target(name: "WeirIO", dependencies: ["Weir", "WeirWire", "CLinux"], swiftSettings: settings),
        .target(name: "WeirTesting", dependencies: ["Weir", "WeirWire"], swiftSettings: settings),
        .target(name: "BPF", dependencies: ["Weir", "CPcap"], path: "Plugins/BPF", swiftSettings: settings),
        .target(
            name: "BuiltinStages",
            dependencies: ["Weir", "WeirIO", "BPF"] + (stages + membershipStages).map { .target(name: $0) },
            swiftSettings: settings),
        .executableTarget(
            name: "weir",
            dependencies: [
                "Weir", "WeirConfig", "WeirIO", "BuiltinStages",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .testTarget(name: "WeirWireTests", dependencies: ["WeirWire"], swiftSettings: settings),
        .testTarget(
            name: "WeirTests", dependencies: ["Weir", "WeirTesting", "BuiltinStages"], swiftSettings: settings),
        .testTarget(
            name: "WeirConfigTests", dependencies: ["WeirConfig", "Weir", "WeirWire"], swiftSettings: settings),
        .testTarget(
            name: "WeirIOTests", dependencies: ["BuiltinStages", "Weir", "WeirWire", "WeirIO"], swiftSettings: settings),
        .testTarget(
            name: "SmallStagesTests", dependencies: ["BuiltinStages", "Weir", "WeirTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "IGMPStagesTests",
            dependencies: ["BuiltinStages", "Weir", "WeirMembership", "WeirWire", "WeirTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "SwitchTests", dependencies: ["BuiltinStages", "Weir", "WeirMembership", "WeirWire", "WeirTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "ClusterStagesTests",
            dependencies: ["BuiltinStages", "Weir", "WeirConfig", "WeirWire", "WeirTesting"],
            exclude: ["Recordings"], swiftSettings: settings),
        .testTarget(name: "WeirCommandTests", dependencies: ["weir"], swiftSettings: settings),
        .testTarget(
            name: "AcceptanceTests",
            dependencies: ["weir", "WeirConfig", "WeirMembership", "WeirTesting", "BuiltinStages"],
            swiftSettings: settings),
    ]
        + stages.map { stage($0, uses: ["Weir", "WeirWire"]) }
        + membershipStages.map { stage($0, uses: ["Weir", "WeirWire", "WeirMembership"]) }
)
