import Glibc
import Testing
import Weir
import WeirConfig

/// A parameter whose value stands in a file that changes while the pipeline runs: real files, changed in every way in
/// which editors, scripts and accidents change them.
@Suite(.timeLimit(.minutes(1))) struct WatchedFileTests {
    private let folder = TemporaryFolder()

    /// The watched file `members.yaml`, as a pipeline beside it gives it to its stage.
    private func watch(_ text: String = "hosts: 1-4\n") throws -> WatchedFile<Watcher.Members> {
        folder.write(text, to: "members.yaml")
        let path = folder.write(
            "weir: 1\nstages:\n  - capture: { file: a }\n  - watcher: { members: members.yaml }\n  - discard\n",
            to: "p.yaml")
        let result = PipelineFile.load(path: path, catalogue: catalogue)
        let pipeline = try #require(result.pipeline, "\(DiagnosticRenderer().text(result.diagnostics))")
        return try #require(pipeline.stages[1].configuration as? Watcher.Configuration).members
    }

    /// What a look finds: the hosts, the faults as the log shows them, or nothing.
    private func look(_ file: inout WatchedFile<Watcher.Members>) -> String? {
        switch file.refresh() {
        case .value(let members): members.hosts.canonicalText
        case .fault(let faults): faults.map(\.logText).joined(separator: "; ").replacing(folder.path + "/", with: "")
        case nil: nil
        }
    }

    private func rename(_ from: String, _ to: String) {
        #expect(unsafe Glibc.rename(folder.path(of: from), folder.path(of: to)) == 0)
    }

    private func remove(_ name: String) { #expect(unsafe unlink(folder.path(of: name)) == 0) }

    @Test func aFileThatStaysGivesItsValueOnce() throws {
        var file = try watch()
        #expect(file.value.hosts == IntegerRanges([1...4]))
        for _ in 0..<3 { #expect(look(&file) == nil) }
    }

    @Test func aFileRenamedOverItIsReadAgain() throws {
        var file = try watch()
        folder.write("hosts: 1-5\n", to: "new.yaml")
        rename("new.yaml", "members.yaml")
        #expect(look(&file) == "1-5")
        #expect(file.value.hosts == IntegerRanges([1...5]))
        #expect(look(&file) == nil)
    }

    @Test func aFileWrittenInPlaceIsReadAgain() throws {
        var file = try watch()
        // The same size each time, at once: neither inode nor size tells, and the time of the last change may be the same.
        for last in [5, 6, 7, 8, 9] {
            folder.write("hosts: 1-\(last)\n", to: "members.yaml")
            #expect(look(&file) == "1-\(last)")
            #expect(look(&file) == nil)
        }
    }

    @Test func aFileThatIsOnlyTouchedHasNotChanged() throws {
        var file = try watch()
        for time in [1, 2, 3] {
            let times = [timespec(tv_sec: time, tv_nsec: 5), timespec(tv_sec: time, tv_nsec: 5)]
            #expect(unsafe utimensat(AT_FDCWD, folder.path(of: "members.yaml"), times, 0) == 0)
            #expect(look(&file) == nil)
        }
        folder.write("hosts: 1-4\n", to: "members.yaml")
        #expect(look(&file) == nil)
    }

    @Test func aFaultIsToldOnceAndTheValueBeforeStays() throws {
        var file = try watch()
        folder.write("hosts: 1-40\nwieght: 3\n", to: "members.yaml")
        let faults = look(&file)
        #expect(
            faults == "members.yaml:2:1: unknown key `wieght`; "
                + "members.yaml:1:8: `hosts`: expected from 1 to 32, found `1-40`")
        for _ in 0..<3 { #expect(look(&file) == nil) }
        #expect(file.value.hosts == IntegerRanges([1...4]))
        folder.write("hosts: 1-41\n", to: "members.yaml")
        #expect(look(&file) == "members.yaml:1:8: `hosts`: expected from 1 to 32, found `1-41`")
        folder.write("hosts: 1-4\n", to: "members.yaml")
        #expect(look(&file) == "1-4")
    }

    @Test func aHalfWrittenFileIsAFaultUntilItIsWhole() throws {
        var file = try watch()
        folder.write("", to: "members.yaml")
        #expect(look(&file) == "members.yaml:1:1: the file is empty")
        folder.write("hosts: [1", to: "members.yaml")
        #expect(look(&file) == "members.yaml:1:10: the list in `[` goes on with `,` or ends with `]`")
        folder.write("hosts: [1, 2]\n", to: "members.yaml")
        #expect(look(&file) == "1-2")
    }

    @Test func aFileThatIsAwayForOneLookIsNoFault() throws {
        var file = try watch()
        rename("members.yaml", "old.yaml")
        #expect(look(&file) == nil)
        rename("old.yaml", "members.yaml")
        #expect(look(&file) == nil)
        remove("members.yaml")
        #expect(look(&file) == nil)
        folder.write("hosts: 7\n", to: "members.yaml")
        #expect(look(&file) == "7")
    }

    @Test func aFileThatStaysAwayIsAFaultUntilItIsBack() throws {
        var file = try watch()
        rename("members.yaml", "old.yaml")
        #expect(look(&file) == nil)
        #expect(look(&file) == "`members.yaml` cannot be read: there is no such file")
        for _ in 0..<3 { #expect(look(&file) == nil) }
        #expect(file.value.hosts == IntegerRanges([1...4]))
        rename("old.yaml", "members.yaml")
        #expect(look(&file) == "1-4")
        remove("members.yaml")
        #expect(look(&file) == nil)
        #expect(look(&file) == "`members.yaml` cannot be read: there is no such file")
    }

    @Test func whatIsNoOrdinaryFileIsAFault() throws {
        var file = try watch()
        let path = folder.path(of: "members.yaml")
        remove("members.yaml")
        #expect(unsafe mkdir(path, 0o700) == 0)
        #expect(look(&file) == "`members.yaml` cannot be read: it is a folder")
        #expect(unsafe rmdir(path) == 0)
        // A pipe that nobody writes to: opening it must not wait.
        #expect(unsafe mkfifo(path, 0o600) == 0)
        #expect(look(&file) == "`members.yaml` cannot be read: it is not an ordinary file")
        #expect(look(&file) == nil)
        remove("members.yaml")
        #expect(unsafe symlink("/dev/zero", path) == 0)
        #expect(look(&file) == nil)
        remove("members.yaml")
        #expect(unsafe symlink("members.yaml", path) == 0)
        #expect(look(&file) == nil)
        #expect(look(&file) == "`members.yaml` cannot be read: Too many levels of symbolic links")
        remove("members.yaml")
        folder.write("hosts: 3\n", to: "members.yaml")
        #expect(look(&file) == "3")
    }

    @Test func aFileThatCannotBeReadIsAFault() throws {
        var file = try watch()
        remove("members.yaml")
        // It opens, but reading its first octet fails.
        #expect(unsafe symlink("/proc/self/mem", folder.path(of: "members.yaml")) == 0)
        #expect(look(&file) == "`members.yaml` cannot be read: Input/output error")
        #expect(look(&file) == nil)
    }

    @Test(.disabled(if: geteuid() == 0, "root may read anything"))
    func aFileThatMayNotBeReadIsAFaultUntilItMay() throws {
        var file = try watch()
        let path = folder.write("hosts: 9\n", to: "members.yaml")
        #expect(unsafe chmod(path, 0) == 0)
        #expect(look(&file) == "`members.yaml` cannot be read: reading it is not permitted")
        #expect(look(&file) == nil)
        #expect(unsafe chmod(path, 0o600) == 0)
        #expect(look(&file) == "9")
    }

    @Test func whatIsNoTextIsAFault() throws {
        var file = try watch()
        folder.write(Array("hosts: ".utf8) + [0xff, 0x0a], to: "members.yaml")
        #expect(look(&file) == "members.yaml:1:8: the byte 0xff at offset 7 is not UTF-8")
        folder.write([0, 0, 0], to: "members.yaml")
        #expect(look(&file) == "members.yaml:1:1: a control character, which YAML does not allow")
        folder.write([UInt8](repeating: UInt8(ascii: "a"), count: 3 << 20), to: "members.yaml")
        #expect(
            look(&file)
                == "members.yaml:1:1: the file is larger than 1 MiB, which is too large to read while packets wait")
        folder.write(String(repeating: "[", count: 10_000), to: "members.yaml")
        #expect(look(&file) == "members.yaml:1:65: more than 64 levels of lists and maps")
        folder.write("hosts: 1\n---\nhosts: 2\n", to: "members.yaml")
        #expect(look(&file) == "members.yaml:2:1: a second document begins here, and a file has one")
        #expect(file.value.hosts == IntegerRanges([1...4]))
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max), 1])
    func anyBytesGiveAValueOrAFault(seed: UInt64) throws {
        var file = try watch()
        var random = SeededRandom(seed: seed)
        let original = Array("hosts: [1-4, 7]\nweight: &w 20\n".utf8)
        for _ in 0..<300 {
            var bytes = original
            for _ in 0...random.next() % 4 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            folder.write(bytes, to: "members.yaml")
            let before = file.value
            switch file.refresh() {
            case .fault(let faults):
                #expect(!faults.isEmpty, "seed \(seed): \(bytes)")
                #expect(file.value.canonicalText == before.canonicalText, "seed \(seed): \(bytes)")
            case .value(let value):
                #expect(value.hosts.numbers.allSatisfy { 1...32 ~= $0 }, "seed \(seed): \(bytes)")
                #expect(value.canonicalText == file.value.canonicalText, "seed \(seed): \(bytes)")
            case nil: break
            }
        }
    }

    @Test func inSwiftAValueStandsWithoutAFile() {
        final class Script: @unchecked Sendable { var changes: [WatchedFile<Int>.Change?] = [] }
        var still = WatchedFile(7)
        #expect(still.refresh() == nil && still.value == 7 && still.canonicalText == "7")
        let script = Script()
        script.changes = [nil, .value(8), .fault([.error("out of order", at: nil)])]
        var file = WatchedFile(7) { script.changes.isEmpty ? nil : script.changes.removeFirst() }
        #expect(file.refresh() == nil && file.value == 7)
        guard case .value(8) = file.refresh() else { Issue.record("no new value"); return }
        guard case .fault(let faults) = file.refresh() else { Issue.record("no fault"); return }
        #expect(faults.map(\.logText) == ["out of order"] && file.value == 8)
    }
}
