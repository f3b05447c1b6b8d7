import Foundation
import Testing

/// A run of the program that was just built, which lies beside the tests, in a folder of its own.
final class Weir {
    static let path = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/weir"
    static let capture =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/pipelines/captures/cluster.pcap"

    let folder: URL
    private(set) var status: Int32 = -1
    private(set) var output = ""
    private(set) var errors = ""

    /// Makes the folder, with these files in it.
    init(_ files: [String: String] = [:]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files { try text.write(to: file(name), atomically: true, encoding: .utf8) }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

    /// Starts weir. Its output goes to `out`, or to another file; what it says goes to `err`.
    func start(_ arguments: [String], input: Any, to output: String? = nil) throws -> Process {
        for name in ["out", "err"] { try Data().write(to: file(name)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardInput = input
        process.standardOutput = try FileHandle(forWritingTo: output.map { URL(fileURLWithPath: $0) } ?? file("out"))
        process.standardError = try FileHandle(forWritingTo: file("err"))
        try process.run()
        return process
    }

    /// Waits for the end.
    func finish(_ process: Process) throws {
        process.waitUntilExit()
        status = process.terminationReason == .exit ? process.terminationStatus : 1000 + process.terminationStatus
        output = try String(contentsOf: file("out"), encoding: .utf8)
        errors = try String(contentsOf: file("err"), encoding: .utf8)
    }

    /// Runs weir in the folder to its end.
    @discardableResult
    func callAsFunction(_ arguments: String..., input: String = "", to output: String? = nil) throws -> Weir {
        try Data(input.utf8).write(to: file("in"))
        try finish(start(arguments, input: FileHandle(forReadingFrom: file("in")), to: output))
        return self
    }
}

/// A pipeline of these stages behind a capture of the cluster's wire.
func pipeline(_ stages: String) -> String {
    "weir: 1\nname: p\nstages:\n  - capture: { file: \(Weir.capture) }\n" + stages
}
