import Foundation
import Testing

/// What the verbs print, to the letter where a person reads it.
@Suite struct OutputTests {
    @Test func theTableHasARowForEveryCount() throws {
        let weir = try Weir(["p.yaml": pipeline("  - vlan-isolation: { allow: 10 }\n  - counter\n  - discard\n")])
        try weir("run", "p.yaml")
        let lines = weir.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(10).joined(separator: "\n") == """
                stage              in    out  dropped  counted
                capture                2,019
                vlan-isolation  2,019  1,674      270           foreign-vlan
                                                   75           untagged
                counter         1,674  1,674
                                                         1,674  packets
                                                       131,574  octets
                discard         1,674           1,674           discarded

                p: 2,019 read, 2,019 dropped
                """, "\n\(weir.output)")
        #expect(lines[10].hasSuffix(" packets/s"))
        #expect(lines.allSatisfy { $0.count <= 100 })
    }

    @Test func aFileWithFaultsIsToldAllOfThem() throws {
        let weir = try Weir([
            "good.yaml": pipeline("  - discard\n"),
            "bad.yaml": "weir: 1\nstages:\n  - capture: { fille: x }\n  - sampel\n  - discard\n",
        ])
        try weir("check", "good.yaml", "bad.yaml", "none.yaml")
        #expect(weir.status == 78)
        #expect(weir.output == "good.yaml: ok (2 stages)\n")
        #expect(
            weir.errors == """
                bad.yaml:3:16: error: unknown key `fille`
                 3 |   - capture: { fille: x }
                   |                ^~~~~
                   = did you mean `file`?
                bad.yaml:4:5: error: there is no stage `sampel`
                 4 |   - sampel
                   |     ^~~~~~
                   = did you mean `sample`?
                error: `none.yaml` cannot be read: there is no such file

                """, "\n\(weir.errors)")
    }

    @Test func aStageIsDescribedForPrograms() throws {
        let weir = try Weir()
        try weir("describe", "nlb-filter", "--format", "json")
        let stage = try #require(JSONSerialization.jsonObject(with: Data(weir.output.utf8)) as? [String: Any])
        #expect(stage["kind"] as? String == "nlb-filter")
        let parameters = try #require(stage["parameters"] as? [[String: Any]])
        let hostID = try #require(parameters.first { $0["key"] as? String == "host-id" })
        #expect(hostID["required"] as? Bool == true)
        #expect(hostID["maximum"] as? String == "32")
    }

    @Test func helpAndVersionAreResults() throws {
        let weir = try Weir()
        #expect(try weir("--version").output == "weir 0.1.0\n")
        #expect(try weir("--help").status == 0)
        #expect(weir.errors.isEmpty)
        #expect(try weir("nonsense").status == 64)
        #expect(try weir("describe", "nlb-filtr").errors.contains("did you mean 'nlb-filter'?"))
        #expect(weir.status == 64)
        #expect(try weir("run", "p.yaml", "--duration", "5").errors.contains("write '5s' or '5ms'"))
        #expect(weir.status == 64)
    }

    @Test(arguments: [["list"], ["describe", "tee"], ["show", "p.yaml"], ["run", "p.yaml"], ["check", "p.yaml"]])
    func aResultThatCannotBeWrittenIsAnError(arguments: [String]) throws {
        let weir = try Weir(["p.yaml": pipeline("  - discard\n")])
        try weir.finish(weir.start(arguments, input: FileHandle.nullDevice, to: "/dev/full"))
        #expect(weir.status == 74)
        #expect(weir.errors == "weir: cannot write to standard output: No space left on device\n")
    }
}
