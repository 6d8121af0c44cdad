package io.leat.wire.schema;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the class that implements {@link RecordAccess} for one record type. For {@code record
 * R(int a, String b)} it is
 *
 * <pre>
 * Object create(long[] numbers, Object[] references) {
 *     return new R((int) numbers[0], (String) references[0]);
 * }
 *
 * void read(Object value, long[] numbers, Object[] references) {
 *     R r = (R) value;
 *     numbers[0] = r.a();
 *     references[0] = r.b();
 * }
 * </pre>
 *
 * Method handles could do the same without a class file, but they box what they carry, and setting
 * them up costs more than all the rest of a codec. The code has no branches, so it needs no stack
 * maps, and writing it takes little more than listing the instructions.
 */
final class RecordAccessWriter {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static final int MAGIC = 0xCAFEBABE;
    private static final int JAVA_17 = 61;
    private static final int ACC_PUBLIC = 0x0001;
    private static final int ACC_FINAL_SUPER = 0x0030;

    private static final int BIPUSH = 0x10;
    private static final int SIPUSH = 0x11;
    private static final int LALOAD = 0x2f;
    private static final int AALOAD = 0x32;
    private static final int ALOAD_0 = 0x2a;
    private static final int ALOAD_1 = 0x2b;
    private static final int ALOAD_2 = 0x2c;
    private static final int ALOAD_3 = 0x2d;
    private static final int ASTORE_1 = 0x4c;
    private static final int LASTORE = 0x50;
    private static final int AASTORE = 0x53;
    private static final int DUP = 0x59;
    private static final int I2L = 0x85;
    private static final int L2I = 0x88;
    private static final int I2B = 0x91;
    private static final int I2S = 0x93;
    private static final int ARETURN = 0xb0;
    private static final int RETURN = 0xb1;
    private static final int INVOKEVIRTUAL = 0xb6;
    private static final int INVOKESPECIAL = 0xb7;
    private static final int INVOKESTATIC = 0xb8;
    private static final int NEW = 0xbb;
    private static final int CHECKCAST = 0xc0;

    private static final String CREATE = "([J[Ljava/lang/Object;)Ljava/lang/Object;";
    private static final String READ = "(Ljava/lang/Object;[J[Ljava/lang/Object;)V";

    private final Constants constants = new Constants();
    private final RecordComponent[] components;
    private final String type;

    private RecordAccessWriter(Class<?> type) {
        this.type = internalName(type);
        this.components = type.getRecordComponents();
    }

    static RecordAccess define(Class<?> type) {
        if (!type.isRecord() || !Modifier.isPublic(type.getModifiers())) {
            throw new IllegalArgumentException(type.getName() + " is not a public record");
        }
        try {
            byte[] classFile = new RecordAccessWriter(type).classFile();
            return (RecordAccess)
                    LOOKUP.defineHiddenClass(classFile, true)
                            .lookupClass()
                            .getConstructor()
                            .newInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException("cannot reach " + type.getName(), e);
        }
    }

    private byte[] classFile() throws IOException {
        int thisClass = constants.type("io/leat/wire/schema/GeneratedAccess");
        int superClass = constants.type("java/lang/Object");
        int iface = constants.type(internalName(RecordAccess.class));
        ByteArrayOutputStream methods = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(methods);
        writeMethod(out, "<init>", "()V", constructorCode());
        writeMethod(out, "create", CREATE, createCode());
        writeMethod(out, "read", READ, readCode());

        ByteArrayOutputStream file = new ByteArrayOutputStream();
        out = new DataOutputStream(file);
        out.writeInt(MAGIC);
        out.writeInt(JAVA_17); // minor version 0, major version
        constants.writeTo(out);
        out.writeShort(ACC_FINAL_SUPER);
        out.writeShort(thisClass);
        out.writeShort(superClass);
        out.writeShort(1);
        out.writeShort(iface);
        out.writeShort(0); // fields
        out.writeShort(3); // methods
        methods.writeTo(out);
        out.writeShort(0); // attributes
        return file.toByteArray();
    }

    private void writeMethod(DataOutputStream out, String name, String descriptor, byte[] code)
            throws IOException {
        out.writeShort(ACC_PUBLIC);
        out.writeShort(constants.utf8(name));
        out.writeShort(constants.utf8(descriptor));
        out.writeShort(1);
        out.writeShort(constants.utf8("Code"));
        out.writeInt(code.length + 12);
        out.writeShort(2 * components.length + 5); // stack: an argument takes at most two
        out.writeShort(4); // locals
        out.writeInt(code.length);
        out.write(code);
        out.writeShort(0); // exception table
        out.writeShort(0); // attributes
    }

    private byte[] constructorCode() throws IOException {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(code);
        out.writeByte(ALOAD_0);
        out.writeByte(INVOKESPECIAL);
        out.writeShort(constants.method("java/lang/Object", "<init>", "()V"));
        out.writeByte(RETURN);
        return code.toByteArray();
    }

    private byte[] createCode() throws IOException {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(code);
        out.writeByte(NEW);
        out.writeShort(constants.type(type));
        out.writeByte(DUP);
        StringBuilder parameters = new StringBuilder("(");
        int number = 0;
        int reference = 0;
        for (RecordComponent component : components) {
            Class<?> parameter = component.getType();
            parameters.append(parameter.descriptorString());
            if (parameter.isPrimitive()) {
                out.writeByte(ALOAD_1);
                writePush(out, number++);
                out.writeByte(LALOAD);
                writeFromLong(out, Scalar.of(parameter, false));
            } else {
                out.writeByte(ALOAD_2);
                writePush(out, reference++);
                out.writeByte(AALOAD);
                out.writeByte(CHECKCAST);
                out.writeShort(constants.type(internalName(parameter)));
            }
        }
        out.writeByte(INVOKESPECIAL);
        out.writeShort(constants.method(type, "<init>", parameters.append(")V").toString()));
        out.writeByte(ARETURN);
        return code.toByteArray();
    }

    private byte[] readCode() throws IOException {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(code);
        out.writeByte(ALOAD_1);
        out.writeByte(CHECKCAST);
        out.writeShort(constants.type(type));
        out.writeByte(ASTORE_1);
        int number = 0;
        int reference = 0;
        for (RecordComponent component : components) {
            boolean primitive = component.getType().isPrimitive();
            out.writeByte(primitive ? ALOAD_2 : ALOAD_3);
            writePush(out, primitive ? number++ : reference++);
            out.writeByte(ALOAD_1);
            out.writeByte(INVOKEVIRTUAL);
            String descriptor = "()" + component.getType().descriptorString();
            out.writeShort(constants.method(type, component.getName(), descriptor));
            if (primitive) {
                writeToLong(out, Scalar.of(component.getType(), false));
            }
            out.writeByte(primitive ? LASTORE : AASTORE);
        }
        out.writeByte(RETURN);
        return code.toByteArray();
    }

    private static void writePush(DataOutputStream out, int value) throws IOException {
        if (value <= Byte.MAX_VALUE) {
            out.writeByte(BIPUSH);
            out.writeByte(value);
        } else {
            out.writeByte(SIPUSH);
            out.writeShort(value); // a record has at most 255 components
        }
    }

    private void writeFromLong(DataOutputStream out, Scalar scalar) throws IOException {
        switch (scalar) {
            case INT64 -> {}
            case FLOAT64 -> writeDoubleCall(out, "longBitsToDouble", "(J)D");
            default -> {
                out.writeByte(L2I);
                if (scalar == Scalar.INT8) {
                    out.writeByte(I2B);
                } else if (scalar == Scalar.INT16) {
                    out.writeByte(I2S);
                }
            }
        }
    }

    private void writeToLong(DataOutputStream out, Scalar scalar) throws IOException {
        switch (scalar) {
            case INT64 -> {}
            case FLOAT64 -> writeDoubleCall(out, "doubleToRawLongBits", "(D)J");
            default -> out.writeByte(I2L);
        }
    }

    private void writeDoubleCall(DataOutputStream out, String name, String descriptor)
            throws IOException {
        out.writeByte(INVOKESTATIC);
        out.writeShort(constants.method("java/lang/Double", name, descriptor));
    }

    private static String internalName(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    /** The constant pool: each constant once, numbered from 1 in the order of first use. */
    private static final class Constants {
        private static final int UTF8 = 1;
        private static final int CLASS = 7;
        private static final int METHOD = 10;
        private static final int NAME_AND_TYPE = 12;

        /** A constant is its tag and then a text or the indexes of others. */
        private final Map<List<Object>, Integer> indexes = new LinkedHashMap<>();

        int utf8(String text) {
            return index(List.of(UTF8, text));
        }

        int type(String internalName) {
            return index(List.of(CLASS, utf8(internalName)));
        }

        int method(String owner, String name, String descriptor) {
            int nameAndType = index(List.of(NAME_AND_TYPE, utf8(name), utf8(descriptor)));
            return index(List.of(METHOD, type(owner), nameAndType));
        }

        private int index(List<Object> constant) {
            Integer index = indexes.putIfAbsent(constant, indexes.size() + 1);
            return index == null ? indexes.size() : index;
        }

        void writeTo(DataOutputStream out) throws IOException {
            out.writeShort(indexes.size() + 1);
            for (List<Object> constant : indexes.keySet()) {
                out.writeByte((Integer) constant.get(0));
                for (Object part : constant.subList(1, constant.size())) {
                    if (part instanceof String text) {
                        out.writeUTF(text);
                    } else {
                        out.writeShort((Integer) part);
                    }
                }
            }
        }
    }
}
