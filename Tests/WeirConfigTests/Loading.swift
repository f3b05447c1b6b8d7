import Glibc
import Testing
import Weir
import WeirConfig

/// Loads `yaml` as the file `p.yaml`.
func load(_ yaml: String, _ settings: PipelineFile.Settings = .init()) -> PipelineFile.Result {
    PipelineFile.load(text: yaml, name: "p.yaml", catalogue: catalogue, settings: settings)
}

/// All that is said of `yaml`.
func complaints(_ yaml: String, _ settings: PipelineFile.Settings = .init()) -> String {
    DiagnosticRenderer().text(load(yaml, settings).diagnostics)
}

/// Checks that `stages`, after a capture and before a transmit, gives exactly `expected`.
func expect(
    _ yaml: String, _ settings: PipelineFile.Settings = .init(), says expected: String,
    at location: Testing.SourceLocation = #_sourceLocation
) {
    let found = complaints(yaml, settings)
    #expect(found == expected + "\n", "\n\(found)", sourceLocation: location)
}

/// The pipeline in `yaml`, which has to be free of errors.
func resolve(
    _ yaml: String, _ settings: PipelineFile.Settings = .init(),
    at location: Testing.SourceLocation = #_sourceLocation
) throws -> ResolvedPipeline {
    let result = load(yaml, settings)
    return try #require(
        result.pipeline, "\n\(DiagnosticRenderer().text(result.diagnostics))", sourceLocation: location)
}

extension ResolvedPipeline {
    /// The wires as `from.output > to`.
    var wiring: [String] { wires.map { "\(stages[$0.from].id).\($0.output) > \(stages[$0.to].id)" } }

    /// The value of a stage's parameter as `show` prints it.
    func setting(_ id: String, _ key: String) -> ParameterSetting? {
        stages.first { $0.id == id }?.configuration.settings.first { $0.descriptor.key == key }
    }
}

/// A folder for files, removed with the value.
final class TemporaryFolder {
    let path: String
    private var names: Set<String> = []

    init() {
        var name = Array("/tmp/weir-config-XXXXXX".utf8CString)
        _ = unsafe mkdtemp(&name)
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The path of what is called `name`, to be removed at the end.
    func path(of name: String) -> String {
        names.insert(name)
        return path + "/" + name
    }

    /// Writes a file, and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) -> String { write(Array(text.utf8), to: name) }

    /// Writes a file in place, and returns its path.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) -> String {
        let file = path(of: name)
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        #expect(unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        return file
    }

    deinit {
        for name in names where unsafe unlink(path + "/" + name) != 0 { unsafe rmdir(path + "/" + name) }
        unsafe rmdir(path)
    }
}
