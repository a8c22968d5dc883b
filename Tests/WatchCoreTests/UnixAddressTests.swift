import Glibc
import Testing
import WatchCore

@Suite struct UnixAddressTests {
    @Test func holdsAPathOf107Bytes_andNoLongerOne() {
        #expect(UnixAddress(path: "/" + String(repeating: "a", count: 106)) != nil)
        #expect(UnixAddress(path: "/" + String(repeating: "a", count: 107)) == nil)
    }

    @Test func isHandedOverWhole() throws {
        let address = try #require(UnixAddress(path: "/run/x.sock"))
        let length = address.pass { generic, length in
            #expect(generic.pointee.sa_family == sa_family_t(AF_UNIX))
            let path = UnsafeRawPointer(generic).advanced(by: MemoryLayout<sa_family_t>.size)
            #expect(String(cString: path.assumingMemoryBound(to: CChar.self)) == "/run/x.sock")
            return Int32(length)
        }
        #expect(length == 110)
    }
}
