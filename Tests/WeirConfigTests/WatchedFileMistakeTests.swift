import Testing
import Weir
import WeirConfig

/// What `weir check` says of values in files of their own.
@Suite struct WatchedFileMistakeTests {
    private let folder = TemporaryFolder()

    /// All that is said of a pipeline with a `watcher`, with the folder's path left out.
    private func complaints(
        _ members: String, _ settings: PipelineFile.Settings = .init(), head: String = ""
    ) -> String {
        let yaml =
            "weir: 1\n\(head)stages:\n  - capture: { file: a }\n  - watcher: { members: \(members) }\n  - discard\n"
        let result = PipelineFile.load(
            path: folder.write(yaml, to: "p.yaml"), catalogue: catalogue, settings: settings)
        return DiagnosticRenderer().text(result.diagnostics).replacing(folder.path + "/", with: "")
    }

    @Test func aFileThatIsMissingIsAFaultOfTheParameter() {
        #expect(
            complaints("members.yaml") == """
                p.yaml:4:25: error: `members`: `members.yaml` cannot be read: there is no such file
                 4 |   - watcher: { members: members.yaml }
                   |                         ^~~~~~~~~~~~

                """)
    }

    @Test func whatIsNoPathIsRefused() {
        #expect(complaints("'-'").hasPrefix("p.yaml:4:25: error: `members`: the standard input cannot be read again"))
        #expect(
            complaints("[1]").hasPrefix(
                "p.yaml:4:25: error: `members`: expected a file such as `members.yaml`, found a list"))
        #expect(
            complaints("''").hasPrefix(
                "p.yaml:4:25: error: `members`: expected a file such as `members.yaml`, found ``"))
        #expect(complaints("\"a\\0b\"").hasPrefix("p.yaml:4:25: error: `members`: a path has no zero bytes"))
    }

    @Test func everyFaultInTheFileHasItsPlaceThere() {
        folder.write("# who is in\nhosts: 1-40\nweight: heavy\n", to: "members.yaml")
        #expect(
            complaints("members.yaml") == """
                members.yaml:2:8: error: `members.hosts`: expected from 1 to 32, found `1-40`
                 2 | hosts: 1-40
                   |        ^~~~
                p.yaml:4:25: note: the file is named here
                 4 |   - watcher: { members: members.yaml }
                   |                         ^~~~~~~~~~~~
                members.yaml:3:9: error: `members.weight`: expected a whole number such as `10`, found `heavy`
                 3 | weight: heavy
                   |         ^~~~~
                p.yaml:4:25: note: the file is named here
                 4 |   - watcher: { members: members.yaml }
                   |                         ^~~~~~~~~~~~

                """)
    }

    @Test func aFileThatIsNoYAMLIsAFaultOfTheFile() {
        folder.write("hosts: [1\n", to: "members.yaml")
        #expect(complaints("members.yaml").hasPrefix("members.yaml:1:10: error: `members`: the list in `[` goes on"))
        folder.write("", to: "members.yaml")
        #expect(complaints("members.yaml").hasPrefix("members.yaml:1:1: error: `members`: the file is empty"))
    }

    @Test func thePathMayComeThroughAParameter() throws {
        let head = "parameters: { file: { type: path, default: members.yaml } }\n"
        #expect(
            complaints("$file", head: head) == """
                p.yaml:5:25: error: `members`: `members.yaml` cannot be read: there is no such file
                 5 |   - watcher: { members: $file }
                   |                         ^~~~~
                p.yaml:2:44: note: `$file` has its default here
                 2 | parameters: { file: { type: path, default: members.yaml } }
                   |                                            ^~~~~~~~~~~~

                """)
        // On the command line a path starts from the working folder.
        let file = folder.write("hosts: 2\n", to: "other.yaml")
        #expect(complaints("$file", .init(values: [("file", file)]), head: head) == "")
    }

    @Test func inAPipelineInsideAPathStartsFromItsOwnFile() throws {
        let inner = TemporaryFolder()
        inner.write("hosts: 3\n", to: "members.yaml")
        inner.write(
            """
            weir: 1
            stages:
              - capture: { file: a }
              - watcher: { members: members.yaml }
              - transmit: { file: b }
            """, to: "host.yaml")
        let yaml =
            "weir: 1\nstages:\n  - capture: { file: a }\n  - pipeline: { file: \(inner.path)/host.yaml }\n  - discard\n"
        let pipeline = try resolve(yaml)
        let configuration = try #require(pipeline.stages[1].configuration as? Watcher.Configuration)
        #expect(configuration.members.value.hosts == [3])
        let setting = try #require(pipeline.setting("pipeline.watcher", "members"))
        #expect(setting.text == "members.yaml")
        #expect(setting.node?.home.resolve("members.yaml") == inner.path + "/members.yaml")
        #expect(configuration.others == nil)
    }

    @Test func theTypeSaysWhatTheFileHolds() throws {
        let type = try #require(catalogue["watcher"]?.parameters.first { $0.key == "members" }).type
        #expect(type.name == "file, re-read when it changes")
        #expect(type.isPath)
        #expect(type.parts?.map(\.key) == ["hosts", "weight"])
        #expect(
            complaintAboutNothing() == """
                p.yaml:4:5: error: the key `members` is missing
                 4 |   - watcher
                   |     ^~~~~~~
                   = `members` takes a file, re-read when it changes; for example `members: members.yaml`

                """)
    }

    private func complaintAboutNothing() -> String {
        WeirConfigTests.complaints("weir: 1\nstages:\n  - capture: { file: a }\n  - watcher\n  - discard\n")
    }
}
