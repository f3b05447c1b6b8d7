import Foundation
import Testing
import VLANIsolation
import Weir

@testable import WeirIO

@Suite struct OutputFailureTests {
    private func input(_ folder: Folder, packets: Int = 1000) throws -> Step {
        capture(try folder.write(classic(someRecords(packets, step: 0)), to: "in"))
    }

    @Test func aFullDevice() throws {
        let folder = try Folder()
        let summary = try run(try input(folder), transmit("/dev/full"))
        #expect(summary.status == .inputOutput)
        #expect(summary.failure?.message == "cannot write /dev/full: No space left on device")
        #expect(summary.written == 0)
        #expect(summary.dropped(at: "transmit", as: "write-failed") == summary.read)
    }

    @Test func aPipeWhoseReaderEnds() throws {
        signal(SIGPIPE, SIG_IGN)
        let folder = try Folder()
        let pipe = try folder.makePipe()
        let reader = unsafe open(pipe, O_RDONLY | O_NONBLOCK)
        var options = Engine.Options()
        var rounds = 0
        options.shouldStop = {
            rounds += 1
            if rounds == 3 { close(reader) }
            return false
        }
        let summary = try run(try input(folder), transmit(pipe), options: options)
        #expect(summary.status == .inputOutput)
        #expect(summary.failure?.message == "cannot write \(pipe): Broken pipe")
        // Two batches were written before; the third failed, and what had been read goes no further.
        #expect(summary.written == 512)
        #expect(summary.dropped(at: "transmit", as: "write-failed") == summary.read - 512)
    }

    @Test func aPartOfARecordIsTakenBack() throws {
        let folder = try Folder()
        let file = try OutputFile(FileLocation(folder.path + "/out"))
        let octets = [UInt8](repeating: 1, count: 100)
        let written = unsafe octets.withUnsafeBytes { memory in
            unsafe memory.baseAddress.map { unsafe file.write($0, memory.count).written }
        }
        #expect(written == 100)
        file.takeBack(30)
        try file.close()
        #expect(folder.read("out").count == 70)
    }

    @Test func aFolderThatIsNotThere() throws {
        let folder = try Folder()
        let summary = try run(try input(folder), transmit(folder.path + "/none/out"))
        #expect(summary.status == .cannotCreate)
        #expect(summary.failure?.message == "cannot create \(folder.path)/none/out: No such file or directory")
    }

    @Test func aDirectory() throws {
        let folder = try Folder()
        #expect(try run(try input(folder), transmit(folder.path)).status == .cannotCreate)
    }

    @Test func aFileThatIsBeingReadIsLeftAlone() throws {
        let folder = try Folder()
        let file = classic(someRecords(10))
        let path = try folder.write(file, to: "in")
        let summary = try run(capture(path), transmit(path))
        #expect(summary.status == .cannotCreate)
        #expect(summary.failure?.message.contains("it is being read") == true)
        #expect(folder.read("in") == file)
    }

    /// The superuser may open everything, so what the system would say is given here.
    @Test(arguments: [EACCES, EPERM])
    func withoutPermission(code: Int32) {
        let input = SystemError(code).failure("cannot open", "in.pcap", otherwise: .noInput)
        #expect(input.status == .noPermission)
        #expect(SystemError(code).failure("cannot create", "out", otherwise: .cannotCreate).status == .noPermission)
        #expect(input.help?.contains("permissions") == true)
    }

    /// A tag makes frames longer than the capture that they came from allows.
    @Test func aPacketLongerThanTheSnapLengthIsCut() throws {
        let folder = try Folder()
        let octets = (0..<64).map { UInt8($0) }
        let input = try folder.write(
            classic([Record(at: 0, octets, wireLength: 100), Record(at: 0, Array(octets[..<60]))], snapLength: 64),
            to: "in")
        let push = step(StageDescriptor(VLANIsolation.self), VLANIsolation.Configuration()) {
            $0.allow = [7]
            $0.native = 7
            $0.tag = .push
        }
        let summary = try run(capture(input), push, transmit(folder.path + "/out"))
        let tagged = Array(octets[..<12]) + [0x81, 0, 0, 7] + Array(octets[12...])
        let expected = [Record(at: 0, Array(tagged[..<64]), wireLength: 104), Record(at: 0, Array(tagged[..<64]))]
        #expect(folder.read("out") == classic(expected, snapLength: 64))
        #expect(summary.stages.last?.counters.first { $0.name == "cut" }?.count == 1)
    }
}
