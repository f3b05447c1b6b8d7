import Weir

/// Builds the network of a pipeline file and of the pipelines inside it.
final class Composer {
    /// No pipeline is meant to have more stages than these.
    private static let stageLimit = 10_000

    let catalogue: StageCatalogue
    let findings: Findings
    private(set) var network = Network()
    private var claims = Claims()
    private var documents: [String: PipelineDocument?] = [:]
    private var unitCount = 0
    private var isTooLarge = false

    init(catalogue: StageCatalogue, findings: Findings) {
        self.catalogue = catalogue
        self.findings = findings
    }

    /// Where a pipeline stands: what is put before its ids, and the files around it, its own the last.
    struct Place {
        var prefix = ""
        var files: [String]
    }

    /// Adds the stages of `document` to the network.
    ///
    /// - Parameter prepare: called with the items before they become stages.
    /// - Returns: where packets enter and leave, which is nowhere for the outermost pipeline.
    func build(
        _ document: PipelineDocument, scope: Scope, at place: Place, prepare: ([StageItem]) -> Void = { _ in }
    ) -> Subpipeline.Ports {
        unitCount += 1
        let chain = ItemReader(catalogue: catalogue, findings: findings).items(document.items, in: scope)
        document.reportUnused(in: scope, findings)
        let items = Self.flattened(chain)
        guard network.vertices.count + items.count <= Self.stageLimit else {
            let first = items[Self.stageLimit - network.vertices.count]
            findings.error("more than \(Self.stageLimit) stages", at: first.span)
            isTooLarge = true
            return Subpipeline.Ports()
        }
        let ids = Identifiers(items, findings)
        prepare(items)

        var unit = Unit(document: document, number: unitCount, place: place)
        for item in items {
            unit.contents[item.id] = content(of: item, ids: ids, in: &unit)
        }
        var wiring = Wiring(contents: unit.contents, ids: ids, kinds: catalogue.kinds, findings: findings)
        wiring.connect(chain, in: &network)
        Reachability(wiring: wiring, items: items, document: document).check(findings)
        return unit.ports
    }

    /// One use of a file.
    private struct Unit {
        let document: PipelineDocument
        let number: Int
        let place: Place
        var contents: [String: ItemContent] = [:]
        var ports = Subpipeline.Ports()

        var isInside: Bool { !place.prefix.isEmpty }
    }

    private static func flattened(_ chain: [StageItem]) -> [StageItem] {
        chain.flatMap { item in [item] + item.chains.flatMap(flattened) }
    }

    private func content(of item: StageItem, ids: Identifiers, in unit: inout Unit) -> ItemContent {
        if item.kind == Subpipeline.kind { return subpipeline(item, in: unit) }
        let builder = StageBuilder(catalogue: catalogue, findings: findings)
        guard let kind = builder.descriptor(of: item, ids: ids) else { return .unknown }
        // A configuration with a fault is reported, so no pipeline comes of it; the wiring is checked all the same.
        let configuration = builder.configuration(of: item, as: kind)
        // Without its configuration a hub's ports are not known.
        if configuration == nil, kind.role == .hub { return .unknown }
        let configured = configuration ?? kind.makeConfiguration()
        let descriptor = kind.resolved(for: configured)
        let isInput = unit.isInside && descriptor.kind == Subpipeline.inputKind
        let isOutput = unit.isInside && descriptor.kind == Subpipeline.outputKind
        let vertex = network.add(
            Network.Vertex(
                id: unit.place.prefix + item.id,
                role: isInput || isOutput ? .junction : .stage(descriptor, configured), span: item.span,
                unit: unit.number, unitAllowsLoops: unit.document.allowsLoops))
        if let configuration, !isInput, !isOutput { claims.add(descriptor.claims(configuration), of: item, findings) }
        if isInput { unit.ports.inputs.append((item.id, vertex)) }
        if isOutput { unit.ports.outputs.append((item.id, vertex)) }
        return .stage(descriptor, vertex)
    }

    private func subpipeline(_ item: StageItem, in unit: Unit) -> ItemContent {
        let hints = KeyHints(catalogue: catalogue)
        guard !isTooLarge, let inner = Subpipeline(item, hints: hints, findings) else { return .unknown }
        let path = normalized(inner.file.path)
        let files = unit.place.files + [path]
        guard !unit.place.files.contains(path) else {
            findings.error(
                "the pipeline contains itself: \(files.joined(separator: " → "))", at: inner.span,
                help: "packets that go in a circle are wired with `to`, not by a pipeline inside itself")
            return .unknown
        }
        guard files.count <= Subpipeline.depthLimit else {
            findings.error("more than \(Subpipeline.depthLimit) pipelines inside each other", at: inner.span)
            return .unknown
        }
        guard let document = document(at: path, usedAt: inner.span) else { return .unknown }
        let (scope, _) = document.makeScope(given: inner.given, isInside: true, findings)
        let place = Place(prefix: unit.place.prefix + item.id + ".", files: files)
        return .pipeline(build(document, scope: scope, at: place))
    }

    private func document(at path: String, usedAt span: SourceSpan) -> PipelineDocument? {
        if let known = documents[path] { return known }
        var document: PipelineDocument?
        do {
            document = self.document(in: try SourceText(path: path))
        } catch {
            var diagnostic = error.diagnostic
            diagnostic.span = diagnostic.span ?? span
            findings.report(diagnostic)
        }
        documents[path] = .some(document)
        return document
    }

    /// What `text` says, nil when there is nothing to build a pipeline from, which is reported.
    func document(in text: SourceText) -> PipelineDocument? {
        let (root, faults) = YAMLReader.read(text)
        findings.report(faults)
        if root == nil, !faults.isEmpty { return nil }
        return PipelineDocument(root, source: text.source, catalogue: catalogue, findings: findings)
    }
}

/// What an item turned out to be.
enum ItemContent {
    case stage(StageDescriptor, Int)
    case pipeline(Subpipeline.Ports)
    /// Something that is not known, which has been reported. It may lead anywhere.
    case unknown
}
