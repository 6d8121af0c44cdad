package io.leat.wire.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the field is where it is not on the wire. Without it: zero, false, the empty string or list,
 * a struct of defaults, and null for what is {@code @Nullable}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /**
     * A number, {@code true}, a string; the empty string also stands for an empty list or no bytes.
     */
    String value();
}
