import BuiltinStages
import Testing
import WeirConfig

/// What is said of tags and private VLANs that contradict themselves, in full and with both places.
@Suite struct VLANConfigurationTests {
    private func load(_ item: String) -> PipelineFile.Result {
        let yaml = """
            weir: 1
            stages:
              - capture: { file: in.pcap }
                to: { next: \(item.hasPrefix("switch") ? "lan.port1" : "it") }
              - \(item)
                id: \(item.hasPrefix("switch") ? "lan" : "it")
                to: \(item.hasPrefix("switch") ? "{ port1: end, port2: end, port3: end, port4: end }" : "end")
              - discard: {}
                id: end
            """
        return PipelineFile.load(text: yaml, name: "p.yaml", catalogue: .builtin)
    }

    /// Checks that the item gives exactly `expected`, in which its line isn't repeated.
    private func expect(_ item: String, says expected: String, at location: Testing.SourceLocation = #_sourceLocation) {
        let text = DiagnosticRenderer().text(load(item).diagnostics)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix(" 5 |") }.joined(separator: "\n")
        #expect(lines == expected, "\n\(text)", sourceLocation: location)
    }

    /// Every line of the manual's table, and what else goes together.
    @Test(arguments: [
        "allow: 10, native: 10, tag: strip", "allow: 10, native: 10, tag: push",
        "allow: \"1,10-19\", native: 1, tag: strip-native", "allow: 10-19, tag: keep",
        "allow: 20, translate: { 20: 10 }, tag: keep", "allow: 10-19, tag: keep, service: 100",
        "allow: 100, inner: 10-19", "allow: 20, tag: push", "allow: 20, native: 10, tag: push, priority: 7",
        "allow: 20, native: 20, tag: push, translate: { 20: 10 }, service: 5, tpid: 8021q, drop-eligible: true",
        "allow: 10, private: { promiscuous: 02-00-00-00-00-01 }",
        "allow: 10, private: { communities: [[02-00-00-00-00-01, 02-00-00-00-00-02]], behind: 02-00-00-00-00-01 }",
    ])
    func whatGoesTogether(_ parameters: String) {
        expect("vlan-isolation: { \(parameters) }", says: "")
    }

    @Test func tagsThatAreTakenOff() {
        expect(
            "vlan-isolation: { allow: 20, translate: { 20: 10 }, tag: strip }",
            says: """
                p.yaml:5:45: error: `translate`: a tag that is taken off is not translated
                   |                                             ^~~~~~~~~~
                   = write `tag: keep`
                p.yaml:5:62: note: `tag: strip`
                   |                                                              ^~~~~
                """)
        expect(
            "vlan-isolation: { allow: 20, translate: { 20: 10 } }",
            says: """
                p.yaml:5:45: error: `translate`: a tag that is taken off is not translated
                   |                                             ^~~~~~~~~~
                   = write `tag: keep`
                p.yaml:5:5: note: `tag: strip` is the default
                   |     ^~~~~~~~~~~~~~
                """)
        expect(
            "vlan-isolation: { allow: 20, service: 100, tag: strip }",
            says: """
                p.yaml:5:43: error: `service`: a service tag goes on top of the customer's, which is taken off
                   |                                           ^~~
                   = write `tag: keep`
                p.yaml:5:53: note: `tag: strip`
                   |                                                     ^~~~~
                """)
        expect(
            "vlan-isolation: { allow: 20, native: 20, tag: strip-native, translate: { 20: 10 } }",
            says: """
                p.yaml:5:76: error: `translate`: VLAN 20 is translated, though its tag is taken off
                   |                                                                            ^~~~~~~~~~
                p.yaml:5:42: note: it is the native VLAN
                   |                                          ^~
                p.yaml:5:51: note: `tag: strip-native`
                   |                                                   ^~~~~~~~~~~~
                """)
    }

    @Test func tagsThatAreNotThere() {
        expect(
            "vlan-isolation: { allow: 20, tag: strip-native }",
            says: """
                p.yaml:5:39: error: `tag`: there is no native VLAN whose tags could be stripped
                   |                                       ^~~~~~~~~~~~
                   = add `native: 10`, or write `tag: strip`
                """)
        expect(
            "vlan-isolation: { allow: 20, tag: keep, priority: 5 }",
            says: """
                p.yaml:5:55: error: `priority`: it is about pushed tags, and none are pushed
                   |                                                       ^
                   = add `service: 100`, or `native: 10` and `tag: push`
                p.yaml:5:39: note: `tag: keep`
                   |                                       ^~~~
                """)
        expect(
            "vlan-isolation: { allow: 20, tag: push, tpid: 8021ad }",
            says: """
                p.yaml:5:51: error: `tpid`: only frames of the native VLAN are given a tag, and there is no native VLAN
                   |                                                   ^~~~~~
                   = add `native: 10`
                p.yaml:5:39: note: `tag: push`
                   |                                       ^~~~
                """)
        expect(
            "vlan-isolation: { allow: 20, native: 20, drop-eligible: false }",
            says: """
                p.yaml:5:61: error: `drop-eligible`: it is about pushed tags, and none are pushed
                   |                                                             ^~~~~
                   = add `service: 100`, or `native: 10` and `tag: push`
                p.yaml:5:5: note: `tag: strip` is the default
                   |     ^~~~~~~~~~~~~~
                """)
    }

    @Test func translations() {
        expect(
            "vlan-isolation: { allow: 10, translate: { 20: 10 }, tag: keep }",
            says: """
                p.yaml:5:45: error: `translate`: VLAN 20 is translated but not allowed
                   |                                             ^~~~~~~~~~
                   = `allow` names VLANs as they come in
                p.yaml:5:30: note: these are allowed
                   |                              ^~
                """)
        expect(
            "vlan-isolation: { allow: 10, translate: { x: 10, 0: 5, 010: 7, 11: 4095, 12: [1] }, tag: keep }",
            says: """
                p.yaml:5:47: error: `translate`: expected a VLAN from 1 to 4094, found `x`
                   |                                               ^
                p.yaml:5:54: error: `translate`: expected a VLAN from 1 to 4094, found `0`
                   |                                                      ^
                p.yaml:5:60: error: `translate`: expected a VLAN from 1 to 4094, found `010`
                   |                                                            ^~~
                p.yaml:5:72: error: `translate`: expected a VLAN from 1 to 4094, found `4095`
                   |                                                                        ^~~~
                p.yaml:5:82: error: `translate`: expected a VLAN from 1 to 4094, found a list
                   |                                                                                  ^~~
                """)
        expect(
            "vlan-isolation: { allow: 10, translate: {}, tag: keep }",
            says: """
                p.yaml:5:45: error: `translate`: expected a map of VLANs such as `{ 20: 10 }` or `{ 20: 10, 21: 11 }`, found a map
                   |                                             ^~
                """)
        expect(
            "vlan-isolation: { allow: 10, translate: 20, tag: keep }",
            says: """
                p.yaml:5:45: error: `translate`: expected a map of VLANs such as `{ 20: 10 }` or `{ 20: 10, 21: 11 }`, found `20`
                   |                                             ^~
                """)
    }

    @Test func privateVLANsByAddress() {
        expect(
            "vlan-isolation: { allow: 10, private: {} }",
            says: """
                p.yaml:5:43: error: `private`: everybody is isolated, and nobody is left to be reached
                   |                                           ^~
                   = name the router: `private: { promiscuous: 02-00-00-00-00-01 }`
                """)
        expect(
            "vlan-isolation: { allow: 10, private: { communities: [02-00-00-00-00-01, 02-00-00-00-00-02] } }",
            says: """
                p.yaml:5:59: error: `private.communities[0]`: a community has at least two members
                   |                                                           ^~~~~~~~~~~~~~~~~
                   = one community of two is `[[MAC, MAC]]`; who is isolated isn't named
                """)
        expect(
            "vlan-isolation: { allow: 10, private: { promiscuous: 02-00-00-00-00-01, "
                + "communities: [[02-00-00-00-00-02, 02-00-00-00-00-01]] } }",
            says: """
                p.yaml:5:111: error: `private.communities[0][1]`: 02-00-00-00-00-01 has a place already
                   |                                                                                                      ^~~~~~~~~~~~~~~~~
                p.yaml:5:58: note: it is here too
                   |                                                          ^~~~~~~~~~~~~~~~~
                """)
        expect(
            "vlan-isolation: { allow: 10, private: { promiscuous: 03-bf-0a-00-00-64 } }",
            says: """
                p.yaml:5:58: error: `private.promiscuous[0]`: 03-bf-0a-00-00-64 is a group's address, and no member's
                   |                                                          ^~~~~~~~~~~~~~~~~
                """)
        expect(
            "vlan-isolation: { allow: 10, private: { promiscuous: 02-00-00-00-00-01, behind: 03-bf-0a-00-00-64 } }",
            says: """
                p.yaml:5:85: error: `private.behind`: 03-bf-0a-00-00-64 is a group's address, and no member's
                   |                                                                                     ^~~~~~~~~~~~~~~~~
                """)
    }

    @Test func privateVLANsByPort() {
        expect("switch: { ports: 4, private: { promiscuous: 1, communities: [2-3] } }", says: "")
        expect(
            "switch: { ports: 4, private: {} }",
            says: """
                p.yaml:5:34: error: `private`: all ports are isolated, and none is left to be reached
                   |                                  ^~
                   = name the router's: `private: { promiscuous: 1 }`
                """)
        expect(
            "switch: { ports: 4, private: { communities: [2, 3] } }",
            says: """
                p.yaml:5:50: error: `private.communities[0]`: a community has at least two ports
                   |                                                  ^
                   = one community of two is `[2-3]` or `["2,4"]`; who is isolated isn't named
                """)
        expect(
            "switch: { ports: 4, private: { promiscuous: 1-2, communities: [2-3] } }",
            says: """
                p.yaml:5:68: error: `private.communities[0]`: port 2 has a place already
                   |                                                                    ^~~
                p.yaml:5:49: note: it is here too
                   |                                                 ^~~
                """)
        expect(
            "switch: { ports: 4, private: { promiscuous: 1, communities: [3-5] } }",
            says: """
                p.yaml:5:66: error: `private.communities[0]`: there is no port 5
                   |                                                                  ^~~
                   = the switch has the ports 1 to 4
                """)
    }
}
