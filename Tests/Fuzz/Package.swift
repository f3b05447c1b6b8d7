// swift-tools-version: 6.2
import PackageDescription

// The package of the fuzzing program. `script/fuzz` lays it out in a folder of its own, with links to the sources, so
// that what is compiled for libFuzzer never meets what `swift build` makes.

let settings: [SwiftSetting] = [
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .unsafeFlags(["-sanitize=fuzzer"]),
]

/// The stages that are fuzzed.
let stages = ["ARPResponder", "NLBFilter", "UnicastRewrite", "VLANIsolation"]

let package = Package(
    name: "weir-fuzz",
    targets: [
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
        .systemLibrary(name: "CLibFuzzer"),
        .target(name: "WeirWire", swiftSettings: settings),
        .target(name: "CLinux"),
        .target(name: "CPrefetch"),
        .target(name: "Weir", dependencies: ["WeirWire", "CPrefetch"], swiftSettings: settings),
        .target(name: "WeirConfig", dependencies: ["Weir", "WeirWire", "CYAML"], swiftSettings: settings),
        .target(name: "WeirIO", dependencies: ["Weir", "WeirWire", "CLinux"], swiftSettings: settings),
        .target(name: "WeirTesting", dependencies: ["Weir", "WeirWire"], swiftSettings: settings),
        .executableTarget(
            name: "weir-fuzz",
            dependencies: ["Weir", "WeirWire", "WeirConfig", "WeirIO", "WeirTesting", "CLibFuzzer"]
                + stages.map { .target(name: $0) },
            swiftSettings: settings, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
    ]
        + stages.map { .target(name: $0, dependencies: ["Weir", "WeirWire"], swiftSettings: settings) }
)
