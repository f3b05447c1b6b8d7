import Testing
import Weir
import WeirConfig

/// What stages say of configurations that they accept.
@Suite struct WarningTests {
    private func pipeline(_ stages: String) -> String {
        "weir: 1\nstages:\n  - capture: { file: a }\n" + stages + "  - discard\n"
    }

    @Test func anOddConfigurationIsAWarningAtItsParameter() throws {
        let yaml = pipeline("  - owner: { name: me, weight: 0 }\n")
        expect(
            yaml,
            says: """
                p.yaml:4:32: warning: `weight`: with a share of 0 it gets nothing
                 4 |   - owner: { name: me, weight: 0 }
                   |                                ^
                   = leave the stage out
                p.yaml:4:20: note: this is who gets nothing
                 4 |   - owner: { name: me, weight: 0 }
                   |                    ^~
                """)
        #expect(load(yaml).pipeline?.stages.count == 3)
        #expect(load(yaml).failure == nil)
    }

    @Test func whatIsRefusedIsNotWarnedOfAsWell() {
        let text = complaints(
            pipeline("  - owner: { name: me, weight: 100, numbers: 3 }\n  - owner: { name: you, numbers: 3 }\n"))
        #expect(text.hasPrefix("p.yaml:4:32: error: `weight`: `100` leaves nothing to others\n"))
        #expect(!text.contains("warning"))
    }

    @Test func twoOwnersOfOneThingAreWarnedOfOnce() throws {
        let yaml = pipeline(
            """
              - owner: { name: red, numbers: [1, 14] }
              - owner: { name: red, numbers: 24 }
              - owner: { name: blue, numbers: [2, 34] }
              - owner: { name: blue, numbers: 44 }

            """)
        expect(
            yaml,
            says: """
                p.yaml:6:39: warning: `numbers[1]`: the last digit `4` belongs to `blue` here, and to `red` as well
                 6 |   - owner: { name: blue, numbers: [2, 34] }
                   |                                       ^~
                   = give them numbers with other last digits
                p.yaml:4:38: note: it belongs to `red` here
                 4 |   - owner: { name: red, numbers: [1, 14] }
                   |                                      ^~
                """)
        #expect(load(yaml).pipeline?.stages.count == 6)
    }

    @Test func eachFurtherOwnerIsWarnedOf() {
        let found = load(
            pipeline((1...3).map { "  - owner: { name: o\($0), numbers: \($0)7 }\n" }.joined())
        ).diagnostics.map(\.logText)
        #expect(
            found == [
                "p.yaml:5:33: `numbers[0]`: the last digit `7` belongs to `o2` here, and to `o1` as well",
                "p.yaml:6:33: `numbers[0]`: the last digit `7` belongs to `o3` here, and to `o1` as well",
            ])
    }

    @Test func claimsAreComparedAcrossPipelines() throws {
        let folder = TemporaryFolder()
        folder.write(
            """
            weir: 1
            parameters:
              name: { type: string }
            stages:
              - capture: { file: a }
              - owner: { name: $name, numbers: 5 }
              - transmit: { file: b }
            """, to: "host.yaml")
        let path = folder.write(
            """
            weir: 1
            stages:
              - capture: { file: a }
              - pipeline: { file: host.yaml, set: { name: red } }
              - pipeline: { file: host.yaml, set: { name: red } }
              - pipeline: { file: host.yaml, set: { name: blue } }
              - discard
            """, to: "p.yaml")
        let result = PipelineFile.load(path: path, catalogue: catalogue)
        #expect(result.pipeline != nil)
        let text = DiagnosticRenderer().text(result.diagnostics).replacing(folder.path + "/", with: "")
        #expect(
            text.hasPrefix(
                "host.yaml:6:36: warning: `numbers[0]`: the last digit `5` belongs to `blue` here, and to `red`"))
        #expect(result.diagnostics.count == 1)
    }

    @Test func manyWarningsDoNotHideAnError() {
        let odd = (1...300).map { "  - owner: { name: o\($0), weight: 0 }\n" }.joined()
        let result = load(pipeline(odd + "  - nonsense\n"))
        #expect(result.pipeline == nil)
        #expect(result.diagnostics.count { $0.severity == .warning } == 200)
        #expect(result.diagnostics.filter { $0.severity == .error }.map(\.message) == ["there is no stage `nonsense`"])
    }
}
