import BuiltinStages
import Foundation
import Testing
import Weir

/// The command line, by its exit codes and by what it prints.
@Suite struct CommandTests {
    private func pipeline(_ stages: String, in folder: Folder) throws -> String {
        try folder.file("p.yaml", "weir: 1\nstages:\n  - capture: { file: \(clusterCapture) }\n" + stages)
    }

    @Test func goodAndBadEndsHaveTheCodesOfSysexits() throws {
        let folder = try Folder()
        let good = try pipeline("  - discard\n", in: folder)
        #expect(try Command.weir("run", good, "--summary", "none").status == 0)
        #expect(try Command.weir("run").status == 64)
        #expect(try Command.weir("run", good, "--sumary", "none").status == 64)
        #expect(try Command.weir("run", good, "--set", "oops").status == 64)
        #expect(try Command.weir("run", good, "--duration", "5").status == 64)
        #expect(try Command.weir("describe", "nlb-filtr").status == 64)
        #expect(try Command.weir("run", folder.path("missing.yaml")).status == 66)
        #expect(try Command.weir("run", good, "-r", folder.path("missing.pcap")).status == 66)
        #expect(try Command.weir("run", good, "-r", "/").status == 66)
        #expect(try Command.weir("run", try folder.file("bad.yaml", "weir: 1\nstages: [\n")).status == 78)
        let garbage = try folder.file("garbage.pcap", "this is no capture, whatever its name says")
        #expect(try Command.weir("run", good, "-r", garbage).status == 65)
        let writing = try folder.file(
            "w.yaml", "weir: 1\nstages:\n  - capture: { file: \(clusterCapture) }\n  - transmit: { file: x.pcap }\n")
        #expect(try Command.weir("run", writing, "-w", "/dev/full").status == 74)
        #expect(try Command.weir("run", writing, "-w", folder.path("no/such/folder.pcap")).status == 73)
    }

    @Test func aTruncatedCaptureIsProcessedAsFarAsItGoes() throws {
        let folder = try Folder()
        let whole = try Data(contentsOf: URL(fileURLWithPath: clusterCapture))
        try whole.prefix(100_001).write(to: URL(fileURLWithPath: folder.path("cut.pcap")))
        let run = try Command.weir(
            "run", try pipeline("  - discard\n", in: folder), "-r", folder.path("cut.pcap"), "--summary", "json")
        #expect(run.status == 65)
        #expect(run.errors.contains("cut.pcap"))
        #expect(run.errors.contains("offset"))
        let summary = try run.json
        #expect(summary["balanced"] as? Bool == true)
        #expect((summary["packets"] as? [String: Int])?["read"] ?? 0 > 900)
    }

    @Test func pipesWorkAsInTcpdump() throws {
        let folder = try Folder()
        let path = try folder.file(
            "p.yaml", "weir: 1\nstages:\n  - capture: { file: in.pcap }\n  - transmit: { file: out.pcap }\n")
        let script = """
            cat \(clusterCapture) | \(Command.weirPath) run \(path) -r - -w - --summary json 2>\(folder.path("summary")) \
            | tcpdump -nr - 2>/dev/null | wc -l
            """
        let shell = try Command("/bin/sh", ["-c", script])
        #expect(shell.output.trimmingCharacters(in: .whitespacesAndNewlines) == "2019")
        let summary = try String(contentsOfFile: folder.path("summary"), encoding: .utf8)
        #expect(summary.contains("\"balanced\":true"))
    }

    @Test func aClosedPipeIsAnErrorAndNothingIsLostSilently() throws {
        let folder = try Folder()
        let path = try folder.file(
            "p.yaml", "weir: 1\nstages:\n  - capture: { file: \(clusterCapture) }\n  - transmit: { file: out.pcap }\n")
        let script = "(\(Command.weirPath) run \(path) -w - --summary json; echo $? >\(folder.path("status"))) | true"
        let shell = try Command("/bin/bash", ["-c", script])
        let status = try String(contentsOfFile: folder.path("status"), encoding: .utf8)
        #expect(status.trimmingCharacters(in: .whitespacesAndNewlines) == "74", "\(shell.errors)")
        #expect(shell.errors.contains("\"balanced\":true"))
        #expect(shell.errors.contains("write-failed"))
    }

    /// The input stays open: once in the middle of a record, once before the file header is complete.
    @Test(arguments: [50_000, 10])
    func anInterruptEndsARunWellThoughItWaitsForInput(octets: Int) throws {
        let folder = try Folder()
        let path = try pipeline("  - counter\n  - discard\n", in: folder)
        let script = """
            set -m
            (head -c \(octets) \(clusterCapture); exec sleep 5) | \
                (\(Command.weirPath) run \(path) -r - --summary json; echo "status $?") >\(folder.path("out")) 2>&1 &
            sleep 1
            kill -INT $(pgrep -f "^\(Command.weirPath) run \(path)")
            sleep 0.5
            kill %1
            """
        _ = try Command("/bin/bash", ["-c", script])
        let output = try String(contentsOfFile: folder.path("out"), encoding: .utf8)
        #expect(output.contains("\"balanced\":true"), "\(output)")
        #expect(output.contains("status 0"), "\(output)")
    }

    @Test func diagnosticsPointAtTheFault() throws {
        let folder = try Folder()
        let path = try pipeline("  - vlan-isolation: { alow: [10] }\n  - discard\n", in: folder)
        let check = try Command.weir("check", path)
        #expect(check.status == 78)
        #expect(check.errors.contains("p.yaml:4:"))
        #expect(check.errors.contains("alow"))
        #expect(check.errors.contains("allow"))
        #expect(check.errors.contains("^"))
        let json = try Command.weir("check", "--format", "json", path)
        #expect(json.status == 78)
        #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [[String: Any]])
    }

    @Test func showPrintsAPipelineThatMeansTheSame() throws {
        let folder = try Folder()
        for design in PipelineTests.designs {
            let shown = try Command.weir("show", "\(repository)/pipelines/\(design).yaml", "--set", "host-id=3")
            #expect(shown.status == 0, "\(shown.errors)")
            let again = try Command.weir("show", try folder.file("shown.yaml", shown.output))
            #expect(again.status == 0, "\(again.errors)")
            func withoutOrigins(_ text: String) -> [Substring] {
                text.split(separator: "\n").map { $0.prefix { $0 != "#" } }
            }
            #expect(withoutOrigins(again.output) == withoutOrigins(shown.output))
        }
    }

    @Test func parametersComeFromTheEnvironmentToo() throws {
        let file = "\(repository)/pipelines/fixed-igmp.yaml"
        let shown = try Command.weir("show", file, environment: ["WEIR_HOST_ID": "3"])
        #expect(shown.output.contains("host-id: 3"))
        #expect(shown.output.contains("environment WEIR_HOST_ID"))
        let wrong = try Command.weir("show", file, environment: ["WEIR_HOST_ID": "three"])
        #expect(wrong.status == 78)
    }

    @Test(arguments: ["run", "check", "show", "list", "describe"])
    func helpHasExamples(verb: String) throws {
        let help = try Command.weir(verb, "--help")
        #expect(help.status == 0)
        #expect(help.output.contains("EXAMPLES"))
        #expect(help.output.contains("weir \(verb)"))
    }

    @Test(arguments: StageCatalogue.builtin.kinds)
    func everyStageIsDescribedWithAnExampleThatRuns(kind: String) throws {
        let described = try Command.weir("describe", kind)
        #expect(described.status == 0)
        let folder = try Folder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("captures"), withDestinationPath: repository + "/pipelines/captures")
        let example = try #require(StageCatalogue.builtin[kind]).example
        let run = try Command.weir("run", try folder.file("example.yaml", example), "--summary", "json")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.json["balanced"] as? Bool == true)
    }

    @Test(arguments: ["README.md", "docs/pipelines.md", "docs/membership.md"])
    func pipelinesInTheDocumentationAreRight(document: String) throws {
        let text = try String(contentsOfFile: "\(repository)/\(document)", encoding: .utf8)
        let blocks = text.components(separatedBy: "```yaml\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }.filter { $0.hasPrefix("weir: 1") }
        #expect(!blocks.isEmpty)
        let folder = try Folder()
        for block in blocks {
            let check = try Command.weir("check", try folder.file("block.yaml", block))
            #expect(check.status == 0, "\(check.errors)")
        }
    }

    @Test(arguments: StageCatalogue.builtin.kinds)
    func theReferenceIsWhatTheDeclarationsSay(kind: String) throws {
        let page = try String(contentsOfFile: "\(repository)/docs/reference/\(kind).md", encoding: .utf8)
        #expect(try Command.weir("describe", kind, "--format", "markdown").output == page, "run script/reference")
    }
}
