package io.leat.tests.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The inputs of a seed, by number. */
final class FuzzInputs {
    private static final int[] CLAIMS = {
        Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, 1, 100 << 20, (100 << 20) + 1, 0x00ffffff
    };

    private final long seed;

    FuzzInputs(long seed) {
        this.seed = seed;
    }

    /** The bytes of an input: a request, more or less. */
    byte[] input(long number) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        ByteBuffer frame = new RandomRequests(random).frame();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        for (int left = mutations(random); left > 0; left--) {
            bytes = mutated(bytes, random);
        }
        // Most keep the size that they have: the body is to be read.
        if (random.nextInt(10) > 0 && bytes.length >= 4) {
            ByteBuffer.wrap(bytes).putInt(0, bytes.length - 4);
        }
        return bytes;
    }

    private static int mutations(SplittableRandom random) {
        int dice = random.nextInt(10);
        return dice < 4 ? 0 : dice < 8 ? 1 : random.nextInt(2, 8);
    }

    private static byte[] mutated(byte[] bytes, SplittableRandom random) {
        if (bytes.length < 5) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> {
                if (at + 4 <= bytes.length) {
                    ByteBuffer.wrap(bytes).putInt(at, CLAIMS[random.nextInt(CLAIMS.length)]);
                }
            }
            case 3 -> {
                // A varint that goes on: a compact length of two thousand million, or a tag.
                for (int i = at; i < Math.min(bytes.length, at + 4); i++) {
                    bytes[i] = (byte) 0xff;
                }
            }
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 5 -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 64));
                System.arraycopy(
                        bytes, at, longer, longer.length - (bytes.length - at), bytes.length - at);
                return longer;
            }
            default -> {
                if (bytes.length >= 8) {
                    ByteBuffer.wrap(bytes).putShort(4, (short) random.nextInt(100));
                    ByteBuffer.wrap(bytes).putShort(6, (short) random.nextInt(20));
                }
            }
        }
        return bytes;
    }
}
