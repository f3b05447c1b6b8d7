import Glibc
import Weir
import WeirIO

/// Any octets as a capture file, copied to /dev/null: the run ends well or says that the file is damaged, every packet
/// is accounted for, and what is read is written.
func fuzzCapture(_ octets: [UInt8]) {
    guard ftruncate(file, 0) == 0, unsafe pwrite(file, octets, octets.count, 0) == octets.count else {
        fatalError("cannot write the input to memory")
    }
    var graph = PipelineGraph(name: "fuzz")
    var source = Capture.Configuration()
    source.file = FileLocation("/proc/self/fd/\(file)")
    var sink = Transmit.Configuration()
    sink.file = FileLocation("/dev/null")
    add(StageDescriptor(Capture.self), source, to: &graph)
    add(StageDescriptor(Transmit.self), sink, to: &graph)
    graph.connect(0, output: "next", to: 1)
    var engine = Engine(graph)
    let summary = engine.run()
    precondition(summary.balanced, "the account does not add up")
    precondition(summary.written == summary.read, "not all that was read was written")
    precondition([.success, .badData].contains(summary.status), "status \(summary.status): \(summary.failures)")
}

private func add(_ descriptor: StageDescriptor, _ configuration: any StageConfiguration, to graph: inout PipelineGraph)
{
    guard let stage = try? descriptor.makeStage(configuration) else { fatalError("no \(descriptor.kind)") }
    _ = graph.add(id: descriptor.kind, stage: stage, descriptor: descriptor)
}

/// A file in memory without a name, rewritten for each input.
private let file = {
    var name = Array("/dev/shm/weir-fuzz-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&name)
    unsafe unlink(name)
    return descriptor
}()
