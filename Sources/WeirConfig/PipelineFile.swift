import Weir

/// The one way from a pipeline file to a pipeline. What checks a file and what runs it both come through here.
public enum PipelineFile {
    /// What the user gives beside the file.
    public struct Settings: Sendable {
        /// `--set` in the order given; of two for the same parameter the later one counts.
        public var values: [(name: String, value: String)]
        /// The environment, from which `WEIR_NAME` sets the parameter `name`. `--set` comes before it.
        public var environment: [String: String]
        /// Captures and transmits that are pointed elsewhere.
        public var rebindings: [Rebinding]

        public init(
            values: [(name: String, value: String)] = [], environment: [String: String] = [:],
            rebindings: [Rebinding] = []
        ) {
            self.values = values
            self.environment = environment
            self.rebindings = rebindings
        }
    }

    /// Why there is no pipeline.
    public enum Failure: Sendable {
        /// The file does not exist or cannot be read.
        case noInput
        /// The file may not be read.
        case noPermission
        /// The file is wrong.
        case invalid
    }

    /// A pipeline, or everything that keeps the file from being one; warnings come with either.
    public struct Result: Sendable {
        public let pipeline: ResolvedPipeline?
        /// In the order of the file.
        public let diagnostics: [Diagnostic]
        /// Nil when there is a pipeline.
        public let failure: Failure?
    }

    /// Reads the pipeline in the file at `path`; `-` is standard input.
    public static func load(path: String, catalogue: StageCatalogue, settings: Settings = Settings()) -> Result {
        do {
            return load(try SourceText(path: path), path: path, catalogue, settings)
        } catch {
            return Result(pipeline: nil, diagnostics: [error.diagnostic], failure: error.reason)
        }
    }

    /// Reads the pipeline in `text`, as if it stood in the file `name`.
    public static func load(
        text: String, name: String, catalogue: StageCatalogue, settings: Settings = Settings()
    ) -> Result {
        load(bytes: Array(text.utf8), name: name, catalogue: catalogue, settings: settings)
    }

    /// Reads the pipeline in `bytes`, as if they stood in the file `name`.
    public static func load(
        bytes: [UInt8], name: String, catalogue: StageCatalogue, settings: Settings = Settings()
    ) -> Result {
        do {
            return load(try SourceText(name: name, bytes: bytes), path: name, catalogue, settings)
        } catch {
            return Result(pipeline: nil, diagnostics: [error], failure: .invalid)
        }
    }

    private static func load(
        _ text: SourceText, path: String, _ catalogue: StageCatalogue, _ settings: Settings
    ) -> Result {
        let findings = Findings()
        let composer = Composer(catalogue: catalogue, findings: findings)
        var pipeline: ResolvedPipeline?
        if let document = composer.document(in: text) {
            let given = settings.given(to: document.parameters)
            let (scope, parameters) = document.makeScope(given: given, isInside: false, findings)
            _ = composer.build(document, scope: scope, at: Composer.Place(files: [normalized(path)])) { items in
                for rebinding in settings.rebindings { rebinding.apply(to: items, findings) }
            }
            let (stages, wires) = composer.network.withoutJunctions()
            let hasLoop = Loops(stages: stages).check(wires, topAllowsLoops: document.allowsLoops, findings)
            pipeline = ResolvedPipeline(
                document, parameters: parameters, stages: stages, wires: wires, hasLoop: hasLoop)
        }
        let isSound = !findings.hasErrors
        return Result(
            pipeline: isSound ? pipeline : nil, diagnostics: findings.inOrder, failure: isSound ? nil : .invalid)
    }
}

extension PipelineFile.Settings {
    /// The values for the declared parameters, the ones that count most last.
    fileprivate func given(to declarations: [ParameterDeclaration]) -> [GivenValue] {
        let fromEnvironment = declarations.compactMap { declaration -> GivenValue? in
            let variable = declaration.environmentVariable
            guard let value = environment[variable] else { return nil }
            return GivenValue(
                declaration.name, value, prefix: "", shownName: variable, place: "environment",
                origin: .environment(variable))
        }
        let fromOptions = values.map {
            GivenValue(
                $0.name, $0.value, prefix: "--set ", shownName: $0.name, place: "command line", origin: .setting)
        }
        return fromEnvironment + fromOptions
    }
}

extension GivenValue {
    /// A value from outside any file, shown as `prefix` `shownName=value`.
    fileprivate init(
        _ name: String, _ value: String, prefix: String, shownName: String, place: String, origin: Origin
    ) {
        let source = SourceFile(
            name: place, text: prefix + shownName + "=" + value, kind: .standIn, reader: YAMLFileReader())
        let start = prefix.unicodeScalars.count + 1
        let end = start + shownName.unicodeScalars.count
        self.init(
            name: name, nameSpan: SourceSpan(source, line: 1, column: start, endColumn: end),
            value: Node(.scalar(value, isPlain: true), at: source.span(ofLine: 1, from: end + 1)), origin: origin)
    }
}
