import Foundation
import Testing

/// A program that ran to its end.
struct Command {
    let status: Int32
    let output: String
    let errors: String

    /// Runs a program with these arguments and this on its standard input.
    init(_ program: String, _ arguments: [String], input: Data = Data(), environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files, not pipes: nobody has to read while the program writes.
        let folder = try Folder()
        let (standardOutput, standardError) = (folder.path("out"), folder.path("err"))
        try input.write(to: URL(fileURLWithPath: folder.path("in")))
        for path in [standardOutput, standardError] { try Data().write(to: URL(fileURLWithPath: path)) }
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: folder.path("in")))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: standardOutput))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: standardError))
        try process.run()
        process.waitUntilExit()
        status = process.terminationReason == .exit ? process.terminationStatus : 1000 + process.terminationStatus
        output = String(decoding: try Data(contentsOf: URL(fileURLWithPath: standardOutput)), as: UTF8.self)
        errors = String(decoding: try Data(contentsOf: URL(fileURLWithPath: standardError)), as: UTF8.self)
    }

    /// Runs weir as it was just built: it lies beside the tests.
    static func weir(_ arguments: String..., input: Data = Data(), environment: [String: String] = [:]) throws
        -> Command
    {
        try Command(weirPath, arguments, input: input, environment: environment)
    }

    static let weirPath = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/weir"

    /// The standard output as one JSON object.
    var json: [String: Any] {
        get throws {
            try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        }
    }
}

/// A folder that is removed with its last user.
final class Folder {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("weir-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }
}

/// The top of the repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

let clusterCapture = repository + "/pipelines/captures/cluster.pcap"
