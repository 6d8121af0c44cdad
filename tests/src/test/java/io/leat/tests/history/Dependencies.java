package io.leat.tests.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A graph of who depends on whom, by number. Its cycles are its strongly connected parts, found by
 * Tarjan's algorithm (1972), without recursion.
 */
final class Dependencies {
    private static final int NOT_SEEN = -1;

    private static final class Node {
        private final int number;
        private final List<Node> next = new ArrayList<>();
        private boolean onItself;
        private int index = NOT_SEEN;
        private int low;
        private boolean onStack;

        Node(int number) {
            this.number = number;
        }
    }

    private record Visit(Node node, Iterator<Node> rest) {}

    private final List<Node> nodes;
    private final Deque<Node> stack = new ArrayDeque<>();
    private final List<List<Integer>> cycles = new ArrayList<>();
    private int visited;

    Dependencies(int size) {
        nodes = IntStream.range(0, size).mapToObj(Node::new).toList();
    }

    /** The second depends on the first. */
    void add(int before, int after) {
        Node node = nodes.get(before);
        node.next.add(nodes.get(after));
        node.onItself |= before == after;
    }

    /** Every set of items that depend on each other, or one on itself. Once. */
    List<List<Integer>> cycles() {
        for (Node node : nodes) {
            if (node.index == NOT_SEEN) {
                search(node);
            }
        }
        return cycles;
    }

    private void search(Node root) {
        Deque<Visit> path = new ArrayDeque<>();
        path.push(enter(root));
        while (!path.isEmpty()) {
            Visit visit = path.peek();
            if (visit.rest().hasNext()) {
                Node next = visit.rest().next();
                if (next.index == NOT_SEEN) {
                    path.push(enter(next));
                } else if (next.onStack) {
                    visit.node().low = Math.min(visit.node().low, next.index);
                }
                continue;
            }
            path.pop();
            Node node = visit.node();
            if (!path.isEmpty()) {
                Node parent = path.peek().node();
                parent.low = Math.min(parent.low, node.low);
            }
            if (node.low == node.index) {
                List<Integer> part = part(node.number);
                if (part.size() > 1 || node.onItself) {
                    cycles.add(part);
                }
            }
        }
    }

    private Visit enter(Node node) {
        node.index = visited;
        node.low = visited;
        visited++;
        node.onStack = true;
        stack.push(node);
        return new Visit(node, node.next.iterator());
    }

    private List<Integer> part(int root) {
        List<Integer> part = new ArrayList<>();
        int number;
        do {
            Node node = stack.pop();
            node.onStack = false;
            number = node.number;
            part.add(number);
        } while (number != root);
        return part;
    }
}
