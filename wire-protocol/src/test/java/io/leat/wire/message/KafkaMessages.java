package io.leat.wire.message;

import io.leat.wire.schema.Payload;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.Utils;

/** The official client's classes for our messages. */
final class KafkaMessages {
    private KafkaMessages() {}

    static Class<? extends Message> classOf(Class<? extends Record> type) {
        String name = "org.apache.kafka.common.message." + type.getSimpleName();
        try {
            return Class.forName(name + (name.contains(".ConsumerProtocol") ? "" : "Data"))
                    .asSubclass(Message.class);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    static Message decode(Class<? extends Record> type, ByteBuffer bytes, short version) {
        try {
            return classOf(type)
                    .getConstructor(Readable.class, short.class)
                    .newInstance(new ByteBufferAccessor(bytes.duplicate()), version);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    static ByteBuffer encode(Message message, short version) {
        return MessageUtil.toByteBufferAccessor(message, version).buffer();
    }

    /** The official client's object that says the same as a message of ours. */
    static Message of(Record ours) {
        return (Message) structOf(ours, classOf(ours.getClass()));
    }

    private static Object structOf(Record ours, Class<?> type) {
        try {
            Object theirs = type.getConstructor().newInstance();
            for (RecordComponent component : ours.getClass().getRecordComponents()) {
                Field field = type.getDeclaredField(component.getName());
                field.setAccessible(true);
                Object value = component.getAccessor().invoke(ours);
                field.set(theirs, valueOf(value, field, type));
            }
            return theirs;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object valueOf(Object ours, Field field, Class<?> type)
            throws ReflectiveOperationException {
        if (ours instanceof UUID uuid) {
            return new Uuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        } else if (ours instanceof Payload payload) {
            return MemoryRecords.readableRecords(payload.bytes().duplicate());
        } else if (ours instanceof ByteBuffer bytes) {
            return field.getType() == byte[].class ? Utils.toArray(bytes) : bytes.duplicate();
        } else if (ours instanceof List<?> list) {
            return listOf(list, field, type);
        }
        return ours instanceof Record struct ? structOf(struct, field.getType()) : ours;
    }

    @SuppressWarnings("unchecked") // the field's own type of collection, of its own elements
    private static Object listOf(List<?> ours, Field field, Class<?> type)
            throws ReflectiveOperationException {
        Class<?> listType = field.getType() == List.class ? ArrayList.class : field.getType();
        Collection<Object> theirs = (Collection<Object>) listType.getConstructor().newInstance();
        Class<?> top = type.getEnclosingClass() == null ? type : type.getEnclosingClass();
        for (Object element : ours) {
            if (element instanceof Record struct) {
                String name = top.getName() + "$" + struct.getClass().getSimpleName();
                theirs.add(structOf(struct, Class.forName(name)));
            } else if (element instanceof UUID uuid) {
                theirs.add(new Uuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits()));
            } else {
                theirs.add(element);
            }
        }
        return theirs;
    }

    /** Where a message of ours and one of theirs differ, or an empty string. */
    static String difference(Object ours, Object theirs) {
        if (ours == null || theirs == null) {
            return ours == null && theirs == null ? "" : ours + " is not " + theirs;
        } else if (ours instanceof Record && !(ours instanceof Payload)) {
            return structDifference(ours, theirs);
        } else if (ours instanceof List<?> list) {
            Collection<?> others = (Collection<?>) theirs;
            Iterator<?> other = others.iterator();
            if (list.size() != others.size()) {
                return list.size() + " elements are not " + others.size();
            }
            for (Object element : list) {
                String difference = difference(element, other.next());
                if (!difference.isEmpty()) {
                    return difference;
                }
            }
            return "";
        }
        Object comparable = comparable(theirs);
        Object own = ours instanceof Payload p ? p.bytes() : ours;
        return own.equals(comparable) ? "" : own + " is not " + comparable;
    }

    private static Object comparable(Object theirs) {
        if (theirs instanceof Uuid uuid) {
            return new UUID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
        } else if (theirs instanceof byte[] bytes) {
            return ByteBuffer.wrap(bytes);
        } else if (theirs instanceof MemoryRecords records) {
            return records.buffer();
        }
        return theirs;
    }

    private static String structDifference(Object ours, Object theirs) {
        try {
            for (RecordComponent component : ours.getClass().getRecordComponents()) {
                Field field = theirs.getClass().getDeclaredField(component.getName());
                field.setAccessible(true);
                String difference =
                        difference(component.getAccessor().invoke(ours), field.get(theirs));
                if (!difference.isEmpty()) {
                    return component.getName() + ": " + difference;
                }
            }
            return "";
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
