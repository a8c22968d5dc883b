/// Finds any of many patterns in one pass over a text, however many there are, and however alike.
///
/// The trie's edges are lists, not tables: it has thousands of nodes, and most of them one child. Bytes that an encoding
/// may swap for each other count as the same (`folded`).
///
/// Source: Aho and Corasick, Efficient string matching, CACM 18(6), 1975.
struct PatternAutomaton: Sendable {
    private struct Node {
        var byte: UInt8
        var depth: Int32
        var child: Int32 = -1
        var sibling: Int32 = -1
        var failure: Int32 = 0
        /// The pattern that ends here; -1: none.
        var pattern: Int32 = -1
        /// The nearest node on the failure path where a pattern ends; -1: none.
        var shorter: Int32 = -1
    }

    /// The root is the first one.
    private var nodes: [Node]
    /// The root's children, by their byte; 0: none.
    private var start = [Int32](repeating: 0, count: 256)

    /// An automaton for `patterns`; of equal ones the first is reported.
    init(_ patterns: PatternList) {
        nodes = [Node](repeating: Node(byte: 0, depth: 0), count: patterns.bytes.count + 1)
        var count = 1
        nodes.withUnsafeMutableBufferPointer { nodes in
            start.withUnsafeMutableBufferPointer { start in
                for index in 0..<patterns.count where !patterns[index].isEmpty {
                    Self.insert(patterns.bytes[patterns[index]], index: Int32(index), nodes, &count, start)
                }
                Self.link(Trie(nodes: UnsafeBufferPointer(nodes), start: UnsafeBufferPointer(start)), nodes)
            }
        }
        nodes.removeLast(nodes.count - count)
    }

    /// Calls `accept` with each place where a pattern stands, longest pattern first for one end, until it says true.
    func scan(_ text: UnsafeBufferPointer<UInt8>, accept: (_ range: Range<Int>, _ pattern: Int) -> Bool) {
        guard nodes.count > 1 else { return }
        nodes.withUnsafeBufferPointer { nodes in
            start.withUnsafeBufferPointer { start in
                Self.scan(text, Trie(nodes: nodes, start: start), accept)
            }
        }
    }

    private static func scan(
        _ text: UnsafeBufferPointer<UInt8>, _ trie: Trie, _ accept: (_ range: Range<Int>, _ pattern: Int) -> Bool
    ) {
        var state: Int32 = 0
        for index in text.indices {
            state = trie.next(state, text[index].folded)
            guard state != 0 else { continue }
            let here = trie.nodes[Int(state)]
            var ending = here.pattern >= 0 ? state : here.shorter
            while ending >= 0 {
                let node = trie.nodes[Int(ending)]
                if accept(index + 1 - Int(node.depth)..<index + 1, Int(node.pattern)) { break }
                ending = node.shorter
            }
        }
    }

    /// Adds a pattern; `nodes` has room for it behind the `count` first ones.
    private static func insert(
        _ pattern: ArraySlice<UInt8>, index: Int32, _ nodes: UnsafeMutableBufferPointer<Node>, _ count: inout Int,
        _ start: UnsafeMutableBufferPointer<Int32>
    ) {
        var state = 0
        for byte in pattern {
            // A node that was just made has no children to look through. At the root the table has the child, or 0.
            var child = state == 0 ? start[Int(byte)] : nodes[state].child
            while state != 0, child >= 0, nodes[Int(child)].byte != byte { child = nodes[Int(child)].sibling }
            if child <= 0 {
                child = Int32(count)
                nodes[count] = Node(byte: byte, depth: nodes[state].depth + 1, sibling: nodes[state].child)
                nodes[state].child = child
                if state == 0 { start[Int(byte)] = child }
                count += 1
            }
            state = Int(child)
        }
        if nodes[state].pattern < 0 { nodes[state].pattern = index }
    }

    /// Gives each node its failure, level by level.
    private static func link(_ trie: Trie, _ nodes: UnsafeMutableBufferPointer<Node>) {
        var queue: [Int32] = [0]
        queue.reserveCapacity(nodes.count)
        var head = 0
        while head < queue.count {
            let parent = queue[head]
            head += 1
            var child = nodes[Int(parent)].child
            while child >= 0 {
                let failure = parent == 0 ? 0 : trie.next(nodes[Int(parent)].failure, nodes[Int(child)].byte)
                nodes[Int(child)].failure = failure
                let node = nodes[Int(failure)]
                nodes[Int(child)].shorter = node.pattern >= 0 ? failure : node.shorter
                queue.append(child)
                child = nodes[Int(child)].sibling
            }
        }
    }

    /// The trie while one of its methods works: without the checks that an array makes at each step, of which there is
    /// one for every byte of every answer. Every index in it was made here.
    private struct Trie {
        var nodes: UnsafeBufferPointer<Node>
        var start: UnsafeBufferPointer<Int32>

        /// Where a byte leads from a node: to its child, or that of the nearest node on the failure path that has one.
        func next(_ state: Int32, _ byte: UInt8) -> Int32 {
            var state = state
            while state != 0 {
                var child = nodes[Int(state)].child
                while child >= 0 {
                    if nodes[Int(child)].byte == byte { return child }
                    child = nodes[Int(child)].sibling
                }
                state = nodes[Int(state)].failure
            }
            return start[Int(byte)]
        }
    }
}
